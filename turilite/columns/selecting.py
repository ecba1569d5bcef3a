"""Choosing, joining and comparing the rows of columns, and telling which are missing."""

from __future__ import annotations

import numpy as np

from .column import Column, objects
from .values import listing, make_column


def is_missing(column: Column) -> np.ndarray:
    """The rows that are missing, always as a mask."""
    return np.zeros(len(column), bool) if column.missing is None else column.missing


def is_missing_or_nan(column: Column) -> np.ndarray:
    """The rows that `dropna` and `fillna` act on: missing, or NaN in a float column."""
    mask = is_missing(column)
    return mask | np.isnan(column.values) if column.dtype is float else mask


def masked(dtype: type | None, values: np.ndarray, missing: np.ndarray | None) -> Column:
    """A column in which `missing` rows are None (or NaN, or 0) underneath."""
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
    return masked(column.dtype, values, outside | is_missing(column)[np.where(outside, 0, rows)])


def concatenate(first: Column, second: Column) -> Column:
    """Two columns of one type, one after the other."""
    if not (len(first) and len(second)):
        return first if len(first) else second
    left, right = first.values, second.values
    if left.shape[1:] != right.shape[1:]:
        left, right = objects(list(left)), objects(list(right))
    missing = np.concatenate([is_missing(first), is_missing(second)])
    return Column(first.dtype, np.concatenate([left, right]), missing if missing.any() else None)


def codes(column: Column) -> np.ndarray:
    """An integer per row, equal where the values are; 0 for missing ones."""
    gone = is_missing(column)
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


def among(column: Column, others: Column) -> np.ndarray:
    """Return the mask of the rows whose value is also one of another column of that type."""
    both = codes(concatenate(column, others))
    return np.isin(both[: len(column)], both[len(column) :])
