"""CSV files: what is read from them in which dialect, and what is left out.

The dialect is that of Turi Create (`csv_lines`), the types too (`csv_cells`). pandas' reader is not
used: it takes a backslash for an escape outside of quotes, keeps blanks around values, cuts lines
that are too long and fills up those that are too short, splits unquoted lists at their commas,
names nameless columns otherwise, and knows one character as a delimiter.

Data that are left out are never left out without a word: a warning says how many and which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..columns.column import Column
from ..columns.kinds import NAMES
from ..columns.selecting import take
from ..columns.values import pack
from .csv_cells import Parsed, parsed
from .csv_lines import Dialect
from .csv_table import Table, bad_line, warn

# Other names of arguments, those of pandas.
ALIASES = {
    "sep": "delimiter",
    "quotechar": "quote_char",
    "doublequote": "double_quote",
    "lineterminator": "line_terminator",
    "comment": "comment_char",
}
INFERRED = 100  # rows whose types count, though fewer are asked for


def renamed(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options under Turi Create's names."""
    return {ALIASES.get(name, name): value for name, value in options.items()}


def read_csv(  # noqa: PLR0917 - Turi Create's arguments in its order
    url: str,
    delimiter: str | None = ",",
    header: bool = True,
    error_bad_lines: bool = False,
    comment_char: str | None = "",
    escape_char: str | None = "\\",
    double_quote: bool = True,
    quote_char: str | None = '"',
    skip_initial_space: bool = True,
    column_type_hints: Any = None,
    na_values: Any = ("NA",),
    line_terminator: str | None = "\n",
    usecols: Iterable[str] = (),
    nrows: int | None = None,
    skiprows: int = 0,
    verbose: bool = True,
    nrows_to_infer: int = INFERRED,
    true_values: Iterable[str] = (),
    false_values: Iterable[str] = (),
    _only_raw_string_substitutions: bool = False,
    store_errors: bool = False,
) -> tuple[dict[str, Column], dict[str, Column]]:
    """Return the columns of CSV files, and by path the lines that are left out.

    `url` is a file (.gz too), a folder, a pattern (`*.csv`), or an address. A column is of the
    type that fits all its cells: int, float, array, list, dict, str. `column_type_hints` is one
    type, a list or a dict of types by column. Lines with too many or too few values, and rows with
    a value that is not of a hinted type, are left out: with a warning; without, and in the second
    result, with `store_errors`; RuntimeError with `error_bad_lines`. `verbose` is accepted:
    nothing is printed.

    Raises OSError where there is no file, UnicodeError where it is not UTF-8.
    """
    na_values = [na_values] if isinstance(na_values, str) else na_values
    dialect = Dialect(
        delimiter=delimiter or "",
        quote="" if quote_char is None else (quote_char[:1] or '"'),
        escape=(escape_char or "")[:1],
        comment=(comment_char or "")[:1],
        double_quote=bool(double_quote),
        skip_initial_space=bool(skip_initial_space),
        line_terminator=line_terminator or "",
        na_values=frozenset(na_values or ()),
        true_values=frozenset(true_values),
        false_values=frozenset(false_values),
        only_raw=_only_raw_string_substitutions,
    )
    _check_hints(column_type_hints)
    limit = nrows or None
    enough = None if limit is None or column_type_hints else max(limit, nrows_to_infer)
    table = Table(dialect, header, skiprows, enough, error_bad_lines)
    table.read(url)
    kept = _positions(table.names, list(usecols or ()))
    hints = _hints(column_type_hints, list(kept))
    columns = {
        name: parsed(table.columns[position], hints.get(name), dialect)
        for name, position in kept.items()
    }
    _warn_of_cuts(columns, table)
    whole = _without_wrong_rows(columns, table, limit)
    bad = _by_path(table)
    if not store_errors:
        _warn_of_lines(bad)
    return whole, {path: pack(lines, str) for path, lines in bad.items()}


# --- columns --------------------------------------------------------------------------------------


def _positions(names: list[str], usecols: list[str]) -> dict[str, int]:
    """Return the columns asked for and where they are; X2 is the second one."""
    if not usecols or not names:
        return {name: position for position, name in enumerate(names)}
    positions = {}
    for name in usecols:
        number = re.fullmatch(r"X([1-9]\d*)", name)
        if name in names:
            positions[name] = names.index(name)
        elif number and int(number[1]) <= len(names):
            positions[name] = int(number[1]) - 1
        else:
            raise RuntimeError(f"Cannot find column name: {name}")
    return positions


def _check_hints(given: Any) -> None:
    if given is not None and not isinstance(given, (type, list, dict)):
        raise TypeError(
            "Invalid type for column_type_hints. Must be a dictionary, list or a single type."
        )


def _hints(given: Any, names: list[str]) -> dict[str, type]:
    """Return the types asked for by column; a warning names those of no column."""
    if isinstance(given, type):
        return dict.fromkeys(names, given)
    if isinstance(given, list):
        if names and len(given) != len(names):
            raise RuntimeError(
                "column_type_hints has different size from actual number of columns: "
                f"column_type_hints.size()={len(given)};number of columns={len(names)}"
            )
        return dict(zip(names, given))
    unused_hints = [name for name in given or () if name not in names] if names else []
    if unused_hints:
        warn(f"These column type hints were not used: {' '.join(map(str, unused_hints))}")
    return dict(given or {})


def _without_wrong_rows(
    columns: dict[str, Parsed], table: Table, limit: int | None
) -> dict[str, Column]:
    """Return the columns without the rows that do not fit a hint, and not more than `limit`."""
    wrong = sorted({row for column in columns.values() for row in column.wrong})
    if wrong and table.strict:
        raise bad_line(table.lines[wrong[0]])
    table.bad += map(table.origin, wrong)
    if not wrong and (limit is None or limit >= len(table.lines)):
        return {name: column.column for name, column in columns.items()}
    rows = np.delete(np.arange(len(table.lines)), wrong)[:limit]
    return {name: take(column.column, rows) for name, column in columns.items()}


def _by_path(table: Table) -> dict[str, list[str]]:
    """Return the lines that are left out, in their order."""
    found: dict[str, list[str]] = {}
    for line in sorted(table.bad):
        found.setdefault(line.path, []).append(line.text)
    return found


# --- warnings -------------------------------------------------------------------------------------


def _warn_of_cuts(columns: dict[str, Parsed], table: Table) -> None:
    for name, column in columns.items():
        if column.cut:
            values = "1 value was" if len(column.cut) == 1 else f"{len(column.cut)} values were"
            first = table.origin(column.cut[0])
            warn(
                f"{first.path}: {values} cut in column {name} to the "
                f"{NAMES.get(column.column.dtype)} at their start (the first: {first.text[:80]!r})."
            )


def _warn_of_lines(bad: dict[str, list[str]]) -> None:
    for path, lines in bad.items():
        number = "1 line was" if len(lines) == 1 else f"{len(lines)} lines were"
        warn(
            f"{path}: {number} left out, for another number of values than columns or a value "
            f"that is not of the type asked for (the first: {lines[0][:80]!r})."
        )
