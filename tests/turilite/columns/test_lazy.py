"""Columns that are read or selected when their values are first used."""

from __future__ import annotations

import numpy as np
import pytest

from turilite.columns.column import Column
from turilite.columns.lazy import LazyColumn, rows_of


def test_type_and_length_are_known_before_the_values_are_read() -> None:
    def load() -> Column:
        raise AssertionError("nobody has asked for a value")

    column = LazyColumn(int, 3, load)
    assert (column.dtype, len(column), column.is_loaded) == (int, 3, False)


def test_values_are_read_once() -> None:
    calls = []

    def load() -> Column:
        calls.append("read")
        return Column(float, np.array([1.0, np.nan]), np.array([False, True]))

    column = LazyColumn(float, 2, load)
    assert column.values[0] == 1.0
    assert column.missing.tolist() == [False, True]
    assert calls == ["read"]


def test_what_could_not_be_read_says_so_each_time() -> None:
    def load() -> Column:
        raise OSError("the file is damaged")

    column = LazyColumn(int, 1, load)
    for _ in range(2):
        with pytest.raises(OSError, match="damaged"):
            column.values  # noqa: B018


def test_rows_of_an_unread_column_are_counted_without_reading_it() -> None:
    column = LazyColumn(int, 10, lambda: Column(int, np.arange(10)))
    some, last = rows_of(column, np.array([7, 2])), rows_of(column, slice(8, 99))
    assert (len(some), len(last), column.is_loaded) == (2, 2, False)
    assert some.values.tolist() == [7, 2]
    assert last.values.tolist() == [8, 9]
