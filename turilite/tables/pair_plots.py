"""Two columns drawn against each other: points, heat maps, boxes, as Turi Create chooses them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from ..columns.column import Column
from ..columns.kinds import NUMERIC
from ..columns.selecting import is_missing_or_nan, take
from ..columns.values import listing
from ..errors import ToolkitError
from .plots import COLOR, figure, short

POINTS = 5000  # rows up to which numbers are drawn as points
BINS = 40  # along each axis of a heat map of numbers
CATEGORIES = 20  # the most frequent strings, which are drawn
COLORS = "Blues"


def show_pair(
    x: Column, y: Column, xlabel: Any = None, ylabel: Any = None, title: Any = None
) -> None:
    """Draw two columns of numbers or strings against each other, missing values left out.

    Numbers against numbers are points, or a heat map beyond 5,000 rows. Strings against numbers
    are a box for each of the most frequent strings, strings against strings a heat map of counts.
    Raises ToolkitError where the columns are of other types, empty, or not of one length.
    """
    check_pair(x, y)
    both = np.flatnonzero(~(is_missing_or_nan(x) | is_missing_or_nan(y)))
    x, y = take(x, both), take(y, both)
    labels = xlabel or "X", ylabel or "Y"
    if x.dtype in NUMERIC and y.dtype is str:  # boxes stand upright, as in Turi Create
        x, y, labels = y, x, labels[::-1]
    kinds = x.dtype in NUMERIC, y.dtype in NUMERIC
    draw = {(True, True): _numbers, (False, True): _boxes, (False, False): _counts}[kinds]
    with figure(1, 4) as (axis,):
        draw(axis, x, y)
        axis.set(title=title or "", xlabel=labels[0], ylabel=labels[1])


def check_pair(x: Column, y: Column) -> None:
    """Raise ToolkitError where two columns can't be drawn against each other."""
    empty = [name for name, column in (("X", x), ("Y", y)) if not len(column)]
    if empty:
        raise ToolkitError(f"Nothing to show: column {' and '.join(empty)} is empty.")
    if len(x) != len(y):
        raise ToolkitError(f"The columns have {len(x)} and {len(y)} rows, which should be equal.")
    for column in (x, y):
        if column.dtype not in (*NUMERIC, str):
            kind = getattr(column.dtype, "__name__", "None")
            raise ToolkitError(f"Columns of int, float or str can be drawn, not of {kind}.")


def _numbers(axis: Any, x: Column, y: Column) -> None:
    if len(x) <= POINTS:
        axis.scatter(x.values, y.values, s=4, color=COLOR)
        return
    *_, drawn = axis.hist2d(x.values, y.values, bins=BINS, cmap=COLORS)
    axis.figure.colorbar(drawn, ax=axis, label="rows")


def _boxes(axis: Any, names: Column, numbers: Column) -> None:
    """Draw the quartiles, with whiskers to the smallest and the largest number."""
    texts = np.array(listing(names), dtype=object)
    shown = _frequent(texts)
    axis.boxplot([numbers.values[texts == name] for name in shown], whis=(0, 100))
    _name_ticks(axis.xaxis, shown, 1)


def _counts(axis: Any, x: Column, y: Column) -> None:
    """Draw how often each pair of strings occurs."""
    counts = Counter(zip(listing(x), listing(y)))
    columns, rows = _frequent(listing(x)), _frequent(listing(y))
    drawn = axis.imshow(
        [[counts[column, row] for column in columns] for row in rows],
        cmap=COLORS,
        vmin=0,
        aspect="auto",
    )
    _name_ticks(axis.xaxis, columns, 0)
    _name_ticks(axis.yaxis, rows, 0)
    axis.figure.colorbar(drawn, ax=axis, label="rows")


def _frequent(texts: Any) -> list[str]:
    """Return the most frequent strings in alphabetical order."""
    return sorted(name for name, _ in Counter(texts).most_common(CATEGORIES))


def _name_ticks(axis: Any, names: list[str], first: int) -> None:
    turned = {"rotation": 90} if axis.axis_name == "x" and len(names) > 5 else {}
    axis.set_ticks(range(first, first + len(names)))
    axis.set_ticklabels([short(name) for name in names], **turned)
