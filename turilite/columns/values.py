"""Python values to columns and back: type inference, conversion, selection of rows.

The inference rules are those of Turi Create's ``cy_flexible_type.pyx``: None fits any type, int
and float make float, a list of numbers is a vector (array.array of doubles), and what has no
common type is a TypeError.
"""

from __future__ import annotations

import datetime
import decimal
import re
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .column import Column
from .image import Image

# What a value of each Python type is. Lists are looked into by `_kind`.
KINDS = {
    **dict.fromkeys((bool, int), int),
    **dict.fromkeys((float, decimal.Decimal, datetime.timedelta), float),
    **dict.fromkeys((str, bytes), str),
    **dict.fromkeys((list, tuple, set, frozenset, range), list),
    **{kind: kind for kind in (dict, array, datetime.datetime, Image, np.ndarray)},
    datetime.date: datetime.datetime,
    type(None): None,
}
NUMBERS, EMPTY = "numeric list", "empty list"
NAMES = {
    int: "integer",
    float: "float",
    str: "string",
    array: "array",
    list: "list",
    dict: "dictionary",
    datetime.datetime: "datetime",
    Image: "image",
    np.ndarray: "ndarray",
    type(None): "undefined",
    None: "undefined",
}
INT64 = range(-(2**63), 2**63)


def _kind_of_type(kind: type) -> Any:  # noqa: PLR0911 - a line per type
    """The entry of KINDS for ``kind`` or for what it derives from."""
    if kind in KINDS:
        return KINDS[kind]
    if issubclass(kind, (np.bool_, np.integer)):
        return int
    if issubclass(kind, np.floating):
        return float
    if kind.__name__ in ("NaTType", "NAType"):
        return None
    if issubclass(kind, np.datetime64):
        return datetime.datetime
    for known in (str, dict, datetime.datetime, int, float, list, tuple, array, np.ndarray):
        if issubclass(kind, known):
            return KINDS[known]
    if issubclass(kind, Iterable):
        return list
    raise TypeError(f"Cannot convert type '{kind.__name__}' into flexible type.")


def _kind(value: Any) -> Any:
    kind = _kind_of_type(type(value))
    if kind is list:
        value = list(value)
        return (NUMBERS if are_numbers(value) else list) if value else EMPTY
    if kind is int and int(value) not in INT64:
        return float
    if isinstance(value, np.datetime64) and np.isnat(value):
        return None
    return kind


def are_numbers(values: Iterable) -> bool:
    return {_kind_of_type(kind) for kind in set(map(type, values))} <= {int, float}


def common_type(values: Iterable) -> type:
    """The type that holds all ``values``; float where there is none but None.

    Raises TypeError where there is no such type.
    """
    values = list(values)
    kinds = {_kind_of_type(kind) for kind in set(map(type, values))}
    if kinds & {list, int}:
        kinds = {_kind(value) for value in values}
    kinds -= {None}
    if len(kinds) > 1:
        kinds = _merged(kinds)
    kind = kinds.pop() if kinds else float
    return {NUMBERS: array, EMPTY: list}.get(kind, kind)


def _merged(kinds: set) -> set:
    if kinds == {int, float}:
        return {float}
    if kinds == {np.ndarray, array}:
        return {np.ndarray}
    if kinds <= {array, NUMBERS, EMPTY, list}:
        return {list if list in kinds else array}
    names = sorted(NAMES.get(kind, kind) for kind in kinds)
    raise TypeError(f"A common type cannot be infered from types {', '.join(names)}.")


def plain(value: Any) -> Any:
    """``value`` as it comes back out of a list or dictionary column."""
    kind = _kind(value)
    if kind is NUMBERS:
        return array("d", value)
    if kind in (list, EMPTY):
        return [plain(item) for item in value]
    if kind is array:
        return array("d", value)
    if kind is dict:
        return {plain(key): plain(item) for key, item in value.items()}
    return None if kind is None else SCALARS.get(kind, _same)(value)


def _same(value: Any) -> Any:
    return value


def _as_text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _as_datetime(value: Any) -> datetime.datetime:
    if hasattr(value, "to_pydatetime"):  # pandas.Timestamp
        return value.to_pydatetime(warn=False)
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[us]").item().replace(tzinfo=datetime.timezone.utc)
    if isinstance(value, datetime.datetime):
        return value
    return datetime.datetime(value.year, value.month, value.day)


def _as_float(value: Any) -> float:
    return value.total_seconds() if isinstance(value, datetime.timedelta) else float(value)


SCALARS = {int: int, float: _as_float, str: _as_text, datetime.datetime: _as_datetime}


