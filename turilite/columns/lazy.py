"""Columns that are read, or selected from others, when their values are first used."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from .column import Column
from .selecting import take


class LazyColumn(Column):
    """A column of known type and length whose values `load` gives."""

    def __init__(self, dtype: type | None, rows: int, load: Callable[[], Column]) -> None:
        vars(self).update(dtype=dtype, _rows=rows, _load=load)  # a Column is frozen

    @cached_property
    def _loaded(self) -> Column:
        column = self._load()
        del self._load  # and with it the column that these rows are of
        return column

    @property
    def is_loaded(self) -> bool:
        return "_loaded" in vars(self)

    @property
    def values(self) -> np.ndarray:  # type: ignore[override]
        return self._loaded.values

    @property
    def missing(self) -> np.ndarray | None:  # type: ignore[override]
        return self._loaded.missing

    def __len__(self) -> int:
        return self._rows


def rows_of(column: Column, rows: slice | np.ndarray) -> Column:
    """Return the chosen rows (a slice or row numbers), selected when they are first used."""
    count = len(range(len(column))[rows]) if isinstance(rows, slice) else len(rows)
    return LazyColumn(column.dtype, count, lambda: take(column, rows))
