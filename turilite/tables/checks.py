"""Checks of what methods of SFrame and SArray are given, with Turi Create's errors and words.

`types` are the types of a table's columns by name.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from os import PathLike
from typing import Any, Mapping

import numpy as np

from ..arguments import shown
from ..columns.kinds import NAMES, is_collection
from ..columns.sorting import SORTABLE

Types = Mapping[str, type]  # evaluated: Python 3.8 knows only that of typing


def whole_number(value: Any) -> int:
    """Return a number as Turi Create takes it for a place: cut to an integer, and not negative.

    Raises TypeError for anything but numbers, OverflowError for a negative one.
    """
    if not isinstance(value, numbers.Real):
        raise TypeError(f"an integer is required, not {shown(value)}")
    if value < 0:
        raise OverflowError("can't convert negative value to size_t")
    return int(value)


def flag(value: Any) -> bool:
    """Return whether a number is not 0; TypeError for anything but numbers, as in Turi Create."""
    if not isinstance(value, (numbers.Real, np.bool_)):
        raise TypeError(f"an integer is required, not {shown(value)}")
    return bool(value)


def check_path(path: Any) -> str:
    """Return a path as a string; TypeError where it is none."""
    if not isinstance(path, (str, PathLike)):
        raise TypeError(f"filename must be a path, not {shown(path)}.")
    return str(path)


def check_type(dtype: Any) -> None:
    """Raise TypeError where something that isn't a type shall be the type of a column."""
    if dtype is not None and not isinstance(dtype, type):
        raise TypeError(f"Expected type, got {type(dtype).__name__}")


def check_fraction(fraction: float) -> None:
    """Raise ValueError where a share of rows is none."""
    if not 0 <= fraction <= 1:
        raise ValueError(f"Invalid sampling rate: {fraction}")


def check_selection(types: Types, keys: Any) -> list[str]:
    """Return the names of the columns with these names or types.

    Raises TypeError, ValueError where a key comes twice, RuntimeError where there is none.
    """
    if not is_collection(keys):
        raise TypeError("column_names must be an iterable")
    keys = list(keys)
    if not all(isinstance(key, (str, type)) for key in keys):
        raise TypeError("Invalid key type: must be str, unicode, bytes or type")
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"There are duplicate keys in key list: '{key}'")
        if isinstance(key, str) and key not in types:
            raise RuntimeError(f"Column {key} does not exist")
    names = [key for key in keys if isinstance(key, str)]
    return names + [name for name, t in types.items() if t in keys and name not in names]


def check_removed(types: Types, names: Iterable[str]) -> list[str]:
    """Return the names that stay; KeyError where one that shall go isn't there."""
    names = list(names)
    for name in names:
        if name not in types:
            raise KeyError(f"Cannot find column {name}")
    return [name for name in types if name not in names]


def check_renamed(types: Types, names: Any) -> list[str]:
    """Return all names, the new ones in place; ValueError or RuntimeError where they don't fit."""
    if not isinstance(names, dict):
        raise TypeError("names must be a dictionary: oldname -> newname")
    for name in names:
        if name not in types:
            raise ValueError(f"Cannot find column {name} in the SFrame")
    renamed = [names.get(name, name) for name in types]
    for name in renamed:
        if renamed.count(name) > 1:
            raise RuntimeError(f"Column name {name} already exists")
    return renamed


def check_row_number(types: Types, name: Any, start: Any) -> None:
    """Raise TypeError or RuntimeError where there can be no such column of row numbers."""
    if not isinstance(name, str):
        raise TypeError("Must give column_name as strs")
    if type(start) is not int:
        raise TypeError("Must give start as int")
    if name in types:
        raise RuntimeError(f"Column '{name}' already exists in the current SFrame")


