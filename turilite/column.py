"""The neutral column: what an SArray holds and what the storage reads and writes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Column:
    """Values of one type, with a mask of the missing ones.

    ``dtype`` is int, float, str, array.array, list, dict, datetime.datetime, Image or
    numpy.ndarray, and None where nothing but missing values was ever stored. ``values`` is

    - int: int64, and float: float64, one-dimensional (a missing float is NaN underneath);
    - array.array: float64, rows x width, when no row is missing and all have one width;
    - anything else: one-dimensional object array, None where missing; for array.array of uneven
      width its elements are one-dimensional float64 arrays.

    ``missing`` is a mask of the rows, None when no row is missing.
    """

    dtype: type | None
    values: np.ndarray
    missing: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.values)