def text(value: Any, nested: bool = False) -> str:  # noqa: PLR0911 - a line per type
    """``value`` in the notation of ``SArray.astype(str)``: six digits, strings quoted inside."""
    kind = _kind(value)
    if kind is None:
        return ""
    if kind is str:
        return f'"{value}"' if nested else value
    if kind is float:
        return f"{_as_float(value):g}"
    if kind is array:
        return "[" + " ".join(f"{number:g}" for number in value) + "]"
    if kind in (list, NUMBERS, EMPTY):
        return "[" + ",".join(text(item, True) for item in value) + "]"
    if kind is dict:
        return "{" + ", ".join(f"{text(k, True)}:{text(v, True)}" for k, v in value.items()) + "}"
    if kind is Image:
        return f"Height: {value.height} Width: {value.width}"
    if kind is datetime.datetime:
        return value.strftime("%Y%m%dT%H%M%S" + (".%f" if value.microsecond else ""))
    return str(value)


# Which types a value of another type is taken for when a dtype is asked for (any makes str).
CONVERTIBLE = {
    int: {int, float, datetime.datetime},
    float: {int, float, datetime.datetime},
    array: {array, NUMBERS, EMPTY, np.ndarray},
    list: {list, array, NUMBERS, EMPTY},
    dict: {dict},
    datetime.datetime: {datetime.datetime, int, float},
    Image: {Image},
    np.ndarray: {np.ndarray, array, NUMBERS, int, float},
}


def convert(value: Any, dtype: type) -> Any:  # noqa: PLR0911 - a line per type
    """``value`` as ``dtype``; None stays None. Raises TypeError where it can't be."""
    kind = _kind(value)
    if kind is None:
        return None
    if dtype is str:
        return _as_text(value) if kind is str else text(value)
    if kind not in CONVERTIBLE.get(dtype, ()):
        raise TypeError(f"Cannot convert {value!r} of type {NAMES.get(kind, kind)} to {dtype}.")
    if dtype is array or dtype is np.ndarray:
        return np.array(value, dtype=np.float64)
    if dtype is list:
        return [plain(item) for item in value]
    if dtype is dict:
        return plain(value)
    if kind is datetime.datetime and dtype in (int, float):
        return dtype(_as_datetime(value).replace(tzinfo=datetime.timezone.utc).timestamp())
    if dtype is datetime.datetime and kind in (int, float):
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc).replace(tzinfo=None)
    return SCALARS.get(dtype, _same)(value)


def make_column(values: Iterable, dtype: type | None = None, drop_failures: bool = False) -> Column:
    """A column of ``values``, of their common type or of ``dtype``; TypeError where impossible."""
    values = list(values)
    dtype = common_type(values) if dtype is None else dtype
    dtype = None if dtype is type(None) else dtype
    if drop_failures:
        values = [value for value in values if _converts(value, dtype)]
    if dtype is None:
        values = [None] * len(values)
    elif not set(map(type, values)) <= {dtype, type(None)} or dtype in (list, dict, array):
        values = [None if value is None else convert(value, dtype) for value in values]
    elif dtype is int and any(value not in INT64 for value in values if value is not None):
        raise OverflowError("An integer does not fit into 64 bits.")
    return pack(values, dtype)


def _converts(value: Any, dtype: type) -> bool:
    try:
        convert(value, dtype)
    except TypeError:
        return False
    return True


def pack(values: Sequence, dtype: type | None) -> Column:
    """A column of values that are already of type ``dtype`` (vectors: ndarrays) or None."""
    missing = np.fromiter((value is None for value in values), bool, len(values))
    masked = missing if missing.any() else None
    if dtype in (int, float):
        filler = 0 if dtype is int else float("nan")
        numbers = [filler if value is None else value for value in values]
        return Column(dtype, np.array(numbers, np.int64 if dtype is int else np.float64), masked)
    if dtype is array and masked is None and len({len(value) for value in values}) == 1:
        return Column(dtype, np.array(values, dtype=np.float64).reshape(len(values), -1))
    return Column(dtype, objects(values), masked)


def objects(values: Sequence) -> np.ndarray:
    """A one-dimensional object array, whatever the values are."""
    return np.fromiter(values, dtype=object, count=len(values))


def from_numpy(values: np.ndarray) -> Column:
    """A column of a NumPy array: a row per element, or per row of a matrix."""
    if values.ndim > 2:
        raise TypeError("Cannot convert Numpy arrays of greater than 2 dimensions")
    if values.dtype.kind in "bi" or (values.dtype.kind == "u" and values.dtype.itemsize < 8):
        dtype, values = int, values.astype(np.int64)
    elif values.dtype.kind == "f":
        dtype, values = float, values.astype(np.float64)
    elif values.dtype.kind == "M":
        return make_column(list(values))
    else:
        return make_column(values.tolist())
    if values.ndim == 2:
        return Column(array, np.ascontiguousarray(values, dtype=np.float64))
    return Column(dtype, values)


def fresh(value: Any) -> Any:
    """A copy of a list or dictionary, so that changing it does not change its column."""
    if isinstance(value, (list, tuple)):
        return [fresh(item) for item in value]
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    return value


def listing(column: Column) -> list:
    """The column as Python values, None where missing, vectors as array.array."""
    values, dtype = column.values, column.dtype
    if dtype is array:
        return [None if row is None else array("d", row.tobytes()) for row in values]
    if dtype in (list, dict):
        return [fresh(value) for value in values]
    out = values.tolist() if dtype is not np.ndarray else list(values)
    if column.missing is not None:
        for row in np.flatnonzero(column.missing):
            out[row] = None
    return out


