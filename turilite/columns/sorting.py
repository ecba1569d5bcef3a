"""The order of rows: by one or more columns, and which of them are the top ones."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import numpy as np

from .column import Column
from .selecting import is_missing, is_missing_or_nan

SORTABLE = (int, float, str, datetime.datetime)


def order(keys: Iterable[tuple[Column, bool]], rows: int) -> np.ndarray:
    """Return the row numbers in the order of the keys, pairs of a column and whether upward.

    Rows that are equal in all keys stay in their order.
    """
    out = np.arange(rows)
    for column, upward in reversed(list(keys)):  # stable sorts, from the last key to the first
        out = out[np.argsort(_ranks(column, upward)[out], kind="stable")]
    return out


def _ranks(column: Column, upward: bool) -> np.ndarray:
    """Return integers that are ordered as the rows shall be.

    Upward the missing values come first and NaN last, downward NaN and then the missing values
    come last.
    """
    gone, never = is_missing(column), is_missing_or_nan(column)
    ranks = np.zeros(len(column), np.int64)
    if not never.all():
        ranks[~never] = np.unique(column.values[~never], return_inverse=True)[1].ravel() + 1
    ranks[never & ~gone] = len(column) + 1 if upward else 0
    ranks[gone] = -1
    return ranks if upward else -ranks


def top(column: Column, k: int, smallest: bool) -> Column:
    """Return a column with 1 where a value is among the `k` largest (or smallest), else 0."""
    present = np.flatnonzero(~is_missing(column))
    upward = present[np.argsort(column.values[present], kind="stable")]
    marks = np.zeros(len(column), np.int64)
    marks[upward[:k] if smallest else upward[max(0, len(upward) - k) :]] = 1
    return Column(int, marks)
