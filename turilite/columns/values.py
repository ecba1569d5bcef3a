"""Python values to columns and back: conversion, text, parsing."""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .column import Column, objects
from .image import Image
from .kinds import EMPTY, INT64, NAMES, NUMERIC_LIST, common_type, kind_of
from .notation import PLAIN


def plain(value: Any) -> Any:
    """Return `value` as it comes back out of a list or dictionary column."""
    kind = kind_of(value)
    if kind is NUMERIC_LIST:
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
    """Return `value` in the notation of `SArray.astype(str)`: six digits, strings quoted inside."""
    kind = kind_of(value)
    if kind is None:
        return ""
    if kind is str:
        return f'"{value}"' if nested else value
    if kind is float:
        return f"{_as_float(value):g}"
    if kind is array:
        return "[" + " ".join(f"{number:g}" for number in value) + "]"
    if kind in (list, NUMERIC_LIST, EMPTY):
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
    array: {array, NUMERIC_LIST, EMPTY, np.ndarray},
    list: {list, array, NUMERIC_LIST, EMPTY},
    dict: {dict},
    datetime.datetime: {datetime.datetime, int, float},
    Image: {Image},
    np.ndarray: {np.ndarray, array, NUMERIC_LIST, int, float},
}


def convert(value: Any, dtype: type) -> Any:  # noqa: PLR0911 - a line per type
    """Return `value` as `dtype`; None stays None. Raises TypeError where it can't be."""
    kind = kind_of(value)
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
    """Return a column of `values`, of their common type or of `dtype`; TypeError if none fits."""
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
    """Return a column of values that are already of type `dtype` (vectors: ndarrays) or None."""
    missing = np.fromiter((value is None for value in values), bool, len(values))
    masked = missing if missing.any() else None
    if dtype in (int, float):
        filler = 0 if dtype is int else float("nan")
        numbers = [filler if value is None else value for value in values]
        return Column(dtype, np.array(numbers, np.int64 if dtype is int else np.float64), masked)
    if dtype is array and masked is None and len({len(value) for value in values}) == 1:
        return Column(dtype, np.array(values, dtype=np.float64).reshape(len(values), -1))
    return Column(dtype, objects(values), masked)


def from_numpy(values: np.ndarray) -> Column:
    """Return a column of a NumPy array: a row per element, or per row of a matrix."""
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
    """Return a copy of a list or dictionary, so that changing it does not change its column."""
    if isinstance(value, (list, tuple)):
        return [fresh(item) for item in value]
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    return value


def listing(column: Column) -> list:
    """Return the column as Python values, None where missing, vectors as array.array."""
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


def parse(string: str, dtype: type) -> Any:
    """Return the number, vector, list or dictionary that `string` spells; ValueError if none."""
    try:
        if dtype is int and string[-1:].isspace():
            raise ValueError
        if dtype in (int, float):
            return dtype(string)
        value, complete = PLAIN.whole(string, dtype)
        if complete:
            return np.array(value, dtype=np.float64) if dtype is array else value
    except ValueError:
        pass
    raise ValueError(f'Unable to interpret value of "{string}" as a {NAMES.get(dtype, dtype)}.')
