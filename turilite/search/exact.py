"""Exact k-nearest-neighbor search on rows of numbers, at about the cost of one float32 product.

A float32 matrix product estimates all squared distances; a proven bound on its error (see
`turilite.search.bounds`) leaves a few candidates per query; only for these is the distance
computed in float64, from differences. The result is, bit for bit, that of computing every
distance in float64 from differences: equal rows are at exactly 0.0, and ties are ranked in the
order of the references.
"""

from __future__ import annotations

from typing import Callable, NamedTuple

import numpy as np

from .blocks import NO_NEIGHBORS, Neighbors, asked, chunks, in_blocks, ranked
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
    if queries.rows.shape[1] != reference.rows.shape[1]:
        raise ValueError(
            f"queries have {queries.rows.shape[1]} numbers each, "
            f"references {reference.rows.shape[1]}: they must be equally many"
        )
    chosen = DISTANCES[distance]
    if not len(queries) or not len(reference):
        return NO_NEIGHBORS
    queries, reference = _compared(queries, reference, distance)
    wanted = asked(len(reference), k, skip_self)
    pairs_in = _every_pair_in(queries, reference)
    if chosen.squared_within is not None and (wanted < len(reference) or radius is not None):
        within = None if radius is None else chosen.squared_within(radius)
        pairs_in = _near_pairs_in(queries, reference, wanted, within)

    def of_block(part: slice) -> Neighbors:
        with np.errstate(all="ignore"):
            query, candidate = np.divmod(pairs_in(part), len(reference))
            distances = _distances(queries.rows[part], reference.rows, query, candidate, chosen)
        return ranked(Neighbors(query + part.start, candidate, distances, query), wanted, radius)

    return in_blocks(of_block, (len(queries), len(reference)), k, skip_self)


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


def _near_pairs_in(queries: Points, reference: Points, k: int, within: float | None) -> PairsIn:
    """Return what finds the pairs that estimates do not rule out, after preparing both sides."""
    reference.prepare()
    if queries.rows.size <= KEPT_NUMBERS:
        queries.prepare()
    within = None if within is None else within * (1 + 1e-9)  # rounding of `squared_within`
    # np.flatnonzero and np.divmod are faster than np.nonzero.
    return lambda part: np.flatnonzero(open_pairs(part, queries, reference, k, within))


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
                _rows(queries, query[these]), references[reference[these]]
            )
    return distance.finish(compared)


def _rows(matrix: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return the rows of these numbers; no copy where they follow each other."""
    if (np.diff(numbers) == 1).all():
        return matrix[numbers[0] : numbers[-1] + 1]
    return matrix[numbers]
