"""What type a Python value is in a column, and which type holds several of them.

The rules are those of Turi Create's `cy_flexible_type.pyx`: None fits any type, int and float make
float, a list of numbers is a vector (array.array of doubles), and what has no common type is a
TypeError.
"""

from __future__ import annotations

import datetime
import decimal
from array import array
from collections.abc import Iterable
from typing import Any

import numpy as np

from .image import Image

NUMERIC = (int, float)
VECTORS = (array, np.ndarray)
# What a value of each Python type is. Lists are looked into by `kind_of`.
KINDS = {
    **dict.fromkeys((bool, int), int),
    **dict.fromkeys((float, decimal.Decimal, datetime.timedelta), float),
    **dict.fromkeys((str, bytes), str),
    **dict.fromkeys((list, tuple, set, frozenset, range), list),
    **{kind: kind for kind in (dict, array, datetime.datetime, Image, np.ndarray)},
    datetime.date: datetime.datetime,
    type(None): None,
}
NUMERIC_LIST, EMPTY = "numeric list", "empty list"
NAMES = {
    int: "integer",
    float: "float",
    str: "string",
    array: "array",
    list: "list",
    dict: "dictionary",
    datetime.datetime: "datetime",
    Image: "image",
    np.ndarray: "ndarray",
    type(None): "undefined",
    None: "undefined",
}
INT64 = range(-(2**63), 2**63)


def kind_of_type(kind: type) -> Any:  # noqa: PLR0911 - a line per type
    """Return the entry of KINDS for `kind` or for what it derives from."""
    if kind in KINDS:
        return KINDS[kind]
    if issubclass(kind, (np.bool_, np.integer)):
        return int
    if issubclass(kind, np.floating):
        return float
    if kind.__name__ in ("NaTType", "NAType"):
        return None
    if issubclass(kind, np.datetime64):
        return datetime.datetime
    for known in (str, dict, datetime.datetime, int, float, list, tuple, array, np.ndarray):
        if issubclass(kind, known):
            return KINDS[known]
    if issubclass(kind, Iterable):
        return list
    raise TypeError(f"Cannot convert type '{kind.__name__}' into flexible type.")


def kind_of(value: Any) -> Any:
    kind = kind_of_type(type(value))
    if kind is list:
        value = list(value)
        return (NUMERIC_LIST if are_numbers(value) else list) if value else EMPTY
    if kind is int and int(value) not in INT64:
        return float
    if isinstance(value, np.datetime64) and np.isnat(value):
        return None
    return kind


def are_numbers(values: Iterable) -> bool:
    return {kind_of_type(kind) for kind in set(map(type, values))} <= {int, float}


def common_type(values: Iterable) -> type:
    """Return the type that holds all `values`; float where there is none but None.

    Raises TypeError where there is no such type.
    """
    values = list(values)
    kinds = {kind_of_type(kind) for kind in set(map(type, values))}
    if kinds & {list, int}:
        kinds = {kind_of(value) for value in values}
    kinds -= {None}
    if len(kinds) > 1:
        kinds = _merged(kinds)
    kind = kinds.pop() if kinds else float
    return {NUMERIC_LIST: array, EMPTY: list}.get(kind, kind)


def _merged(kinds: set) -> set:
    if kinds == {int, float}:
        return {float}
    if kinds == {np.ndarray, array}:
        return {np.ndarray}
    if kinds <= {array, NUMERIC_LIST, EMPTY, list}:
        return {list if list in kinds else array}
    names = sorted(NAMES.get(kind, kind) for kind in kinds)
    raise TypeError(f"A common type cannot be infered from types {', '.join(names)}.")


def is_collection(value: Any) -> bool:
    """Return whether there are values in it; a string is one value."""
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes))
