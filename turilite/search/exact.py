"""Exact k-nearest-neighbor search on rows of numbers, at about the cost of one float32 product.

A float32 matrix product estimates all squared distances; a proven bound on its error (see
`turilite.search.bounds`) leaves a few candidates per query; only for these is the distance
computed in float64, from differences. The result is, bit for bit, that of computing every
distance in float64 from differences: equal rows are at exactly 0.0, and ties are ranked in the
order of the references.
"""

from __future__ import annotations

from functools import partial
from typing import Callable, Iterable, NamedTuple

import numpy as np

from ..memory import budget
from .blocks import (
    NO_NEIGHBORS,
    Neighbors,
    asked,
    chunks,
    in_blocks,
    in_parts,
    ranked,
    without_self,
)
from .bounds import open_pairs
from .points import Points, squared_norms

KEPT_NUMBERS = 1 << 27
"""Float32 copies of up to so many numbers (512 MB) are kept, larger ones made block by block."""


class Distance(NamedTuple):
    """How two sets of rows are compared, and how a distance follows from that.

    `squared_within(radius)` is the squared Euclidean distance that a distance of `radius` stands
    for; None where estimates of squared distances can't tell near from far (a Gaussian kernel is
    1.0 for all that is far).
    """

    compare: Callable[[np.ndarray, np.ndarray], np.ndarray]
    finish: Callable[[np.ndarray], np.ndarray]
    squared_within: Callable[[float], float] | None


def _squared(queries: np.ndarray, references: np.ndarray) -> np.ndarray:
    references -= queries
    return squared_norms(references)


DISTANCES = {
    "euclidean": Distance(_squared, np.sqrt, lambda radius: radius * radius),
    "squared_euclidean": Distance(_squared, np.positive, lambda radius: radius),
    "gaussian_kernel": Distance(_squared, lambda squared: -np.expm1(-squared), None),
    "cosine": Distance(_squared, lambda squared: squared / 2, lambda radius: 2 * radius),
    "manhattan": Distance(lambda q, r: np.abs(q - r).sum(axis=1), np.positive, None),
    "transformed_dot_product": Distance(
        lambda q, r: np.einsum("ij,ij->i", q, r), lambda dot: np.logaddexp(0, -dot), None
    ),
}
"""Distances by Turi Create's names and definitions."""


def k_nearest(
    queries: Points,
    reference: Points,
    k: int | None = None,
    *,
    distance: str = "euclidean",
    radius: float | None = None,
    skip_self: bool = False,
) -> Neighbors:
    """Return the k nearest references of each query, all of them if k is None.

    `radius` leaves out references further away than it. `skip_self` leaves out reference i of
    query i, for queries that are the references. Distances that are NaN (from NaN or infinities)
    rank last. Raises ValueError if the widths differ, KeyError for a distance not in DISTANCES.

    Time: one float32 product (queries x references x width), plus float64 work for about k pairs
    per query; float64 work for all pairs where no estimate can serve: 'manhattan',
    'gaussian_kernel' and 'transformed_dot_product', k None without a radius, magnitudes beyond
    float32.
    """
    if queries.width != reference.width:
        raise ValueError(
            f"queries have {queries.width} numbers each, references {reference.width}: "
            "they must be equally many"
        )
    if not len(queries) or not len(reference):
        return NO_NEIGHBORS
    wanted = asked(len(reference), k, skip_self)
    search = partial(_k_nearest, wanted=wanted, distance=distance, radius=radius)
    if _is_whole(queries, reference, wanted, distance):
        found = search(queries, reference, np.inf)
    else:
        found = in_parts(search, _query_parts(queries, distance), reference.batches, wanted)
    return without_self(found, k) if skip_self else found


def _is_whole(queries: Points, reference: Points, k: int, distance: str) -> bool:
    """Return whether a search can take all rows at once: they are there, or their estimates.

    Directions are computed in float64; of rows that are kept in float32 they would not fit.
    """
    if distance == "cosine":
        return queries.is_double and reference.is_double
    is_estimated = DISTANCES[distance].squared_within is not None and k < len(reference)
    return queries.is_in_memory and (
        reference.has_estimates if is_estimated else reference.is_in_memory
    )


