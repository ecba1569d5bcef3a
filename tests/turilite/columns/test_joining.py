"""Joins: the rows that belong together, against plain Python, and what is refused."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turilite.columns.column import Column
from turilite.columns.joining import HOW, check_joining, join
from turilite.columns.values import listing, make_column

MANY = settings(max_examples=60, deadline=None, derandomize=True)
KEYS = st.lists(st.none() | st.integers(0, 3), max_size=8)


def joined(
    left: dict[str, Column], right: dict[str, Column], on: Any = None, how: str = "inner", **alter
) -> dict[str, list]:
    types = [{name: c.dtype for name, c in table.items()} for table in (left, right)]
    result = join(left, right, check_joining(*types, on, how, alter.get("alter_name")))
    return {name: listing(column) for name, column in result.items()}


def python_join(ours: list, theirs: list, how: str) -> list[tuple]:
    """Return key, left row and right row of what a join gives."""
    out: list[tuple] = []
    for row, key in enumerate(ours):
        partners = [number for number, other in enumerate(theirs) if other == key]
        if not partners and how in ("left", "outer"):
            partners = [None]
        out += [(key, row, partner) for partner in partners]
    if how in ("right", "outer"):
        out += [(key, None, row) for row, key in enumerate(theirs) if key not in ours]
    return out


@given(KEYS, KEYS, st.sampled_from(HOW))
@MANY
def test_rows_match_as_in_plain_python(ours: list, theirs: list, how: str) -> None:
    left = {"k": make_column(ours, int), "row": make_column(range(len(ours)), int)}
    right = {"k": make_column(theirs, int), "other": make_column(range(len(theirs)), int)}
    found = joined(left, right, "k", how)
    assert list(zip(*found.values())) == python_join(ours, theirs, how)


def test_all_keys_must_agree() -> None:
    left = {"a": make_column([1, 1, 2]), "b": make_column(["x", "y", "x"])}
    right = {"a": make_column([2, 1]), "b": make_column(["x", "y"]), "n": make_column([20, 10])}
    assert joined(left, right) == {"a": [1, 2], "b": ["y", "x"], "n": [10, 20]}


def test_keys_may_have_two_names_and_those_of_the_right_table_go() -> None:
    left, right = {"a": make_column([1, 2])}, {"b": make_column([2, 3]), "n": make_column([5, 6])}
    assert joined(left, right, {"a": "b"}, "outer") == {"a": [1, 2, 3], "n": [None, 5, 6]}


def test_tables_without_a_common_column_are_multiplied() -> None:
    left, right = {"a": make_column([1, 2])}, {"b": make_column(["x", "y"])}
    assert joined(left, right) == {"a": [1, 1, 2, 2], "b": ["x", "y", "x", "y"]}


def test_a_name_that_both_have_is_numbered_or_altered() -> None:
    table = {"k": make_column([1]), "n": make_column([2])}
    assert list(joined(table, table, "k")) == ["k", "n", "n.1"]
    assert list(joined(table, table, "k", alter_name={"n": "m"})) == ["k", "n", "m"]


def test_vectors_and_dictionaries_come_along() -> None:
    left = {"k": make_column([1, 2])}
    right = {"k": make_column([2]), "v": make_column([[1.0, 2.0]]), "d": make_column([{"a": 1}])}
    found = joined(left, right, "k", "left")
    assert [found["v"][0], list(found["v"][1])] == [None, [1.0, 2.0]]
    assert found["d"] == [None, {"a": 1}]


LEFT, RIGHT = {"k": int, "s": str}, {"k": int, "s": int}


@pytest.mark.parametrize(
    ("on", "how", "alter", "error", "text"),
    [
        ("k", "cross", None, ValueError, "Invalid join type"),
        (3, "inner", None, TypeError, "Must pass a str, list, or dict of join keys"),
        ([3], "inner", None, TypeError, "Join keys must each be a str."),
        ("z", "inner", None, RuntimeError, "Column name z does not exist."),
        ({"k": "z"}, "inner", None, RuntimeError, "Column name z does not exist."),
        ("s", "inner", None, RuntimeError, "Columns to join on do not have the same type."),
        ("k", "inner", {"z": "y"}, KeyError, "Redundant key z for collision resolution"),
        ("k", "inner", {"s": "s"}, ValueError, "Key s should not be equal to value"),
        ("k", "inner", {"s": "k"}, ValueError, "Value k will cause further collision"),
    ],
)
def test_what_cannot_be_joined_is_refused_before_a_value_is_read(
    on: Any, how: str, alter: Any, error: type, text: str
) -> None:
    with pytest.raises(error, match=text):
        check_joining(LEFT, RIGHT, on, how, alter)


def test_a_table_without_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="Cannot join an SFrame with no columns"):
        check_joining({}, RIGHT, None, "inner", None)


def test_a_million_rows_take_seconds() -> None:
    rng = np.random.default_rng(0)
    left = {"k": Column(int, rng.integers(0, 12_000, 1_000_000))}
    right = {"k": Column(int, np.arange(10_000)), "n": Column(int, np.arange(10_000))}
    started = time.process_time()
    found = joined(left, right, "k", "inner")
    assert found["k"] == found["n"]
    assert time.process_time() - started < 10  # about one here
