"""The order of rows."""

from __future__ import annotations

import numpy as np

from turilite.columns import sorting
from turilite.columns.values import make_column


def test_missing_values_are_the_smallest_and_nan_comes_last() -> None:
    column = make_column([2.0, float("nan"), None, 1.0])
    assert sorting.order([(column, True)], 4).tolist() == [2, 3, 0, 1]
    assert sorting.order([(column, False)], 4).tolist() == [0, 3, 1, 2]


def test_a_second_key_decides_among_equals_and_then_the_place() -> None:
    pets, ages = make_column(["dog", "cat", "dog", "cat", "cat"]), make_column([3, 1, 5, 1, 2])
    assert sorting.order([(pets, True), (ages, False)], 5).tolist() == [4, 1, 3, 2, 0]


def test_no_key_leaves_the_rows_as_they_are() -> None:
    assert np.array_equal(sorting.order([], 3), [0, 1, 2])


def test_the_top_values_are_marked_and_missing_ones_never() -> None:
    column = make_column([3, None, 1, 2])
    assert sorting.top(column, 2, smallest=False).values.tolist() == [1, 0, 0, 1]
    assert sorting.top(column, 9, smallest=True).values.tolist() == [1, 0, 1, 1]
