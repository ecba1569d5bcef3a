"""CSV files: read by pandas, typed as Turi Create types them, written as it writes them."""

from __future__ import annotations

import csv
import gzip
import re
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Callable

import pandas as pd

from ..columns.column import Column
from ..columns.iterating import each
from ..columns.kinds import NAMES
from ..columns.values import pack, parse, text

INTEGER = re.compile(r"\s*[-+]?\d+")
CONTROL = {ord("\n"): "\\n", ord("\t"): "\\t", ord("\r"): "\\r"}
# Other names of arguments, those of pandas.
ALIASES = {
    "sep": "delimiter",
    "quotechar": "quote_char",
    "doublequote": "double_quote",
    "lineterminator": "line_terminator",
    "comment": "comment_char",
}


def renamed(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options under Turi Create's names."""
    return {ALIASES.get(name, name): value for name, value in options.items()}


def read_csv(  # noqa: PLR0917 - Turi Create's arguments in its order
    path: str,
    delimiter: str = ",",
    header: bool = True,
    column_type_hints: Any = None,
    na_values: Any = ("NA",),
    comment_char: str = "",
    quote_char: str = '"',
    escape_char: str | None = "\\",
    skip_initial_space: bool = True,
    usecols: list[str] | None = None,
    nrows: int | None = None,
    skiprows: int = 0,
    error_bad_lines: bool = False,
    double_quote: bool = True,
    line_terminator: str = "\n",
    verbose: bool = True,
    nrows_to_infer: int = 100,
) -> dict[str, Column]:
    """Return the columns of a CSV file (or address), a .gz file included.

    A column is of the first type that fits all its values: int, float, array, list, dict, str.
    (Turi Create looks at `nrows_to_infer` rows only and drops later rows that don't fit.)
    `column_type_hints` is one type, a list or a dict of types by column. Lines with too many
    values are left out, or raise RuntimeError with `error_bad_lines`. `verbose` is accepted:
    nothing is printed. Raises RuntimeError where a value is none of the type asked for.
    """
    na_values = [na_values] if isinstance(na_values, str) else list(na_values or ())
    try:
        cells = pd.read_csv(
            path, sep=delimiter, header=0 if header else None, dtype=str, keep_default_na=False,
            comment=comment_char or None, quotechar=quote_char, escapechar=escape_char,
            doublequote=double_quote, quoting=csv.QUOTE_MINIMAL if quote_char else csv.QUOTE_NONE,
            lineterminator=None if line_terminator in ("\n", "\r\n") else line_terminator,
            skipinitialspace=skip_initial_space, usecols=usecols or None, nrows=nrows,
            skiprows=skiprows, on_bad_lines="error" if error_bad_lines else "skip",
            engine="c" if len(delimiter) == 1 else "python", index_col=False,
        )  # fmt: skip
    except pd.errors.EmptyDataError:
        return {}
    except pd.errors.ParserError as problem:
        raise RuntimeError(f"{path}: {problem}") from None
    hints = _hints(column_type_hints, cells.columns)
    columns = {}
    for position, name in enumerate(cells.columns):
        column = [None if cell in na_values else cell for cell in cells.iloc[:, position]]
        title = str(name) if header else f"X{position + 1}"
        columns[title] = _typed(column, hints.get(name), path, title)
    return columns


def _hints(given: Any, names: Any) -> dict[Any, type]:
    """Return the types asked for by column; TypeError where it is unclear what is."""
    if given is None or isinstance(given, dict):
        return given or {}
    if isinstance(given, type):
        return dict.fromkeys(names, given)
    if isinstance(given, list):
        return dict(zip(names, given))
    raise TypeError(
        "Invalid type for column_type_hints. Must be a dictionary, list or a single type."
    )


def _typed(cells: list[str | None], hint: type | None, path: str, name: str) -> Column:
    """Return a column of the hinted type, else of the first that fits."""
    types = (hint,) if hint else (int, float, array, list, dict, str)
    if not any(cells):
        types = (hint or str,)
    for dtype in types:
        if dtype is str:
            return pack(cells, str)
        try:
            return pack([_parsed(cell, dtype) for cell in cells], dtype)
        except ValueError as problem:
            reason = problem
    raise RuntimeError(f"{path}, column {name}: {reason} ({NAMES.get(hint, hint)} was asked for)")


def _parsed(cell: str | None, dtype: type) -> Any:
    """Return the value in a cell; an empty one is missing."""
    if not cell:
        return None
    if dtype is int and not INTEGER.fullmatch(cell):
        raise ValueError(f"{cell!r} is no integer")
    return parse(cell.strip(), dtype)


def write_csv(  # noqa: PLR0917
    columns: Mapping[str, Column],
    filename: str,
    delimiter: str = ",",
    line_terminator: str = "\n",
    header: bool = True,
    quote_level: int = csv.QUOTE_NONNUMERIC,
    na_rep: str = "",
    double_quote: bool = True,
    escape_char: str = "\\",
    quote_char: str = '"',
    file_header: str = "",
    file_footer: str = "",
    line_prefix: str = "",
) -> None:
    """Write columns; lists, vectors, dictionaries and strings that need it are quoted."""
    inner = quote_char if double_quote else escape_char

    def quoted(string: str) -> str:
        escaped = string.replace(escape_char, escape_char * 2).translate(CONTROL)
        return quote_char + escaped.replace(quote_char, inner + quote_char) + quote_char

    special = set("\t\r\n\b") | {escape_char, quote_char, delimiter[:1], line_terminator[:1]}

    def write(value: Any) -> str:
        if value is None:
            return na_rep
        # All digits of a float: Turi Create writes six.
        spelled = repr(value) if isinstance(value, float) else text(value)
        if quote_level == csv.QUOTE_ALL:
            return quoted(spelled)
        if quote_level == csv.QUOTE_NONE or isinstance(value, (int, float)):
            return spelled
        bare = isinstance(value, str) and not special & set(value)
        return spelled if bare and (spelled or len(columns) > 1) else quoted(spelled)

    rows = zip(*map(each, columns.values()))
    lines = [delimiter.join(columns)] if header else []
    lines += [line_prefix + delimiter.join(map(write, row)) for row in rows]
    body = [file_header] * bool(file_header) + lines + [file_footer] * bool(file_footer)
    opener: Callable = gzip.open if filename.endswith(".gz") else open
    with opener(Path(filename), "wt", encoding="utf-8", newline="") as file:
        file.writelines(line + line_terminator for line in body)
