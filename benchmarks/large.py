"""One engine's work on a table that may be larger than memory: prints seconds and MB as JSON.

    python benchmarks/large.py ENGINE TASK FOLDER [ROWS]

`bench.py` calls it. TASK is `make`, which writes a table of ROWS deep features to FOLDER (Turi
Create, so that its own packing is read), or one of TASKS, which begins with opening it.
"""

from __future__ import annotations

import json
import sys
import time
from array import array

import numpy as np
from peak import peak_megabytes

WIDTH = 4096
PART = 2000  # rows that are made at a time
LABELS = ("dog", "cat", "automobile", "bird")


def make(tc, folder: str, rows: int) -> None:
    """Write features like those behind a rectifier: 6 of 10 zero, the others single precision."""
    draw = np.random.default_rng(0)
    label = draw.permutation(np.arange(rows) % len(LABELS))
    centers = draw.normal(-0.33, 0.35, (len(LABELS), WIDTH)).astype(np.float32)
    table = None
    for start in range(0, rows, PART):
        chosen = label[start : start + PART]
        features = draw.standard_normal((len(chosen), WIDTH), np.float32) + centers[chosen]
        features = np.maximum(features, 0).astype(np.float64)
        part = tc.SFrame(
            {
                "id": list(range(start, start + len(chosen))),
                "label": [LABELS[number] for number in chosen],
                "deep_features": tc.SArray([array("d", row) for row in features]),
            }
        )
        table = part if table is None else table.append(part)
    table.save(folder)


def model(tc, table):
    return tc.nearest_neighbors.create(table, label="id", features=["deep_features"], verbose=False)


def read(tc, folder: str):
    return tc.SFrame(folder)["deep_features"].sum()[0]


def dogs(tc, folder: str):
    """Do what the assignment begins with: look at the labels, choose the dogs, make a model."""
    table = tc.SFrame(folder)
    str(table["label"].summary())
    return model(tc, table[table["label"] == "dog"]).num_examples


def every_row(tc, folder: str):
    table = tc.SFrame(folder)
    found = model(tc, table).query(table[:100], k=5, verbose=False)
    return found["reference_label"].sum(), round(found["distance"].sum(), 2)


TASKS = {"read": read, "dogs": dogs, "all": every_row}


def main() -> None:
    engine, task, folder, *rows = sys.argv[1:]
    tc = __import__(engine)
    if task == "make":
        make(tc, folder, int(rows[0]))
        print(json.dumps(rows))
        return
    _ = tc.nearest_neighbors  # imported with the engine, or now
    start = time.perf_counter()
    answer = TASKS[task](tc, folder)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "megabytes": peak_megabytes(), "answer": str(answer)}))


if __name__ == "__main__":
    main()
