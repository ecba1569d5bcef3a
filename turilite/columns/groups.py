"""Rows by group: which rows are equal, and what NumPy computes of those that are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from .column import Column
from .selecting import codes


def combined_codes(columns: Iterable[Column], rows: int) -> np.ndarray:
    """Return an integer per row, equal where the rows are equal in all columns.

    They count up from 0, in the order in which they first occur.
    """
    out = np.zeros(rows, np.int64)
    for column in columns:
        out = np.asarray(pd.factorize(out * (rows + 1) + codes(column))[0], np.int64)
    return out


class Groups(NamedTuple):
    """Rows, group by group: `rows` are their numbers, rising in each group, `sizes` how many."""

    rows: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, numbers: np.ndarray) -> Groups:
        """Return the rows with equal `numbers` as groups, ordered by the numbers, from 0 up."""
        return cls(np.argsort(numbers, kind="stable"), np.bincount(numbers))

    @property
    def starts(self) -> np.ndarray:
        """Where each group begins in `rows`."""
        return np.cumsum(self.sizes) - self.sizes

    @property
    def numbers(self) -> np.ndarray:
        """The number of the group of each of `rows`."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def filled(self) -> np.ndarray:
        """The numbers of the groups that have rows."""
        return np.flatnonzero(self.sizes)

    def only(self, wanted: np.ndarray) -> Groups:
        """Return the same groups with the `wanted` rows (a mask of all rows) alone."""
        kept = wanted[self.rows]
        sizes = np.bincount(self.numbers[kept], minlength=len(self.sizes))
        return Groups(self.rows[kept], sizes)

    def reduce(self, operation: np.ufunc, values: np.ndarray) -> np.ndarray:
        """Return `operation` over the values of each filled group; `values` are those of `rows`."""
        starts = self.starts[self.filled]
        return operation.reduceat(values, starts, axis=0) if len(starts) else values[:0]

    def total(self, values: np.ndarray) -> np.ndarray:
        """Return the sum as float of each group, row after row; `values` are those of `rows`."""
        totals = np.bincount(self.numbers, values, minlength=len(self.sizes))
        return totals.astype(np.float64)  # NumPy counts where there are no values

    def slices(self) -> Iterator[slice]:
        """Yield where each group lies in `rows`."""
        starts = self.starts.tolist()
        return map(slice, starts, [*starts[1:], len(self.rows)])
