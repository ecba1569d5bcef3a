"""Arithmetic, comparison and logic between columns, with Turi Create's types and missing values.

A scalar is a column of one row, which NumPy broadcasts. Which types go together, and what comes
out, follows `unity_sarray_binary_operations.cpp` of Turi Create.
"""

from __future__ import annotations

import datetime
import operator
from array import array
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .column import Column, objects
from .iterating import each
from .kinds import EMPTY, NAMES, NUMERIC, NUMERIC_LIST, is_collection, kind_of
from .selecting import is_missing, is_missing_or_nan, masked
from .values import make_column, pack, plain

ORDERED = ((str, str), (datetime.datetime, datetime.datetime))
ARITHMETIC: dict[str, Callable] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "**": np.float_power,
    "//": lambda left, right: _floored(np.true_divide(left, right)),
}
COMPARISONS: dict[str, Callable] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def _floored(quotient: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(quotient), np.floor(quotient), quotient)


def scalar(value: Any) -> Column:
    """Return the column of one row that stands for a scalar; None has no type."""
    column = make_column([value])
    return Column(None if value is None else column.dtype, column.values, column.missing)


def apply(left: Column, right: Column, op: str) -> Column:  # noqa: PLR0911 - a line per kind of operands
    """Return `left op right` row by row; either may be of one row, for a scalar.

    Raises RuntimeError where the operation has no meaning for the two types.
    """
    kinds = left.dtype, right.dtype
    with np.errstate(all="ignore"):
        if op in ("==", "!="):
            return _equality(left, right, op)
        if op in ("&", "|"):
            return _logic(left, right, op)
        if op == "%" and kinds == (int, int):
            return _modulo(left, right)
        if op in ARITHMETIC and set(kinds) <= set(NUMERIC):
            return _arithmetic(left, right, op)
        if op in ARITHMETIC and array in kinds and set(kinds) <= {int, float, array}:
            return _vectors(left, right, op)
        if op in ("+", "-", "*", "/") and np.ndarray in kinds:
            return _per_row(left, right, ARITHMETIC[op], np.ndarray)
        if op == "+" and kinds == (str, str):
            return _per_row(left, right, operator.add, str)
        if op in "+-" and kinds[0] is datetime.datetime:
            return _dates(left, right, op)
        if op in COMPARISONS and (set(kinds) <= set(NUMERIC) or kinds in ORDERED):
            return _comparison(left, right, op)
    raise unsupported(op, *kinds)


def unsupported(op: str, left: type | None, right: type | None) -> RuntimeError:
    return RuntimeError(
        f"Unsupported type operation. cannot perform operation {op} between "
        f"{NAMES.get(left, left)} and {NAMES.get(right, right)}"
    )


def _missing_in_either(left: Column, right: Column) -> np.ndarray:
    return is_missing(left) | is_missing(right)


def _arithmetic(left: Column, right: Column, op: str) -> Column:
    values = ARITHMETIC[op](left.values, right.values)
    missing = _missing_in_either(left, right)
    whole = left.dtype is right.dtype is int and op in ("+", "-", "*", "//")
    if whole and op == "//":
        missing = missing | ~np.isfinite(values)
        values = np.where(missing, 0, values).astype(np.int64)
    return masked(int if whole else float, values, missing)


def _modulo(left: Column, right: Column) -> Column:
    missing = _missing_in_either(left, right) | (right.values == 0)
    return masked(int, np.mod(left.values, np.where(right.values == 0, 1, right.values)), missing)


def _vectors(left: Column, right: Column, op: str) -> Column:
    """Compute vectors with vectors or numbers; None where the lengths of two vectors differ."""
    shapes = [column.values.shape[1:] for column in (left, right) if column.dtype is array]
    if all(shapes) and len(set(shapes)) == 1:
        operands = [c.values if c.dtype is array else c.values[:, None] for c in (left, right)]
        return masked(array, ARITHMETIC[op](*operands), _missing_in_either(left, right))

    def one_row(one: Any, other: Any) -> np.ndarray | None:
        return None if np.size(one) != np.size(other) and len(shapes) == 2 else op_of(one, other)

    op_of = ARITHMETIC[op]
    return _per_row(left, right, one_row, array)


