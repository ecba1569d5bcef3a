"""What a run shows of answers: every number, text and comparison, with its cell and its context."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any, Iterator

from .record import Cell, Run, Value
from .typed import Typed, decimals_of, numbers_in, text_of, typed_in

MOST_LINE_NUMBERS = 2  # in a printed line: an answer, and what it is of
MOST_LISTED = 10  # whole numbers that a cell prints: more are a list, not an answer


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
    """A table that a cell showed: columns by name, of the first rows; `count` rows in all."""

    cell: int
    columns: dict[str, list]
    count: int
    near: str


@dataclass
class Facts:
    """All that a run shows."""

    run: Run
    values: list[Evidence]
    tables: list[Table]
    typed: dict[int, Typed]


def facts_of(run: Run) -> Facts:
    """Return what a run shows, cell by cell in the order in which they ran."""
    facts = Facts(run, [], [], {})
    names: set[str] = set()
    held: dict[str, Any] = {}  # the values of names that were typed in
    for cell in run.cells:
        typed = typed_in(cell.source, names)
        names, facts.typed[cell.number] = typed.names, typed
        reader = Reader(cell, typed, held)
        facts.values += [*reader.from_values(), *reader.from_print()]
        facts.tables += reader.tables()
        held.update(reader.newly_typed())
    return facts


class Reader:
    """Reads one cell."""

    def __init__(self, cell: Cell, typed: Typed, held: dict[str, Any]) -> None:
        self.cell = cell
        self.typed = typed
        self.around = cell.source.lower()
        mentioned = [value for name, value in held.items() if name in cell.source]
        self.literals = [literal.value for literal in typed.literals] + mentioned

    def evidence(self, value: Any, near: str, where: str, **more: Any) -> Evidence:
        given = {"decimals": None, "typed": False, "alone": True, **more}
        if isinstance(value, float) and given["decimals"] is None:
            given["decimals"] = decimals_of(value)
        return Evidence(
            self.cell.number, value, near=near.lower(), around=self.around, where=where, **given
        )

    # --- shown and named ------------------------------------------------------------------------

    def from_values(self) -> Iterator[Evidence]:
        for value in self.cell.values:
            if value.where != "print":
                yield from self.from_value(value)

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
            yield from self.from_table(value, near)

    def from_table(self, value: Value, near: str) -> Iterator[Evidence]:
        """Yield a table's cells: all where it has one row, else only its fractions."""
        table = value.value
        one_row = table["count"] == 1 and value.where == "display"
        for row in table["rows"]:
            for name, part in zip(table["columns"], row):
                if one_row or isinstance(part, float):
                    label = " ".join(str(text) for text in row if isinstance(text, str))
                    more = {"alone": one_row, "in_table": True}
                    yield self.evidence(part, f"{near} {name} {label}", value.where, **more)

    def is_typed(self, value: Value) -> bool:
        if value.where == "name" and (value.name or "").split(".")[0] in self.typed.names:
            return True
        if value.where == "display" and self.typed.shows:
            return True
        return value.literal and value.kind in ("number", "numbers")

    def is_size(self, value: Value) -> bool:
        if value.where == "name":
            return value.name in self.typed.sizes
        return bool(re.match(r"len\(|.*num_rows\(\)$", self.last_expression()))

    def newly_typed(self) -> dict[str, Any]:
        return {
            value.name: value.value
            for value in self.cell.values
            if value.where == "name" and value.name and self.is_typed(value)
        }

    def last_expression(self) -> str:
        body = self.typed.tree.body if self.typed.tree else []
        if not body or not isinstance(body[-1], ast.Expr):
            return ""
        return text_of(body[-1])

    # --- printed --------------------------------------------------------------------------------

    def from_print(self) -> Iterator[Evidence]:
        lines = self.cell.printed.splitlines()
        found = [(line, list(numbers_in(line))) for line in lines]
        whole = sum(isinstance(value, int) for _, numbers in found for value, _ in numbers)
        for line, numbers in found:
            few = len(numbers) <= MOST_LINE_NUMBERS
            for value, decimals in numbers:
                alone = few and (whole <= MOST_LISTED or len(line.split()) > 1)
                yield self.evidence(
                    value,
                    line,
                    "print",
                    decimals=decimals if decimals is not None else 0,
                    typed=any(is_equal(value, literal) for literal in self.literals),
                    alone=alone,
                )
            for word in dict.fromkeys(re.findall(r"[a-z]+", line.lower())):
                yield self.evidence(word, line, "print", typed=self.says_so_itself(word))

    def says_so_itself(self, word: str) -> bool:
        """Return whether a printed word stands in the source, and nothing there decides on it."""
        return word in self.around and not re.search(r"\bif\b|\bmin\b|\[[^\]]*[<>]", self.around)

    def tables(self) -> Iterator[Table]:
        for value in self.cell.values:
            if value.kind == "table" and value.where == "display":
                table = value.value
                columns = dict(zip(table["columns"], map(list, zip(*table["rows"]))))
                yield Table(self.cell.number, columns, table["count"], self.last_expression())
        yield from self.printed_tables()

    def printed_tables(self) -> Iterator[Table]:
        """Yield the tables among printed lines: a line of names, below it rows as long."""
        names: list[str] = []
        rows: list[list] = []
        for line in [*self.cell.printed.splitlines(), ""]:
            if line.strip() and set(line.strip()) <= set("+-= "):
                continue
            row = row_of(line, len(names))
            if row:
                rows.append(row)
                continue
            if rows:
                columns = dict(zip(names, map(list, zip(*rows))))
                yield Table(self.cell.number, columns, len(rows), "")
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


def is_equal(value: float | int, literal: Any) -> bool:
    return isinstance(literal, (int, float)) and not isinstance(literal, bool) and value == literal
