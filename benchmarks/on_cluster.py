"""The search of all rows by Dask workers: prints seconds and MB as JSON.

    python benchmarks/on_cluster.py WORKERS FOLDER

`bench.py` calls it. With 0 workers it is one process with turilite alone. What is timed begins
when the processes are there and have imported what they need; the peak is that of the largest one.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from peak import peak_megabytes

import turilite
from assignment import cluster

QUERIES, K = 1000, 5


def alone(folder: str, queries: np.ndarray) -> tuple[float, float, turilite.SFrame]:
    import_models()
    start = time.perf_counter()
    table = turilite.SFrame(folder)
    model = turilite.nearest_neighbors.create(
        table, label="id", features=["deep_features"], verbose=False
    )
    asked = turilite.SFrame({"deep_features": turilite.SArray(queries)})
    found = model.query(asked, k=K, verbose=False)
    return time.perf_counter() - start, peak_megabytes(), found


def import_models() -> None:
    _ = turilite.nearest_neighbors


def on_workers(
    workers: int, folder: str, queries: np.ndarray
) -> tuple[float, float, turilite.SFrame]:
    with cluster.connect(workers) as client:
        client.run(import_models)
        start = time.perf_counter()
        found = cluster.query(client, folder, queries, K, verbose=False)
        seconds = time.perf_counter() - start
        return seconds, max(client.run(peak_megabytes).values()), found


def main() -> None:
    workers, folder = int(sys.argv[1]), sys.argv[2]
    queries = turilite.SFrame(folder)["deep_features"][:QUERIES].to_numpy()
    work = on_workers(workers, folder, queries) if workers else alone(folder, queries)
    seconds, megabytes, found = work
    answer = found["reference_label"].sum(), found["distance"].sum()
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "answer": str(answer)}))


if __name__ == "__main__":
    main()
