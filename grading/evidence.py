"""What a run shows of answers: every number, text and comparison, with its cell and its context."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any, Iterator

from .record import Cell, Run, Value
from .typed import (
    NUMBER,
    Typed,
    decimals_of,
    is_size,
    is_telling,
    numbers_in,
    text_of,
    typed_in,
    whole_numbers,
)

MOST_LINE_NUMBERS = 2  # in a printed line: an answer, and what it is of
MOST_IN_LINE = 20  # numbers: of more none is an answer
FEW_LINES = 2  # alike: more are a list, whose order has to tell
MOST_LISTED = 10  # lines alike: of more no number by itself is an answer
MOST_RANKED = 50  # lines alike: more are not read as rankings
LONGEST_NEAR = 300  # characters of a line or an expression that are read for what they say
LONGEST_AROUND = 20_000  # characters of a cell's source that are read for what they say
TOLD = re.compile(r"\b(?:cat|dog|bird|automobile)s?\b")  # the words that answer
DECIDES = re.compile(r"\bif\b|\bmin\b|\[[^\]]*[<>]")
ROUNDS = re.compile(r"round|format|%|:[^\n]*\.\d")


@dataclass(frozen=True)
class Evidence:
    """One value that a cell showed, printed or gave a name.

    `alone` is whether it stands by itself, not in a table; `near` is what is said beside it (a
    name, a key, a printed line, the expression shown), `around` the source of its cell; both in
    lower case.
    """

    cell: int
    value: Any  # int, float, str, bool
    decimals: int | None
    typed: bool
    alone: bool
    near: str
    around: str
    where: str
    is_size: bool = False
    in_table: bool = False


@dataclass(frozen=True)
class Table:
    """A table that a cell showed: columns by name, of the first rows."""

    cell: int
    columns: dict[str, list]


@dataclass(frozen=True)
class Listing:
    """Numbers that a cell showed side by side or line by line."""

    cell: int
    values: list


@dataclass
class Facts:
    """All that a run shows; `tables`, `listings` and `lines` are without what was typed in."""

    run: Run
    values: list[Evidence]
    tables: list[Table]
    listings: list[Listing]
    lines: dict[int, list[str]]  # printed, by cell
    typed: dict[int, Typed]


def facts_of(run: Run) -> Facts:
    """Return what a run shows, cell by cell in the order in which they ran."""
    facts = Facts(run, [], [], [], {}, {})
    typed = Typed()
    held: dict[str, Any] = {}  # the values of names that were typed in
    for cell in run.cells:
        typed = facts.typed[cell.number] = typed_in(cell.source, typed)
        reader = Reader(cell, typed, held)
        facts.values += [*reader.from_values(), *reader.from_print()]
        facts.tables += [*reader.shown_tables(), *reader.printed_tables()]
        facts.listings += [*reader.shown_listings(), *reader.printed_listings()]
        facts.lines[cell.number] = reader.lines
        held.update(reader.newly_typed())
    return facts


class Reader:
    """Reads one cell."""

    def __init__(self, cell: Cell, typed: Typed, held: dict[str, Any]) -> None:
        self.cell = cell
        self.typed = typed
        self.around = cell.source.lower()[:LONGEST_AROUND]
        words = set(re.findall(r"\w+", cell.source))
        mentioned = [value for name, value in held.items() if name in words]
        literals = [*(literal.value for literal in typed.literals), *flat(mentioned)]
        self.literals = {value for value in literals if is_number(value)}
        self.rounds = bool(ROUNDS.search(self.around))
        printed = cell.printed.splitlines()
        self.lines = [line for line in printed if not self.is_typed_line(line)]
        self.alike = lines_alike(printed)

    def evidence(self, value: Any, near: str, where: str, **more: Any) -> Evidence:
        given = {"decimals": None, "typed": False, "alone": True, **more}
        if isinstance(value, float) and where != "print" and self.rounds:
            given["decimals"] = decimals_of(value)
        near = near[:LONGEST_NEAR].lower()
        return Evidence(
            self.cell.number, value, near=near, around=self.around, where=where, **given
        )

    # --- shown and named ------------------------------------------------------------------------

    def from_values(self) -> Iterator[Evidence]:
        for value in self.cell.values:
            if value.where != "print":
                yield from (one for one in self.from_value(value) if one.value is not None)

    def from_value(self, value: Value) -> Iterator[Evidence]:
        near = value.name or self.last_expression()
        marks = {"typed": self.is_typed(value), "is_size": self.is_size(value)}
        if value.kind in ("number", "text", "truth"):
            yield self.evidence(value.value, near, value.where, **marks)
        elif value.kind == "numbers":
            for part in value.value:
                yield self.evidence(part, near, value.where, **{**marks, "alone": False})
        elif value.kind == "mapping":
            for key, part in value.value:
                yield self.evidence(part, f"{near} {key}", value.where, **marks)
        elif value.kind == "table":
            yield from self.from_table(value, near, marks["typed"])

    def from_table(self, value: Value, near: str, typed: bool) -> Iterator[Evidence]:
        """Yield a table's cells: all where it has one row, else only its fractions."""
        table = value.value
        one_row = table["count"] == 1 and value.where == "display"
        for row in table["rows"]:
            for name, part in zip(table["columns"], row):
                if one_row or isinstance(part, float):
                    label = " ".join(str(text) for text in row if isinstance(text, str))
                    more = {"alone": one_row, "in_table": True, "typed": typed}
                    yield self.evidence(part, f"{near} {name} {label}", value.where, **more)

    def is_typed(self, value: Value) -> bool:
        if value.where == "name" and (value.name or "").split(".")[0] in self.typed.names:
            return True
        if value.where == "display" and self.typed.shows:
            return True
        if value.kind in ("number", "numbers"):
            return value.literal or self.are_literals(list(flat(value.value)))
        return value.kind in ("table", "mapping") and self.are_literals(list(flat(value.value)))

    def are_literals(self, values: list) -> bool:
        """Return whether there are numbers that tell, and all of them stand in the source."""
        numbers = [value for value in values if is_number(value)]
        tell = len(numbers) > 1 or any(map(is_telling, numbers))
        return tell and self.literals.issuperset(numbers)

    def is_size(self, value: Value) -> bool:
        if value.where == "name":
            return value.name in self.typed.sizes
        last = self.last_node()
        return last is not None and is_size(last)

    def newly_typed(self) -> dict[str, Any]:
        return {
            value.name: value.value
            for value in self.cell.values
            if value.where == "name" and value.name and self.is_typed(value)
        }

    def last_node(self) -> ast.expr | None:
        body = self.typed.tree.body if self.typed.tree else []
        return body[-1].value if body and isinstance(body[-1], ast.Expr) else None

    def last_expression(self) -> str:
        last = self.last_node()
        return text_of(last) if last else ""

    def shown_tables(self) -> Iterator[Table]:
        """Yield tables, and mappings as tables of two columns."""
        for value in self.cell.values:
            if value.where != "display" or self.is_typed(value):
                continue
            if value.kind == "table":
                table = value.value
                columns = dict(zip(table["columns"], map(list, zip(*table["rows"]))))
                yield Table(self.cell.number, columns)
            elif value.kind == "mapping":
                columns = dict(zip(("key", "value"), map(list, zip(*value.value))))
                yield Table(self.cell.number, columns)

    def shown_listings(self) -> Iterator[Listing]:
        for value in self.cell.values:
            if value.kind == "numbers" and value.value and not self.is_typed(value):
                yield Listing(self.cell.number, value.value)

    # --- printed --------------------------------------------------------------------------------

    def from_print(self) -> Iterator[Evidence]:
        """Yield the numbers and the words of lines, but not of a long list."""
        for line in self.cell.printed.splitlines():
            alike = len(self.alike[shape_of(line)])
            if alike > MOST_LISTED:
                continue
            numbers = list(numbers_in(line))
            alone = len(numbers) <= MOST_LINE_NUMBERS and alike <= FEW_LINES
            for value, decimals in numbers if len(numbers) <= MOST_IN_LINE else ():
                more = {"decimals": decimals or 0, "typed": value in self.literals, "alone": alone}
                yield self.evidence(value, line, "print", **more)
            for word in dict.fromkeys(TOLD.findall(line.lower())):
                yield self.evidence(word, line, "print", typed=self.says_so_itself(word, line))

    def says_so_itself(self, word: str, line: str) -> bool:
        """Return whether a printed word stands in the source, and nothing there decides on it."""
        said, chosen = (
            any(word in piece and piece in line.lower() for piece in pieces)
            for pieces in (self.typed.said, self.typed.chosen)
        )
        return not chosen and (said or (word in self.around and not DECIDES.search(self.around)))

    def is_typed_line(self, line: str) -> bool:
        numbers = whole_numbers(line)
        return bool(numbers) and (
            line.strip() in self.cell.source or self.literals.issuperset(numbers)
        )

    def printed_listings(self) -> Iterator[Listing]:
        """Yield the whole numbers of each line, and those one below the other in lines alike."""
        for line in self.lines:
            numbers = whole_numbers(line)
            if len(numbers) > 1:
                yield Listing(self.cell.number, numbers)
        for lines in self.alike.values():
            if FEW_LINES < len(lines) <= MOST_RANKED:
                rows = [[value for value, _ in numbers_in(line)] for line in lines]
                for column in zip(*rows):
                    if all(isinstance(value, int) for value in column):
                        yield Listing(self.cell.number, list(column))

    def printed_tables(self) -> Iterator[Table]:
        """Yield the tables among printed lines: a line of names, below it rows as long."""
        names: list[str] = []
        rows: list[list] = []
        for line in [*self.lines, ""]:
            if line.strip() and set(line.strip()) <= set("+-= "):
                continue
            row = row_of(line, len(names))
            if row:
                rows.append(row)
                continue
            if rows:
                columns = dict(zip(names, map(list, zip(*rows))))
                yield Table(self.cell.number, columns)
            names, rows = words_of(line), []


