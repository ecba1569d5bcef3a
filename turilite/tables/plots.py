"""`show` and `explore`: distributions drawn by matplotlib, tables with pictures in HTML."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import Any

import numpy as np

from ..columns.column import Column
from ..columns.image import Image
from ..columns.iterating import each_row
from ..columns.kinds import NUMERIC
from ..columns.selecting import is_missing_or_nan, take
from ..columns.values import listing
from . import display

ROWS = 100  # of a table that is shown
CHARACTERS = 100  # of a cell in it
BARS = 10
BINS = 20
LABEL = 20  # characters beside a bar
COLOR = "#1a5fb4"


def show_table(columns: Mapping[str, Column], title: str | None = None) -> None:
    """Display the first rows in the notebook, pictures as pictures; else print them."""
    size = max(map(len, columns.values()), default=0)
    if not _in_notebook():
        tables = display.head(columns, ROWS, display.PRINTED)
        print(display.printed(tables, (min(ROWS, size), len(columns))))
        return
    # Only in a notebook, whose kernel has imported it.
    from IPython import display as notebook  # noqa: PLC0415

    notebook.display(notebook.HTML(_table_html(columns, size, title)))


def _table_html(columns: Mapping[str, Column], size: int, title: str | None) -> str:
    first = {name: take(column, slice(0, ROWS)) for name, column in columns.items()}
    names = "".join(f"<th>{escape(name)}</th>" for name in columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row.values()) + "</tr>"
        for row in each_row(first)
    )
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    table = f"<table>{caption}<tr>{names}</tr>{rows}</table>"
    style = "max-height:600px;overflow:auto"
    return f'<div style="{style}">{table}</div>{min(ROWS, size)} of {size} rows'


def _cell(value: Any) -> str:
    if isinstance(value, Image):
        picture = base64.b64encode(value._repr_png_()[0]).decode()
        return f'<img src="data:image/png;base64,{picture}">'
    text = display.cell(value)
    return escape(text if len(text) <= CHARACTERS else text[:CHARACTERS] + "...")


def _in_notebook() -> bool:
    try:
        return get_ipython().__class__.__name__ in ("ZMQInteractiveShell", "Shell")  # type: ignore[name-defined]
    except NameError:
        return False


@contextmanager
def figure(axes: int, height: float) -> Iterator[Any]:
    """Give axes below each other, and show them when they are drawn on."""
    # Importing it takes half a second, which only those wait for who draw.
    import matplotlib.pyplot as plt  # noqa: PLC0415

    figure, grid = plt.subplots(axes, figsize=(6, height), squeeze=False)
    yield list(grid.flat)
    figure.tight_layout()
    plt.show()


def show_column(column: Column, title: Any = None, xlabel: Any = None, ylabel: Any = None) -> None:
    """Draw the values of a column: a histogram of numbers, bars of the most frequent others."""
    if column.dtype is Image:
        show_table({"image": column})
        return
    with figure(1, 4) as (axis,):
        _draw(axis, column)
        axis.set(title=title or "", xlabel=xlabel or "", ylabel=ylabel or "")


def show_columns(columns: Mapping[str, Column]) -> None:
    """Draw every column that has a distribution, below each other."""
    drawn = {name: c for name, c in columns.items() if c.dtype in (*NUMERIC, str)}
    if not drawn:
        show_table(columns)
        return
    with figure(len(drawn), 2.5 * len(drawn)) as axes:
        for axis, (name, column) in zip(axes, drawn.items()):
            _draw(axis, column)
            axis.set_title(name)


def _draw(axis: Any, column: Column) -> None:
    present = take(column, np.flatnonzero(~is_missing_or_nan(column)))
    if column.dtype in NUMERIC:
        axis.hist(present.values, bins=BINS, color=COLOR)
        axis.set_ylabel("rows")
        return
    counts = Counter(map(display.cell, listing(present))).most_common(BARS)[::-1]
    axis.barh([short(name) for name, _ in counts], [count for _, count in counts], color=COLOR)
    axis.set_xlabel("rows")


def short(name: str) -> str:
    """Return a name as it stands beside an axis."""
    return name if len(name) <= LABEL else name[:LABEL] + "..."
