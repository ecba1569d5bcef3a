r"""CSV text to lines, and lines to cells, in the dialect of Turi Create.

The rules are those of its `csv_line_tokenizer.cpp` and `parallel_csv_parser.cpp`. No other reader
knows them, pandas' neither:

- A line ends at `\n`, `\r` or `\r\n` outside of quotes. Any quote opens or closes them, also
  one inside of a value; what the escape character precedes does not.
- A backslash means something in quotes only: `C:\new` is a path, `"a\nb"` two lines.
- Blanks around a value go, blanks in quotes stay.
- An unquoted list or dictionary is one value, whatever commas are in it.
- The delimiter may have several characters; several blanks are one where it is a blank.

A cell is the text of a value with its quotes, without blanks around it (but those
after an unquoted list).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..columns.notation import SPACE, Notation

NEWLINES = ("\n", "\r", "\r\n")
LEADING = " \n\v\f\r"  # blanks that are skipped before a value; a tab may be a delimiter


@dataclass(frozen=True)
class Dialect:
    """The marks of a CSV file; '' for one that there is not."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = "\\"
    comment: str = ""
    double_quote: bool = True
    skip_initial_space: bool = True
    line_terminator: str = "\n"
    na_values: frozenset[str] = frozenset(["NA"])
    true_values: frozenset[str] = frozenset()
    false_values: frozenset[str] = frozenset()
    only_raw: bool = False  # words as in `na_values` count without quotes only

    @cached_property
    def notation(self) -> Notation:
        """How values are spelled in a cell."""
        return self._notation(skips=True)

    @cached_property
    def line_notation(self) -> Notation:
        """How they are spelled in a line: where a blank is the delimiter, none is skipped."""
        return self._notation(skips=not set(self.delimiter) & {" ", "\t"})

    def _notation(self, skips: bool) -> Notation:
        words: dict[str, Any] = dict.fromkeys(self.false_values, 0)
        words.update(dict.fromkeys(self.true_values, 1))
        words.update(dict.fromkeys(self.na_values))
        return Notation(self.delimiter, self.escape, words, not self.only_raw, skips)

    @property
    def joins_blanks(self) -> bool:
        """Whether values stand between blanks, as many as there are."""
        return bool(self.delimiter) and not self.delimiter.strip(LEADING)

    @property
    def one_value_a_line(self) -> bool:
        regular = self.line_terminator == "\n" and self.delimiter in NEWLINES
        return regular or self.delimiter == self.line_terminator

    @cached_property
    def newline(self) -> re.Pattern:
        if self.line_terminator == "\n":
            return re.compile(r"\r\n|\n|\r")
        return re.compile(re.escape(self.line_terminator) or r"(?!)")

    @cached_property
    def quoted(self) -> re.Pattern:
        """A text in quotes, the closing one included where it stands there."""
        if not self.quote:
            return re.compile(r"(?!)")
        quote, pair = re.escape(self.quote), ""
        if self.double_quote:
            pair = f"|{quote * 2}(?=.)"
        if self.escape == self.quote:
            return re.compile(f"{quote}(?:[^{quote}]+{pair})*{quote}?", re.DOTALL)
        skipped = f"|{re.escape(self.escape)}." if self.escape else ""
        other = f"[^{quote}{re.escape(self.escape)}]+"
        lone = f"|{re.escape(self.escape)}$" if self.escape else ""
        return re.compile(f"{quote}(?:{other}{skipped}{pair}{lone})*{quote}?", re.DOTALL)

    @cached_property
    def stop(self) -> re.Pattern:
        """What ends an unquoted value."""
        marks = [re.escape(mark) for mark in (self.comment, self.delimiter) if mark]
        return re.compile("|".join(marks) or r"(?!)")

    @cached_property
    def marks(self) -> re.Pattern:
        """What a line has that can't be split at its delimiters."""
        marks = (self.quote, self.comment, "[", "{")
        return re.compile("|".join(re.escape(mark) for mark in marks if mark))

    @cached_property
    def quotes(self) -> re.Pattern:
        """What counts for whether a line break is in quotes: escaped characters, comments."""
        parts = [re.escape(self.escape) + "." if self.escape else ""]
        parts += [re.escape(self.comment) + ".*" if self.comment else "", re.escape(self.quote)]
        return re.compile("|".join(part for part in parts if part), re.DOTALL)


def physical_line(text: str, start: int, dialect: Dialect) -> tuple[str, int]:
    """Return the line that starts there, whatever quotes there are, and where the next starts."""
    end = dialect.newline.search(text, start)
    return (text[start:], len(text)) if end is None else (text[start : end.start()], end.end())


def logical_lines(text: str, dialect: Dialect) -> list[str] | Iterator[str]:
    """Return the lines; a line break in quotes is part of its line."""
    if not dialect.quote or dialect.quote not in text:
        if dialect.line_terminator == "\n" and "\r" not in text:
            return text.split("\n")
        return dialect.newline.split(text)
    return _joined(text, dialect)


