"""One number (or vector) of many: the statistics of a column.

All raise RuntimeError or TypeError, in Turi Create's words, where the column is of another type.
"""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Callable
from typing import Any

import numpy as np

from .column import Column
from .kinds import NUMERIC, VECTORS
from .lazy import in_order
from .selecting import is_missing, is_missing_or_nan

FLOAT_MAX = float(np.finfo(np.float64).max)
NO_NUMBERS = "Cannot perform on non-numeric types!"
NO_NUMBERS_OR_VECTORS = "Cannot perform on types that are not numeric or vector!"
NO_MEDIAN = "Can not calculate median on non-numeric SArray."
CHUNK_NUMBERS = 1 << 16  # that are copied at a time, about what a processor's cache holds


def _numbers(column: Column, refusal: str = NO_NUMBERS) -> np.ndarray:
    """Return the numbers that are not missing."""
    if column.dtype not in NUMERIC:
        raise RuntimeError(refusal)
    return column.values if column.missing is None else column.values[~column.missing]


def _sum_of_vectors(column: Column, what: str) -> tuple[np.ndarray, int]:
    """Return the sum of the vectors that are not missing, position by position, and how many."""
    total, count = np.zeros(0), 0
    for part in in_order(column):
        rows = part.values if part.values.ndim == 2 else [v for v in part.values if v is not None]
        if len({np.shape(row) for row in ([total, *rows] if count else rows)}) > 1:
            raise RuntimeError(f"Cannot perform {what} over vectors of variable length.")
        if len(rows):
            matrix = np.asarray(rows, dtype=np.float64)
            total = _added(total, matrix) if count else np.sum(matrix, axis=0)
            count += len(rows)
    return total, count


def _added(total: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Add the rows to a sum, one after the other, so that the parts don't matter."""
    size = max(1, CHUNK_NUMBERS // max(1, total.size))
    for start in range(0, len(matrix), size):
        chunk = matrix[start : start + size]
        total = np.sum(np.concatenate([total[None], chunk]), axis=0)
    return total


def _vector(column: Column, values: np.ndarray) -> Any:
    return array("d", np.atleast_1d(values).tobytes()) if column.dtype is array else values


def total(column: Column) -> Any:
    """Return the sum of numbers or vectors."""
    if column.dtype in VECTORS:
        return _vector(column, _sum_of_vectors(column, "sum")[0])
    result = _numbers(column).sum()
    return int(result) if column.dtype is int else float(result)


def mean(column: Column) -> Any:
    """Return the mean of numbers or vectors; None where there is no value."""
    if column.dtype in VECTORS:
        total, count = _sum_of_vectors(column, "mean")
        return _vector(column, total / count) if count else None
    values = _numbers(column, NO_NUMBERS_OR_VECTORS)
    return float(values.mean()) if len(values) else None


def maximum(column: Column) -> Any:
    """Return the largest number or date, NaN left out; None where there is no value."""
    return _extreme(column, np.fmax, np.max, -FLOAT_MAX)


def minimum(column: Column) -> Any:
    """Return the smallest number or date, NaN left out; None where there is no value."""
    return _extreme(column, np.fmin, np.min, FLOAT_MAX)


def _extreme(column: Column, of_floats: Any, of_others: Callable, start: float) -> Any:
    """Return the extreme; `start` where all floats are NaN, as Turi Create does."""
    if column.dtype is datetime.datetime:
        dates = column.values[~is_missing(column)]
        return of_others(dates) if len(dates) else None
    values = _numbers(column)
    if not len(values):
        return None
    if column.dtype is float:
        return float(of_floats.reduce(values, initial=start))
    return int(of_others(values))


def position_of_maximum(column: Column) -> int | None:
    """Return the first row with the largest number; None where there is no number."""
    return _position(column, np.argmax)


def position_of_minimum(column: Column) -> int | None:
    """Return the first row with the smallest number; None where there is no number."""
    return _position(column, np.argmin)


def _position(column: Column, find: Callable) -> int | None:
    if not len(column):
        return None
    if column.dtype not in NUMERIC:
        raise TypeError("SArray must be of type 'int', 'long', or 'float'.")
    rows = np.flatnonzero(~is_missing_or_nan(column))
    return int(rows[find(column.values[rows])]) if len(rows) else None


def variance(column: Column, ddof: int = 0) -> float | None:
    """Return the variance; RuntimeError unless there are more than `ddof` rows."""
    if not len(column):
        return None
    values = _numbers(column)
    if ddof >= len(column):
        raise RuntimeError("Cannot calculate with degrees of freedom <= 0")
    return float(np.var(values, ddof=ddof)) if len(values) else None


def median(column: Column) -> Any:
    """Return the number in the middle, the upper of the two where their count is even."""
    values = _numbers(column, NO_MEDIAN)
    values = values[~np.isnan(values)]
    middle = len(values) // 2
    return np.partition(values, middle)[middle].item() if len(values) else None
