"""Rows of numbers, with what searches derive from them and keep."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from .blocks import chunks, in_threads, shares


class Single(NamedTuple):
    """Rows relative to a center in float32, and the norm of each as float32 gives it."""

    rows: np.ndarray
    norms: np.ndarray

    def of(self, part: slice) -> Single:
        """Return a part of the rows; what is written to it is written to these."""
        return Single(self.rows[part], self.norms[part])


class Points:
    """Rows prepared for any number of searches, as queries or as references.

    `rows` is n x d. It is kept without a copy if it is float64 and C-contiguous, and must not
    change afterwards. What a search derives from it is kept for the next one. Raises ValueError
    where `rows` is not a matrix.
    """

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = np.ascontiguousarray(rows, dtype=np.float64)
        if self.rows.ndim != 2:
            raise ValueError(f"rows must be a matrix, not an array of shape {self.rows.shape}")
        self._kept: Single | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def center(self) -> np.ndarray:
        """A rough mean, of some 64 rows, in float32; any point would do."""
        return self.rows[:: len(self) // 64 + 1].mean(axis=0).astype(np.float32)

    def prepare(self) -> None:
        """Make the float32 copy and keep it."""
        if self._kept is None:
            single = Single(np.empty(self.rows.shape, np.float32), np.empty(len(self)))
            in_threads(lambda part: self._convert(part, single.of(part)), shares(len(self)))
            self._kept = single

    def single(self, part: slice = slice(None)) -> Single:
        """Return the rows in float32: of what is kept, otherwise converted now."""
        if self._kept is not None:
            return self._kept.of(part)
        shape = self.rows[part].shape
        return self._convert(part, Single(np.empty(shape, np.float32), np.empty(shape[0])))

    def _convert(self, part: slice, single: Single) -> Single:
        source = self.rows[part]
        with np.errstate(all="ignore"):
            for chunk in chunks(*source.shape):
                rows = single.rows[chunk]
                rows[:] = source[chunk]
                rows -= self.center
                single.norms[chunk] = np.sqrt(squared_norms(rows))
        return single

    @cached_property
    def query_directions(self) -> Points:
        """The directions of the rows, where they are queries."""
        return Points(_directions(self.rows, zero_axis=0))

    @cached_property
    def reference_directions(self) -> Points:
        """The directions of the rows, where they are references."""
        return Points(_directions(self.rows, zero_axis=1))


def squared_norms(rows: np.ndarray) -> np.ndarray:
    """Return the sum of the squares of each row."""
    return np.einsum("ij,ij->i", rows, rows)


def _directions(rows: np.ndarray, zero_axis: int) -> np.ndarray:
    """Return rows of length 1, with two further numbers each.

    Half the squared distance of two such rows is their cosine distance. A row of zeros has no
    direction; on an axis of its own (another one in queries than in references) it is at distance
    1 from all rows.
    """
    with np.errstate(all="ignore"):
        largest = np.abs(rows).max(axis=1, initial=0)
        scaled = rows / np.where(largest > 0, largest, 1)[:, None]  # so that no square overflows
        norms = np.sqrt(squared_norms(scaled))
        result = np.zeros((len(rows), rows.shape[1] + 2))
        result[:, :-2] = scaled / np.where(largest > 0, norms, 1)[:, None]
        result[largest == 0, -2 + zero_axis] = 1
    return result
