"""The assignment's search on a cluster: Dask hands out rows, turilite searches them.

A worker opens the SFrame by its path and reads its own rows only; the queries are sent once to
each worker; what travels back is the k nearest of each part, merged in pairs. The result is that
of one machine, bit for bit: a distance depends on its two rows alone, and parts are merged in the
order of their rows, so that ties are ranked as one search ranks them.
"""

from __future__ import annotations

import logging
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import dask
import numpy as np
from distributed import CancelledError, Client, Future, KilledWorker, get_worker
from distributed import progress as show_progress

import turilite
from turilite import memory

from .errors import OneLineError

PART_ROWS = 4096
"""Most rows that one task searches: what a killed worker loses, and memory it takes, are small."""
KEPT_MEMORY = {
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 1 << 26,
    "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 1 << 25,
}
"""How many freed bytes glibc keeps for reuse: as many as it comes to by itself.

By Dask's setting every batch is read into new memory, which takes a worker half of its time.
"""
TRIES = 3
"""How often queries are sent again where the only worker that had them was killed."""


class ClusterError(OneLineError):
    """The cluster has not what the search needs: the data, memory or a scheduler."""


class References(NamedTuple):
    """The rows to search: those of the SFrame at `path`, of one `category` if that is given."""

    path: str
    category: str | None
    feature: str
    label: str


class Nearest(NamedTuple):
    """Neighbors by query, nearest first: three arrays of equal length."""

    query: np.ndarray
    label: np.ndarray
    distance: np.ndarray


def connect(workers: int | None = None, memory_limit: str | float = "auto") -> Client:
    """Return a client of the cluster that is named, else of one on this machine.

    `DASK_SCHEDULER_ADDRESS` names a real scheduler. Without it a `LocalCluster` is started, which
    ends with the client: `workers` processes (default: one per processor), each of one thread
    and with at most `memory_limit` (such as '2 GB'; 'auto': an equal share of the machine's).
    Raises ClusterError where the named scheduler does not answer.
    """
    address = dask.config.get("scheduler-address", None)
    if address:
        return _named_scheduler(address)
    with dask.config.set(KEPT_MEMORY):
        return Client(  # which makes a LocalCluster, and closes it when it is closed
            n_workers=workers or os.cpu_count(),
            threads_per_worker=1,
            memory_limit=memory_limit,
            dashboard_address="127.0.0.1:0",  # a free port that only this machine reaches
            silence_logs=logging.ERROR,  # that a worker takes its time to end is no news
        )


def _named_scheduler(address: str) -> Client:
    try:
        return Client(address)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address}, which DASK_SCHEDULER_ADDRESS names: start "
            f"one with `dask scheduler`, or unset it to use this machine"
        ) from error


def query(
    client: Client,
    path: str | os.PathLike,
    queries: np.ndarray | turilite.SFrame,
    k: int = 5,
    *,
    category: str | None = None,
    feature: str = "deep_features",
    label: str = "id",
    verbose: bool = True,
) -> turilite.SFrame:
    """Return the k nearest rows of the SFrame at `path` to each query, as `model.query` does.

    `queries` is an array (queries x numbers), or an SFrame with the column `feature`; `category`
    leaves only references of that label. The result has the columns query_label (row of the
    query), reference_label (from the column `label`), distance and rank. Every worker needs the
    SFrame at the same path. `verbose` shows Dask's progress bar. Raises ClusterError where a worker
    has no data there, or is ended again and again for want of memory; ValueError for a k below 1
    or queries that are no numbers.

    Time: that of one machine divided by the workers. Memory of a worker: the queries, and
    PART_ROWS rows of references. Network: the queries to each worker, k neighbors per query back
    from each part.
    """
    queries = _numbers_of(queries, feature)
    if queries.ndim != 2 or k < 1:
        raise ValueError(f"queries of shape {queries.shape} and k={k}: need a table and k >= 1")
    references = References(str(Path(path).absolute()), category, feature, label)
    for _ in range(TRIES):
        try:
            return _as_table(_search(client, references, queries, k, verbose))
        except CancelledError:  # the only worker that held the queries is gone
            continue
        except KilledWorker as error:
            raise ClusterError(
                f"a worker was ended again and again while it searched {path}, mostly for want of "
                f"memory: give each worker more with `memory_limit`, or send fewer queries"
            ) from error
    raise ClusterError(f"the workers that held the queries were lost {TRIES} times")