def words_of(line: str) -> list[str]:
    """Return the parts of a printed table's line, drawn with bars or with spaces alone."""
    if "|" in line:
        return [word.strip() for word in line.strip().strip("|").split("|")]
    return line.split()


def row_of(line: str, width: int) -> list | None:
    """Return the values of a printed table's row; pandas prints the row's number before it."""
    words = words_of(line)
    is_index = "|" not in line and len(words) == width + 1 and words[0].isdigit()
    if width < 2 or line.startswith("[") or not (len(words) == width or is_index):
        return None
    values = [as_number(word) for word in words]
    return values[-width:] if any(not isinstance(value, str) for value in values) else None


def as_number(word: str) -> Any:
    numbers = list(numbers_in(word))
    return numbers[0][0] if len(numbers) == 1 and not re.search(r"[a-z]", word, re.I) else word


def lines_alike(lines: list[str]) -> dict[str, list[str]]:
    """Return the lines by their shape: those of one shape differ in nothing but numbers."""
    alike: dict[str, list[str]] = {}
    for line in lines:
        alike.setdefault(shape_of(line), []).append(line)
    return {shape: group if "#" in shape else [] for shape, group in alike.items()}


def shape_of(line: str) -> str:
    return " ".join(NUMBER.sub("#", line).split())


def flat(values: Any) -> Iterator[Any]:
    """Yield the scalars in lists and dictionaries."""
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, list):
        for value in values:
            yield from flat(value)
    else:
        yield values


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
