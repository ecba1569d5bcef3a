"""Exact search for neighbors where the distances of all pairs are computed, and may be summed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import exact, sparse, strings
from .blocks import Neighbors, asked, in_blocks, nearest, without_self
from .points import Points
from .sparse import Bags
from .strings import Strings


class Summand(NamedTuple):
    """A distance of a composite one: its name, its weight, and the rows that it compares."""

    queries: Points | Bags | Strings
    reference: Points | Bags | Strings
    distance: str
    weight: float = 1.0


def k_nearest(
    summands: list[Summand],
    k: int | None = None,
    *,
    radius: float | None = None,
    skip_self: bool = False,
) -> Neighbors:
    """Return the k nearest references by the weighted sum of distances.

    `k`, `radius` and `skip_self` are those of `turilite.search.exact.k_nearest`. All summands have
    equally many queries, and equally many references. A distance that is NaN ranks last.
    """
    shape = len(summands[0].queries), len(summands[0].reference)
    wanted = asked(shape[1], k, skip_self)

    def of_block(part: slice) -> Neighbors:
        with np.errstate(all="ignore"):
            distances = sum(_weighted(summand, part) for summand in summands)
        return nearest(distances, part, wanted, radius)

    found = in_blocks(of_block, shape)
    return without_self(found, k) if skip_self else found


def _weighted(summand: Summand, part: slice) -> np.ndarray:
    """Return one summand for the queries in `part` (rows) and all references (columns)."""
    queries, reference, distance, weight = summand
    if isinstance(reference, Points):
        return weight * exact.all_pairs(queries, reference, part, distance)
    distances = sparse.DISTANCES if isinstance(reference, Bags) else strings.DISTANCES
    return weight * distances[distance](queries[part], reference)
