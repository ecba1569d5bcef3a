r"""Columns to CSV files, so that `read_csv` gives them back.

The text is that of Turi Create's `csv_writer.cpp` where that is read back as it was. It is another
one where Turi Create loses something:

- Floats and vectors have all their digits (there: six), whole floats a point (`1.0`).
- Texts with blanks around them, with quotes, and those that begin like a list are quoted.
- A backslash is always doubled (there: not before u and x), and so is a quote in quotes.
- A missing text is NA (there: nothing, which is an empty text), so is a missing value where
  nothing would be no value: alone in its line, in a list by itself, between blanks, in quotes.
- The text NA is `"\u004eA"`, which no reader takes for a missing value but for a text.
- A mark that has no escape sequence of its own is one such as `\u007c`.
"""

from __future__ import annotations

import csv
import gzip
import re
import secrets
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ..columns.column import Column
from ..columns.iterating import each
from ..columns.kinds import kind_of
from ..columns.notation import LETTERS, SPACE
from ..columns.values import text
from .csv_lines import LEADING

MISSING = "NA"  # what `read_csv` takes for a missing value unless told otherwise
SPELLED = {meaning: letter for letter, meaning in LETTERS.items() if letter in "tbrn"}


def write_csv(  # noqa: PLR0917 - Turi Create's arguments in its order
    columns: Mapping[str, Column],
    filename: str,
    delimiter: str = ",",
    line_terminator: str = "\n",
    header: bool = True,
    quote_level: int = csv.QUOTE_NONNUMERIC,
    double_quote: bool = True,
    escape_char: str | None = "\\",
    quote_char: str | None = '"',
    na_rep: str = "",
    file_header: str = "",
    file_footer: str = "",
    line_prefix: str = "",
    _no_prefix_on_first_value: bool = False,
) -> None:
    """Write columns, compressed where the name ends in .gz.

    `read_csv` with the same marks, and the types of the columns for hints, gives them back at every
    `quote_level` but QUOTE_NONE, which can't hold all texts. Pictures are only described. Raises
    ValueError for a text that the marks can't express.
    """
    if quote_level not in range(4):
        raise RuntimeError("Invalid quote level")
    writer = Writer(
        delimiter=delimiter or ",",
        line_terminator=line_terminator or "\n",
        quote=(quote_char or '"')[:1],
        escape="" if escape_char == quote_char else (escape_char or "")[:1],
        double_quote=bool(double_quote),
        level=quote_level,
        missing=na_rep,
        alone=len(columns) == 1,
    )
    writer.check()
    lines = [delimiter.join(map(writer.name, columns))] if header and columns else []
    cells = [map(writer.speller(column), each(column)) for column in columns.values()]
    rows = (line_prefix + writer.delimiter.join(row) for row in zip(*cells))
    if _no_prefix_on_first_value:
        rows = chain((row[len(line_prefix) :] for row in islice(rows, 1)), rows)
    footer = [file_footer] if file_footer and columns else []
    body = chain([file_header] if file_header else [], lines, rows, footer)
    with _new_file(Path(filename).expanduser()) as draft:
        opener: Callable = gzip.open if str(filename).endswith(".gz") else open
        with opener(draft, "wt", encoding="utf-8", newline="") as file:
            file.writelines(line + writer.line_terminator for line in body)


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """Give the path of a draft, which takes the place of the file when all is written.

    What is no file, as a pipe, is written to at once.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    path = path.resolve()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        with suppress(OSError):
            draft.unlink()


@dataclass(frozen=True)
class Writer:
    """The marks of a file, and values spelled with them; '' for no escape character."""

    delimiter: str
    line_terminator: str
    quote: str
    escape: str
    double_quote: bool
    level: int
    missing: str
    alone: bool  # a value is all of its line

    def check(self) -> None:
        """Raise ValueError where one mark stands for two things, so that nothing can be read."""
        marks = [mark for mark in (self.quote, self.escape, self.delimiter[0]) if mark]
        mixed = len(set(marks)) < len(marks) or self.line_terminator[0] in marks[:-1]
        if mixed or self.line_terminator == self.delimiter:
            raise ValueError("The delimiter, quotes, escape character and line end must differ.")

    @cached_property
    def special(self) -> re.Pattern:
        """What a text outside of quotes must not have."""
        marks = {"\t", "\r", "\n", "\b", "\\", "\ufeff", self.escape, self.quote}
        marks |= {self.delimiter[0], self.line_terminator[0]}
        inside = "".join(map(re.escape, sorted(marks - {""})))
        nothing = r"|^\Z" if self.blank_is_lost else ""
        return re.compile(rf"[{inside}]|^[{SPACE}\[{{]|[{SPACE}]\Z{nothing}")

    @cached_property
    def blank_is_lost(self) -> bool:
        """Whether a value of no characters is none: alone in a line, or between blanks."""
        return self.alone or self.delimiter[-1] in LEADING

    @cached_property
    def words(self) -> set[str]:
        """Texts that are taken for a missing value."""
        return {MISSING, self.missing} - {""}

    @cached_property
    def marks(self) -> dict[int, str]:
        """What stands for each special character in quotes."""
        marks = self._sequences()
        marks[ord(self.quote)] = self.quote * 2 if self.double_quote else self._mark(self.quote)
        return marks

    @cached_property
    def inner_marks(self) -> dict[int, str]:
        """The same inside of a list or dictionary."""
        quote = self.inner_quote
        return {**self._sequences(), ord(quote): self._mark(quote) if self.escape else quote * 2}

    @property
    def inner_quote(self) -> str:
        return "'" if self.quote == "'" and self.escape else '"'

    def _sequences(self) -> dict[int, str]:
        if not self.escape:
            return {}
        marks = {ord(meaning): self.escape + letter for meaning, letter in SPELLED.items()}
        return {**marks, ord(self.escape): self._mark(self.escape), ord("\\"): self._mark("\\")}

    def _mark(self, character: str) -> str:
        """Return the escape sequence of a character."""
        if not self.escape:
            return character
        plain = character in LETTERS and not character.isalnum()
        return self.escape + (character if plain else f"u{ord(character):04x}")

    # --- cells --------------------------------------------------------------------------------

    def name(self, name: str) -> str:
        return self._string(name, set())

    def speller(self, column: Column) -> Callable[[Any], str]:
        """Return the function that spells the values of a column."""
        nothing = self._nothing(column.dtype)
        spelled = SPELLERS.get(column.dtype, Writer._value)
        return lambda value: nothing if value is None else spelled(self, value)

    def _nothing(self, dtype: type | None) -> str:
        """Return what stands for a missing value."""
        if self.level == csv.QUOTE_ALL:
            return self.quote + (self.missing or MISSING) + self.quote
        return self.missing or (MISSING if dtype is str or self.blank_is_lost else "")

    def _number(self, value: Any) -> str:
        spelled = repr(value)
        if self.level == csv.QUOTE_ALL or self.special.search(spelled):
            return self._quoted(spelled)
        return spelled

    def _text(self, value: str) -> str:
        return self._string(value, self.words)

    def _string(self, value: str, words: set[str]) -> str:
        if self.level == csv.QUOTE_NONE:
            return self._unquoted(value)
        if value in words:
            return self.quote + self._hidden(value, self.marks) + self.quote
        if self.level == csv.QUOTE_ALL or self.special.search(value):
            return self._quoted(value)
        return value

    def _value(self, value: Any) -> str:
        spelled = self._inner(value) if isinstance(value, (list, dict)) else _vector(value)
        return spelled if self.level == csv.QUOTE_NONE else self._quoted(spelled)

    def _quoted(self, value: str) -> str:
        if self.quote in value and not (self.double_quote or self.escape):
            raise ValueError(
                f"{value!r} can't be written with neither `double_quote` nor an `escape_char`: "
                "give one of them."
            )
        return self.quote + value.translate(self.marks) + self.quote

    def _unquoted(self, value: str) -> str:
        """Return a text with escape sequences but without quotes, as Turi Create writes it."""
        if not self.special.search(value):
            return value or (self.quote * 2 if self.alone else "")
        marks = {**self.marks}
        if not self.double_quote:
            del marks[ord(self.quote)]
        return value.translate(marks)

    def _hidden(self, word: str, marks: dict[int, str]) -> str:
        """Return a text that is not to be taken for a missing value, in escape sequences."""
        if not self.escape or ord(word[0]) > 0xFFFF:
            return word.translate(marks)
        return f"{self.escape}u{ord(word[0]):04x}" + word[1:].translate(marks)

    def _inner_text(self, value: str) -> str:
        marks = self.inner_marks
        spelled = self._hidden(value, marks) if value in self.words else value.translate(marks)
        return self.inner_quote + spelled + self.inner_quote

    def _inner(self, value: Any) -> str:
        """Return a value inside of a list or dictionary."""
        if value is None:
            return ""
        if isinstance(value, dict):
            pairs = (f"{self._inner(key)}:{self._inner(item)}" for key, item in value.items())
            return "{" + ",".join(pairs) + "}"
        if isinstance(value, str):
            return self._inner_text(value)
        if isinstance(value, (list, array)):
            if list(value) == [None]:  # nothing between brackets is no value
                return f"[{self.missing or MISSING}]"
            return "[" + ",".join(map(self._inner, value)) + "]"
        return repr(value) if isinstance(value, float) else text(value)


def _vector(value: Any) -> str:
    """Return a vector, or a value of another type, that is not inside of another."""
    if kind_of(value) is not array:
        return text(value)
    numbers = (repr(number) for number in value)
    spelled = (number[:-2] if number.endswith(".0") else number for number in numbers)
    return "[" + " ".join(spelled) + "]"


SPELLERS: dict[Any, Callable[[Writer, Any], str]] = {
    int: Writer._number,
    float: Writer._number,
    str: Writer._text,
}
