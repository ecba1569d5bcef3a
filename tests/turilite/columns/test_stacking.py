"""A row for every item of a column."""

from __future__ import annotations

from typing import Any

import pytest

from turilite.columns.stacking import check_stacking, stack
from turilite.columns.values import listing, make_column


def stacked(values: list, new_name: Any = None, drop_na: bool = False, new_type: Any = None):
    column = make_column(values)
    request = check_stacking({"x": column.dtype}, "x", new_name, drop_na, new_type)
    rows, columns = stack(column, request)
    return rows.tolist(), *map(listing, columns)


def test_every_item_becomes_a_row() -> None:
    assert stacked([[1, 2], [3]]) == ([0, 0, 1], [1.0, 2.0, 3.0])
    assert stacked([[1, "a"], ["b"]], new_type=str) == ([0, 0, 1], ["1", "a", "b"])
    assert stacked([{"a": 1, "b": 2}, {"a": 3}]) == ([0, 0, 1], ["a", "b", "a"], [1, 2, 3])


def test_a_row_without_items_stays_as_missing_or_goes() -> None:
    assert stacked([[1], None, []]) == ([0, 1, 2], [1.0, None, None])
    assert stacked([[1], None, []], drop_na=True) == ([0], [1.0])
    assert stacked([{}, {"a": 1}]) == ([0, 1], [None, "a"], [None, 1])


def test_a_type_is_not_inferred_from_nothing() -> None:
    with pytest.raises(ValueError, match="not enough rows to infer value"):
        column = make_column([None, None], list)
        stack(column, check_stacking({"x": list}, "x", None, False, None))


REFUSED = [
    (("z", None, None), ValueError, "Cannot find column 'z' in the SFrame."),
    (("n", None, None), TypeError, "Stack is only supported for column of dict/list/array type."),
    (("l", None, [int, int]), ValueError, "Expecting a single column type"),
    (("d", None, [int]), ValueError, "Expecting two column types to unpack a dict column"),
    (("d", "a", None), TypeError, "has to be a list of two names"),
    (("l", 3, None), TypeError, "new_column_name has to be a str"),
    (("l", "n", None), ValueError, "Column with name 'n' already exists"),
    (("l", "m", ["int"]), TypeError, "dtype must be a type"),
]


@pytest.mark.parametrize(("request_", "error", "text"), REFUSED)
def test_what_cannot_be_stacked_is_refused(request_: tuple, error: type, text: str) -> None:
    name, new_name, new_type = request_
    with pytest.raises(error, match=text):
        check_stacking({"n": int, "l": list, "d": dict}, name, new_name, False, new_type)
