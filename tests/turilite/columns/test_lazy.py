"""Columns that are read or selected when their values are first used, and in batches if large."""

from __future__ import annotations

from array import array

import numpy as np
import pytest

from turilite import memory
from turilite.columns.column import EVERY, Column, row_numbers
from turilite.columns.lazy import Joined, LazyColumn, in_order, rows_of
from turilite.columns.values import listing


class Stored:
    """A column in a file, in blocks of three rows; `read` counts the rows that were read."""

    is_unread = is_ordered = True
    is_in_memory = False

    def __init__(self, column: Column, error: Exception | None = None) -> None:
        self.column, self.error, self.read = column, error, 0

    def __len__(self) -> int:
        return len(self.column)

    @property
    def nbytes(self) -> int:
        return self.column.nbytes

    def batches(self, rows=EVERY):
        if self.error:
            raise self.error
        numbers = row_numbers(rows, len(self))
        order = np.argsort(numbers, kind="stable")
        for block in range(0, len(self), 3):
            places = order[(numbers[order] >= block) & (numbers[order] < block + 3)]
            if len(places):
                self.read += len(places)
                yield places, self.column.take(numbers[places])

    streamed = batches


INTEGERS = Column(int, np.arange(10))
GAPS = Column(float, np.array([1.0, np.nan, 2.0, np.nan]), np.array([False, True, False, False]))
MATRIX = Column(array, np.arange(20.0).reshape(10, 2))


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every column larger than what is kept in memory."""
    monkeypatch.setattr("turilite.columns.lazy.is_small", lambda size: False)


def test_type_and_length_are_known_before_the_values_are_read() -> None:
    column = LazyColumn(int, Stored(INTEGERS, AssertionError("nobody has asked for a value")))
    some = rows_of(column, slice(3, 99, 2))
    assert (column.dtype, len(column), column.is_loaded) == (int, 10, False)
    assert (some.dtype, len(some), some.is_loaded) == (int, 4, False)


def test_values_are_read_once() -> None:
    stored = Stored(GAPS)
    column = LazyColumn(float, stored)
    assert column.values[0] == 1.0
    assert column.missing.tolist() == [False, True, False, False]
    assert stored.read == 4


def test_what_could_not_be_read_says_so_each_time() -> None:
    column = LazyColumn(int, Stored(INTEGERS, OSError("the file is damaged")))
    for _ in range(2):
        with pytest.raises(OSError, match="damaged"):
            column.values  # noqa: B018


def test_rows_of_a_small_column_read_it_once_for_all() -> None:
    stored = Stored(INTEGERS)
    column = LazyColumn(int, stored)
    some, last = rows_of(column, np.array([7, 2])), rows_of(column, slice(8, 99))
    assert (len(some), len(last), column.is_loaded) == (2, 2, False)
    assert some.values.tolist() == [7, 2]
    assert last.values.tolist() == [8, 9]
    assert stored.read == 10


@pytest.mark.usefixtures("large")
def test_rows_of_a_large_column_read_no_others() -> None:
    stored = Stored(INTEGERS)
    some = rows_of(rows_of(LazyColumn(int, stored), np.array([9, 7, 2, 0])), slice(1, 3))
    assert some.values.tolist() == [7, 2]
    assert stored.read == 2


SELECTIONS = {
    "all": EVERY,
    "a slice": slice(2, 9, 3),
    "a slice backwards": slice(8, None, -3),
    "rising numbers": np.array([0, 1, 5, 5, 9]),
    "numbers in any order": np.array([9, 0, 4, 4, 3]),
    "none": np.zeros(0, int),
}


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("name", SELECTIONS)
@pytest.mark.parametrize("inner", SELECTIONS)
def test_a_selection_of_a_selection_gives_what_numpy_gives(name: str, inner: str) -> None:
    for values in (INTEGERS, MATRIX):
        expected = values.values[SELECTIONS[inner]]
        outer = EVERY if name == "all" else row_numbers(SELECTIONS[name], 10)
        outer = outer if name == "all" else outer[outer < len(expected)]
        expected = expected[outer]
        column = rows_of(
            rows_of(LazyColumn(values.dtype, Stored(values)), SELECTIONS[inner]), outer
        )
        parts = [part.values for part in in_order(column)]
        assert len(column) == len(expected)
        if len(expected):
            np.testing.assert_array_equal(np.concatenate(parts), expected)
            np.testing.assert_array_equal(column.take(slice(0, 2)).values, expected[:2])
            np.testing.assert_array_equal(column.values, expected)


@pytest.mark.usefixtures("large")
def test_missing_rows_are_found_without_keeping_the_values() -> None:
    column = LazyColumn(float, Stored(GAPS))
    assert column.missing.tolist() == [False, True, False, False]
    assert not column.is_loaded


@pytest.mark.usefixtures("large")
def test_joined_columns_are_read_part_by_part() -> None:
    joined = LazyColumn(int, Joined(LazyColumn(int, Stored(INTEGERS)), INTEGERS.take(slice(0, 3))))
    assert np.concatenate([part.values for part in in_order(joined)]).tolist() == [
        *range(10),
        0,
        1,
        2,
    ]
    assert not joined.is_loaded
    assert rows_of(joined, np.array([12, 0, 11, 3])).values.tolist() == [2, 0, 1, 3]


def test_rows_of_a_column_in_memory_are_copied_in_parts_where_they_do_not_fit() -> None:
    column = Column(array, np.arange(16_000.0).reshape(8000, 2))
    memory.set_budget("64 KB")
    try:
        some, part = rows_of(column, np.arange(8000)[::-1]), rows_of(column, slice(10, 8000))
        assert (some.is_streamed, part.is_streamed, rows_of(part, EVERY).is_streamed) == (1, 0, 0)
        parts = list(some.batches())
        assert len(parts) == 8
        for places, rows in parts:
            np.testing.assert_array_equal(rows.values, column.values[::-1][places])
        assert np.shares_memory(part.values, column.values)
        with pytest.raises(MemoryError, match="8,000 rows"):
            some.values  # noqa: B018
    finally:
        memory.set_budget(None)


@pytest.mark.parametrize("other", [[[1.0], [2.0]], [[1.0, 2.0], None], [None, None]])
def test_joined_vectors_of_other_lengths_stay_rows(other: list) -> None:
    rows = np.fromiter((None if row is None else np.array(row) for row in other), object, 2)
    missing = np.array([row is None for row in other])
    added = Column(array, rows, missing if missing.any() else None)
    joined = LazyColumn(array, Joined(LazyColumn(array, Stored(MATRIX)), added))
    assert listing(joined)[:10] == listing(MATRIX)
    assert [None if row is None else row.tolist() for row in listing(joined)[10:]] == other


def test_a_column_that_does_not_fit_into_memory_is_refused_before_it_is_read() -> None:
    stored = Stored(Column(float, np.zeros(1000)))
    memory.set_budget("4 KB")
    try:
        with pytest.raises(MemoryError, match=r"1,000 rows of type float would take 8.0 KB of mem"):
            LazyColumn(float, stored).values  # noqa: B018
    finally:
        memory.set_budget(None)
    assert stored.read == 0
