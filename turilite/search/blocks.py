"""Blocks of queries: how a search is spread over threads, and what it finds is ranked."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Callable, NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

BLAS = ThreadpoolController().select(user_api="blas")
BLAS_LOCK = Lock()  # its number of threads is one for the whole process
BLOCK_PAIRS = 1 << 22
"""(query, reference) pairs estimated at a time; bounds the memory, whatever the number of rows."""
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


def in_blocks(
    of_block: Callable[[slice], Neighbors], shape: tuple[int, int], k: int | None, skip_self: bool
) -> Neighbors:
    """Return what `of_block` finds for all queries; `shape` counts them and the references."""
    if not all(shape):
        return NO_NEIGHBORS
    workers = threads()
    block = max(1, min(BLOCK_PAIRS // (shape[1] * workers), -(-shape[0] // workers)))
    found = in_threads(of_block, slices(shape[0], block))
    neighbors = Neighbors(*map(np.concatenate, zip(*found)))
    if not skip_self:
        return neighbors
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
    with BLAS_LOCK, BLAS.limit(limits=1), ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, parts))


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
