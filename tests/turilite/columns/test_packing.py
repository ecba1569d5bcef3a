"""Packing several columns into one, and unpacking one into several."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from turilite.columns.column import Column
from turilite.columns.packing import (
    check_packing,
    check_unpacked_column,
    check_unpacking,
    pack_columns,
    renamed_beside,
    unpack_column,
)
from turilite.columns.values import listing, make_column


class Once(Mapping):
    """Columns that note which of them were read."""

    def __init__(self, **columns: list) -> None:
        self.columns = {name: make_column(values) for name, values in columns.items()}
        self.read: list[str] = []

    def __getitem__(self, name: str) -> Column:
        self.read.append(name)
        return self.columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def types(self) -> dict[str, Any]:
        return {name: column.dtype for name, column in self.columns.items()}


def packed(columns: Once, dtype: type, names: Any = None, prefix: Any = None, **more: Any) -> list:
    options = {"fill_na": None, "remove_prefix": True, "new_name": None, **more}
    packing = check_packing(columns.types, names, prefix, dtype, *options.values())
    return listing(pack_columns(columns, packing))


def unpacked(values: list, prefix: Any = "X", types: Any = None, na: Any = None, limit: Any = None):
    column = make_column(values)
    unpacking = check_unpacking(column.dtype, prefix, types, na, limit)
    return {name: listing(c) for name, c in unpack_column(column, unpacking).items()}


def test_columns_are_packed_by_row() -> None:
    columns = Once(a=[1, None], b=[0.5, 1.5])
    assert packed(columns, list) == [[1, 0.5], [None, 1.5]]
    assert packed(columns, dict) == [{"a": 1, "b": 0.5}, {"b": 1.5}]
    assert packed(columns, array, fill_na=7) == [array("d", [1, 0.5]), array("d", [7, 1.5])]


def test_only_packed_columns_are_read() -> None:
    columns = Once(a=[1], b=[2], c=["x"])
    packed(columns, list, ["a", "b"])
    assert set(columns.read) == {"a", "b"}


def test_keys_of_dictionaries_lose_the_prefix() -> None:
    columns = Once(**{"word.a": [1], "word.b": [2], "id": [3]})
    assert packed(columns, dict, prefix="word") == [{"a": 1, "b": 2}]
    assert packed(columns, dict, prefix="word", remove_prefix=False) == [{"word.a": 1, "word.b": 2}]


PACKINGS = [
    ((["a"], "a", list), ValueError, "cannot be given at the same time"),
    ((None, 3, list), TypeError, "'column_name_prefix' must be a string"),
    ((None, "z", list), ValueError, "There is no column starts with prefix 'z'"),
    ((3, None, list), TypeError, "column_names must be an iterable type"),
    ((["z"], None, list), ValueError, "Current SFrame has no column called 'z'."),
    ((["a", "a"], None, list), ValueError, "There is duplicate column names"),
    ((["a"], None, int), ValueError, "Resulting dtype has to be one of dict/array.array/list"),
    ((["s"], None, array), TypeError, "Column 's' type is not numeric, cannot pack into array"),
    ((["a"], None, array, "x"), ValueError, "fill_na value for array needs to be numeric type"),
    ((["a"], None, list, None, True, 3), TypeError, "'new_column_name' has to be a string"),
    ((["a"], None, list, None, True, "s"), KeyError, "already contains a column name s"),
]


@pytest.mark.parametrize(("request_", "error", "text"), PACKINGS)
def test_what_cannot_be_packed_is_refused(request_: tuple, error: type, text: str) -> None:
    defaults = (None, True, None)
    with pytest.raises(error, match=text):
        check_packing({"a": int, "s": str}, *request_, *defaults[len(request_) - 3 :])


def test_keys_become_columns_in_their_order() -> None:
    counts = [{10: 1, 2: 1}, {"the": 1, "of": 2}]
    assert list(unpacked(counts, "")) == ["2", "10", "of", "the"]
    assert list(unpacked(counts, "", limit=["the", "of"])) == ["of", "the"]
    assert list(unpacked(counts, "", [int, int], limit=["the", "of"])) == ["the", "of"]


def test_positions_become_columns_of_the_type_of_their_items() -> None:
    assert unpacked([[1, "a"], [2], None]) == {"X.0": [1, 2, None], "X.1": ["a", None, None]}
    assert unpacked([[1, 2], [3, 4]], na=3) == {"X.0": [1.0, None], "X.1": [2.0, 4.0]}
    assert unpacked([[1, 2], [3, 4]], limit=[1, 5]) == {"X.1": [2.0, 4.0], "X.5": [None, None]}


def test_items_without_a_common_type_become_text() -> None:
    assert unpacked([{"a": 1}, {"a": "x"}], None) == {"a": ["1", "x"]}


def test_an_item_that_is_not_of_the_type_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="Cannot convert"):
        unpacked([["x"], ["y"]], types=[int])


def test_nothing_to_infer_columns_from_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="Cannot infer number of items"):
        unpacked([{}, None, {}])


UNPACKINGS = [
    ((int, "X", None, None), TypeError, "Only SArray of dict/list/array type supports unpack"),
    ((dict, 3, None, None), TypeError, "'column_name_prefix' must be a string"),
    ((dict, "X", None, 3), TypeError, "'limit' must be a list"),
    ((dict, "X", None, [1, "a"]), TypeError, "values that are different types"),
    ((list, "X", None, ["a"]), TypeError, "'limit' must contain integer values."),
    ((list, "X", None, [1, 1]), ValueError, "'limit' contains duplicate values"),
    ((list, "X", 3, None), TypeError, "column_types must be a list"),
    ((list, "X", [bytes], None), TypeError, "column_types contains unsupported types"),
    ((list, "X", [int], [0, 1]), ValueError, "limit and column_types do not have the same length"),
    ((dict, "X", [int], None), ValueError, "'limit' has to be provided to unpack dict type"),
]


@pytest.mark.parametrize(("request_", "error", "text"), UNPACKINGS)
def test_what_cannot_be_unpacked_is_refused(request_: tuple, error: type, text: str) -> None:
    dtype, prefix, types, limit = request_
    with pytest.raises(error, match=text):
        check_unpacking(dtype, prefix, types, None, limit)


def test_the_only_column_that_can_be_unpacked_needs_no_name() -> None:
    assert check_unpacked_column({"a": int, "d": dict}, None, None) == ("d", "")
    assert check_unpacked_column({"a": int, "d": dict}, "d", None) == ("d", "d")
    with pytest.raises(RuntimeError, match="Column name needed to unpack"):
        check_unpacked_column({"l": list, "d": dict}, None, None)
    with pytest.raises(RuntimeError, match="No columns can be unpacked"):
        check_unpacked_column({"a": int}, None, None)
    with pytest.raises(KeyError, match="Column 'z' does not exist in current SFrame"):
        check_unpacked_column({"a": int}, "z", None)


def test_names_that_are_taken_are_all_renamed() -> None:
    assert renamed_beside(["a", "b"], ["a", "a.1"]) == ["a.1.1", "b.1.1"]
    assert renamed_beside(["b"], ["a"]) == ["b"]
