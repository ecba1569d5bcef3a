"""Blocks of queries: how a search is spread over threads, and what it finds is ranked."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from threading import RLock
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from ..memory import batch_bytes

if TYPE_CHECKING:
    from .points import Places, Points

BLAS = ThreadpoolController().select(user_api="blas")
BLAS_LOCK = RLock()  # its number of threads is one for the whole process
BLOCK_PAIRS = 1 << 22
"""(query, reference) pairs estimated at a time; bounds the memory, whatever the number of rows."""
SMALL_PART = 1 << 20
"""Bytes of references below which to start threads takes longer than to search."""
CHUNK_NUMBERS = 1 << 17
"""Float64 numbers in work at a time: 1 MB, about a processor's cache."""


class Neighbors(NamedTuple):
    """Found pairs by query, then rank (1 is the nearest): four arrays of one length."""

    query: np.ndarray
    reference: np.ndarray
    distance: np.ndarray
    rank: np.ndarray

    def take(self, rows: np.ndarray) -> Neighbors:
        """Return the pairs of these row numbers, or where this mask holds."""
        return Neighbors(*(values[rows] for values in self))


NO_NEIGHBORS = Neighbors(np.empty(0, int), np.empty(0, int), np.empty(0), np.empty(0, int))


def asked(references: int, k: int | None, skip_self: bool) -> int:
    """Return how many neighbors to look for if k are wanted: one more where one is left out."""
    return references if k is None else k + skip_self


def in_blocks(of_block: Callable[[slice], Neighbors], shape: tuple[int, int]) -> Neighbors:
    """Return what `of_block` finds for all queries; `shape` counts them and the references."""
    if not all(shape):
        return NO_NEIGHBORS
    workers = threads()
    block = max(1, min(BLOCK_PAIRS // (shape[1] * workers), -(-shape[0] // workers)))
    found = in_threads(of_block, slices(shape[0], block))
    return joined(found)


def in_parts(
    search: Callable[[Points, Points, np.ndarray], Neighbors],
    queries: Iterable[tuple[Places, Points]],
    reference: Callable[[], Iterable[tuple[Places, Points]]],
    k: int,
) -> Neighbors:
    """Return the k nearest references of each query, where not all are in memory at a time.

    `queries` and what `reference` gives are parts with their row numbers. `search` finds those of a
    part of the references that may count: how far away they may be is its last argument, for each
    query the distance of the k-th that is known already.
    """
    found = []
    with single_blas() if batch_bytes() < SMALL_PART else nullcontext():
        for rows, query_part in queries:
            best = _in_turn(search, query_part, reference(), k)
            found.append(best._replace(query=best.query + rows.start))
    return joined(found)


def _in_turn(
    search: Callable[[Points, Points, np.ndarray], Neighbors],
    queries: Points,
    reference: Iterable[tuple[Places, Points]],
    k: int,
) -> Neighbors:
    best, limit = NO_NEIGHBORS, np.full(len(queries), np.inf)
    for places, part in reference:
        near = search(queries, part, limit)
        numbers = np.arange(places.start, places.stop) if isinstance(places, slice) else places
        best = merged([best, near._replace(reference=numbers[near.reference])], k)
        last = best.take((best.rank == k) & ~np.isnan(best.distance))
        limit[last.query] = last.distance
    return best


def merged(found: list[Neighbors], k: int) -> Neighbors:
    """Return the k nearest of each query of several searches for the same queries."""
    pairs = joined(found)
    order = np.lexsort((pairs.reference, pairs.distance, pairs.query))
    pairs = pairs.take(order)
    return pairs._replace(rank=_ranks(pairs.query)).take(_ranks(pairs.query) <= k)


def joined(found: list[Neighbors]) -> Neighbors:
    """Return the pairs of several searches, one after the other."""
    return Neighbors(*map(np.concatenate, zip(*found)))


def without_self(neighbors: Neighbors, k: int | None) -> Neighbors:
    """Return the k nearest of each query but for the reference of its own number."""
    others = neighbors.take(neighbors.query != neighbors.reference)
    others = others._replace(rank=_ranks(others.query))
    return others if k is None else others.take(others.rank <= k)


def in_threads(work: Callable[[slice], Any], parts: list[slice]) -> list:
    """Return what `work` gives for each part, done in as many threads as BLAS is set to use.

    BLAS itself computes in the calling thread meanwhile: all that is done for a part, not only its
    matrix product, is then spread over the processors.
    """
    if len(parts) == 1:
        return [work(parts[0])]
    workers = threads()
    with single_blas(), ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, parts))


@contextmanager
def single_blas() -> Iterator[None]:
    """Let BLAS compute in the thread that calls it."""
    with BLAS_LOCK, BLAS.limit(limits=1):
        yield


def threads() -> int:
    """Return how many threads BLAS is set to use; one per processor where there is no BLAS."""
    known = [library["num_threads"] for library in BLAS.info()]
    return max(known or [os.cpu_count() or 1])


def shares(count: int) -> list[slice]:
    """Return `count` rows in a part for each thread."""
    return slices(count, -(-count // threads()))


def chunks(count: int, width: int) -> list[slice]:
    """Return `count` rows of `width` numbers in parts of about CHUNK_NUMBERS."""
    return slices(count, CHUNK_NUMBERS // max(1, width))


def slices(count: int, size: int) -> list[slice]:
    """Return `count` rows in parts of `size`, of one row at least."""
    return [slice(start, start + max(1, size)) for start in range(0, count, max(1, size))]


def ranked(pairs: Neighbors, k: int, radius: float | None) -> Neighbors:
    """Return the k nearest of each query within `radius`.

    `pairs` ascend by query and reference, and are not ranked yet.
    """
    if radius is not None:
        pairs = pairs.take(pairs.distance <= radius)
    order = np.lexsort((pairs.distance, pairs.query))  # stable: ties stay in reference order
    pairs = pairs.take(order)._replace(rank=_ranks(pairs.query))
    return pairs.take(pairs.rank <= k)


def nearest(distances: np.ndarray, part: slice, k: int, radius: float | None) -> Neighbors:
    """Return the k nearest of each query within `radius`, from the distances of all pairs.

    `distances` has a row for each query in `part` and a column for each reference.
    """
    near = np.ones(distances.shape, bool)
    if k < distances.shape[1]:
        near = ~(distances > np.partition(distances, k - 1)[:, k - 1 : k])
    query, reference = np.nonzero(near)
    pairs = Neighbors(query + part.start, reference, distances[near], query)
    return ranked(pairs, k, radius)


def _ranks(query: np.ndarray) -> np.ndarray:
    """Return 1, 2, ... within each run of equal query numbers (which ascend)."""
    return np.arange(1, len(query) + 1) - np.searchsorted(query, query)
