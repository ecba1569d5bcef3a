"""One column in memory: what an SArray holds, and what the storage reads and writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Column:
    """Values of one type, some of them possibly missing.

    dtype:   int, float, str, array.array, list, dict, datetime.datetime, Image or
             numpy.ndarray; None for an untyped column (all missing, or of mixed types).
    values:  int -> int64 (0 where missing), float -> float64 (NaN where missing), 1-D;
             array.array -> 2-D float64 (rows x width) if all rows have one width and none is
             missing; everything else -> 1-D object array with None where missing, in which a
             vector of array.array is a 1-D float64 array.
    missing: bool per row, or None when nothing is missing. A NaN that was stored as a number
             is not missing.
    """

    dtype: type | None
    values: np.ndarray
    missing: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.values)


def objects(values: Sequence) -> np.ndarray:
    """Return a one-dimensional object array, whatever the values are."""
    return np.fromiter(values, dtype=object, count=len(values))
