"""The same calls on both engines: text, types, values and errors come out alike.

Runs where Turi Create installs (Python 3.8); elsewhere the text is covered by test_display.py and
the strict comparison of the notebooks' outputs.
"""

from __future__ import annotations

import contextlib
import io
import string
from array import array
from types import ModuleType
from typing import Any, Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import turilite

turicreate = pytest.importorskip("turicreate")

FEW = settings(max_examples=30, deadline=None, derandomize=True)
SHORT_TEXT = st.text(alphabet=string.printable + "äß漢字ｅ\u0301", max_size=45)
NUMBERS = st.floats().map(lambda number: number + 0.0)  # no -0.0, which is wider than 0.0
INTEGERS = st.integers(-(2**62), 2**62)
VALUES = {
    "int": INTEGERS,
    "float": NUMBERS,
    "str": SHORT_TEXT,
    "array": st.lists(NUMBERS, max_size=6).map(lambda v: array("d", v)),
    "list": st.lists(st.one_of(INTEGERS, SHORT_TEXT, st.none()), max_size=4).map(
        lambda v: [*v, "end"]
    ),
    "dict": st.dictionaries(SHORT_TEXT, INTEGERS, max_size=1),
}


@st.composite
def columns(draw: Callable, max_rows: int = 13) -> dict[str, list]:
    """Columns of random types and one length, with missing values."""
    rows = draw(st.integers(1, max_rows))
    kinds = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=8))
    out = {}
    for number, kind in enumerate(kinds):
        name = f"{draw(st.text(string.ascii_letters, min_size=1, max_size=35))}{number}"
        value = st.one_of(VALUES[kind], VALUES[kind], st.none())
        out[name] = draw(st.lists(value, min_size=rows, max_size=rows))
    return out