def _numbers_of(queries: np.ndarray | turilite.SFrame, feature: str) -> np.ndarray:
    """Return queries as numbers, (queries x numbers); raise ValueError where they are none."""
    if hasattr(queries, "column_names"):  # of either engine
        if feature not in queries.column_names():
            raise ValueError(f"the queries have no column '{feature}'")
        queries = queries[feature].to_numpy()
    try:
        return np.ascontiguousarray(queries, dtype=float)
    except (TypeError, ValueError):
        raise ValueError("the queries are not numbers, as many for each") from None


def _search(
    client: Client, references: References, queries: np.ndarray, k: int, verbose: bool
) -> Nearest:
    rows = client.submit(count_rows, references.path, pure=False).result()
    asked = turilite.SFrame({references.feature: turilite.SArray(queries)})
    sent = client.scatter(asked, broadcast=True, hash=False)
    size = rows_of_a_part(rows, sum(client.nthreads().values()))
    parts = [
        client.submit(search_part, references, start, min(start + size, rows), sent, k)
        for start in range(0, rows, size)
    ]
    found = _merged(client, parts or [client.submit(nothing)], k)
    if verbose:
        show_progress(found, notebook=False)
    return found.result()


def rows_of_a_part(rows: int, threads: int) -> int:
    """Return how many rows are a part, so that each thread gets equally many, all of one size."""
    rounds = -(-rows // (PART_ROWS * threads))
    return max(1, -(-rows // max(1, rounds * threads)))


def _merged(client: Client, parts: list[Future], k: int) -> Future:
    """Merge neighbors by twos, neighbors in order: a tree, so that no machine gets all of them."""
    while len(parts) > 1:
        pairs = [parts[at : at + 2] for at in range(0, len(parts), 2)]
        parts = [client.submit(merge, *pair, k) if len(pair) == 2 else pair[0] for pair in pairs]
    return parts[0]


# ---- what a worker does ---------------------------------------------------------------------


def count_rows(path: str) -> int:
    """Return the rows of the SFrame at `path` on this worker."""
    return len(_opened(path))


def search_part(
    references: References, start: int, stop: int, queries: turilite.SFrame, k: int
) -> Nearest:
    """Return the k nearest to each query in rows `start` to `stop`: the assignment's own steps.

    What turilite prepares of the queries it keeps with them: a worker does it once for all parts.
    """
    _stay_within_limit()
    part = _opened(references.path)[start:stop]
    if references.category is not None:
        part = part[part["label"] == references.category]
    if not len(part):
        return nothing()
    model = turilite.nearest_neighbors.create(
        part, features=[references.feature], label=references.label, verbose=False
    )
    found = model.query(queries, k=k, verbose=False)
    columns = ("query_label", "reference_label", "distance")
    return Nearest(*(found[name].to_numpy() for name in columns))


def merge(left: Nearest, right: Nearest, k: int) -> Nearest:
    """Return the k nearest to each query of two parts; at equal distances the left comes first."""
    query, label, distance = (np.concatenate(both) for both in zip(left, right))
    order = np.lexsort((distance, query))  # a stable sort
    first_of_query = np.searchsorted(query[order], query[order])
    kept = order[np.arange(len(order)) - first_of_query < k]
    return Nearest(query[kept], label[kept], distance[kept])


def nothing() -> Nearest:
    """Return the neighbors in no rows at all."""
    return Nearest(np.empty(0, int), np.empty(0, int), np.empty(0))


def _opened(path: str) -> turilite.SFrame:
    try:
        return turilite.SFrame(path)
    except OSError as error:
        raise ClusterError(
            f"the worker {get_worker().address} on {socket.gethostname()} can't open the data: "
            f"{error}. Every worker needs the SFrame at the same path."
        ) from error


def _stay_within_limit() -> None:
    """Let turilite take a quarter of this worker's memory, as it takes of a machine's.

    Threads of a worker that search at the same time share it.
    """
    with suppress(ValueError):  # called outside a worker
        worker = get_worker()
        limit = worker.memory_manager.memory_limit
        if limit and memory.given_budget() is None:
            memory.set_budget(limit // memory.SHARE // worker.state.nthreads)


def _as_table(found: Nearest) -> turilite.SFrame:
    rank = np.arange(len(found.query)) - np.searchsorted(found.query, found.query) + 1
    names = ["query_label", "reference_label", "distance", "rank"]
    return turilite.SFrame(dict(zip(names, [*found, rank])))[names]
