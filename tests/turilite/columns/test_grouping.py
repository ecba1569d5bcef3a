"""Groups: what each aggregator gives, against plain Python, and what is refused."""

from __future__ import annotations

import datetime
import math
import time
from array import array
from typing import Any, Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turilite import aggregate
from turilite.columns.aggregators import Aggregator
from turilite.columns.column import Column
from turilite.columns.grouping import check_grouping, group
from turilite.columns.image import from_pixels
from turilite.columns.values import listing, make_column

MANY = settings(max_examples=30, deadline=None, derandomize=True)
NAN = float("nan")
MAY = [datetime.datetime(2020, 5, day) for day in (1, 2, 3)]


def grouped(columns: dict[str, Column], keys: Any, *operations: Any) -> dict[str, list]:
    types = {name: column.dtype for name, column in columns.items()}
    result = group(columns, check_grouping(types, keys, list(operations)))
    return {name: listing(column) for name, column in result.items()}


def results(aggregator: Aggregator, keys: list, **values: list) -> list:
    """Return what the aggregator gives per group, the groups in their order."""
    columns = {name: make_column(column) for name, column in values.items()}
    columns["key"] = make_column(keys)
    return grouped(columns, "key", {"result": aggregator})["result"]


# --- against plain Python ---------------------------------------------------------------------


def rows_of(value: Any) -> Any:
    return st.lists(st.tuples(st.integers(0, 3), st.none() | value), min_size=1, max_size=25)


INTEGERS = st.integers(-5, 5)
FLOATS = st.sampled_from([0.5, 1.25, -2.0, 1e6, 3.0])


def python_groups(rows: list) -> list[list]:
    groups: dict[Any, list] = {}
    for key, value in rows:
        groups.setdefault(key, []).append(value)
    return list(groups.values())


def counts(values: list) -> dict:
    return {value: values.count(value) for value in values}


OF_ALL: dict[Callable, Callable[[list], Any]] = {
    aggregate.SELECT_ONE: lambda values: values[0],
    aggregate.COUNT_DISTINCT: lambda values: len(set(values)),
    aggregate.DISTINCT: lambda values: list(dict.fromkeys(values)),
    aggregate.FREQ_COUNT: counts,
}
OF_PRESENT: dict[Callable, Callable[[list], Any]] = {
    aggregate.SUM: sum,
    aggregate.MEAN: lambda values: sum(values) / len(values) if values else None,
    aggregate.MAX: lambda values: max(values, default=None),
    aggregate.MIN: lambda values: min(values, default=None),
    aggregate.VAR: lambda values: float(np.var(values)) if values else 0.0,
    aggregate.STD: lambda values: float(np.std(values)) if values else 0.0,
    aggregate.CONCAT: list,
}


@pytest.mark.parametrize("make", OF_ALL, ids=lambda make: make.__name__)
@given(rows_of(INTEGERS) | rows_of(FLOATS) | rows_of(st.sampled_from(["", "a", "None"])))
@MANY
def test_missing_values_count_where_values_are_listed(make: Callable, rows: list) -> None:
    keys, values = map(list, zip(*rows))
    expected = [OF_ALL[make](group) for group in python_groups(rows)]
    assert results(make("x"), keys, x=values) == expected


@pytest.mark.parametrize("make", OF_PRESENT, ids=lambda make: make.__name__)
@given(rows_of(INTEGERS) | rows_of(FLOATS))
@MANY
def test_missing_values_are_left_out_of_what_is_computed(make: Callable, rows: list) -> None:
    keys, values = map(list, zip(*rows))
    for result, group_values in zip(results(make("x"), keys, x=values), python_groups(rows)):
        present = [value for value in group_values if value is not None]
        expected = OF_PRESENT[make](present)
        found = list(result) if isinstance(result, array) else result
        assert found == expected or found == pytest.approx(expected, rel=1e-12)