def check_appended(types: Types, others: Types) -> None:
    """Raise RuntimeError unless both tables have the same columns, of the same types."""
    if len(types) != len(others):
        raise RuntimeError("Two SFrames have different number of columns")
    lacking = ", ".join(name for name in types if name not in others)
    if lacking:
        raise RuntimeError(f"Error: Columns [{lacking}] not found in appending SFrame.")
    for name, dtype in types.items():
        if others[name] is not dtype:
            raise RuntimeError(
                f"Column types are not the same in two SFrames (Column {name}, attempting to "
                f"append column of type {NAMES[others[name]]} to column of type {NAMES[dtype]})."
            )


def check_filtered(types: Types, name: Any, values: Any) -> None:
    """Raise TypeError or KeyError where a column can't be filtered by such values."""
    if not isinstance(name, str):
        raise TypeError("Must pass a str as column_name")
    if name not in types:
        raise KeyError(f"Column '{name}' not in SFrame.")
    if isinstance(values, dict):
        raise TypeError("filter_by takes the values as a list, SArray or single value.")


def check_filter_type(dtype: type, name: str, given: type) -> None:
    """Raise TypeError where the values to filter by are of another type than the column."""
    if given is not dtype:
        raise TypeError(
            f"Type of given values ({given}) does not match type of column "
            f"'{name}' ({dtype}) in SFrame."
        )


def check_sort_keys(types: Types, keys: Any, ascending: bool) -> list[tuple[str, bool]]:
    """Return pairs of a column's name and whether upward; TypeError or ValueError otherwise."""
    pairs = _sort_keys(keys, flag(ascending))
    for name, _ in pairs:
        if not isinstance(name, str):
            raise TypeError("Only string parameter can be passed in as column names")
        if name not in types:
            raise ValueError(f"SFrame has no column named: '{name}'")
        if types[name] not in SORTABLE:
            raise TypeError("Only columns of type (str, int, float) can be sorted")
    return pairs


def _sort_keys(keys: Any, ascending: bool) -> list[tuple[str, bool]]:
    if isinstance(keys, str):
        return [(keys, ascending)]
    if not isinstance(keys, list):
        raise TypeError(
            "key_column_names type is not correct. Supported types are str, list of str or list of "
            "(str,bool) pair."
        )
    if not keys:
        raise ValueError("Please provide at least one column to sort")
    if len({type(key) for key in keys}) != 1:
        raise ValueError("key_column_names element are not of the same type")
    if isinstance(keys[0], tuple):
        return [(name, upward) for name, upward in keys]
    if isinstance(keys[0], str):
        return [(name, ascending) for name in keys]
    raise TypeError("key_column_names type is not supported")


def check_looked_at(types: Types, columns: Any, how: Any) -> list[str]:
    """Return the names of the columns in which `dropna` looks for missing values.

    Raises TypeError for anything but names, RuntimeError where there is no such column,
    ValueError where `how` is neither 'any' nor 'all'.
    """
    if columns == []:
        return []
    if columns is not None and not isinstance(columns, (str, list)):
        raise TypeError("Must give columns as a list, str, or 'None'")
    if isinstance(columns, list) and {type(name) for name in columns} != {str}:
        raise TypeError("All columns must be of 'str' type")
    if how not in ("any", "all"):
        raise ValueError("Must specify 'any' or 'all'")
    names = [columns] if isinstance(columns, str) else list(types) if columns is None else columns
    for name in names:
        if name not in types:
            raise RuntimeError(f"Column name {name} does not exist.")
    return names


def check_group_names(keys: Any, operations: Any, names: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return the key columns and the operations of `groupby`, the first by either of its names.

    Raises TypeError where one is missing, or where there is another name.
    """
    others = {name: value for name, value in names.items() if name != "key_columns"}
    if others:
        raise TypeError(f"groupby has no argument {next(iter(others))!r}.")
    keys = names.get("key_columns", keys)
    for name, value in (("key_column_names", keys), ("operations", operations)):
        if value is None:
            raise TypeError(f"groupby needs {name}: give the columns, then what is computed.")
    return keys, operations