def outcome(call: Callable[[ModuleType], Any], engine: ModuleType) -> Any:
    """What a call returns, as text, or the type of the error that it raises."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            result = call(engine)
    except Exception as error:  # whatever the engine raises is what is compared
        return type(error).__name__
    # Turi Create loses the sign of a zero when it stores a column.
    return repr(result).replace("-0.0", "0.0"), printed.getvalue()


def assert_same(call: Callable[[ModuleType], Any]) -> None:
    assert outcome(call, turilite) == outcome(call, turicreate)


@given(columns())
@FEW
def test_a_frame_prints_alike(data: dict[str, list]) -> None:
    assert_same(lambda tc: tc.SFrame(data))
    assert_same(lambda tc: str(tc.SFrame(data)))


@given(columns(), st.integers(1, 15), st.integers(1, 9), st.integers(8, 40), st.integers(20, 120))
@FEW
def test_print_rows_prints_alike(
    data: dict[str, list], rows: int, count: int, column_width: int, row_width: int
) -> None:
    assert_same(lambda tc: tc.SFrame(data).print_rows(rows, count, column_width, row_width))


@given(columns())
@FEW
def test_html_is_alike(data: dict[str, list]) -> None:
    assert_same(lambda tc: tc.SFrame(data)._repr_html_())


@given(columns())
@FEW
def test_columns_print_alike(data: dict[str, list]) -> None:
    for values in data.values():
        assert_same(lambda tc, values=values: tc.SArray(values))


@given(st.lists(st.one_of(st.sampled_from(["cat", "dog", "bird", "x" * 40]), st.none())))
@FEW
def test_a_sketch_of_strings_prints_alike(values: list[str | None]) -> None:
    assert_same(lambda tc: tc.SArray(values, str).summary())


@given(st.lists(st.one_of(st.integers(0, 9), st.none())).map(lambda v: [*v, 5]))
@FEW
def test_a_sketch_of_integers_has_the_same_quantiles_and_items(values: list[int | None]) -> None:
    def facts(tc: ModuleType) -> Any:
        sketch = tc.SArray(values).summary()
        exact = (sketch.size(), sketch.num_missing(), sketch.num_unique(), sketch.sum())
        quantiles = [sketch.quantile(q) for q in (0.0, 0.01, 0.25, 0.5, 0.75, 0.99, 1.0)]
        return exact, sketch.min(), sketch.max(), quantiles, sketch.frequent_items()

    assert_same(facts)


@given(st.integers(1, 300), st.floats(0, 1), st.integers(0, 2**31 - 1), st.booleans())
@FEW
def test_a_seed_draws_the_same_rows(rows: int, fraction: float, seed: int, exact: bool) -> None:
    def split(tc: ModuleType) -> Any:
        frame = tc.SFrame({"id": list(range(rows))})
        parts = frame.random_split(fraction, seed, exact)
        return [list(part["id"]) for part in parts], list(frame.sample(fraction, seed)["id"])

    assert_same(split)


OPERATORS = ("+", "-", "*", "/", "//", "%", "**", "<", ">", "<=", ">=", "==", "!=", "&", "|")
SMALL = st.one_of(st.integers(-9, 9), st.none())
SMALL_FLOATS = st.one_of(st.sampled_from([0.0, 1.5, -2.0, float("nan"), float("inf")]), st.none())
OPERANDS = st.one_of(
    st.lists(SMALL, min_size=3, max_size=3),
    st.lists(SMALL_FLOATS, min_size=3, max_size=3),
    st.lists(st.one_of(st.sampled_from(["", "a", "b"]), st.none()), min_size=3, max_size=3),
    st.lists(st.sampled_from([array("d", [1, 2]), array("d", [3]), None]), min_size=3, max_size=3),
)


@given(OPERANDS, OPERANDS, st.sampled_from(OPERATORS))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_operators_between_columns_agree(left: list, right: list, operator: str) -> None:
    # Turi Create truncates what an integer divided by a vector gives.
    assume(not (operator == "/" and any(isinstance(value, array) for value in right)))
    assert_same(lambda tc: eval(f"a {operator} b", {"a": tc.SArray(left), "b": tc.SArray(right)}))


@given(
    OPERANDS,
    st.one_of(SMALL, SMALL_FLOATS, st.sampled_from(["", "a"])),
    st.sampled_from(OPERATORS[:-2]),
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_operators_with_a_value_agree(left: list, value: Any, operator: str) -> None:
    assert_same(lambda tc: eval(f"a {operator} b", {"a": tc.SArray(left), "b": value}))


# Not the median: Turi Create's process dies of some.
STATISTICS = ("sum", "max", "min", "nnz", "any", "all", "countna")


@given(OPERANDS)
@FEW
def test_statistics_agree(values: list) -> None:
    for name in STATISTICS:
        assert_same(lambda tc, name=name: getattr(tc.SArray(values), name)())


@given(OPERANDS)
@FEW
def test_missing_values_are_treated_alike(values: list) -> None:
    assert_same(lambda tc: list(tc.SArray(values).dropna()))
    assert_same(lambda tc: tc.SArray(values).fillna(1))
    assert_same(lambda tc: tc.SArray(values).astype(str))
    assert_same(lambda tc: tc.SArray(values).is_in([1, None]))


@given(st.lists(st.tuples(SMALL, SMALL_FLOATS, st.sampled_from("abc")), min_size=1, max_size=12))
@FEW
def test_groups_joins_and_sorts_agree(rows: list[tuple]) -> None:
    data = {name: list(values) for name, values in zip("nfs", zip(*rows))}

    def tables(tc: ModuleType) -> Any:
        frame, a = tc.SFrame(data), tc.aggregate
        if frame["n"].dtype is not int:
            return None
        operations = {
            "count": a.COUNT(), "sum": a.SUM("n"), "max": a.MAX("n"), "min": a.MIN("n"),
            "different": a.COUNT_DISTINCT("n"),
        }  # fmt: skip
        groups = frame.groupby("s", operations).sort("s")
        other = tc.SFrame({"s": ["a", "b", "z"], "m": [1, 2, 3]})
        joined = [
            frame.join(other, on="s", how=how).sort(["s", "n", "f", "m"])[["s", "n", "m"]]
            for how in ("inner", "left", "right", "outer")
        ]
        sorts = [frame.sort("n"), frame.sort([("s", False), ("n", True)])["n"]]
        kept = [frame.filter_by(["a", "b"], "s"), frame.filter_by(["a"], "s", exclude=True)]
        return groups, joined, sorts, kept, frame.dropna(), frame.topk("n", 2)["n"]

    assert_same(tables)


# Each after `f = sf[sf["a"] > 1]`: Turi Create's laziness decides whether a length is printed.
LAZY = """
f['x'] = f['a'] * 2
f['a'] = f['a'] * 2
f['x'] = 1
c = f['a'] + f['a']
g = f[f['a'] == 3]; len(g)
g = f.sort('a')
g = f.groupby('a', {}).sort('a')
c = f['a'].apply(lambda value: value); str(c)
f[0]
f['a'][0]
list(f); list(f['a'])
str(f)
f.to_numpy()
f.apply(lambda row: 1)
f.print_rows(1)
g = f.rename({'a': 'q'})
g = f.add_row_number()
g = f.filter_by([3], 'a')
g = f.append(f)
g = f.append(sf)
c = f['a'].fillna(1)
c = f['b'].astype(str)
g = f.topk('a', 1)
g = f.fillna('a', 1)
g = f.dropna()
g = f.stack('v')
g = f.unpack('v')
g = f.join(sf, on='a').sort(['a', 'b'])
c = f['a'].head(1)
c = f['a'].tail(1)
c = f['a'][0:1]
g = tc.SFrame(f)
g = f.copy(); len(g)
g = tc.SFrame({'z': f['a']})
del f['a']
c = (f['a'] == 3) & (f['b'] == 'x'); g = f[c]
c = tc.SArray.where(f['a'] > 1, f['a'], f['a'])
f.materialize()
""".strip().split("\n")


@pytest.mark.parametrize("statement", LAZY)
def test_a_length_is_printed_where_turi_create_knows_it(statement: str) -> None:
    def run(tc: ModuleType) -> Any:
        frame = tc.SFrame({"a": [3, 1, 2], "b": list("xyz"), "v": [[1, 2], [3, 4], [5, 6]]})
        names = {"tc": tc, "sf": frame, "f": frame[frame["a"] > 1]}
        exec(statement, names)
        return [names[name] for name in "fgc" if name in names]

    assert_same(run)


def test_a_frame_of_pictures_prints_alike() -> None:
    def pictures(tc: ModuleType) -> Any:
        pixels = tc.SArray(np.arange(24.0).reshape(2, 12) % 7)
        frame = tc.SFrame({"id": [1, 2], "image": pixels.pixel_array_to_image(2, 2, 3)})
        return frame, frame["image"], frame[frame["id"] == 1], frame["image"][0]

    assert_same(pictures)
