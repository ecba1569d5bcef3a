"""Columns as columns of another type, and with values in place of missing ones."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np

from .column import Column
from .image import Image
from .iterating import each
from .kinds import NUMERIC, NUMERIC_LIST, kind_of
from .selecting import is_missing_or_nan, masked
from .values import convert, pack, parse


def cast(column: Column, dtype: type, undefined_on_failure: bool = False) -> Column:
    """Return the values as `dtype`; RuntimeError (or a missing value) where one is none of it."""
    if dtype is column.dtype:
        return column
    if dtype is Image and column.dtype is array:
        raise TypeError("Use pixel_array_to_image() to make images of arrays.")
    if (column.dtype, dtype) == (int, float):
        return masked(float, column.values.astype(np.float64), column.missing)
    gone = is_missing_or_nan(column)
    if (column.dtype, dtype) == (float, int):
        return masked(int, np.where(gone, 0, column.values).astype(np.int64), gone)
    out = []
    for value, missing in zip(each(column), gone):
        try:
            out.append(None if missing else _cast_value(value, column.dtype, dtype))
        except (TypeError, ValueError, OSError) as problem:
            if not undefined_on_failure:
                raise RuntimeError(str(problem)) from None
            out.append(None)
    return pack(out, dtype)


def _cast_value(value: Any, source: type | None, dtype: type) -> Any:
    if source is str:
        return Image(value) if dtype is Image else parse(value, dtype)
    if source is Image and dtype is array:
        return value.pixel_data.ravel().astype(np.float64)
    return convert(value, dtype)


def filled(column: Column, value: Any) -> Column:
    """Return the column with `value` where a value is missing or NaN.

    Raises RuntimeError where `value` can't be of the column's type.
    """
    if value is None:
        raise RuntimeError("Default value must be convertible to column type")
    if column.dtype is str and kind_of(value) is NUMERIC_LIST:
        value = array("d", value)  # which is another text than a list
    try:
        filler = convert(value, column.dtype or type(None))
    except TypeError:
        raise RuntimeError("Default value must be convertible to column type") from None
    gone = is_missing_or_nan(column)
    if not gone.any():
        return column
    if column.dtype in NUMERIC and filler is not None:
        return Column(column.dtype, np.where(gone, filler, column.values))
    pairs = zip(column.values, gone)
    return pack([filler if missing else kept for kept, missing in pairs], column.dtype)
