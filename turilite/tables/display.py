"""SFrames as text and HTML, character for character as Turi Create 6.4.1 prints them.

Turi Create draws its tables with prettytable 0.7.2. Later releases of that library draw them
differently, so the few rules that matter are here: every cell centered, one space on either side,
wide East Asian characters counted as two.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Mapping
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np

from ..columns.column import Column
from ..columns.image import Image
from ..columns.selecting import take
from ..columns.values import listing
from ..columns.values import text as text_of

COLOR_CODES = re.compile("\033\\[[0-9;]*m")
DOUBLE_WIDTH = (
    (0x4E00, 0x9FFF),  # Chinese, Japanese, Korean
    (0xAC00, 0xD7AF),  # Hangul
    (0x3040, 0x309F),  # Hiragana
    (0x30A0, 0x30FF),  # Katakana
    (0xFF01, 0xFF60),  # full-width Latin
    (0x3000, 0x303E),  # punctuation
)
FOOTER = (
    "Note: Only the head of the SFrame is printed.",
    "You can use print_rows(num_rows=m, num_columns=n) to print more rows and columns.",
)
LAZY_FOOTER = (
    "Note: Only the head of the SFrame is printed. This SFrame is lazily evaluated.",
    "You can use sf.materialize() to force materialization.",
)


class Table(NamedTuple):
    """As many columns as fit beside each other: their headers and, per column, its cells."""

    headers: list[str]
    columns: list[list[str]]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        return list(zip(*self.columns))


class Limits(NamedTuple):
    """How much of a table is shown."""

    columns: int = 20
    column_width: int = 30
    row_width: int = 80
    wrap: bool = False


SHOWN = Limits()
PRINTED = Limits(columns=40, row_width=80)
IN_NOTEBOOK = Limits(columns=40, column_width=25, row_width=120, wrap=True)


def _width_of(character: str) -> int:
    code = ord(character)
    if 0x21 <= code <= 0x7E:
        return 1
    if code in (0x08, 0x7F):
        return -1
    if code in (0x00, 0x1F) or unicodedata.combining(character):
        return 0
    return 2 if any(first <= code <= last for first, last in DOUBLE_WIDTH) else 1


def width(text: str) -> int:
    """Return the number of columns that the longest line takes."""
    return max(sum(map(_width_of, line)) for line in COLOR_CODES.sub("", text).split("\n"))


def _center(text: str, to: int) -> str:
    excess = to - width(text)
    right = excess // 2 + (excess % 2 and width(text) % 2)
    return " " * (excess - right) + text + " " * right


def as_text(table: Table) -> str:
    """Return the table between lines of +, - and |."""
    if not table.headers:
        return "++\n||\n++\n++"
    widths = [max(map(width, [h, *cells])) for h, cells in zip(table.headers, table.columns)]
    rule = "+".join(["", *("-" * (w + 2) for w in widths), ""])
    header, *body = (
        "|".join(["", *(f" {_center(cell, w)} " for cell, w in zip(row, widths)), ""])
        for row in [table.headers, *table.rows]
    )
    return "\n".join([rule, header, rule, *body, rule])


def printed(tables: list[Table], shape: tuple[int, int]) -> str:
    """Return what `print_rows` prints, without the last line break."""
    return "\n".join(map(as_text, tables)) + "\n[{} rows x {} columns]\n".format(*shape)


def as_html(table: Table) -> str:
    """Return the table as HTML, with Turi Create's styles."""
    padding = "padding-left: 1em; padding-right: 1em; text-align: center"
    head = [f'        <th style="{padding}">{_html(header)}</th>' for header in table.headers]
    body = []
    for row in table.rows:
        cells = [
            f'        <td style="{padding}; vertical-align: top">{_html(cell)}</td>' for cell in row
        ]
        body += ["    <tr>", *cells, "    </tr>"]
    opening = '<table frame="box" rules="cols">'
    return "\n".join([opening, "    <tr>", *head, "    </tr>", *body, "</table>"])


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def cell(value: Any) -> str:
    """Return what a value looks like in a table."""
    if isinstance(value, array):
        return str(list(value))
    if isinstance(value, np.ndarray):
        return str(value).replace("\n", " ")
    if isinstance(value, list):
        return "[" + ", ".join(map(cell, value)) + "]"
    return str(value)


def _fit(text: str, limits: Limits) -> str:
    """Return the text, white space escaped, cut to the width or wrapped to two lines."""
    text = "".join(c.encode("unicode_escape").decode() if c.isspace() else c for c in text)
    if len(text) <= limits.column_width:
        return text
    if not limits.wrap:
        return text[: limits.column_width - 4] + "..."
    lines = wrap(text, limits.column_width)
    if len(lines) == 1:
        return lines[0]
    second = lines[1]
    if len(second) >= limits.column_width:
        second = second[: limits.column_width - 4]
    return f"{lines[0]}\n{second} ..."


def head(columns: Mapping[str, Column], rows: int, limits: Limits) -> list[Table]:
    """Return the first rows as tables, pictures in words."""
    values = [_printable(take(column, slice(0, rows))) for column in columns.values()]
    return tables(list(columns), values, limits)


def _printable(column: Column) -> list:
    values = listing(column)
    if column.dtype is not Image:
        return values
    return [None if picture is None else text_of(picture) for picture in values]


def tables(names: list[str], columns: list[list], limits: Limits) -> list[Table]:
    """Spread columns over tables that are each less than `limits.row_width` wide."""
    out: list[Table] = []
    used = limits.row_width
    for name, values in list(zip(names, columns))[: limits.columns]:
        needed = max((len(_measured(value)) for value in values), default=limits.column_width)
        if used + min(limits.column_width, needed) >= limits.row_width:
            out.append(Table([], []))
        out[-1].headers.append(_fit(name, limits))
        out[-1].columns.append([_fit(cell(value), limits) for value in values])
        used = as_text(out[-1]).find("\n")
    if len(names) > limits.columns:
        out[-1].headers.append("...")
        out[-1].columns.append(["..."] * len(columns[0]))
    return out or [Table([], [])]


def _measured(value: Any) -> str:
    return str(list(value)) if isinstance(value, array) else str(value)