def _query_parts(queries: Points, distance: str) -> Iterable[tuple[slice, Points]]:
    """Return queries in memory: all, or large parts, as the references are read for each."""
    if queries.is_double or (queries.is_in_memory and distance != "cosine"):
        return [(slice(0, len(queries)), queries)]
    return queries.parts(budget() // 8)


def _k_nearest(
    queries: Points,
    reference: Points,
    limit: float | np.ndarray,
    *,
    wanted: int,
    distance: str,
    radius: float | None,
) -> Neighbors:
    """Return the nearest references; `limit`, for each query, may leave out what is beyond it."""
    chosen = DISTANCES[distance]
    queries, reference = _compared(queries, reference, distance)
    limit = np.broadcast_to(limit if radius is None else np.fmin(limit, radius), len(queries))
    pairs_in = _every_pair_in(queries, reference)
    if chosen.squared_within is not None and (wanted < len(reference) or np.isfinite(limit).any()):
        with np.errstate(over="ignore"):
            within = chosen.squared_within(limit)
        pairs_in = _near_pairs_in(queries, reference, wanted, within)

    def of_block(part: slice) -> Neighbors:
        with np.errstate(all="ignore"):
            query, candidate = np.divmod(pairs_in(part), len(reference))
            distances = _distances(queries.rows[part], reference.rows, query, candidate, chosen)
        return ranked(Neighbors(query + part.start, candidate, distances, query), wanted, radius)

    return in_blocks(of_block, (len(queries), len(reference)))


def all_pairs(queries: Points, reference: Points, part: slice, distance: str) -> np.ndarray:
    """Return the distances of the queries in `part` (rows) to all references (columns)."""
    queries, reference = _compared(queries, reference, distance)
    shape = len(queries.rows[part]), len(reference)
    query, candidate = np.divmod(np.arange(shape[0] * shape[1]), shape[1])
    rows = queries.rows[part], reference.rows
    return _distances(*rows, query, candidate, DISTANCES[distance]).reshape(shape)


def _compared(queries: Points, reference: Points, distance: str) -> tuple[Points, Points]:
    """Return the rows that a distance compares: for 'cosine', directions."""
    if distance == "cosine":
        return queries.query_directions, reference.reference_directions
    return queries, reference


PairsIn = Callable[[slice], np.ndarray]
"""The pairs to compare of a block of queries: query in the block x references + reference."""


def _every_pair_in(queries: Points, reference: Points) -> PairsIn:
    return lambda part: np.arange(len(queries.rows[part]) * len(reference))


def _near_pairs_in(queries: Points, reference: Points, k: int, within: np.ndarray) -> PairsIn:
    """Return what finds the pairs that estimates do not rule out, after preparing both sides."""
    reference.prepare()
    if queries.size <= KEPT_NUMBERS:
        queries.prepare()
    within = within * (1 + 1e-9)  # rounding of `squared_within`
    # np.flatnonzero and np.divmod are faster than np.nonzero.
    return lambda part: np.flatnonzero(open_pairs(part, queries, reference, k, within[part]))


def _distances(
    queries: np.ndarray,
    references: np.ndarray,
    query: np.ndarray,
    reference: np.ndarray,
    distance: Distance,
) -> np.ndarray:
    compared = np.empty(len(query))
    repeated = np.diff(query, prepend=-1) == 0  # the others are rows in sequence
    for pairs in (np.flatnonzero(~repeated), np.flatnonzero(repeated)):
        for chunk in chunks(len(pairs), queries.shape[1]):
            these = pairs[chunk]
            compared[these] = distance.compare(
                np.asarray(_rows(queries, query[these]), np.float64),
                np.asarray(references[reference[these]], np.float64),
            )
    return distance.finish(compared)


def _rows(matrix: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return the rows of these numbers; no copy where they follow each other."""
    if (np.diff(numbers) == 1).all():
        return matrix[numbers[0] : numbers[-1] + 1]
    return matrix[numbers]
