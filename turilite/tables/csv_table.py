"""Rows of cells from CSV files: which files, which names, which lines are none."""

from __future__ import annotations

import gzip
import re
import sys
import warnings
from array import array
from dataclasses import dataclass, field
from fnmatch import translate
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from ..columns.names import unused
from ..columns.notation import SPACE
from ..errors import SFrameFormatError
from ..format.recognize import by_signature
from .csv_cells import inside
from .csv_lines import LEADING, Dialect, cells, is_open, logical_lines, physical_line, rows_of

PACKAGE = __name__.split(".")[0]
CHUNK = 20_000  # lines at once: a few rows of a large file are read quickly


def warn(sentence: str) -> None:
    """Warn at the first line outside of this package, whatever wraps its methods."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").split(".")[0] == PACKAGE:
        frame, level = frame.f_back, level + 1
    warnings.warn(sentence, stacklevel=level)


def bad_line(line: str) -> RuntimeError:
    """Return the error of a line that is no row, where it is not to be left out."""
    return RuntimeError(f'Unable to parse line "{line[:256]}"')


class Line(NamedTuple):
    """A line that is left out: of the file at `path`, number `number` after the header."""

    path: str
    number: int
    text: str


@dataclass
class Table:
    """The rows of one or several files with the same columns.

    `enough` rows are read, None: all. `strict` says that a line that is no row is an error.
    """

    dialect: Dialect
    header: bool = True
    skiprows: int = 0
    enough: int | None = None
    strict: bool = False
    names: list[str] = field(default_factory=list)
    columns: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # that the rows are from
    numbers: array = field(default_factory=lambda: array("q"))  # of these lines
    origins: list[tuple[str, int]] = field(default_factory=list)  # files, and their first rows
    bad: list[Line] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return self.enough is not None and len(self.lines) >= self.enough

    def read(self, url: str) -> None:
        """Read the files of a path, folder, pattern or address; the first names the columns."""
        for path in _files(url):
            text = "" if self.full else _text(path)
            if text:
                self._add_file(path, text)

    def origin(self, row: int) -> Line:
        """Return the line that a row is from."""
        path = next(path for path, first in reversed(self.origins) if first <= row)
        return Line(path, self.numbers[row], self.lines[row].strip(SPACE))

    def _add_file(self, path: str, text: str) -> None:
        names, start = self._header(text)
        if not self.names:
            if not names:
                raise RuntimeError(f"{path}: 0 columns found")
            self.names = _unique(names)
            self.columns = [[] for _ in names]
        elif self.header and len(names) != len(self.names):
            found = f"{len(names)} and not {len(self.names)} columns"
            warn(f"{path} was left out, since it has {found}.")
            return
        self.origins.append((path, len(self.lines)))
        lines = list(logical_lines(text[start:], self.dialect))
        if not lines[-1]:  # what follows the last line end
            lines.pop()
        for first in range(0, len(lines), CHUNK):
            self._add_lines(path, lines[first : first + CHUNK], first)
            if self.full:
                for values in (self.lines, *self.columns):
                    del values[self.enough :]
                return

    def _header(self, text: str) -> tuple[list[str], int]:
        """Return the names of the columns, and where the values start."""
        dialect, start = self.dialect, 0
        for _ in range(self.skiprows):
            _, start = physical_line(text, start, dialect)
        found: list[str] = []
        end = start
        while not found and end < len(text):
            line, end = _header_line(text, end, dialect)
            line = line.strip(LEADING if "\t" in dialect.delimiter else SPACE)
            found = [line] if dialect.one_value_a_line else cells(line, dialect)
        if not self.header:
            return [f"X{number + 1}" for number in range(len(found))], start
        return [_name(cell, dialect) for cell in found], end

    def _add_lines(self, path: str, lines: list[str], first: int) -> None:
        """Add the rows of the lines, and the lines that are none."""
        rows = rows_of(lines, self.dialect)
        numbers = range(first, first + len(rows))
        if set(map(len, rows)) != {len(self.names)}:
            lines, rows, numbers = self._fitting(path, lines, rows, first)
        self.numbers.extend(numbers)
        self.lines += lines
        for column, values in zip(self.columns, zip(*rows)):
            column.extend(values)

    def _fitting(self, path: str, lines: list[str], rows: list[list[str]], first: int) -> tuple:
        """Return the lines that are rows, with their cells and numbers; leave the others out."""
        kept = []
        for number, (line, row) in enumerate(zip(lines, rows), first):
            if self._fits(row):
                kept.append((line, row, number))
            else:
                self._leave_out(Line(path, number, line.strip(SPACE)))
        return tuple(zip(*kept)) or ((), (), ())

    def _fits(self, row: list[str]) -> bool:
        """Return whether there are as many cells as columns; blanks at the end are no cells."""
        width = len(self.names)
        surplus = row[width:] if self.dialect.joins_blanks else []
        return len(row) == width or (bool(surplus) and not any(surplus))

    def _leave_out(self, line: Line) -> None:
        """Note a line that is no row, unless it is empty or a comment."""
        if not line.text or line.text[0] == (self.dialect.comment or "#"):
            return
        if self.strict:
            raise bad_line(line.text)
        self.bad.append(line)


# --- files ----------------------------------------------------------------------------------------


def _files(url: str) -> list[str]:
    """Return the files of a path, folder or pattern, without folders in it; OSError if none."""
    if not url.strip():
        raise ValueError("the path is empty")
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
    """Return the text of a file or address without a byte order mark.

    Raises SFrameFormatError where it is something else beyond doubt, as a Git LFS pointer.
    """
    if "://" in path:
        with urlopen(path) as answer:
            data = answer.read()
    else:
        data = Path(path).read_bytes()
    if path.endswith(".gz"):
        data = gzip.decompress(data) if data else b""
    other = by_signature(data)
    if other:
        raise SFrameFormatError(path, other)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise UnicodeError(
            f"{path}, line {line}, is not UTF-8 text: save the file as UTF-8 and read it again."
        ) from None


# --- names ----------------------------------------------------------------------------------------


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
