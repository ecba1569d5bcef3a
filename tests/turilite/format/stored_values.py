"""Values of every type that an SFrame stores, and equality of them to the last bit."""

from __future__ import annotations

import array
import datetime
import struct
from typing import Any, Sequence

import numpy as np
from hypothesis import strategies as st

from turilite.columns.column import Column
from turilite.columns.image import Image

QUARTERS = st.integers(-48, 48).map(
    lambda quarters: datetime.timezone(datetime.timedelta(minutes=15 * quarters))
)
INTS = (
    st.integers(-(2**63), 2**63 - 1)
    | st.integers(-3, 300)
    | st.sampled_from([-(2**63), 2**63 - 1, 2**53 + 1, 0])
)
FLOATS = (
    st.floats()
    | st.integers(-3, 300).map(float)
    | st.sampled_from([-0.0, float("inf"), float("nan"), 2.0**63, -(2.0**63), 5e-324])
)
# Alike floats in a row are stored as integers, which a mixture never is.
VECTORS = (st.lists(FLOATS, max_size=6) | st.lists(st.integers(0, 9).map(float), max_size=6)).map(
    lambda numbers: array.array("d", numbers)
)
STRINGS = st.text(max_size=8) | st.sampled_from(["", "\0", "ž" * 40, "日本", "🦜"])
# Turi Create refuses datetimes before 1400, but reads them.
DATETIMES = st.datetimes(datetime.datetime(1400, 1, 2), datetime.datetime(9999, 12, 30)).flatmap(
    lambda moment: st.just(moment) | QUARTERS.map(lambda zone: moment.replace(tzinfo=zone))
)
ARRAYS = (
    st.builds(
        lambda shape, numbers: np.resize(np.array(numbers), shape),
        st.lists(st.integers(1, 3), min_size=1, max_size=4),
        st.lists(FLOATS, min_size=1, max_size=5),
    )
    .flatmap(lambda values: st.sampled_from([values, values.T]))
    .flatmap(lambda values: st.sampled_from([values, np.zeros(0)]))
)
IMAGES = st.builds(
    lambda data, kind: Image(
        _image_data=data,
        _height=1,
        _width=len(data),
        _channels=1,
        _image_data_size=len(data),
        _format_enum=kind,
    ),
    st.binary(max_size=20),
    st.sampled_from([0, 1, 2, 3]),
)
KEYS = STRINGS | st.integers(-9, 9) | st.floats(allow_nan=False) | DATETIMES
NESTED = st.recursive(
    st.none() | INTS | FLOATS | STRINGS | VECTORS | DATETIMES | IMAGES | ARRAYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
VALUES = {
    int: INTS,
    float: FLOATS,
    str: STRINGS,
    array.array: VECTORS,
    list: st.lists(NESTED, max_size=4),
    dict: st.dictionaries(KEYS, NESTED, max_size=4),
    datetime.datetime: DATETIMES,
    Image: IMAGES,
    np.ndarray: ARRAYS,
}


def rows_of(dtype: type) -> st.SearchStrategy[list]:
    """Lists of values of one type and of None, of lengths at which blocks and groups end."""
    values = VALUES[dtype]
    few = st.lists(values, max_size=40)
    gaps = st.lists(values | st.none(), max_size=40)
    many = st.builds(
        lambda cycle, length: (cycle * length)[:length],
        st.lists(values, min_size=1, max_size=5) | st.lists(values | st.none(), min_size=1),
        st.sampled_from([15, 16, 17, 127, 128, 129, 144, 145, 257, 400]),
    )
    return few | gaps | many


def column_of(dtype: type | None, rows: Sequence[Any]) -> Column:
    """The column of these Python values, of which None are missing."""
    missing = np.array([value is None for value in rows], bool)
    if dtype in (int, float):
        values = np.array([dtype() if value is None else value for value in rows], dtype)
        if dtype is float:
            values[missing] = np.nan
    elif dtype is array.array and not missing.any() and len({len(row) for row in rows}) <= 1:
        values = np.array(rows, float).reshape(len(rows), len(rows[0]) if rows else 0)
    else:
        values = np.full(len(rows), None, object)
        for number, value in enumerate(rows):
            vector = dtype is array.array and value is not None
            values[number] = np.array(value, float) if vector else value
    return Column(dtype, values, missing if missing.any() else None)


def rows_in(column: Column) -> list:
    """The Python values of a column, with None where they are missing."""
    missing = np.zeros(len(column), bool) if column.missing is None else column.missing
    values = column.values
    rows = values.tolist() if column.dtype in (int, float) else list(values)
    return [None if gone else value for value, gone in zip(rows, missing)]


def same(one: Any, other: Any) -> bool:
    """Whether two values are alike to the last bit; vectors may be arrays of either kind."""
    return bits(one) == bits(other)


def bits(value: Any) -> Any:
    """What makes a value what it is, in a form that `==` compares exactly."""
    if isinstance(value, (array.array, np.ndarray)):
        return np.asarray(value).shape, np.asarray(value).tobytes()
    if hasattr(value, "_image_data"):
        names = ("_height", "_width", "_channels", "_format_enum", "_image_data_size")
        return bytes(value._image_data), [getattr(value, name) for name in names]
    if isinstance(value, (list, tuple, dict)):
        items = value.items() if isinstance(value, dict) else value
        return type(value), [bits(item) for item in items]
    if isinstance(value, float):
        return struct.pack("<d", value)
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None), value.utcoffset()
    return type(value), value
