"""What SArray and SFrame have in common: rows, chosen from others, and whether they are counted.

Everything that is derived from a table is made by one of the methods here that say what Turi
Create knows of its length: `_known_rows`, `_unknown_rows`, `_same_rows`, `_both_rows`. Which
methods ask for a length follows Turi Create too, as its text shows it (see `extent.py`).
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from ..arguments import all_spoken
from ..columns.hashing import chosen, seed_of
from ..columns.operators import truth
from ..missing_api import Answers
from .extent import KNOWN, Extent

Self = TypeVar("Self", bound="Rows")


@all_spoken
class Rows(Answers):
    """Rows, counted or not.

    A subclass knows its content `_data`, the number of rows in it, `_size`, and by `_pick` the
    content of some of them.
    """

    __slots__ = ("_data", "_extent")
    _size: int

    @classmethod
    def _wrap(cls: type[Self], data: Any, extent: Extent = KNOWN) -> Self:
        """Return the SArray of a Column, or the SFrame of columns by name."""
        out = cls.__new__(cls)
        out._data, out._extent = data, extent
        return out

    def _pick(self, rows: slice | np.ndarray) -> Any:
        raise NotImplementedError

    # --- others, made of these rows -----------------------------------------------------------

    def _known_rows(self: Self, rows: slice | np.ndarray) -> Self:
        """Return some rows, whose number is known."""
        return self._wrap(self._pick(rows))

    def _unknown_rows(self: Self, rows: np.ndarray) -> Self:
        """Return some rows, whose number Turi Create has not counted yet."""
        return self._wrap(self._pick(rows), Extent())

    def _same_rows(self, data: Any, kind: type[Rows] | None = None) -> Any:
        """Return what is computed row by row: counted as soon as these rows are."""
        return (kind or type(self))._wrap(data, self._extent.derive())

    def _both_rows(self: Self, other: Rows, data: Any) -> Self:
        """Return the content of these rows and then of the other ones."""
        return self._wrap(data, Extent(parts=(self._extent, other._extent)))

    # --- their number -------------------------------------------------------------------------

    def __len__(self) -> int:
        self._extent.settle()
        return self._size

    def __has_size__(self) -> bool:
        return self._extent.known

    def materialize(self) -> None:
        """Count the rows; everything else is evaluated already."""
        self._extent.settle()

    def __is_materialized__(self) -> bool:
        return self._extent.known

    def is_materialized(self) -> bool:
        """Return whether the rows are counted."""
        return self._extent.known

    def _align(self, other: Rows) -> None:
        """Count both unless Turi Create can tell that their numbers are equal."""
        if not self._extent.same_rows(other._extent):
            self.materialize()
            other.materialize()

    # --- some of them -------------------------------------------------------------------------

    def head(self: Self, n: int = 10) -> Self:
        """Return the first rows."""
        self._extent.look()
        return self._known_rows(slice(0, _counted(n)))

    def tail(self: Self, n: int = 10) -> Self:
        """Return the last rows."""
        return self._known_rows(slice(max(0, len(self) - _counted(n)), None))

    def _rows_where(self: Self, mask: Rows) -> Self:
        """Return the rows where the SArray `mask` is true."""
        if mask._size != self._size:
            raise IndexError("Cannot perform logical indexing on arrays of different length.")
        self._align(mask)
        return self._unknown_rows(np.flatnonzero(truth(mask._data)))

    def _rows_between(self: Self, part: slice) -> Self:
        """Return a slice, whose ends may be counted from the end; OverflowError for others."""
        size = len(self)
        start, stop, step = part.start, part.stop, part.step
        start = 0 if start is None else start + size if start < 0 else start
        stop = size if stop is None else stop + size if stop < 0 else stop
        _counted(min(start, stop, (step or 1) - 1))
        return self._known_rows(slice(start, stop, step))

    def _drawn(self: Self, fraction: float, seed: Any, exact: bool) -> tuple[Self, Self]:
        """Return the rows drawn at random and the others; a seed draws Turi Create's."""
        mask = chosen(len(self), fraction, seed_of(seed), exact)
        return self._unknown_rows(np.flatnonzero(mask)), self._unknown_rows(np.flatnonzero(~mask))

    def shuffle(self: Self) -> Self:
        """Return the rows in random order."""
        return self._known_rows(np.random.default_rng().permutation(len(self)))


def _counted(number: int) -> int:
    """Return a number of rows; OverflowError where it is negative."""
    if number < 0:
        raise OverflowError("can't convert negative value to size_t")
    return number
