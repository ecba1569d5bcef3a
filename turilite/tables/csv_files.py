"""CSV files: what is read from them in which dialect, and what is left out.

The dialect is that of Turi Create (`csv_lines`), the types too (`csv_cells`). pandas' reader is not
used: it takes a backslash for an escape outside of quotes, keeps blanks around values, cuts lines
that are too long and fills up those that are too short, splits unquoted lists at their commas,
names nameless columns otherwise, and knows one character as a delimiter.

Data that are left out are never left out without a word: a warning says how many and which.
"""

from __future__ import annotations

import gzip
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np

from ..columns.column import Column
from ..columns.kinds import NAMES
from ..columns.names import unused
from ..columns.notation import SPACE
from ..columns.selecting import take
from ..columns.values import pack
from .csv_cells import Parsed, inside, parsed
from .csv_lines import Dialect, cells, is_open, logical_lines, physical_line, rows_of

# Other names of arguments, those of pandas.
ALIASES = {
    "sep": "delimiter",
    "quotechar": "quote_char",
    "doublequote": "double_quote",
    "lineterminator": "line_terminator",
    "comment": "comment_char",
}
CHUNK = 100_000  # lines at once, so that a few rows of a large file are read quickly
INFERRED = 100  # rows whose types count, though fewer are asked for


