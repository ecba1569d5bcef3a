"""Rows of numbers, with what searches derive from them and keep."""

from __future__ import annotations

from functools import cached_property
from typing import Iterator, NamedTuple, Protocol, Union

import numpy as np

from ..memory import batch_bytes, budget
from .blocks import chunks, in_threads, shares, slices

Places = Union[slice, np.ndarray]


class Stored(Protocol):
    """A matrix of float64 that is not in memory: some of its rows are read, or all in turn."""

    shape: tuple[int, int]

    def __getitem__(self, rows: Places) -> np.ndarray: ...

    def batches(self) -> Iterator[tuple[Places, np.ndarray]]:
        """Yield all rows in parts, in any order, each with the numbers of its rows."""


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

    Of stored rows what fits into the budget is kept: float32 copies. Where these equal the rows,
    they are the rows from then on. Others are read again for the pairs that are compared. What does
    not fit stays where it is, and a search takes it in parts.
    """

    def __init__(self, rows: np.ndarray | Stored) -> None:
        is_stored = not isinstance(rows, np.ndarray)
        self.rows = rows if is_stored else np.ascontiguousarray(rows, dtype=np.float64)
        self._kept: Single | None = None
        if len(self.rows.shape) != 2:
            raise ValueError(f"rows must be a matrix, not an array of shape {self.rows.shape}")
        if is_stored and 4 * self.size <= budget() // 2:
            self._read()

    def __len__(self) -> int:
        return self.rows.shape[0]

    @property
    def width(self) -> int:
        return self.rows.shape[1]

    @property
    def size(self) -> int:
        """How many numbers there are in all rows."""
        return len(self) * self.width

    @property
    def is_in_memory(self) -> bool:
        return isinstance(self.rows, np.ndarray)

    @property
    def is_double(self) -> bool:
        """Whether the rows are in memory in float64."""
        return self.is_in_memory and self.rows.dtype == np.float64

    @property
    def has_estimates(self) -> bool:
        """Whether the float32 copies are there or can be made without reading files."""
        return self.is_in_memory or self._kept is not None

    @cached_property
    def center(self) -> np.ndarray:
        """A rough mean, of some 64 rows, in float32; any point would do."""
        with np.errstate(all="ignore"):
            some = self.rows[:: len(self) // 64 + 1]
            return (some.sum(axis=0) / max(1, len(some))).astype(np.float32)

    def mean(self) -> np.ndarray:
        """Return the mean of all rows."""
        if self.is_double:
            return self.rows.mean(axis=0)
        total = np.zeros(self.width)
        for part in slices(len(self), batch_bytes() // (8 * max(1, self.width))):
            rows = np.asarray(self.rows[part], np.float64)
            # Row by row, so that the parts don't matter.
            total = np.add.reduce(np.concatenate([total[None], rows]), axis=0)
        return total / len(self)

    def parts(self, size: int) -> Iterator[tuple[Places, Points]]:
        """Yield parts of about `size` bytes in memory, in order, each with its row numbers."""
        for part in slices(len(self), size // (8 * max(1, self.width))):
            yield part, Points(np.asarray(self.rows[part], np.float64))

    def batches(self) -> Iterator[tuple[Places, Points]]:
        """Yield small parts in memory, in any order, each with its row numbers, which rise."""
        if self.is_in_memory:
            yield from self.parts(batch_bytes())
        else:
            for places, rows in self.rows.batches():
                if isinstance(places, slice):
                    yield places, Points(rows)
                else:  # of equal neighbors the first one counts
                    order = np.argsort(places)
                    yield places[order], Points(rows[order])

    def _read(self) -> None:
        """Read stored rows once, and keep them in float32."""
        stored = self.rows
        rows = np.empty(stored.shape, np.float32)
        is_exact = True
        with np.errstate(all="ignore"):
            for places, part in stored.batches():
                single = part.astype(np.float32)
                is_exact = is_exact and np.array_equal(single, part)
                rows[places] = single
            some = squared_norms(rows[:: len(self) // 64 + 1])
            spread = some.sum() / max(1, len(some)) / 2
        if is_exact:
            self.rows = rows
            if squared_norms(self.center[None])[0] > spread:
                return
            # Rows that lie around the origin are compared with it, so that no copy is needed.
            self.center = np.zeros(self.width, np.float32)
        self._kept = Single(rows, np.empty(len(self)))
        in_threads(lambda part: self._centered(self._kept.of(part)), shares(len(self)))

    def _centered(self, single: Single) -> None:
        """Make rows that were converted to float32 relative to the center."""
        with np.errstate(all="ignore"):
            for chunk in chunks(*single.rows.shape):
                if self.center.any():
                    single.rows[chunk] -= self.center
                single.norms[chunk] = np.sqrt(squared_norms(single.rows[chunk]))

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