@given(rows_of(INTEGERS), st.lists(st.floats(0, 1), min_size=1, max_size=3))
@MANY
def test_a_quantile_is_the_value_at_that_share_of_the_rows(rows: list, shares: list) -> None:
    keys, values = map(list, zip(*rows))
    for result, group_values in zip(
        results(aggregate.QUANTILE("x", shares), keys, x=values), python_groups(rows)
    ):
        ordered = sorted(value for value in group_values if value is not None)
        last = len(ordered) - 1
        expected = [ordered[min(last, int(q * len(ordered)))] if ordered else 0 for q in shares]
        assert list(result) == expected


@given(rows_of(INTEGERS) | rows_of(FLOATS))
@MANY
def test_argmax_and_argmin_take_the_first_row_with_the_extreme(rows: list) -> None:
    keys, values = map(list, zip(*rows))
    numbers = list(range(len(rows)))
    for make, choose in ((aggregate.ARGMAX, max), (aggregate.ARGMIN, min)):
        expected = []
        for key in dict.fromkeys(keys):
            own = [row for row in numbers if keys[row] == key and values[row] is not None]
            expected.append(choose(own, key=values.__getitem__) if own else None)
        assert results(make("x", "row"), keys, x=values, row=numbers) == expected


# --- rules ------------------------------------------------------------------------------------


def test_groups_come_in_the_order_of_their_first_row() -> None:
    labels = make_column(["dog", "cat", None, "dog"])
    assert grouped({"label": labels}, "label", aggregate.COUNT) == {
        "label": ["dog", "cat", None],
        "Count": [2, 1, 1],
    }


def test_rows_are_equal_where_all_keys_are_and_keys_are_ordered_by_name() -> None:
    columns = {"b": make_column([1, 1, 1]), "a": make_column(["x", "y", "x"])}
    found = grouped(columns, ["b", "a"], {"n": aggregate.COUNT()})
    assert list(found.items()) == [("a", ["x", "y"]), ("b", [1, 1]), ("n", [2, 1])]


def test_nan_is_a_key_of_its_own() -> None:
    keys = make_column([NAN, None, NAN, 1.0])
    assert grouped({"k": keys}, "k", aggregate.COUNT())["Count"] == [2, 1, 1]


def test_vectors_lists_dates_and_pictures_are_told_apart_by_what_they_hold() -> None:
    black, white = (from_pixels(np.full((2, 2, 3), shade, np.uint8)) for shade in (0, 255))
    for values in ([[1, 2], [1, 3], [1, 2]], [[1, "a"], ["a"], [1, "a"]], [black, white, black]):
        column = make_column(values)
        assert grouped({"k": column}, "k", aggregate.COUNT())["Count"] == [2, 1]
    assert results(aggregate.MAX("x"), [1, 1, 2], x=[MAY[0], MAY[2], MAY[1]]) == [MAY[2], MAY[1]]


@pytest.mark.parametrize(
    ("values", "largest"), [([NAN, 1.0], NAN), ([1.0, NAN], 1.0), ([NAN, NAN], NAN)]
)
def test_nan_is_the_extreme_where_it_comes_first(values: list, largest: float) -> None:
    [found] = results(aggregate.MAX("x"), [1] * len(values), x=values)
    assert found == largest or (math.isnan(found) and math.isnan(largest))


def test_a_sum_of_nothing_is_zero_and_its_mean_is_missing() -> None:
    assert results(aggregate.SUM("x"), [1, 2], x=[None, 3]) == [0, 3]
    assert results(aggregate.MEAN("x"), [1, 2], x=[None, 3]) == [None, 3.0]


def test_a_sum_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(OverflowError, match="64 bits"):
        results(aggregate.SUM("x"), [1, 1], x=[2**62, 2**62])
    assert results(aggregate.SUM("x"), [1, 2], x=[2**62, 2**62]) == [2**62, 2**62]


def test_vectors_are_added_where_their_lengths_agree() -> None:
    vectors = [[1, 2], [3, 4], [1], [1, 2], None]
    keys = [1, 1, 2, 2, 3]
    expected = [array("d", [4, 6]), None, array("d")]
    assert results(aggregate.SUM("x"), keys, x=vectors) == expected
    assert results(aggregate.MEAN("x"), [1, 1], x=vectors[:2]) == [array("d", [2, 3])]


