"""Cells of CSV lines to columns, typed as Turi Create types them.

Without a hint the type is the one that fits all cells, and a type that would lose something fits
none: such cells are text. (Turi Create looks at the first rows only and drops later ones that
don't fit.) With a hint it is Turi Create's way: a cell that begins with a value of the type gives
that value, and a row with another cell drops out.
"""

from __future__ import annotations

import datetime
import re
from array import array
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ..columns.column import Column
from ..columns.kinds import INT64
from ..columns.notation import INTEGER, SPACE, unescaped
from ..columns.values import pack
from .csv_lines import Dialect

NOT_INTEGER = re.compile(r"[^-+0-9\n]")
NOT_FLOAT = re.compile(r"[^-+0-9.eE\n]")
# What a number, vector, list, dictionary or quoted text can begin with.
NOT_A_WORD = frozenset("+-.0123456789nNiI[{'\"")
DATE = re.compile(r"\d{8}T\d{6}(\.\d{1,6})?", re.ASCII)
MERGED = {frozenset({int, float}): float, frozenset({array, list}): list}


@dataclass
class Parsed:
    """A column, the rows whose cell begins with no value of its type, and with more than one."""

    column: Column
    wrong: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)


def parsed(cells: list[str], hint: type | None, dialect: Dialect) -> Parsed:
    """Return the column of the cells, of the hinted type or of the one that fits all."""
    if hint is None:
        numbers = _numbers(cells, dialect, (int, float))
        if numbers is not None:
            return Parsed(numbers)
        dtype, spelled = inferred(cells, dialect)
        found = _parsed_as(cells, dtype, dialect, _typed_already(spelled, dtype, dialect))
        return _parsed_as(cells, str, dialect) if found.wrong or found.cut else found
    numbers = _numbers(cells, dialect, (hint,)) if hint in (int, float) else None
    return _parsed_as(cells, hint, dialect) if numbers is None else Parsed(numbers)


def _numbers(cells: list[str], dialect: Dialect, dtypes: tuple) -> Column | None:
    """Return a column of one of the types, None where cells are other than plain numbers.

    The usual case: all at once is many times as fast as one by one.
    """
    if dialect.true_values or dialect.false_values:
        return None
    missing = [not cell or cell in dialect.na_values for cell in cells]
    present = [cell for cell, gone in zip(cells, missing) if not gone]
    if not present:
        return None
    joined = "\n".join(present)
    dtype = next((kind for kind in dtypes if not FORBIDDEN[kind].search(joined)), None)
    try:
        if dtype is int:
            numbers = np.array(list(map(int, present)), np.int64)
        elif dtype is float and not (int in dtypes and _has_long_integer(present)):
            numbers = np.array(list(map(float, present)), np.float64)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    if len(present) == len(cells):
        return Column(dtype, numbers)
    mask = np.array(missing)
    values = np.full(len(cells), 0 if dtype is int else np.nan, numbers.dtype)
    values[~mask] = numbers
    return Column(dtype, values, mask)


FORBIDDEN = {int: NOT_INTEGER, float: NOT_FLOAT}


def _has_long_integer(cells: list[str]) -> bool:
    """Return whether one of the cells is an integer of more than 64 bits."""
    if max(map(len, cells)) < 19:
        return False
    long = (cell for cell in cells if len(cell) > 18 and INTEGER.fullmatch(cell))
    return any(int(cell) not in INT64 for cell in long)


class Spelled(NamedTuple):
    """What a cell spells, whatever its type, and the text of it alone; None if none is left."""

    value: Any
    text: str | None = None


def inferred(cells: list[str], dialect: Dialect) -> tuple[type, dict[str, Spelled]]:
    """Return the type that fits all cells, and what they spell; str where all are missing."""
    kinds: set = set()
    spelled: dict[str, Spelled] = {}
    words = dialect.notation.words
    for cell in cells:
        if cell in spelled:
            continue
        if cell and cell[0] not in NOT_A_WORD and cell[0] != dialect.quote and cell not in words:
            return str, spelled
        spelled[cell] = _anything(cell, dialect)
        kinds.add(type(spelled[cell].value))
        if str in kinds:
            return str, spelled
    kinds.discard(type(None))
    if len(kinds) > 1:
        return MERGED.get(frozenset(kinds), str), spelled
    return (kinds.pop() if kinds else str), spelled