def missing_mask(column: Column) -> np.ndarray:
    """The rows that are missing, always as a mask."""
    return np.zeros(len(column), bool) if column.missing is None else column.missing


def absent(column: Column) -> np.ndarray:
    """The rows that ``dropna`` and ``fillna`` act on: missing, or NaN in a float column."""
    mask = missing_mask(column)
    return mask | np.isnan(column.values) if column.dtype is float else mask


def masked(dtype: type | None, values: np.ndarray, missing: np.ndarray | None) -> Column:
    """A column in which ``missing`` rows are None (or NaN, or 0) underneath."""
    if missing is None or not missing.any():
        return Column(dtype, values)
    if values.ndim == 2:
        values = objects(list(values))
    elif values.base is not None or not values.flags.writeable:
        values = values.copy()
    values[missing] = {int: 0, float: np.nan}.get(dtype)
    return Column(dtype, values, missing)


def take(column: Column, rows: slice | np.ndarray) -> Column:
    """The chosen rows: a slice gives views, a mask or row numbers a copy."""
    missing = None if column.missing is None else column.missing[rows]
    return Column(column.dtype, column.values[rows], missing if _any(missing) else None)


def _any(mask: np.ndarray | None) -> bool:
    return mask is not None and bool(mask.any())


def take_or_missing(column: Column, rows: np.ndarray) -> Column:
    """The chosen row numbers, a missing value for every -1."""
    outside = rows < 0
    if not len(column):
        return make_column([None] * len(rows), column.dtype or type(None))
    values = column.values[np.where(outside, 0, rows)]
    return masked(column.dtype, values, outside | missing_mask(column)[np.where(outside, 0, rows)])


def concatenate(first: Column, second: Column) -> Column:
    """Two columns of one type, one after the other."""
    if not (len(first) and len(second)):
        return first if len(first) else second
    left, right = first.values, second.values
    if left.shape[1:] != right.shape[1:]:
        left, right = objects(list(left)), objects(list(right))
    missing = np.concatenate([missing_mask(first), missing_mask(second)])
    return Column(first.dtype, np.concatenate([left, right]), missing if missing.any() else None)


def parse(string: str, dtype: type) -> Any:
    """The number, vector, list or dictionary that ``string`` spells; ValueError if none."""
    try:
        if dtype is int and string[-1:].isspace():
            raise ValueError
        if dtype in (int, float):
            return dtype(string)
        if dtype is array and re.fullmatch(r"\s*\[.*\]\s*", string):
            return np.array(re.sub("[][,;]", " ", string).split(), dtype=np.float64)
        if dtype in (list, dict):
            value, end = _parse_at(string, 0)
            if isinstance(value, dtype) and not string[end:].strip():
                return plain(value) if dtype is dict else [plain(item) for item in value]
    except (ValueError, IndexError):
        pass
    raise ValueError(f'Unable to interpret value of "{string}" as a {NAMES.get(dtype, dtype)}.')


BARE = re.compile(r"[^][{},:]*")
QUOTED = re.compile(r"""(["'])((?:\\.|(?!\1).)*)\1""", re.DOTALL)


def _parse_at(string: str, start: int) -> tuple[Any, int]:
    """The value that starts there, and where it ends; strings need no quotes."""
    start += len(string[start:]) - len(string[start:].lstrip())
    if string[start] == "[":
        return _parse_items(string, start, "]")
    if string[start] == "{":
        items, end = _parse_items(string, start, "}")
        return dict(items), end
    quoted = QUOTED.match(string, start)
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted[2]), quoted.end()
    bare = BARE.match(string, start)
    assert bare is not None  # it matches the empty string
    return _bare_value(bare[0].strip()), bare.end()


def _parse_items(string: str, start: int, closing: str) -> tuple[list, int]:
    """What stands between brackets: values, or for a dictionary (key, value) pairs."""
    items: list = []
    end = start + 1
    while string[end:].lstrip()[0] != closing:
        item, end = _parse_at(string, end)
        if closing == "}":
            end = string.index(":", end) + 1
            value, end = _parse_at(string, end)
            item = (item, value)
        items.append(item)
        end += len(string[end:]) - len(string[end:].lstrip())
        if string[end] == ",":
            end += 1
        elif string[end] != closing:
            raise ValueError
    return items, string.index(closing, end) + 1


def _bare_value(word: str) -> Any:
    """An unquoted number or string; nothing at all is missing."""
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word or None


def codes(column: Column) -> np.ndarray:
    """An integer per row, equal where the values are; 0 for missing ones."""
    gone = missing_mask(column)
    out = np.zeros(len(column), np.int64)
    values = column.values[~gone]
    if column.dtype not in (int, float, str) or values.ndim > 1:
        values = np.array(
            [repr(value) for value, missing in zip(listing(column), gone) if not missing],
            dtype=object,
        )
    if len(values):
        out[~gone] = np.unique(values, return_inverse=True)[1].ravel() + 1
    return out
