"""What `export_csv` writes, `read_csv` reads back equal: all types, all marks."""

from __future__ import annotations

import csv
import math
import warnings
from array import array
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Callable

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from turilite import SArray, SFrame

MANY = settings(
    max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate, Phase.shrink]
)
MARKS = "a1N,;:|'\"\\~/ntu0 \t\n\r\b\v\f\x00[]{}#.-e\ufeffä漢😀"
TEXT = st.one_of(
    st.text(alphabet=MARKS, max_size=8),
    st.sampled_from(["", "NA", " NA ", "nan", "1", "1.5", "[1,2]", "{a:1}", "\\u0041", "a\\"]),
)
INTEGER = st.integers(-(2**63), 2**63 - 1)
FLOAT = st.floats()
INNER = st.recursive(
    st.one_of(st.none(), INTEGER, FLOAT, TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).filter(lambda items: not are_numbers(items)),
        st.dictionaries(st.one_of(TEXT, INTEGER, st.none()), inner, max_size=3),
    ),
    max_leaves=6,
)
VALUES: dict[type, Any] = {
    int: INTEGER,
    float: FLOAT,
    str: TEXT,
    array: st.lists(FLOAT, max_size=4).map(lambda numbers: array("d", numbers)),
    list: st.lists(INNER, max_size=4),
    dict: st.dictionaries(st.one_of(TEXT, INTEGER), INNER, max_size=3),
    datetime: st.datetimes(datetime(1400, 1, 1), datetime(9999, 1, 1)),
}
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "quote_level": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        "delimiter": st.sampled_from([";", "\t", " ", "|", "::", ", ", "ab", "."]),
        "line_terminator": st.sampled_from(["\r\n", "\r", ";\n", "%%"]),
        "escape_char": st.sampled_from(["~", "/"]),
        "double_quote": st.booleans(),
        "quote_char": st.sampled_from(["'", "$"]),
        "na_rep": st.sampled_from(["-", "missing"]),
        "header": st.booleans(),
    },
)


def are_numbers(items: list) -> bool:
    """Return whether a list is a vector once it is inside of another."""
    return all(isinstance(item, (int, float)) for item in items)


@st.composite
def tables(draw: Callable) -> dict[str, tuple[type, list]]:
    rows = draw(st.integers(1, 4))
    names = draw(st.lists(TEXT.filter(bool), min_size=1, max_size=4, unique=True))
    columns = {}
    for name in names:
        dtype = draw(st.sampled_from(list(VALUES)))
        value = st.one_of(VALUES[dtype], VALUES[dtype], st.none())
        columns[name] = (dtype, draw(st.lists(value, min_size=rows, max_size=rows)))
    return columns


def frame(columns: dict[str, tuple[type, list]]) -> SFrame:
    return SFrame({name: SArray(values, dtype) for name, (dtype, values) in columns.items()})


def there_and_back(table: SFrame, ending: str = ".csv", **options: Any) -> SFrame:
    """Return the table that is written and read with the same options, and its own types."""
    reading = {name: value for name, value in options.items() if name != "quote_level"}
    if "na_rep" in reading:
        reading["na_values"] = [reading.pop("na_rep")]
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        path = str(Path(folder) / f"table{ending}")
        table.export_csv(path, **options)
        return SFrame.read_csv(path, column_type_hints=table.column_types(), **reading)


def plain(value: Any) -> Any:
    """Return a value that is equal to itself: NaN is not."""
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, (list, array)):
        return [type(value).__name__, *map(plain, value)]
    if isinstance(value, dict):
        return {"": "dict", **{plain(key): plain(item) for key, item in value.items()}}
    return (type(value).__name__, value)


def contents(table: SFrame) -> list:
    return [
        (name, table[name].dtype, [plain(value) for value in table[name]])
        for name in table.column_names()
    ]


@MANY
@given(tables(), OPTIONS)
def test_a_table_comes_back_equal(columns: dict, options: dict) -> None:
    table = frame(columns)
    expected = contents(table)
    back = there_and_back(table, **options)
    if options.get("header") is False:
        back = back.rename(dict(zip(back.column_names(), table.column_names())))
    assert contents(back) == expected


@MANY
@given(tables())
def test_it_does_without_an_escape_character(columns: dict) -> None:
    table = frame(columns)
    assert contents(there_and_back(table, escape_char=None, na_rep="\x01")) == contents(table)


@MANY
@given(st.lists(st.one_of(st.none(), INTEGER), min_size=1).filter(any))
def test_integers_need_no_hint(values: list) -> None:
    assert list(back_without_hints(values)) == values


@MANY
@given(st.lists(st.one_of(st.none(), FLOAT), min_size=1).filter(lambda v: set(v) != {None}))
def test_floats_need_no_hint(values: list) -> None:
    back = back_without_hints(values)
    assert back.dtype is float
    assert [plain(value) for value in back] == [plain(value) for value in SArray(values)]


@MANY
@given(st.lists(st.text(alphabet="abc, \"'\\\n\t", min_size=1).map("x{}y".format), min_size=1))
def test_texts_need_no_hint(values: list) -> None:
    assert list(back_without_hints(values)) == values


def back_without_hints(values: list) -> SArray:
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "table.csv")
        SFrame({"a": values, "b": [1] * len(values)}).save(path)
        return SFrame(path)["a"]


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ""])
def test_the_end_of_the_name_may_say_compressed(ending: str) -> None:
    table = SFrame({"a,b": [1, 2], "c": ["x\ny", None]})
    assert contents(there_and_back(table, ending)) == contents(table)


def test_what_the_marks_cannot_express_is_an_error(tmp_path: Path) -> None:
    table = SFrame({"a": ['say "yes"']})
    with pytest.raises(ValueError, match="double_quote"):
        table.export_csv(str(tmp_path / "t.csv"), escape_char="", double_quote=False)
    assert not (tmp_path / "t.csv").exists()