def _anything(cell: str, dialect: Dialect) -> Spelled:
    """Return what a cell spells, whatever its type; what is in quotes is looked into.

    What begins with a bracket and is no value as it stands in the line is text.
    """
    if not cell or cell in dialect.na_values:
        return Spelled(None)
    value, _ = dialect.line_notation.value(cell)
    if not isinstance(value, str) or cell[0] in "[{":
        return Spelled(value, cell if dialect.line_notation.skips else None)
    if value in dialect.na_values and not _is_escaped(cell, dialect):
        return Spelled(None)
    inner = value.rstrip(SPACE)
    try:
        found = dialect.notation.plain_value(inner)
    except RecursionError:  # brackets within hundreds of brackets
        found = None
    return Spelled(found[0] if found is not None and found[1] == len(inner) else value, value)


def _typed_already(spelled: dict[str, Spelled], dtype: type, dialect: Dialect) -> dict[str, Any]:
    """Return the lists or dictionaries that need not be read once more, which takes long."""
    if dtype not in (list, dict):
        return {}
    return {
        cell: (value, True)
        for cell, (value, text) in spelled.items()
        if type(value) is dtype and text == inside(cell, dialect)
    }


def _parsed_as(
    cells: list[str], dtype: type, dialect: Dialect, already: dict[str, Any] | None = None
) -> Parsed:
    if dtype is str and (not dialect.quote or dialect.quote not in "\n".join(cells)):
        if dialect.na_values.isdisjoint(cells):
            return Parsed(pack(cells, str))
        return Parsed(pack([None if cell in dialect.na_values else cell for cell in cells], str))
    known: dict[str, tuple[Any, bool] | None] = already or {}
    values, wrong, cut = [], [], []
    for row, cell in enumerate(cells):
        if cell not in known:
            known[cell] = _value(cell, dtype, dialect)
        found = known[cell]
        values.append(found and found[0])
        if found is None:
            wrong.append(row)
        elif not found[1]:
            cut.append(row)
    kind = None if dtype is type(None) else dtype
    return Parsed(pack(values, kind), wrong, cut)


def _value(cell: str, dtype: type, dialect: Dialect) -> tuple[Any, bool] | None:
    """Return the value that a cell begins with, and whether that is all; None if there is none."""
    if dtype is str:
        return _text(cell, dialect), True
    if dtype is type(None):
        return _anything(cell, dialect).value, True
    if not cell or cell in dialect.na_values:
        return None, True
    return _word(cell, dtype, dialect) or _typed(inside(cell, dialect), dtype, dialect)


def inside(cell: str, dialect: Dialect) -> str:
    """Return what is between the quotes, or the cell where it has none."""
    quote = dialect.quote
    if not (quote and len(cell) > 1 and cell[0] == quote == cell[-1]):
        return cell
    doubled = quote if dialect.double_quote else ""
    escape = "" if dialect.escape == quote else dialect.escape
    return unescaped(cell[1:-1], escape, doubled)


def _is_escaped(cell: str, dialect: Dialect) -> bool:
    r"""Return whether an escape is in it, as `export_csv` spells a text NA (`\u004eA`)."""
    return bool(dialect.escape) and dialect.escape in cell


def _text(cell: str, dialect: Dialect) -> str | None:
    text = inside(cell, dialect)
    return None if text in dialect.na_values and not _is_escaped(cell, dialect) else text


def _word(cell: str, dtype: type, dialect: Dialect) -> tuple[Any, bool] | None:
    """Return what a word such as `true` means in a column of numbers."""
    word = cell if dialect.only_raw else inside(cell, dialect).rstrip(SPACE)
    if word in dialect.na_values:
        return None, True
    if dtype in (int, float):
        for number, words in enumerate((dialect.false_values, dialect.true_values)):
            if word in words or cell in words:
                return dtype(number), True
    return None


def _typed(text: str, dtype: type, dialect: Dialect) -> tuple[Any, bool] | None:
    if dtype is datetime.datetime:
        found = DATE.fullmatch(text)
        pattern = "%Y%m%dT%H%M%S" + (".%f" if found and found[1] else "")
        try:
            return datetime.datetime.strptime(text, pattern), True
        except ValueError:
            return None
    try:
        value, complete = dialect.notation.whole(text, dtype)
    except ValueError:
        return None
    return (np.array(value, np.float64) if dtype is array else value), complete
