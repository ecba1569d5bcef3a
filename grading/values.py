"""What a kernel's objects say as answers: small values of the record, nothing of large ones.

Runs in the kernel, with either engine: it knows tables and columns by what they can do.
"""

from __future__ import annotations

import ast
import numbers
from itertools import islice
from typing import Any, Iterable

import numpy as np

from .record import MOST_NUMBERS, MOST_ROWS, Value

LONGEST_TEXT = 500
MOST_COLUMNS = 20
LARGEST = 10**300


def value_of(thing: Any, where: str, name: str | None, literals: Iterable[Any]) -> Value | None:
    """Return what a thing is as a value, or None where it can't be an answer."""
    found = kind_and_value(thing)
    if found is None:
        return None
    kind, value = found
    is_literal = kind != "table" and any(is_same(value, literal) for literal in literals)
    return Value(where, name, kind, value, literal=is_literal)


def kind_and_value(thing: Any) -> tuple[str, Any] | None:
    if is_scalar(thing):
        return kind_of_scalar(plain(thing))
    if isinstance(thing, dict):
        return mapping_of(thing.items(), len(thing))
    if isinstance(thing, (list, tuple, set, frozenset, np.ndarray)):
        return of_collection(thing)
    return of_series(thing) if is_series(thing) else of_any_table(thing) or of_special(thing)


def of_collection(things: Any) -> tuple[str, Any] | None:
    if isinstance(things, np.ndarray):
        return some(things.ravel().tolist()) if things.size <= MOST_NUMBERS else None
    return some(list(things)) if len(things) <= MOST_NUMBERS else None


def is_scalar(thing: Any) -> bool:
    return isinstance(thing, (str, bool, numbers.Real, np.generic))


def plain(thing: Any) -> Any:
    """Return a scalar without NumPy's type, and a number of another type as a float.

    None stands for a whole number beyond any answer: of some thousand digits, it has no text.
    """
    thing = thing.item() if isinstance(thing, np.generic) else thing
    if isinstance(thing, numbers.Integral) and not isinstance(thing, bool):
        return int(thing) if abs(thing) < LARGEST else None
    return float(thing) if isinstance(thing, numbers.Real) and not is_int(thing) else thing


def is_int(thing: Any) -> bool:
    return isinstance(thing, (bool, int))


def kind_of_scalar(value: Any) -> tuple[str, Any] | None:
    if isinstance(value, bool):
        return "truth", value
    if isinstance(value, (int, float)):
        return "number", value if abs(value) < 1e300 or value != value else str(value)  # noqa: PLR0124
    if isinstance(value, str):
        return "text", value[:LONGEST_TEXT]
    return None


def some(values: list) -> tuple[str, Any] | None:
    """Return a few values: the one there is, or all where each is a number or a text."""
    if len(values) == 1 and is_scalar(values[0]):
        return kind_of_scalar(plain(values[0]))
    if len(values) < 2 or not all(is_scalar(value) for value in values):
        return None
    return "numbers", [short(plain(value)) for value in values]


def short(value: Any) -> Any:
    return value[:LONGEST_TEXT] if isinstance(value, str) else value


def mapping_of(pairs: Iterable[tuple], count: int) -> tuple[str, Any] | None:
    """Return pairs of a key and a scalar; of a dictionary's other values nothing is kept."""
    kept = [
        [short(plain(key)), short(plain(value))]
        for key, value in islice(pairs, 5 * MOST_ROWS)
        if is_scalar(key) and is_scalar(value)
    ][:MOST_ROWS]
    return ("mapping", kept) if kept and count <= 5 * MOST_ROWS else None


def is_series(thing: Any) -> bool:
    """Return whether a thing is one column: of pandas, or of the engine."""
    if isinstance(thing, type) or hasattr(thing, "column_names"):
        return False
    is_pandas = hasattr(thing, "tolist") and hasattr(thing, "dtype")
    is_engine = hasattr(thing, "dtype") and hasattr(thing, "head") and hasattr(thing, "apply")
    return (is_pandas or is_engine) and hasattr(thing, "__len__")


def of_series(series: Any) -> tuple[str, Any] | None:
    index = getattr(series, "index", None)
    if len(series) > (MOST_NUMBERS if index is None or callable(index) else MOST_ROWS):
        return None
    values = list(series)
    if index is not None and not callable(index) and list(index) != list(range(len(values))):
        return (
            kind_and_value(values[0])
            if len(values) == 1
            else mapping_of(zip(index, values), len(values))
        )
    return some(values) if len(values) <= MOST_NUMBERS else None


def of_any_table(thing: Any) -> tuple[str, Any] | None:
    """Return the first rows of a table of the engine or of pandas; None for anything else."""
    if isinstance(thing, type):
        return None
    if hasattr(thing, "column_names"):
        return of_table(list(thing.column_names()), thing)
    if hasattr(thing, "columns") and hasattr(thing, "iterrows"):
        return of_table([str(name) for name in thing.columns], thing)
    return None


def of_special(thing: Any) -> tuple[str, Any] | None:
    """Return what a sketch counts, or its mean, and the value of an answer that is checked."""
    if isinstance(thing, type):
        return None
    if hasattr(thing, "frequent_items"):
        items = thing.frequent_items()
        if items and all(isinstance(item, str) for item in items):
            return mapping_of(items.items(), len(items))
        return mapping_of([("mean", thing.mean())], 1)
    if hasattr(thing, "verdict") and hasattr(thing, "key"):
        return kind_and_value(thing.value)
    return None


def of_table(names: list[str], table: Any) -> tuple[str, Any] | None:
    """Return the first rows of a table in its columns of numbers and texts."""
    count = len(table)
    head = table.head(MOST_ROWS)
    kept = {}
    for name in names[: 2 * MOST_COLUMNS]:
        values = list(head[name]) if is_plain_column(head, name) else []
        if values and all(value is None or is_scalar(value) for value in values):
            kept[name] = [None if value is None else short(plain(value)) for value in values]
        if len(kept) == MOST_COLUMNS:
            break
    if not count or not kept:
        return None
    if len(names) == 1 and count <= MOST_NUMBERS:
        return some(kept[names[0]])
    rows = [list(row) for row in zip(*kept.values())]
    return "table", {"columns": list(kept), "rows": rows, "count": count}


def is_plain_column(table: Any, name: str) -> bool:
    """Return whether a column can hold numbers or texts: not pictures, which would be decoded."""
    kind = getattr(table[name], "dtype", None)
    return kind in (int, float, str) or not isinstance(kind, type)


# --- literals -------------------------------------------------------------------------------------


def literals_of(source: str) -> list[Any]:
    """Return the numbers and texts that stand in a cell's source, those with a sign as well."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str)):
            found.append(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            operand = getattr(node.operand, "value", None)
            if isinstance(operand, (int, float)):
                found.append(-operand)
    return found


def is_same(value: Any, literal: Any) -> bool:
    """Return whether a value is a literal, also as the text of one: `float("36.5")`."""
    if isinstance(value, list):
        return any(is_same(part, literal) for part in value)
    if isinstance(value, bool) or isinstance(literal, bool):
        return value is literal
    if isinstance(value, (int, float)) and isinstance(literal, str):
        try:
            return float(literal) == value
        except ValueError:
            return False
    return type(value) in (int, float, str) and value == literal
