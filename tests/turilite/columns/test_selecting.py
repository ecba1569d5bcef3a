"""Choosing rows, and telling which are missing."""

from __future__ import annotations

import numpy as np

from turilite.columns.selecting import (
    choose,
    codes,
    concatenate,
    is_missing,
    is_missing_or_nan,
    is_missing_or_nan_inside,
    take,
    take_or_missing,
)
from turilite.columns.values import listing, make_column

NAN = float("nan")


def test_nan_is_missing_for_some_and_a_number_for_others() -> None:
    column = make_column([1.0, NAN, None])
    assert is_missing(column).tolist() == [False, False, True]
    assert is_missing_or_nan(column).tolist() == [False, True, True]
    nested = make_column([{"a": [1, "x"]}, {"a": [None, "x"]}, {"a": NAN}, None])
    assert is_missing_or_nan_inside(nested).tolist() == [False, True, True, True]


def test_a_slice_copies_nothing() -> None:
    column = make_column([1, 2, 3])
    assert np.shares_memory(take(column, slice(1, 3)).values, column.values)


def test_a_row_that_is_not_there_is_missing() -> None:
    assert listing(take_or_missing(make_column([5, 6]), np.array([1, -1]))) == [6, None]
    assert listing(take_or_missing(make_column([], int), np.array([-1]))) == [None]


def test_vectors_of_different_widths_are_joined() -> None:
    both = concatenate(make_column([[1, 2]]), make_column([[3]]))
    assert [list(row) for row in listing(both)] == [[1, 2], [3]]


def test_rows_are_chosen_from_two_columns_or_one_value() -> None:
    holds = np.array([True, False, True])
    column = make_column([1, None, 3])
    assert listing(choose(holds, column, make_column([9]))) == [1, 9, 3]
    assert listing(choose(holds, make_column([9]), column)) == [9, None, 9]
    assert listing(choose(np.array([True]), make_column([4]), make_column([], int))) == [4]


def test_equal_values_have_equal_codes() -> None:
    for values in ([1.5, NAN, NAN, None], ["a", "b", "b", None], [[1], [2], [2], None]):
        one, other, again, missing = codes(make_column(values))
        assert other == again
        assert missing == 0
        assert len({one, other, missing}) == 3
