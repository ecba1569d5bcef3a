"""Python values to columns and back."""

from __future__ import annotations

import datetime
from array import array
from typing import Any

import numpy as np
import pytest

from turilite.columns.values import convert, from_numpy, listing, make_column, parse, text


def test_values_survive_the_way_into_a_column_and_back() -> None:
    for values in ([1, None], [0.5, None], ["a", None], [{"a": [1, "b"]}, None], [["x", None]]):
        assert listing(make_column(values)) == values
    assert listing(make_column([[1, 2], None])) == [array("d", [1, 2]), None]


def test_vectors_of_one_width_are_a_matrix() -> None:
    assert make_column([[1, 2], [3, 4]]).values.shape == (2, 2)
    assert make_column([[1, 2], None]).values.shape == (2,)


def test_what_comes_out_of_a_column_does_not_change_it() -> None:
    column = make_column([{"a": ["x"]}])
    listing(column)[0]["a"].append("y")
    assert listing(column) == [{"a": ["x"]}]


def test_numpy_arrays_are_taken_without_a_detour() -> None:
    assert from_numpy(np.array([1, 2], np.uint8)).dtype is int
    assert from_numpy(np.zeros((3, 2))).values.shape == (3, 2)
    assert listing(from_numpy(np.array(["2020-01-01", "NaT"], "datetime64[D]")))[1] is None
    with pytest.raises(TypeError, match="greater than 2 dimensions"):
        from_numpy(np.zeros((1, 1, 1)))


@pytest.mark.parametrize(
    ("value", "dtype", "converted"),
    [
        (1.9, int, 1),
        (1, float, 1.0),
        (None, int, None),
        (0.1 + 0.2, str, "0.3"),
        ([1, "a"], str, '[1,"a"]'),
        (datetime.datetime(1970, 1, 2), int, 86400),
        (86400, datetime.datetime, datetime.datetime(1970, 1, 2)),
        (array("d", [1]), list, [1.0]),
    ],
)
def test_values_are_converted(value: Any, dtype: type, converted: Any) -> None:
    assert convert(value, dtype) == converted


def test_what_cannot_be_converted_is_refused() -> None:
    with pytest.raises(TypeError, match="Cannot convert 'a' of type string"):
        convert("a", int)
    with pytest.raises(OverflowError, match="does not fit into 64 bits"):
        make_column([2**70], int)
    assert listing(make_column([1, "a"], int, drop_failures=True)) == [1]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1e-7, "1e-07"),
        ("a", "a"),
        ({"a": [1.5, 2]}, '{"a":[1.5,2]}'),
        (array("d", [1, 2]), "[1 2]"),
        (datetime.datetime(2020, 1, 2, 3, 4, 5), "20200102T030405"),
        (None, ""),
    ],
)
def test_values_are_written(value: Any, written: str) -> None:
    assert text(value) == written


@pytest.mark.parametrize(
    ("string", "dtype", "value"),
    [
        ("3", int, 3),
        (" [1 2;3] ", array, [1, 2, 3]),
        ('{a: 1, "b": [x, 2.5]}', dict, {"a": 1, "b": ["x", 2.5]}),
        ("[1, , a]", list, [1, None, "a"]),
    ],
)
def test_strings_are_read(string: str, dtype: type, value: Any) -> None:
    found = parse(string, dtype)
    assert (found.tolist() if isinstance(found, np.ndarray) else found) == value


@pytest.mark.parametrize(("string", "dtype"), [("3 ", int), ("[1", list), ("{a}", dict)])
def test_strings_that_spell_nothing_are_refused(string: str, dtype: type) -> None:
    with pytest.raises(ValueError, match="Unable to interpret value"):
        parse(string, dtype)
