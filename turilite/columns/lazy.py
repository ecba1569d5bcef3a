"""Columns that are read, or selected from others, when their values are first used.

A lazy column knows where its rows come from: a `Source`, which gives chosen rows in batches, and
which of its rows they are, the selection. What is small is read whole and kept. What is large is
read batch by batch, by whoever can work so, and whole only where somebody asks for its `values`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from ..memory import batch_bytes, budget, check_room, is_small, room
from .column import EVERY, Column, Places, objects, row_numbers
from .kinds import NAMES
from .selecting import with_matrix


class Source(Protocol):
    """What gives rows in batches: a stored column, a column, or two of them."""

    def __len__(self) -> int: ...

    @property
    def nbytes(self) -> int:
        """About how many bytes all values take."""

    @property
    def is_unread(self) -> bool:
        """Whether they are still to be read from files."""

    @property
    def is_in_memory(self) -> bool:
        """Whether the values are there, or are a slice of others that are: no copy is needed."""

    @property
    def is_ordered(self) -> bool:
        """Whether `batches` come in the order of the rows."""

    @property
    def folders(self) -> frozenset[Path]:
        """The folders from which values are still to be read."""

    def batches(self, rows: Places = EVERY) -> Iterator[tuple[Places, Column]]:
        """Yield the chosen rows in parts, in any order, each with its places among them."""

    def streamed(self, rows: Places = EVERY) -> Iterator[tuple[Places, Column]]:
        """Yield what `batches` does, but keep nothing of it, and copy little at a time."""


class LazyColumn(Column):
    """A column of known type, the `rows` of a source (all by default)."""

    def __init__(self, dtype: type | None, source: Source, rows: Places = EVERY) -> None:
        vars(self).update(dtype=dtype)  # a Column is frozen
        self._move(source, rows)

    @cached_property
    def loaded(self) -> Column:
        """The rows in memory, which they stay in. Raises MemoryError where they are too many."""
        if not self.is_in_memory:
            check_room(self.nbytes, f"a column of {len(self):,} rows of type {NAMES[self.dtype]}")
        column = gathered(self.dtype, len(self), self._source.batches(self._rows))
        self._move(column, EVERY)  # and with it goes the column that these rows are of
        return column

    def _move(self, source: Source, rows: Places) -> None:
        every = range(len(source))
        count = len(every[rows]) if isinstance(rows, slice) else len(rows)
        vars(self).update(_source=source, _rows=rows, _count=count)

    def moved(self, source: Source) -> None:
        """Take the values, which are the same, from another source from now on."""
        self._move(source, EVERY)

    @property
    def is_loaded(self) -> bool:
        return "loaded" in vars(self)

    @property
    def is_unread(self) -> bool:
        return not self.is_loaded and self._source.is_unread

    @property
    def is_in_memory(self) -> bool:
        is_slice = isinstance(self._rows, slice) and self._source.is_in_memory
        return self.is_loaded or is_slice

    @property
    def is_streamed(self) -> bool:
        if self.is_in_memory:
            return False
        return not is_small(self.nbytes) if self.is_unread else self.nbytes > room()

    @property
    def is_ordered(self) -> bool:
        if isinstance(self._rows, slice):
            rising = (self._rows.step or 1) > 0
        else:
            rising = bool((np.diff(self._rows) >= 0).all())
        return rising and self._source.is_ordered

    @property
    def folders(self) -> frozenset[Path]:
        return self._source.folders

    @property
    def nbytes(self) -> int:
        return self._source.nbytes * len(self) // max(1, len(self._source))

    @property
    def values(self) -> np.ndarray:  # type: ignore[override]
        return self.loaded.values

    @property
    def missing(self) -> np.ndarray | None:  # type: ignore[override]
        return self._mask if self.is_streamed else self.loaded.missing

    @cached_property
    def _mask(self) -> np.ndarray | None:
        mask = np.zeros(len(self), bool)
        for places, part in self.batches():
            if part.missing is not None:
                mask[places] = part.missing
        return mask if mask.any() else None

    def __len__(self) -> int:
        return self._count

    def take(self, rows: Places) -> Column:
        if not self.is_streamed:
            return self.loaded.take(rows)
        return LazyColumn(self.dtype, self, row_numbers(rows, len(self))).loaded

    def batches(self, rows: Places = EVERY) -> Iterator[tuple[Places, Column]]:
        return self.streamed(rows) if self.is_streamed else self.loaded.batches(rows)

    def streamed(self, rows: Places = EVERY) -> Iterator[tuple[Places, Column]]:
        if self.is_loaded:
            return self.loaded.streamed(rows)
        if rows is EVERY:
            rows = self._rows
        elif self._rows is not EVERY:
            rows = row_numbers(self._rows, len(self._source))[rows]
        return self._source.streamed(rows)


class Joined:
    """Two columns of one type, one after the other, as a source of rows."""

    is_in_memory = False  # as one column

    def __init__(self, *columns: Column) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return sum(map(len, self.columns))

    @property
    def nbytes(self) -> int:
        return sum(column.nbytes for column in self.columns)

    @property
    def is_unread(self) -> bool:
        return any(column.is_unread for column in self.columns)

    @property
    def folders(self) -> frozenset[Path]:
        return frozenset().union(*(column.folders for column in self.columns))

    @property
    def is_ordered(self) -> bool:
        return all(column.is_ordered for column in self.columns)

    def batches(self, rows: Places = EVERY) -> Iterator[tuple[Places, Column]]:
        numbers = row_numbers(rows, len(self))
        start = 0
        for column in self.columns:
            stop = start + len(column)
            mine = np.flatnonzero((numbers >= start) & (numbers < stop))
            whole = len(mine) == len(column) and rows is EVERY
            for places, part in column.streamed(EVERY if whole else numbers[mine] - start):
                yield mine[places], part
            start = stop

    streamed = batches


def rows_of(column: Column, rows: Places) -> Column:
    """Return the chosen rows (a slice or row numbers), selected when they are first used."""
    return LazyColumn(column.dtype, column, rows)


def gathered(dtype: type | None, rows: int, batches: Iterable[tuple[Places, Column]]) -> Column:
    """Return the column of `rows` rows whose parts come in `batches`, copying each once."""
    values: np.ndarray | None = None
    missing = np.zeros(rows, bool)
    for places, part in batches:
        if len(part) == rows and isinstance(places, slice):
            return part
        if values is None:
            values = np.empty((rows, *part.values.shape[1:]), part.values.dtype)
        given = part.values
        if given.shape[1:] != values.shape[1:]:  # vectors of several lengths, or missing
            values, given = objects(list(values)), objects(list(given))
        values[places] = given
        missing[places] = False if part.missing is None else part.missing
    if values is None:
        return Column(dtype, np.zeros(0, {int: np.int64, float: np.float64}.get(dtype, object)))
    if missing.any():
        return Column(dtype, values, missing)
    return with_matrix(Column(dtype, values))


def in_order(column: Column) -> Iterator[Column]:
    """Yield the rows in parts, one after the other."""
    if column.is_ordered:
        for _, part in column.batches():
            yield part
        return
    # The more of such rows at once, the fewer blocks are read twice.
    size = max(1, max(batch_bytes(), budget() // 8) * len(column) // max(1, column.nbytes))
    for start in range(0, len(column), size):
        yield column.take(slice(start, start + size))
