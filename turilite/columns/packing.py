"""Several columns as one of lists, dictionaries or vectors, and such a column as several."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .column import Column
from .kinds import NUMERIC, common_type, is_collection
from .names import unused
from .selecting import is_missing_or_nan
from .values import listing, make_column

LOOKED_AT = 100  # rows from which the items of lists and vectors are inferred
PACKED = (dict, list, array)
UNPACKED = (int, float, str, list, dict, array)


# --- packing ----------------------------------------------------------------------------------


class Packing(NamedTuple):
    """A checked request to pack the columns `names` into one called `name` ('' for the default).

    labels: the key of each column, where dictionaries are made.
    rest:   the columns that stay.
    """

    names: list[str]
    labels: list[str]
    rest: list[str]
    dtype: type
    fill_na: Any
    name: str


def check_packing(  # noqa: PLR0917 - Turi Create's arguments in its order, here and below
    types: Mapping[str, type],
    names: Any,
    prefix: Any,
    dtype: type,
    fill_na: Any,
    remove_prefix: bool,
    new_name: Any,
) -> Packing:
    """Return the request for a table with columns of these types.

    Raises ValueError, TypeError and KeyError as Turi Create does.
    """
    names = _packed_names(types, names, prefix)
    if dtype not in PACKED:
        raise ValueError("Resulting dtype has to be one of dict/array.array/list type")
    if dtype is array:
        _check_numbers(types, names, fill_na)
    rest = [name for name in types if name not in names]
    new_name = prefix if new_name is None else new_name
    if new_name is not None and not isinstance(new_name, str):
        raise TypeError("'new_column_name' has to be a string")
    if new_name in rest:
        raise KeyError(f"Current SFrame already contains a column name {new_name}")
    labels = _without_prefix(names, prefix) if prefix and remove_prefix else names
    return Packing(names, labels, rest, dtype, fill_na, new_name or "")


def _packed_names(types: Mapping[str, type], names: Any, prefix: Any) -> list[str]:
    if names is not None and prefix is not None:
        raise ValueError(
            "'column_names' and 'column_name_prefix' parameter cannot be given at the same time."
        )
    if prefix is not None:
        return _with_prefix(types, prefix)
    if names is None:
        return list(types)
    if not is_collection(names):
        raise TypeError("column_names must be an iterable type")
    names = list(names)
    for name in names:
        if name not in types:
            raise ValueError(f"Current SFrame has no column called '{name}'.")
    if len(set(names)) != len(names):
        raise ValueError("There is duplicate column names in column_names parameter")
    return names


def _with_prefix(types: Mapping[str, type], prefix: Any) -> list[str]:
    if not isinstance(prefix, str):
        raise TypeError("'column_name_prefix' must be a string")
    names = [name for name in types if name.startswith(prefix)]
    if not names:
        raise ValueError(f"There is no column starts with prefix '{prefix}'")
    return names


def _check_numbers(types: Mapping[str, type], names: list[str], fill_na: Any) -> None:
    if fill_na is not None and type(fill_na) not in NUMERIC:
        raise ValueError("fill_na value for array needs to be numeric type")
    for name in names:
        if types[name] not in NUMERIC:
            raise TypeError(f"Column '{name}' type is not numeric, cannot pack into array type")


def _without_prefix(names: list[str], prefix: str) -> list[str]:
    separators = {name[len(prefix) : len(prefix) + 1] for name in names}
    joined = len(separators) == 1 and separators <= {".", "-", "_"}
    return [name[len(prefix) + joined :] for name in names]


def pack_columns(columns: Mapping[str, Column], packing: Packing) -> Column:
    """Return the column of what the packed columns hold, row by row."""
    packed = [columns[name] for name in packing.names]
    if packing.dtype is array and packed:
        return Column(array, np.column_stack([_numbers(one, packing.fill_na) for one in packed]))
    rows: Iterable = zip(*(_filled(column, packing.fill_na) for column in packed))
    if packing.dtype is dict:
        rows = ({k: v for k, v in zip(packing.labels, row) if v is not None} for row in rows)
    return make_column(rows, packing.dtype)


def _numbers(column: Column, fill_na: float | None) -> np.ndarray:
    """Return the values as floats, `fill_na` (or NaN) where they are missing or NaN."""
    filler = np.nan if fill_na is None else fill_na
    return np.where(is_missing_or_nan(column), filler, column.values.astype(np.float64))


def _filled(column: Column, fill_na: Any) -> list:
    """Return the values, `fill_na` (of whatever type) where they are missing or NaN."""
    values = listing(column)
    if fill_na is None:
        return values
    return [fill_na if gone else v for v, gone in zip(values, is_missing_or_nan(column))]


# --- unpacking --------------------------------------------------------------------------------


class Unpacking(NamedTuple):
    """A checked request to unpack a column of type `dtype`.

    types:    the type of each new column; None to infer them.
    na_value: an item that counts as missing.
    limit:    the keys or positions to unpack; None for all.
    """

    dtype: type
    prefix: str
    types: list[type] | None
    na_value: Any
    limit: list | None


def check_unpacking(dtype: type, prefix: Any, types: Any, na_value: Any, limit: Any) -> Unpacking:
    """Return the request for a column of type `dtype`; raises TypeError and ValueError."""
    if dtype not in PACKED:
        raise TypeError("Only SArray of dict/list/array type supports unpack")
    prefix = "" if prefix is None else prefix
    if not isinstance(prefix, str):
        raise TypeError("'column_name_prefix' must be a string")
    limit = _checked_limit(dtype, limit)
    types = _checked_types(dtype, types, limit)
    return Unpacking(dtype, prefix, types, na_value, limit)


def _checked_limit(dtype: type, limit: Any) -> list | None:
    if limit is None:
        return None
    if not is_collection(limit):
        raise TypeError("'limit' must be a list")
    limit = list(limit)
    kinds = {type(key) for key in limit}
    if len(kinds) != 1:
        raise TypeError("'limit' contains values that are different types")
    if dtype is not dict and kinds != {int}:
        raise TypeError("'limit' must contain integer values.")
    if len(set(limit)) != len(limit):
        raise ValueError("'limit' contains duplicate values")
    return limit


def _checked_types(dtype: type, types: Any, limit: list | None) -> list[type] | None:
    if types is None:
        return None
    if not is_collection(types):
        raise TypeError("column_types must be a list")
    types = list(types)
    if not set(types) <= set(UNPACKED):
        raise TypeError(
            "column_types contains unsupported types. Supported types are ['float', 'int', "
            "'list', 'dict', 'str', 'array.array']"
        )
    if limit is not None and len(limit) != len(types):
        raise ValueError("limit and column_types do not have the same length")
    if limit is None and dtype is dict:
        raise ValueError(
            "if 'column_types' is given, 'limit' has to be provided to unpack dict type."
        )
    return types


def check_unpacked_column(types: Mapping[str, type], name: Any, prefix: Any) -> tuple[str, Any]:
    """Return the column to unpack, by default the only one that can be, and the prefix.

    Raises RuntimeError and KeyError where there is no such column.
    """
    if name is None:
        fit = [one for one, dtype in types.items() if dtype in PACKED]
        if len(fit) != 1:
            raise RuntimeError(
                "Column name needed to unpack" if fit else "No columns can be unpacked"
            )
        return fit[0], "" if prefix is None else prefix
    if name not in types:
        raise KeyError(f"Column '{name}' does not exist in current SFrame")
    return name, name if prefix is None else prefix


def unpack_column(column: Column, unpacking: Unpacking) -> dict[str, Column]:
    """Return a column for every key or position.

    Raises RuntimeError where there is nothing to infer them from, or an item is not of its type.
    """
    rows = column.values if column.values.ndim == 2 else listing(column)
    out: dict[str, Column] = {}
    for position, key in enumerate(_keys(rows, unpacking)):
        name = f"{unpacking.prefix}.{key}" if unpacking.prefix else str(key)
        name = name or unused(f"X{len(out) + 1}", out)
        if name in out:
            raise RuntimeError(f"Column {name} already exists.")
        items = _items(rows, key, unpacking.na_value)
        if unpacking.types is None:
            out[name] = _inferred(items, unpacking.dtype)
        else:
            out[name] = _converted(items, unpacking.types[position])
    return out


def _keys(rows: Sequence, unpacking: Unpacking) -> list:
    """Return what is unpacked: the given keys or positions, or all that are found."""
    dtype, limit = unpacking.dtype, unpacking.limit
    if limit is not None:
        return _in_order(limit) if unpacking.types is None and dtype is dict else limit
    if unpacking.types is not None:
        return list(range(len(unpacking.types)))
    widths = [len(row) for row in rows[:LOOKED_AT] if row is not None]
    if not any(widths):
        raise RuntimeError(
            "Cannot infer number of items from the SArray, SArray may be empty. please explicitly "
            "provide column types"
        )
    if dtype is dict:
        return _in_order({key for row in rows if row is not None for key in row})
    return list(range(max(widths)))


def _in_order(keys: Iterable) -> list:
    """Return the numbers by value, then the others by their text."""

    def place(key: Any) -> tuple:
        return (0, key, "") if isinstance(key, (int, float)) else (1, 0, str(key))

    return sorted(keys, key=place)


def _items(rows: Sequence, key: Any, na_value: Any) -> list:
    """Return what the rows hold under a key or position; None where that is nothing."""
    if isinstance(rows, np.ndarray):
        items = rows[:, key].tolist() if key < rows.shape[1] else [None] * len(rows)
    else:
        items = [None if row is None else _item(row, key) for row in rows]
    if na_value is None:
        return items
    return [None if item is not None and item == na_value else item for item in items]


def _item(row: Any, key: Any) -> Any:
    found = key in row if isinstance(row, dict) else key < len(row)
    return row[key] if found else None


def _inferred(items: list, dtype: type) -> Column:
    """Return a column of the type that fits the items, of text where none does."""
    try:
        kind = float if dtype is array else common_type(_looked_at(items, dtype))
        return make_column(items, kind)
    except (TypeError, OverflowError):
        return make_column(items, str)


def _looked_at(items: list, dtype: type) -> list:
    return items if dtype is dict else items[:LOOKED_AT]


def _converted(items: list, dtype: type) -> Column:
    try:
        return make_column(items, dtype)
    except TypeError as problem:
        raise RuntimeError(str(problem)) from None


def renamed_beside(names: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the names, all with .1 as often as one of them is among the `others`."""
    names, others = list(names), set(others)
    while others.intersection(names):
        names = [f"{name}.1" for name in names]
    return names
