"""Arithmetic, comparison and logic between columns."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

from turilite.columns import operators
from turilite.columns.values import listing, make_column

NAN = float("nan")


def applied(left: list, op: str, right: list) -> list:
    return listing(operators.apply(make_column(left), make_column(right), op))


def test_division_gives_floats_and_comparison_gives_integers() -> None:
    assert applied([1, 2], "/", [2]) == [0.5, 1.0]
    assert applied([1, 2], ">", [1]) == [0, 1]
    assert applied([1, None], "+", [1]) == [2, None]


def test_a_missing_value_equals_only_a_missing_value() -> None:
    assert applied(["a", None], "==", ["a", None]) == [1, 1]
    assert applied(["a", None], "!=", ["b"]) == [1, 1]


def test_vectors_of_different_lengths_give_a_missing_sum() -> None:
    assert applied([[1, 2], [3]], "+", [[1, 2], [3, 4]]) == [array("d", [2, 4]), None]


def test_logic_has_three_values() -> None:
    assert applied([1, 0, None, None], "|", [None, None, 1, 0]) == [1, None, 1, None]
    assert applied([1, 0, None, None], "&", [None, None, 1, 0]) == [None, 0, None, 0]


def test_operations_without_a_meaning_are_refused() -> None:
    with pytest.raises(RuntimeError, match=r"\+ between string and integer"):
        applied(["a"], "+", [1])


@pytest.mark.parametrize(
    ("values", "lower", "upper", "clipped"),
    [
        ([1, 5, None], 2, None, [2, 5, None]),
        ([1, 5], NAN, 2, [1.0, 2.0]),
        ([[1, 5], [0]], 1, 2, [array("d", [1, 2]), array("d", [1])]),
    ],
)
def test_values_are_clipped(values: list, lower: Any, upper: Any, clipped: list) -> None:
    column = make_column(values)
    found = operators.clip(column, operators.check_bounds(column.dtype, lower, upper))
    assert listing(found) == clipped


def test_bounds_must_have_a_value_between_them() -> None:
    with pytest.raises(RuntimeError, match="Upper clip value must be less than lower value"):
        operators.check_bounds(int, 2, 1)
    with pytest.raises(RuntimeError, match="Cannot perform on non-numeric types"):
        operators.check_bounds(str, 1, 2)
