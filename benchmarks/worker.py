"""One engine, one task, in the engine's own environment: prints seconds and peak memory as JSON.

    python benchmarks/worker.py ENGINE TASK DATA RUNS

`bench.py` calls it; DATA is the folder of one size that `bench.py` made: references.npy (rows x
4,096, float64), queries.npy, labels, and the same as SFrames for the engines that read them. The
seconds are those of the best run.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Callable

import numpy as np
from peak import peak_megabytes

CATEGORIES = 4
SINGLE_QUERIES = 20


def main() -> None:
    engine, task, folder, runs = sys.argv[1:]
    run = ENGINES[engine](Path(folder), task)
    seconds = min(timed(run) for _ in range(int(runs)))
    print(json.dumps({"seconds": seconds, "megabytes": peak_megabytes()}))


def timed(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


# Each engine returns the work to time; what is not part of it (reading input) happens before.


def sframe_engine(name: str) -> Callable:
    def prepare(folder: Path, task: str) -> Callable[[], None]:
        tc = __import__(name)

        def read(part: str):
            return tc.SFrame(str(folder / part))

        if task == "load":
            return lambda: read("references")["deep_features"].to_numpy()
        _ = tc.nearest_neighbors  # imported with the engine, or now
        references, queries = read("references"), read("queries")
        for frame in (references, queries):
            frame["deep_features"].to_numpy()  # read before the clock starts

        def model(rows):
            return tc.nearest_neighbors.create(
                rows, label="id", features=["deep_features"], verbose=False
            )

        if task == "accuracy":
            parts = [
                [frame[frame["label"] == str(label)] for label in range(CATEGORIES)]
                for frame in (references, queries)
            ]
            for part in parts[0] + parts[1]:
                part["deep_features"].to_numpy()  # selected before the clock starts

            def accuracy():
                models = [model(part) for part in parts[0]]
                for query in parts[1]:
                    for one in models:
                        one.query(query, k=1, verbose=False)["distance"].sum()

            return accuracy
        if task == "single":
            one = model(references)
            rows = [queries[i : i + 1] for i in range(SINGLE_QUERIES)]
            return lambda: [one.query(row, k=5, verbose=False)["distance"].sum() for row in rows]
        one = model(references)
        return lambda: one.query(queries, k=5, verbose=False)["distance"].sum()

    return prepare


def arrays(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    return np.load(folder / "references.npy"), np.load(folder / "queries.npy")


def by_category(rows: np.ndarray) -> list[np.ndarray]:
    """Return the rows of each category; the data holds them in turn."""
    return [rows[label::CATEGORIES].copy() for label in range(CATEGORIES)]


def array_engine(fit: Callable, search: Callable) -> Callable:
    """Return an engine that works on matrices: `fit(references)`, `search(fitted, queries, k)`."""

    def prepare(folder: Path, task: str) -> Callable[[], None]:
        if task == "load":
            return lambda: np.load(folder / "references.npy")
        references, queries = arrays(folder)
        if task == "accuracy":
            parts = by_category(references), by_category(queries)

            def accuracy():
                fitted = [fit(part) for part in parts[0]]
                for query in parts[1]:
                    for one in fitted:
                        search(one, query, 1)

            return accuracy
        one = fit(references)
        if task == "single":
            rows = [queries[i : i + 1] for i in range(SINGLE_QUERIES)]
            return lambda: [search(one, row, 5) for row in rows]
        return lambda: search(one, queries, 5)

    return prepare


def scikit_learn(folder: Path, task: str) -> Callable[[], None]:
    from sklearn.neighbors import NearestNeighbors

    return array_engine(
        lambda rows: NearestNeighbors(algorithm="brute").fit(rows),
        lambda fitted, queries, k: fitted.kneighbors(queries, n_neighbors=k),
    )(folder, task)


def faiss_flat(folder: Path, task: str) -> Callable[[], None]:
    import faiss

    faiss.omp_set_num_threads(2)

    def fit(rows: np.ndarray):
        index = faiss.IndexFlatL2(rows.shape[1])
        index.add(rows.astype(np.float32))
        return index

    return array_engine(fit, lambda index, queries, k: index.search(queries.astype(np.float32), k))(
        folder, task
    )


def matrix_product(folder: Path, task: str) -> Callable[[], None]:
    """Return one float32 product of all queries with all references: what no search gets below."""
    if task == "load":
        return lambda: np.load(folder / "references.npy")
    references, queries = (rows.astype(np.float32) for rows in arrays(folder))
    if task == "single":
        return lambda: [queries[i : i + 1] @ references.T for i in range(SINGLE_QUERIES)]
    return lambda: queries @ references.T


ENGINES = {
    "turicreate": sframe_engine("turicreate"),
    "turilite": sframe_engine("turilite"),
    "scikit-learn": scikit_learn,
    "faiss": faiss_flat,
    "matrix product": matrix_product,
}

if __name__ == "__main__":
    main()