def _rows_of_both(left: Column, right: Column) -> tuple[list, list]:
    """Return the values of both columns as lists of one length."""
    count = 0 if not (len(left) and len(right)) else max(len(left), len(right))
    return tuple(
        list(column.values) * (count if len(column) == 1 else 1) if count else []
        for column in (left, right)
    )


def _per_row(left: Column, right: Column, function: Callable, dtype: type) -> Column:
    missing = _missing_in_either(left, right)
    pairs = zip(*_rows_of_both(left, right), missing)
    values = objects([None if gone else function(one, other) for one, other, gone in pairs])
    missing = np.fromiter((value is None for value in values), bool, len(values))
    return Column(dtype, values, missing if missing.any() else None)


def _dates(left: Column, right: Column, op: str) -> Column:
    """Return the seconds between two dates, or a date so many seconds later or earlier."""
    if right.dtype is datetime.datetime and op == "-":
        seconds = _per_row(left, right, lambda a, b: (a - b).total_seconds(), float)
        return masked(float, seconds.values.astype(np.float64), seconds.missing)
    if right.dtype not in NUMERIC:
        raise unsupported(op, left.dtype, right.dtype)
    sign = 1 if op == "+" else -1
    return _per_row(
        left, right, lambda a, b: a + datetime.timedelta(seconds=sign * float(b)), left.dtype
    )


def _comparison(left: Column, right: Column, op: str) -> Column:
    missing = _missing_in_either(left, right)
    return masked(int, _compare(left, right, COMPARISONS[op], ~missing), missing)


def _compare(left: Column, right: Column, compare: Callable, wanted: np.ndarray) -> np.ndarray:
    """Return 1 where `compare` holds, 0 elsewhere; only `wanted` rows are looked at."""
    if {left.dtype, right.dtype} <= set(NUMERIC):
        holds = compare(left.values, right.values)
        if left.dtype is right.dtype is float and compare in (operator.le, operator.ge):
            holds = holds | (np.isnan(left.values) & np.isnan(right.values))  # NaN equals NaN
        return holds.astype(np.int64) * wanted
    if left.dtype is right.dtype is str:
        one, other = np.broadcast_arrays(left.values, right.values)
        out = np.zeros(len(one), np.int64)
        out[wanted] = compare(one[wanted], other[wanted])
        return out
    if left.dtype is right.dtype in (array, np.ndarray) and compare in (operator.eq, operator.ne):
        same = [np.array_equal(a, b) for a, b in zip(*_rows_of_both(left, right))]
        return np.array(same, np.int64) * wanted if compare is operator.eq else 1 - np.array(same)
    pairs = zip(*_rows_of_both(left, right), np.broadcast_to(wanted, _length(left, right)))
    rows = [int(look and bool(compare(one, other))) for one, other, look in pairs]
    return np.array(rows, dtype=np.int64)


def _length(left: Column, right: Column) -> int:
    return 0 if not (len(left) and len(right)) else max(len(left), len(right))


def _equality(left: Column, right: Column, op: str) -> Column:
    """Compare: None equals None, NaN equals NaN, values of different types are different."""
    gone, other_gone = np.broadcast_arrays(is_missing(left), is_missing(right))
    comparable = {left.dtype, right.dtype} <= set(NUMERIC) or left.dtype is right.dtype
    same = gone & other_gone
    if comparable and left.dtype is not None:
        same = same | _compare(left, right, operator.eq, ~(gone | other_gone)).astype(bool)
    if left.dtype is right.dtype is float:
        same = same | (np.isnan(left.values) & np.isnan(right.values) & (gone == other_gone))
    return Column(int, (same if op == "==" else ~same).astype(np.int64))


