"""One column: what an SArray holds, and what the storage reads and writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Union

import numpy as np

from ..memory import batch_bytes

Places = Union[slice, np.ndarray]
"""Rows by their numbers, or a slice of all."""
EVERY = slice(None)


def row_numbers(rows: Places, count: int) -> np.ndarray:
    """Return the numbers of the rows that are chosen of `count`."""
    return np.arange(count)[rows]


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

    @property
    def nbytes(self) -> int:
        """About how many bytes the values take."""
        return self.values.nbytes

    @property
    def is_unread(self) -> bool:
        """Whether the values are still to be read from files."""
        return False

    @property
    def is_in_memory(self) -> bool:
        """Whether the values are there, or are a slice of others that are: no copy is needed."""
        return True

    @property
    def is_streamed(self) -> bool:
        """Whether the values are to come and so large that `batches` is the way to take them."""
        return False

    @property
    def is_ordered(self) -> bool:
        """Whether `batches` come in the order of the rows."""
        return True

    @property
    def folders(self) -> frozenset[Path]:
        """The folders from which values are still to be read."""
        return frozenset()

    def take(self, rows: Places) -> Column:
        """Return the chosen rows: a slice gives views, a mask or row numbers a copy."""
        missing = None if self.missing is None else self.missing[rows]
        kept = missing if missing is not None and missing.any() else None
        return Column(self.dtype, self.values[rows], kept)

    def batches(self, rows: Places = EVERY) -> Iterator[tuple[Places, Column]]:
        """Yield the chosen rows (all by default) in parts, each with its places among them."""
        taken = self if rows is EVERY else self.take(rows)
        yield slice(0, len(taken)), taken

    def streamed(self, rows: Places = EVERY) -> Iterator[tuple[Places, Column]]:
        """Yield what `batches` does, but keep nothing of it, and copy little at a time."""
        if isinstance(rows, slice):
            yield from self.batches(rows)
            return
        size = max(1, batch_bytes() * len(self) // max(1, self.nbytes))
        for start in range(0, len(rows), size):
            part = self.take(rows[start : start + size])
            yield slice(start, start + len(part)), part


def objects(values: Sequence) -> np.ndarray:
    """Return a one-dimensional object array, whatever the values are."""
    return np.fromiter(values, dtype=object, count=len(values))