def test_the_last_value_of_a_key_stays_in_a_dictionary() -> None:
    found = results(
        aggregate.CONCAT("x", "y"), [1, 1, 1, 2], x=["a", "a", None, "b"], y=[1, 2, 3, None]
    )
    assert found == [{"a": 2}, {"b": None}]


def test_no_rows_make_no_groups() -> None:
    columns = {"k": make_column([], int), "x": make_column([], float)}
    every = [make("x") for make in (*OF_ALL, *OF_PRESENT)]
    found = grouped(columns, "k", *every, aggregate.QUANTILE("x", 0.5))
    assert set(map(len, found.values())) == {0}


def test_results_are_named_after_what_they_are() -> None:
    columns = {"k": make_column([1]), "x": make_column([2]), "v": make_column([[1.0]])}
    found = grouped(
        columns, "k", [aggregate.SUM("x"), aggregate.SUM("x")], aggregate.AVG("v"),
        aggregate.ARGMIN("x", "k"), aggregate.CONCAT("x", "k"),
    )  # fmt: skip
    assert list(found) == [
        "k", "Sum of x", "Sum of x.1", "Vector Avg of v", "k for argmin of x", "Dict of x_k",
    ]  # fmt: skip


def test_one_argmax_takes_several_columns() -> None:
    columns = {name: make_column(values) for name, values in
               {"k": [1, 1], "x": [1, 2], "y": [2, 1], "row": [0, 1]}.items()}  # fmt: skip
    wanted = {("of_x", "of_y"): aggregate.ARGMAX(("x", "y"), "row")}
    assert grouped(columns, "k", wanted) == {"k": [1], "of_x": [1], "of_y": [0]}


TYPES = {"n": int, "s": str, "d": dict}


@pytest.mark.parametrize(
    ("keys", "operation", "error", "text"),
    [
        (3, aggregate.COUNT(), TypeError, "not iterable"),
        ([3], aggregate.COUNT(), TypeError, "Column name must be a string"),
        ("z", aggregate.COUNT(), KeyError, 'Column "z" does not exist in SFrame'),
        ("d", aggregate.COUNT(), TypeError, "Cannot group on a dictionary column."),
        (["n", "n"], aggregate.COUNT(), RuntimeError, "Column n already exists."),
        ("n", {"n": aggregate.COUNT()}, RuntimeError, "Column n already exists."),
        ("n", {"r": 3}, TypeError, "Unexpected type in aggregator definition of output column: r"),
        ("n", aggregate.SUM(3), TypeError, "Column name must be a string"),
        ("n", aggregate.SUM("z"), RuntimeError, "Column name z does not exist."),
        ("n", aggregate.SUM("s"), RuntimeError, "Sum not supported on the type of column s"),
        ("n", aggregate.ARGMAX("s", "n"), RuntimeError, "argmax not supported on the type"),
        ("n", aggregate.CONCAT("d", "n"), TypeError, "CONCAT key column must be int, float or str"),
        ("n", {"r": aggregate.ARGMAX(("n", "s"), "n")}, TypeError, "either all tuple or all str"),
    ],
)
def test_what_has_no_meaning_is_refused_before_a_value_is_read(
    keys: Any, operation: Any, error: type, text: str
) -> None:
    with pytest.raises(error, match=text):
        check_grouping(TYPES, keys, [operation])


def test_a_million_rows_take_seconds() -> None:
    rng = np.random.default_rng(0)
    rows = 1_000_000
    columns = {
        "k": Column(int, rng.integers(0, 1000, rows)),
        "x": Column(float, rng.random(rows)),
    }
    started = time.process_time()
    found = grouped(columns, "k", aggregate.COUNT(), aggregate.MEAN("x"), aggregate.MAX("x"))
    assert sum(found["Count"]) == rows
    assert time.process_time() - started < 10  # about one here; row by row it is a minute
