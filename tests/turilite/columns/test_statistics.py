"""The statistics of a column: missing values, NaN, vectors, and the types that have none."""

from __future__ import annotations

import math
from array import array

import pytest

from turilite.columns import statistics
from turilite.columns.values import make_column

NAN = float("nan")


def test_missing_values_do_not_count() -> None:
    column = make_column([4, None, 1, 1])
    assert statistics.total(column) == 6
    assert statistics.mean(column) == 2.0
    assert (statistics.minimum(column), statistics.maximum(column)) == (1, 4)
    assert statistics.median(column) == 1
    assert statistics.variance(column) == pytest.approx(2.0)


def test_the_upper_of_two_middle_values_is_the_median() -> None:
    assert statistics.median(make_column([1.0, 2.0, NAN, 3.0, 4.0])) == 3.0


def test_nan_is_no_extreme_but_belongs_to_the_sum() -> None:
    column = make_column([NAN, 2.0, 1.0])
    assert (statistics.minimum(column), statistics.maximum(column)) == (1.0, 2.0)
    assert math.isnan(statistics.total(column))


def test_the_first_of_equal_extremes_is_found() -> None:
    column = make_column([None, 2, 5, 5, 2])
    assert statistics.position_of_maximum(column) == 2
    assert statistics.position_of_minimum(column) == 1


def test_nothing_has_no_statistics_but_a_sum() -> None:
    nothing = make_column([None, None], int)
    assert statistics.total(nothing) == 0
    for compute in (
        statistics.mean, statistics.minimum, statistics.maximum, statistics.median,
        statistics.variance, statistics.position_of_maximum,
    ):  # fmt: skip
        assert compute(nothing) is None


def test_vectors_are_added_position_by_position() -> None:
    vectors = make_column([[1, 2], [3, 4], None])
    assert statistics.total(vectors) == array("d", [4, 6])
    assert statistics.mean(vectors) == array("d", [2, 3])
    with pytest.raises(RuntimeError, match="sum over vectors of variable length"):
        statistics.total(make_column([[1.0], [1.0, 2.0]]))


def test_text_has_no_statistics() -> None:
    with pytest.raises(RuntimeError, match="non-numeric"):
        statistics.total(make_column(["a"]))
    with pytest.raises(TypeError, match="'int', 'long', or 'float'"):
        statistics.position_of_minimum(make_column(["a"]))


def test_a_variance_needs_more_rows_than_degrees_of_freedom() -> None:
    with pytest.raises(RuntimeError, match="degrees of freedom"):
        statistics.variance(make_column([1, 2]), ddof=2)