def renamed(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options under Turi Create's names."""
    return {ALIASES.get(name, name): value for name, value in options.items()}


@dataclass
class Table:
    """What is read of one or several files of the same columns."""

    names: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # that the rows are from
    origins: list[tuple[str, int]] = field(default_factory=list)  # files, and their first rows
    bad: dict[str, list[str]] = field(default_factory=dict)  # lines that are left out, by file


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

    `url` is a file (.gz too), a folder, a pattern such as `*.csv`, or an address. A column is of the
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
    table = _read(url, dialect, header, skiprows, enough, error_bad_lines)
    kept = _positions(table.names, list(usecols or ()))
    hints = _hints(column_type_hints, list(kept))
    columns = {
        name: parsed([row[position] for row in table.rows], hints.get(name), dialect)
        for name, position in kept.items()
    }
    whole = _without_wrong_rows(columns, table, hints, limit, error_bad_lines)
    if not store_errors:
        _warn_of_lines(table)
    return whole, {path: pack(lines, str) for path, lines in table.bad.items()}


# --- files ----------------------------------------------------------------------------------------


def _files(url: str) -> list[str]:
    """Return the files of a path, folder or pattern, without empty ones; OSError if none."""
    if "://" in url:
        return [url]
    given = url.strip()
    path = Path(given).expanduser().absolute()
    if path.is_file():
        return [str(path)]
    if path.is_dir():
        folder, matches = path, re.compile("")
    else:
        folder, matches = path.parent, re.compile(translate(path.name))
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    files = [str(file) for file in found if file.is_file() and matches.match(file.name)]
    if not files:
        raise OSError(f"No files corresponding to the specified path ({path}).")
    return files


def _text(path: str) -> str:
    """Return the text of a file or address without a byte order mark."""
    if "://" in path:
        with urlopen(path) as answer:  # noqa: S310 - the user's own address
            data = answer.read()
    else:
        data = Path(path).read_bytes()
    if path.endswith(".gz"):
        data = gzip.decompress(data) if data else b""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise UnicodeError(
            f"{path}, line {line}, is not UTF-8 text: save the file as UTF-8 and read it again."
        ) from None


def _read(
    url: str,
    dialect: Dialect,
    header: bool,
    skiprows: int,
    enough: int | None,
    error_bad_lines: bool,
) -> Table:
    """Return the rows of all files, to `enough` rows; the first file names the columns."""
    table = Table()
    texts = [(path, text) for path in _files(url) for text in [_text(path)] if text]
    for path, text in texts:
        if enough is not None and len(table.rows) >= enough:
            break
        names, start = _header(text, dialect, header, skiprows)
        if not table.names:
            if not names:
                raise RuntimeError(f"{path}: 0 columns found")
            table.names = _unique(names)
        elif header and len(names) != len(table.names):
            warnings.warn(
                f"{path} was left out, since it has {len(names)} and not {len(table.names)} columns.",
                stacklevel=4,
            )
            continue
        table.origins.append((path, len(table.rows)))
        lines = list(logical_lines(text[start:], dialect))
        _add_lines(table, path, lines, dialect, enough, error_bad_lines)
    return table


def _header(text: str, dialect: Dialect, header: bool, skiprows: int) -> tuple[list[str], int]:
    """Return the names of the columns, and where the values start."""
    start = 0
    for _ in range(skiprows):
        _, start = physical_line(text, start, dialect)
    found: list[str] = []
    end = start
    while not found and end < len(text):
        line, end = _header_line(text, end, dialect)
        found = cells(line.strip(SPACE) if dialect.joins_blanks else line, dialect)
    if not header:
        return [f"X{number + 1}" for number in range(len(found))], start
    return [_name(cell, dialect) for cell in found], end


def _header_line(text: str, start: int, dialect: Dialect) -> tuple[str, int]:
    """Return the line that starts there; with the next ones where a quote is open at its end."""
    line, after = physical_line(text, start, dialect)
    longer, end = line, after
    while True:
        found = cells(longer, dialect)
        if not (found and is_open(found[-1], dialect)):
            return longer, end
        if end == len(text):
            return line, after
        begin = end
        more, end = physical_line(text, begin, dialect)
        longer = text[start : begin + len(more)]


def _name(cell: str, dialect: Dialect) -> str:
    """Return the name in a cell of the header; a quote at one end only is dropped too."""
    quote = dialect.quote
    name = inside(cell, dialect)
    if name is not cell or not quote:
        return name
    name = name[1:] if name.startswith(quote) else name
    return name[:-1] if name.endswith(quote) else name


def _unique(names: list[str]) -> list[str]:
    """Return the names without doubles: a second `a` is `a.1`, one without a name `X1`."""
    unique: list[str] = []
    taken = set(names)
    for name in names:
        if name in unique:
            others = (f"{name}.{number}" for number in count(1))
            unique.append(next(other for other in others if other not in taken))
            taken.add(unique[-1])
        else:
            unique.append(name)
    return [name or unused(f"X{number}", taken) for number, name in enumerate(unique, 1)]


def _add_lines(
    table: Table,
    path: str,
    lines: list[str],
    dialect: Dialect,
    enough: int | None,
    error_bad_lines: bool,
) -> None:
    """Add the rows of the lines, to `enough` in all, and the lines that are none."""
    width = len(table.names)
    for start in range(0, len(lines), CHUNK):
        some = lines[start : start + CHUNK]
        rows = rows_of(some, dialect)
        if set(map(len, rows)) != {width}:
            some, rows = _fitting(table, path, some, rows, dialect, error_bad_lines)
        table.rows += rows
        table.lines += some
        if enough is not None and len(table.rows) >= enough:
            del table.rows[enough:], table.lines[enough:]
            return


def _fitting(
    table: Table,
    path: str,
    lines: list[str],
    rows: list[list[str]],
    dialect: Dialect,
    error_bad_lines: bool,
) -> tuple[list[str], list[list[str]]]:
    """Return the lines and rows that have as many values as there are columns."""
    width = len(table.names)
    kept_lines, kept_rows = [], []
    for line, row in zip(lines, rows):
        surplus = row[width:] if dialect.joins_blanks else ()
        if len(row) == width or (surplus and not any(surplus)):
            kept_lines.append(line)
            kept_rows.append(row)
        else:
            _leave_out(table, path, line, dialect, error_bad_lines)
    return kept_lines, kept_rows


def _leave_out(table: Table, path: str, line: str, dialect: Dialect, error_bad_lines: bool) -> None:
    """Note a line that is left out, where it is neither empty nor a comment."""
    trimmed = line.strip(SPACE)
    if not trimmed or trimmed[0] == (dialect.comment or "#"):
        return
    if error_bad_lines:
        raise RuntimeError(f'Unable to parse line "{line[:256]}"')
    table.bad.setdefault(path, []).append(trimmed)


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
    unused_hints = sorted(set(given or ()) - set(names)) if names else []
    if unused_hints:
        warnings.warn(
            f"These column type hints were not used: {' '.join(unused_hints)}", stacklevel=5
        )
    return dict(given or {})


def _without_wrong_rows(
    columns: dict[str, Parsed],
    table: Table,
    hints: dict[str, type],
    limit: int | None,
    error_bad_lines: bool,
) -> dict[str, Column]:
    """Return the columns without the rows that do not fit a hint, and not more than `limit`."""
    wrong = sorted({row for column in columns.values() for row in column.wrong})
    if wrong and error_bad_lines:
        raise RuntimeError(f'Unable to parse line "{table.lines[wrong[0]][:256]}"')
    for row in wrong:
        path = next(path for path, first in reversed(table.origins) if first <= row)
        table.bad.setdefault(path, []).append(table.lines[row].strip(SPACE))
    rows: Any = slice(0, limit)
    if wrong:
        rows = np.delete(np.arange(len(table.rows)), wrong)[:limit]
    for name, column in columns.items():
        if column.cut:
            row, kind = column.cut[0], NAMES.get(hints.get(name), "value")
            warnings.warn(
                f"{_place(table)}: {len(column.cut)} values of column {name} were cut to the "
                f"{kind} that they begin with (the first: {table.lines[row][:80]!r}).",
                stacklevel=4,
            )
    if not wrong and (limit is None or limit >= len(table.rows)):
        return {name: column.column for name, column in columns.items()}
    return {name: take(column.column, rows) for name, column in columns.items()}


def _place(table: Table) -> str:
    paths = [path for path, _ in table.origins]
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more files"


def _warn_of_lines(table: Table) -> None:
    for path, lines in table.bad.items():
        number = f"{len(lines)} lines were" if len(lines) > 1 else "1 line was"
        warnings.warn(
            f"{path}: {number} left out, for another number of values than columns or a value "
            f"that is not of the type asked for (the first: {lines[0][:80]!r}).",
            stacklevel=4,
        )
