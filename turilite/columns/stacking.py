"""A row for every item of a column of lists, dictionaries or vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from ..arguments import word
from .column import Column
from .kinds import common_type
from .packing import LOOKED_AT, PACKED
from .values import listing, make_column


class Stacking(NamedTuple):
    """A checked request to stack the column `name`.

    new_names: those of the items, for dictionaries of keys and values; '' for the default.
    types:     the types of these columns; None to infer them.
    drop_na:   whether rows without items go.
    rest:      the columns that stay.
    """

    name: str
    new_names: list[str]
    types: list[type] | None
    drop_na: bool
    rest: list[str]


def check_stacking(
    types: Mapping[str, type], name: Any, new_name: Any, drop_na: bool, new_type: Any
) -> Stacking:
    """Return the request for a table with columns of these types; raises ValueError, TypeError."""
    if not isinstance(name, str) or name not in types:
        raise ValueError(f"Cannot find column '{word(name)}' in the SFrame.")
    if types[name] not in PACKED:
        raise TypeError("Stack is only supported for column of dict/list/array type.")
    width = 2 if types[name] is dict else 1
    new_types = [new_type] if isinstance(new_type, type) else new_type
    if new_types is not None and len(new_types) != width:
        raise ValueError(
            "Expecting a single column type to unpack list or array columns"
            if width == 1
            else "Expecting two column types to unpack a dict column"
        )
    if not all(isinstance(dtype, (type, type(None))) for dtype in new_types or ()):
        raise TypeError("dtype must be a type, e.g. use int rather than 'int'")
    rest = [other for other in types if other != name]
    names = _new_names(rest, new_name, width)
    return Stacking(name, names, new_types or None, drop_na, rest)


def _new_names(rest: list[str], new_name: Any, width: int) -> list[str]:
    if new_name is None:
        return [""] * width
    if width == 2 and not (isinstance(new_name, list) and len(new_name) == 2):
        raise TypeError("new_column_name has to be a list of two names to stack dict type")
    if width == 1 and not isinstance(new_name, str):
        raise TypeError("new_column_name has to be a str")
    names = [new_name] if width == 1 else new_name
    if not all(isinstance(new, str) for new in names):
        raise TypeError("new_column_name has to be a list of two names to stack dict type")
    for new in names:
        if new in rest:
            raise ValueError(f"Column with name '{new}' already exists, pick a new column name")
    return names


def stack(column: Column, stacking: Stacking) -> tuple[np.ndarray, list[Column]]:
    """Return the row that each item comes from, and the column or columns of the items.

    Raises ValueError where the first rows are all missing.
    """
    rows = listing(column)
    if all(row is None for row in rows[:LOOKED_AT]):
        raise ValueError("Cannot infer column type because there is not enough rows to infer value")
    width = len(stacking.new_names)
    nothing: list = [] if stacking.drop_na else [None if width == 1 else (None, None)]
    parts = [_items(row, width) or nothing for row in rows]
    numbers = np.repeat(np.arange(len(rows)), list(map(len, parts)))
    items = list(chain.from_iterable(parts))
    stacked = [items] if width == 1 else list(zip(*items)) or [(), ()]
    types = stacking.types or map(common_type, stacked)
    return numbers, [make_column(values, dtype) for values, dtype in zip(stacked, types)]


def _items(row: Any, width: int) -> Sequence:
    if row is None:
        return ()
    return row if width == 1 else list(row.items())
