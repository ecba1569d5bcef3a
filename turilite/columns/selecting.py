"""Choosing, joining and comparing the rows of columns, and telling which are missing."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import pandas as pd

from .column import Column, objects
from .image import Image
from .values import listing, make_column, pack


def is_missing(column: Column) -> np.ndarray:
    """Return the rows that are missing, always as a mask."""
    return np.zeros(len(column), bool) if column.missing is None else column.missing


def is_missing_or_nan(column: Column) -> np.ndarray:
    """Return the rows that `dropna` and `fillna` act on: missing, or NaN in a float column."""
    mask = is_missing(column)
    return mask | np.isnan(column.values) if column.dtype is float else mask


def masked(dtype: type | None, values: np.ndarray, missing: np.ndarray | None) -> Column:
    """Return a column in which `missing` rows are None (or NaN, or 0) underneath."""
    if missing is None or not missing.any():
        return Column(dtype, values)
    if values.ndim == 2:
        values = objects(list(values))
    elif values.base is not None or not values.flags.writeable:
        values = values.copy()
    values[missing] = {int: 0, float: np.nan}.get(dtype)
    return Column(dtype, values, missing)


def take(column: Column, rows: slice | np.ndarray) -> Column:
    """Return the chosen rows: a slice gives views, a mask or row numbers a copy."""
    return column.take(rows)


def take_or_missing(column: Column, rows: np.ndarray) -> Column:
    """Return the chosen row numbers, a missing value for every -1."""
    outside = rows < 0
    if not len(column):
        return make_column([None] * len(rows), column.dtype or type(None))
    taken = column.take(np.where(outside, 0, rows))
    return masked(column.dtype, taken.values, outside | is_missing(taken))


def concatenate(first: Column, second: Column) -> Column:
    """Return two columns of one type, one after the other."""
    if not (len(first) and len(second)):
        return first if len(first) else second
    left, right = first.values, second.values
    if left.shape[1:] != right.shape[1:]:
        left, right = objects(list(left)), objects(list(right))
    missing = np.concatenate([is_missing(first), is_missing(second)])
    return Column(first.dtype, np.concatenate([left, right]), missing if missing.any() else None)


def with_matrix(column: Column) -> Column:
    """Return the column with its vectors as one matrix, where they are of one width."""
    if column.dtype is array and column.values.ndim == 1:
        return pack(list(column.values), array)
    return column


def choose(holds: np.ndarray, yes: Column, no: Column) -> Column:
    """Return the rows of `yes` where the mask holds, those of `no` elsewhere.

    A column of one row is taken for all rows; one that is never chosen may be empty.
    """
    rows = np.arange(len(holds))
    from_yes = 0 if len(yes) == 1 else rows
    from_no = len(yes) + (0 if len(no) == 1 else rows)
    return with_matrix(take(concatenate(yes, no), np.where(holds, from_yes, from_no)))


def codes(column: Column) -> np.ndarray:
    """Return an integer per row, equal where the values are; 0 for missing ones."""
    present = ~is_missing(column)
    values = column.values[present]
    if column.dtype not in (int, float, str):
        values = objects([_identity(value) for value in values])
    found = pd.factorize(values)[0]
    found = np.where(found < 0, found.max(initial=-1) + 1, found)  # pandas leaves NaN out
    out = np.zeros(len(column), np.int64)
    out[present] = found + 1
    return out


def _identity(value: Any) -> Any:
    """Return something hashable that is equal where the values are; NaN equals NaN."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.shape, np.where(np.isnan(value), np.nan, value).tobytes()
    if isinstance(value, Image):  # whose text tells the size only
        return tuple(sorted(vars(value).items()))
    return repr(value)


def is_missing_or_nan_inside(column: Column) -> np.ndarray:
    """Return the rows that are missing or NaN or hold something that is, at any depth."""
    inside = np.fromiter(map(_holds_missing, listing(column)), bool, len(column))
    return is_missing_or_nan(column) | inside


def _holds_missing(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_missing, [*value.keys(), *value.values()]))
    if isinstance(value, np.ndarray):
        return any(map(_holds_missing, np.ravel(value)))
    if isinstance(value, (list, array)):
        return any(map(_holds_missing, value))
    return value is None or value != value  # noqa: PLR0124 - NaN


def among(column: Column, others: Column) -> np.ndarray:
    """Return the mask of the rows whose value is also one of another column of that type."""
    both = codes(concatenate(column, others))
    return np.isin(both[: len(column)], both[len(column) :])