def _joined(text: str, dialect: Dialect) -> Iterator[str]:
    start = at = 0
    in_quotes = False
    for end in dialect.newline.finditer(text):
        in_quotes ^= _odd(text[at : end.start()], in_quotes, dialect)
        at = end.end()
        if not in_quotes:
            yield text[start : end.start()]
            start = at
    last = text[start:]
    end = dialect.newline.search(last, max(0, len(last) - len(dialect.line_terminator)))
    yield last if end is None else last[: end.start()]


def _odd(line: str, in_quotes: bool, dialect: Dialect) -> bool:
    """Return whether a line changes from inside to outside of quotes or the reverse."""
    if dialect.quote not in line:
        return False
    special = [mark for mark in (dialect.escape, dialect.comment) if mark and mark in line]
    if not special or special == [dialect.quote]:
        return line.count(dialect.quote) % 2 == 1
    now = in_quotes
    at = 0
    while True:
        found = dialect.quotes.search(line, at)
        if found is None:
            return now != in_quotes
        at = found.end()
        if found[0] == dialect.quote:
            now = not now
        elif dialect.comment and found[0].startswith(dialect.comment):
            if not now:
                return now != in_quotes
            at = found.start() + 1


def rows_of(lines: list[str], dialect: Dialect) -> list[list[str]]:
    """Return the cells of each line; none for an empty line or a comment."""
    delimiter = dialect.delimiter
    if dialect.one_value_a_line:
        return [[line.strip(SPACE)] for line in lines]
    if not delimiter or delimiter.strip(LEADING) != delimiter or not dialect.skip_initial_space:
        return [_stripped(cells(line, dialect)) for line in lines]
    if _are_plain(lines, dialect):
        return [line.split(delimiter) if line else [] for line in lines]
    return [_row(line, dialect) for line in lines]


def _are_plain(lines: list[str], dialect: Dialect) -> bool:
    """Return whether nothing but delimiters has a meaning in any line: the usual, fast case."""
    text = "".join(lines)
    marks = {dialect.quote, dialect.comment, "[", "{", *SPACE} - {"", dialect.delimiter}
    return not any(mark in text for mark in marks)


def _row(line: str, dialect: Dialect) -> list[str]:
    if dialect.marks.search(line):
        return _stripped(cells(line, dialect))
    if dialect.delimiter not in line and not line.strip(SPACE):
        return []
    return [cell.strip(SPACE) for cell in line.split(dialect.delimiter)]


def _stripped(found: list[str]) -> list[str]:
    return [cell.lstrip(SPACE) for cell in found]


def cells(line: str, dialect: Dialect) -> list[str]:
    """Return the cells of one line, with the blanks before them that are not to be skipped."""
    delimiter, width = dialect.delimiter, len(dialect.delimiter)
    found: list[str] = []
    at, after_delimiter = 0, False
    while at < len(line):
        is_delimiter = bool(delimiter) and line.startswith(delimiter, at)
        mark = delimiter[-1] if is_delimiter else line[at]
        if mark in LEADING and mark != dialect.quote and dialect.skip_initial_space:
            at += width if is_delimiter else 1
            continue
        if is_delimiter:
            found.append("")
            at, after_delimiter = at + width, True
            continue
        if mark == dialect.comment:
            return found
        cell, at, after_delimiter = _cell(line, at, dialect)
        found.append(cell)
    if after_delimiter:
        found.append("")
    return found


def _cell(line: str, at: int, dialect: Dialect) -> tuple[str, int, bool]:
    """Return the cell that starts there, where the next starts, and whether there is one."""
    mark, end = line[at], at + 1
    if mark == dialect.quote:
        quoted = dialect.quoted.match(line, at)
        assert quoted is not None  # it matches a lone quote
        end = quoted.end()
    elif mark in "[{":
        nested = _nested(line, at, dialect)
        if nested is not None:
            return nested
    stop = dialect.stop.search(line, end)
    cell = line[at : stop.start() if stop else len(line)].rstrip(SPACE)
    if stop is None or (stop[0] == dialect.comment and stop[0] != dialect.delimiter):
        return cell, len(line), False
    return cell, stop.end(), True


def _nested(line: str, at: int, dialect: Dialect) -> tuple[str, int, bool] | None:
    """Return an unquoted list or dictionary like `_cell`, None where a delimiter must follow."""
    end = dialect.line_notation.end(line, at)
    if end == at:
        return None
    after = end + len(line[end:]) - len(line[end:].lstrip(SPACE))
    if after == len(line):
        return line[at:end], after, False
    if dialect.delimiter and line.startswith(dialect.delimiter, after):
        return line[at:end], after + len(dialect.delimiter), True
    return (line[at:end], after, False) if dialect.joins_blanks else None


def is_open(cell: str, dialect: Dialect) -> bool:
    """Return whether a cell begins with a quote that is not closed."""
    return bool(dialect.quote) and cell.startswith(dialect.quote) and _odd(cell, False, dialect)