def truth(column: Column) -> np.ndarray:
    """Return the rows that are neither missing nor zero nor empty."""
    if column.dtype in NUMERIC:
        return (column.values != 0) & ~is_missing(column)
    if column.values.ndim == 2:
        return np.full(len(column), column.values.shape[1] > 0)
    sized = (str, list, dict, array)
    rows = (
        value is not None and (len(value) > 0 if column.dtype in sized else True)
        for value in column.values
    )
    return np.fromiter(rows, bool, len(column))


def _logic(left: Column, right: Column, op: str) -> Column:
    """Combine in three-valued logic: false & missing (or NaN) is false, true | missing is true."""
    decides = op == "|"
    decided = np.zeros(_length(left, right), bool)
    for column in (left, right):
        decided = decided | ((truth(column) == decides) & ~is_missing_or_nan(column))
    values = np.where(decided, decides, not decides).astype(np.int64)
    return masked(int, values, (is_missing_or_nan(left) | is_missing_or_nan(right)) & ~decided)


def absolute(column: Column) -> Column:
    """Return the absolute values of numbers or vectors."""
    if column.dtype in NUMERIC or column.values.ndim == 2:
        return Column(column.dtype, np.abs(column.values), column.missing)
    if column.dtype is array:
        return Column(
            array,
            objects([None if v is None else np.abs(v) for v in column.values]),
            column.missing,
        )
    raise unsupported("left_abs", column.dtype, int)


class Bounds(NamedTuple):
    """A checked request to clip: no value below `low` or above `high`; the type of the result."""

    low: float
    high: float
    dtype: type


def check_bounds(dtype: type, lower: Any, upper: Any) -> Bounds:
    """Return the bounds for a column of type `dtype`; NaN or None is no bound.

    Integers become floats where a bound is one, even NaN. Raises RuntimeError where the column
    holds no numbers or the bounds have no value between them.
    """
    if dtype not in (*NUMERIC, array):
        raise RuntimeError("Cannot perform on non-numeric types")
    low, high = (
        limit if bound is None or np.isnan(bound) else bound
        for bound, limit in ((lower, -np.inf), (upper, np.inf))
    )
    if low > high:
        raise RuntimeError("Upper clip value must be less than lower value.")
    floating = isinstance(lower, float) or isinstance(upper, float)
    return Bounds(low, high, float if dtype is int and floating else dtype)


def clip(column: Column, bounds: Bounds) -> Column:
    """Return the values, or those of vectors, within the bounds."""
    low, high, dtype = bounds
    if column.values.dtype == object:
        clipped = [None if row is None else np.clip(row, low, high) for row in column.values]
        return pack(clipped, dtype)
    values = np.clip(column.values.astype(np.float64), low, high)
    return Column(dtype, values.astype(np.int64) if dtype is int else values, column.missing)


CONTAINED = {str: (str,), array: NUMERIC, list: (object,), dict: (object,)}


def contains(column: Column, item: Any) -> Column:
    """Return 1 where `item` is in the string, vector, list or dictionary of a row, else 0."""
    if not isinstance(item, CONTAINED.get(column.dtype, ())):
        raise unsupported("in", column.dtype, _kind(item))
    if column.dtype is dict and isinstance(item, (list, dict)):
        return Column(int, np.zeros(len(column), np.int64))  # neither can be a key
    return make_column([int(row is not None and item in row) for row in each(column)], int)


def _kind(value: Any) -> Any:
    """Return the type that a value has in a column; a list of numbers is a vector."""
    kind = kind_of(value)
    return {NUMERIC_LIST: array, EMPTY: list}.get(kind, kind)


def is_in(column: Column, items: Any) -> Column:
    """Return 1 where the value is one of `items` (or in a string, for strings), else 0."""
    kind = _kind(items)
    if kind is array and column.dtype not in (*NUMERIC, None):
        raise unsupported("in", array, column.dtype)
    if not is_collection(items) and not (kind is str and column.dtype is str):
        raise unsupported("in", kind, column.dtype)
    items = plain(list(items)) if is_collection(items) else items
    needs_value = isinstance(items, str)  # None is in no string
    return make_column(
        [int(not (needs_value and row is None) and row in items) for row in each(column)], int
    )
