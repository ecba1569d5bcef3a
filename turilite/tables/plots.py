"""``show`` and ``explore``: distributions drawn by matplotlib, tables with pictures in HTML."""

from __future__ import annotations

import base64
from html import escape
from typing import Any

from ..columns.image import Image
from .display import cell
from .sarray import SArray
from .sframe import SFrame

ROWS = 100
BARS = 10
BINS = 20


def show_table(frame: SFrame, title: str | None = None) -> None:
    """Display the first 100 rows in the notebook, pictures as pictures; else print them."""
    head = frame.head(ROWS)
    if not _in_notebook():
        head.print_rows(ROWS)
        return
    from IPython.display import HTML, display  # noqa: PLC0415

    names = "".join(f"<th>{escape(name)}</th>" for name in head.column_names())
    rows = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row.values()) + "</tr>"
        for row in head
    )
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    table = f"<table>{caption}<tr>{names}</tr>{rows}</table>"
    style = "max-height:600px;overflow:auto"
    shown = f"{len(head)} of {len(frame)} rows"
    display(HTML(f'<div style="{style}">{table}</div>{shown}'))


def _cell(value: Any) -> str:
    if isinstance(value, Image):
        picture = base64.b64encode(value._repr_png_()[0]).decode()
        return f'<img src="data:image/png;base64,{picture}">'
    text = cell(value)
    return escape(text if len(text) <= ROWS else text[:ROWS] + "...")


def _in_notebook() -> bool:
    try:
        return get_ipython().__class__.__name__ in ("ZMQInteractiveShell", "Shell")  # type: ignore[name-defined]
    except NameError:
        return False


def show_column(column: SArray, title: Any = None, xlabel: Any = None, ylabel: Any = None) -> None:
    """Draw the values of a column: a histogram of numbers, bars of the most frequent others."""
    if column.dtype is Image:
        show_table(SFrame({"image": column}))
        return
    import matplotlib.pyplot as plt  # noqa: PLC0415

    figure, axis = plt.subplots(figsize=(6, 4))
    _draw(axis, column)
    axis.set(title=title or "", xlabel=xlabel or "", ylabel=ylabel or "")
    figure.tight_layout()
    plt.show()


def show(x: SArray, y: SArray, xlabel: Any = None, ylabel: Any = None, title: Any = None) -> None:
    """Draw two columns of numbers against each other, missing values left out.

    Raises ValueError where the columns are not of numbers, or not of one length.
    """
    if not all(isinstance(c, SArray) and c.dtype in (int, float) for c in (x, y)):
        raise ValueError("turilite draws two SArrays of numbers only; SArray.show() draws one.")
    if len(x) != len(y):
        raise ValueError(f"The columns have {len(x)} and {len(y)} rows, which should be equal.")
    import matplotlib.pyplot as plt  # noqa: PLC0415

    figure, axis = plt.subplots(figsize=(6, 4))
    points = SFrame({"x": x, "y": y}).dropna()
    axis.scatter(points["x"].to_numpy(), points["y"].to_numpy(), s=4, color="#1a5fb4")
    axis.set(title=title or "", xlabel=xlabel or "X", ylabel=ylabel or "Y")
    figure.tight_layout()
    plt.show()


def show_frame(frame: SFrame) -> None:
    """Draw every column that has a distribution, below each other."""
    drawn = [name for name in frame.column_names() if frame[name].dtype in (int, float, str)]
    if not drawn:
        show_table(frame)
        return
    import matplotlib.pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(len(drawn), figsize=(6, 2.5 * len(drawn)), squeeze=False)
    for axis, name in zip(axes.flat, drawn):
        _draw(axis, frame[name])
        axis.set_title(name)
    figure.tight_layout()
    plt.show()


def _draw(axis: Any, column: SArray) -> None:
    present = column.dropna()
    if column.dtype in (int, float):
        axis.hist(present.to_numpy(), bins=BINS, color="#1a5fb4")
        axis.set_ylabel("rows")
        return
    if column.dtype is not str:
        present = present.apply(cell, str)
    counts = sorted(present.summary().frequent_items().items(), key=lambda item: -item[1])[:BARS]
    names = [name if len(name) <= BINS else name[:BINS] + "..." for name, _ in counts]
    axis.barh(names[::-1], [count for _, count in counts][::-1], color="#1a5fb4")
    axis.set_xlabel("rows")
