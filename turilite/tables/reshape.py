"""What turns tables into others: groups, joins, packing, unpacking and stacking columns."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..columns import aggregators as aggregate
from ..columns.column import Column
from ..columns.kinds import common_type
from ..columns.selecting import (
    codes,
    concatenate,
    is_missing_or_nan,
    take_or_missing,
)
from ..columns.values import listing, make_column

if TYPE_CHECKING:
    from .sarray import SArray
    from .sframe import SFrame


def _combined(columns: Iterable[Column], rows: int) -> np.ndarray:
    """An integer per row, equal where the rows are equal in all columns."""
    out = np.zeros(rows, np.int64)
    for column in columns:
        out = np.unique(out * (rows + 1) + codes(column), return_inverse=True)[1].ravel()
    return out


# --- groups -----------------------------------------------------------------------------------


def groupby(frame: SFrame, keys: Any, operations: list) -> SFrame:
    """One row per group, in the order in which the groups first occur; keys by name, as columns."""
    from .sarray import SArray  # noqa: PLC0415
    from .sframe import SFrame, _unused  # noqa: PLC0415

    keys = [keys] if isinstance(keys, str) else list(keys)
    _check_keys(frame, keys)
    named = _named_aggregators(frame, operations)
    rows = frame._size
    numbers = _combined([frame._columns[key].column for key in keys], rows)
    groups = _groups(numbers)
    first = np.array([group[0] for group in groups], dtype=np.int64)
    out = SFrame()
    for key in sorted(keys):
        out._add(frame._columns[key]._take(first, len(first)), key)
    for name, operation in named:
        columns = [frame._columns[c] for c in operation[1]] if operation[0] != "count" else []
        dtype = aggregate.result_type(operation, [column.dtype for column in columns])
        vectors = bool(columns) and columns[0].dtype in (array, np.ndarray)
        lists = [column._values() for column in columns] or [list(range(rows))]
        results = [
            aggregate.compute(
                operation, [[values[row] for row in group] for values in lists], vectors
            )
            for group in groups
        ]
        if operation[0] == "concat_list" and columns[0].dtype in (int, float):
            dtype = array if columns[0].dtype is float else list
        title = name or _unused(aggregate.title(operation, dtype), out._columns)
        out._add(SArray(results, dtype), title)
    return out


def _groups(numbers: np.ndarray) -> list[np.ndarray]:
    """The row numbers of each group, the group that comes first in the table first."""
    order = np.argsort(numbers, kind="stable")
    bounds = np.flatnonzero(np.diff(numbers[order])) + 1
    groups = np.split(order, bounds) if len(order) else []
    return sorted(groups, key=lambda group: group[0])


def _check_keys(frame: SFrame, keys: list) -> None:
    for key in keys:
        if not isinstance(key, str):
            raise TypeError("Column name must be a string")
        if key not in frame._columns:
            raise KeyError(f'Column "{key}" does not exist in SFrame')
        if frame._columns[key].dtype is dict:
            raise TypeError("Cannot group on a dictionary column.")


def _named_aggregators(frame: SFrame, operations: list) -> list[tuple[str, tuple]]:
    """Pairs of result name ('' for the default) and aggregator, checked."""
    named: list[tuple[Any, Any]] = []
    for operation in operations:
        if isinstance(operation, dict):
            named += operation.items()
        else:
            listed = operation if isinstance(operation, list) else [operation]
            named += [("", one) for one in listed]
    out: list[tuple[str, tuple]] = []
    for name, given in named:
        operation = aggregate.COUNT() if given is aggregate.COUNT else given
        if not (isinstance(operation, tuple) and len(operation) > 1):
            raise TypeError(f"Unexpected type in aggregator definition of output column: {name}")
        if operation[0] in ("argmax", "argmin") and isinstance(operation[1][0], tuple):
            tops, other = operation[1]
            names = name or [""] * len(tops)
            if not isinstance(names, (tuple, list)):
                raise TypeError(
                    "Output column(s) and aggregate column(s) for aggregate operation should be "
                    "either all tuple or all string."
                )
            out += [(one, (operation[0], [top, other])) for one, top in zip(names, tops)]
        else:
            out.append((name, operation))
    for _, operation in out:
        _check_aggregated(frame, operation)
    return out


def _check_aggregated(frame: SFrame, operation: tuple) -> None:
    if operation[0] == "count":
        return
    for column in operation[1]:
        if not isinstance(column, str):
            raise TypeError("Column name must be a string")
        if column not in frame._columns:
            raise KeyError(f"Column {column} does not exist in SFrame")
    key_type = frame._columns[operation[1][0]].dtype
    if operation[0] == "concat_dict" and key_type not in (int, float, str):
        raise TypeError("CONCAT key column must be int, float or str type")


# --- joins ------------------------------------------------------------------------------------


def join(left: SFrame, right: SFrame, on: Any, how: str, alter_name: dict | None) -> SFrame:
    from .sarray import SArray  # noqa: PLC0415
    from .sframe import SFrame, _unused  # noqa: PLC0415

    if not isinstance(right, SFrame):
        raise TypeError("Can only join two SFrames")
    if how not in ("left", "right", "outer", "inner"):
        raise ValueError("Invalid join type")
    if not (left._columns and right._columns):
        raise ValueError("Cannot join an SFrame with no columns.")
    keys = _join_keys(left, right, on)
    names = _altered(left, right, keys, alter_name)
    for table in (left, right):
        table._extent.settle()
    pairs = [(left._column(one).column, right._column(other).column) for one, other in keys.items()]
    ours, theirs = _matches(pairs, left._size, right._size, how)

    out = SFrame()
    for name, column in left._columns.items():
        if name in keys and (ours < 0).any():
            joined = _coalesced(column, right._columns[keys[name]], ours, theirs)
        else:
            joined = take_or_missing(column.column, ours)
        out._add(SArray._of(joined), name)
    for name, column in right._columns.items():
        if name not in keys.values():
            taken = take_or_missing(column.column, theirs)
            wanted = names.get(name, name) if name in out._columns else name
            out._add(SArray._of(taken), _unused(wanted, out._columns))
    return out


def _join_keys(left: SFrame, right: SFrame, on: Any) -> dict[str, str]:
    if on is None:
        return {name: name for name in left._columns if name in right._columns}
    if isinstance(on, str):
        return {on: on}
    if isinstance(on, dict):
        return on
    if not isinstance(on, list):
        raise TypeError("Must pass a str, list, or dict of join keys")
    if not all(isinstance(name, str) for name in on):
        raise TypeError("Join keys must each be a str.")
    return {name: name for name in on}


def _altered(left: SFrame, right: SFrame, keys: dict, alter_name: dict | None) -> dict[str, str]:
    """New names for columns of the right table, checked."""
    for old, new in (alter_name or {}).items():
        if old not in right._columns or old in keys:
            raise KeyError(f"Redundant key {old} for collision resolution")
        if old == new:
            raise ValueError(f"Key {old} should not be equal to value")
        if new in left._columns or new in right._columns:
            raise ValueError(f"Value {new} will cause further collision")
    if len(set((alter_name or {}).values())) < len(alter_name or {}):
        raise RuntimeError("Two columns can't get the same name.")
    return alter_name or {}


def _matches(
    pairs: list[tuple[Column, Column]], rows: int, other_rows: int, how: str
) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers of both tables, -1 where there is no partner."""
    for one, other in pairs:
        if one.dtype is not other.dtype:
            raise RuntimeError("Columns to join on do not have the same type.")
    both = [concatenate(one, other) for one, other in pairs]
    numbers = _combined(both, rows + other_rows)
    partners: dict[int, list[int]] = {}
    for row, number in enumerate(numbers[rows:].tolist()):
        partners.setdefault(number, []).append(row)
    ours, theirs = [], []
    for row, number in enumerate(numbers[:rows].tolist()):
        found = partners.get(number, [-1] if how in ("left", "outer") else [])
        ours += [row] * len(found)
        theirs += found
    if how in ("right", "outer"):
        alone = np.setdiff1d(np.arange(other_rows), theirs)
        ours += [-1] * len(alone)
        theirs += alone.tolist()
    return np.array(ours, dtype=np.int64), np.array(theirs, dtype=np.int64)


def _coalesced(ours: SArray, theirs: SArray, rows: np.ndarray, others: np.ndarray) -> Column:
    """A key column: of the left table where it has the row, else of the right one."""
    from_left = listing(take_or_missing(ours.column, rows))
    from_right = listing(take_or_missing(theirs.column, others))
    chosen = [a if row >= 0 else b for a, b, row in zip(from_left, from_right, rows)]
    return make_column(chosen, ours.dtype)


# --- packing and unpacking --------------------------------------------------------------------


def absent_inside(column: Column) -> np.ndarray:
    """The rows that are missing or hold something missing at any depth."""
    gone = is_missing_or_nan(column)
    inside = [_holds_none(value) for value in listing(column)]
    return gone | np.array(inside, dtype=bool)


def _holds_none(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_none, [*value.keys(), *value.values()]))
    if isinstance(value, (list, array, np.ndarray)):
        return any(map(_holds_none, np.ravel(value) if isinstance(value, np.ndarray) else value))
    return value is None or value != value  # noqa: PLR0124 - NaN


def pack_columns(  # noqa: PLR0917
    frame: SFrame, names: Any, prefix: Any, dtype: type, fill_na: Any, remove_prefix: bool,
    new_name: Any,
) -> SFrame:  # fmt: skip
    from .sarray import SArray, is_collection  # noqa: PLC0415
    from .sframe import SFrame  # noqa: PLC0415

    if names is not None and prefix is not None:
        raise ValueError(
            "'column_names' and 'column_name_prefix' parameter cannot be given at the same time."
        )
    if prefix is not None:
        if not isinstance(prefix, str):
            raise TypeError("'column_name_prefix' must be a string")
        names = [name for name in frame._columns if name.startswith(prefix)]
        new_name = prefix if new_name is None else new_name
        if not names:
            raise ValueError(f"There is no column starts with prefix '{prefix}'")
    elif names is not None and not is_collection(names):
        raise TypeError("column_names must be an iterable type")
    names = frame.column_names() if names is None else list(names)
    for name in names:
        if name not in frame._columns:
            raise ValueError(f"Current SFrame has no column called '{name}'.")
    if len(set(names)) != len(names):
        raise ValueError("There is duplicate column names in column_names parameter")
    if dtype not in (dict, list, array):
        raise ValueError("Resulting dtype has to be one of dict/array.array/list type")
    _check_packing(frame, names, dtype, fill_na)
    rest = [name for name in frame._columns if name not in names]
    if new_name is not None and not isinstance(new_name, str):
        raise TypeError("'new_column_name' has to be a string")
    if new_name in rest:
        raise KeyError(f"Current SFrame already contains a column name {new_name}")
    labels = _without_prefix(names, prefix) if prefix and remove_prefix and dtype is dict else names
    columns = [frame._columns[name] for name in names]
    rows = zip(*(_filled(column, fill_na) for column in columns))
    packed = SArray([_packed(row, labels, dtype) for row in rows], dtype)
    out = SFrame(frame[rest])
    out._add(packed, new_name or "")
    return out


def _filled(column: SArray, fill_na: Any) -> list:
    """The values, ``fill_na`` (of whatever type) where they are missing."""
    if fill_na is None:
        return column._values()
    return [
        fill_na if gone else v
        for v, gone in zip(column._values(), is_missing_or_nan(column.column))
    ]


def _check_packing(frame: SFrame, names: list[str], dtype: type, fill_na: Any) -> None:
    if dtype is not array:
        return
    if fill_na is not None and type(fill_na) not in (int, float):
        raise ValueError("fill_na value for array needs to be numeric type")
    for name in names:
        if frame._columns[name].dtype not in (int, float):
            raise TypeError(f"Column '{name}' type is not numeric, cannot pack into array type")


def _without_prefix(names: list[str], prefix: str) -> list[str]:
    separators = {name[len(prefix) : len(prefix) + 1] for name in names}
    joined = len(separators) == 1 and separators <= {".", "-", "_"}
    return [name[len(prefix) + joined :] for name in names]


def _packed(row: tuple, labels: list[str], dtype: type) -> Any:
    if dtype is dict:
        return {label: value for label, value in zip(labels, row) if value is not None}
    if dtype is array:
        return array("d", [float("nan") if value is None else value for value in row])
    return list(row)


def unpack_column(  # noqa: PLR0917
    frame: SFrame, name: Any, prefix: Any, types: Any, na_value: Any, limit: Any
) -> SFrame:
    from .sframe import SFrame  # noqa: PLC0415

    if name is None:
        fit = [n for n, c in frame._columns.items() if c.dtype in (dict, list, array)]
        if len(fit) != 1:
            raise RuntimeError(
                "Column name needed to unpack" if fit else "No columns can be unpacked"
            )
        name, prefix = fit[0], "" if prefix is None else prefix
    elif name not in frame._columns:
        raise KeyError(f"Column '{name}' does not exist in current SFrame")
    unpacked = unpack(frame[name], name if prefix is None else prefix, types, na_value, limit)
    rest = [other for other in frame._columns if other != name]
    names = unpacked.column_names()
    while set(names) & set(rest):
        names = [f"{new}.1" for new in names]
    out = SFrame(frame[rest])
    for new, column in zip(names, unpacked._columns.values()):
        out._add(column, new)
    return out


def unpack(column: SArray, prefix: Any, types: Any, na_value: Any, limit: Any) -> SFrame:
    from .sarray import SArray, is_collection  # noqa: PLC0415
    from .sframe import SFrame  # noqa: PLC0415

    if column.dtype not in (dict, array, list):
        raise TypeError("Only SArray of dict/list/array type supports unpack")
    prefix = "" if prefix is None else prefix
    if not isinstance(prefix, str):
        raise TypeError("'column_name_prefix' must be a string")
    _check_limit(column.dtype, limit)
    if types is not None:
        if not is_collection(types):
            raise TypeError("column_types must be a list")
        if not set(types) <= {int, float, str, list, dict, array}:
            raise TypeError(
                "column_types contains unsupported types. Supported types are ['float', 'int', "
                "'list', 'dict', 'str', 'array.array']"
            )
        if limit is not None and len(limit) != len(types):
            raise ValueError("limit and column_types do not have the same length")
        if limit is None and column.dtype is dict:
            raise ValueError(
                "if 'column_types' is given, 'limit' has to be provided to unpack dict type."
            )
    rows = column._values()
    keys = _keys(column, rows, types, limit)
    out = SFrame()
    for position, key in enumerate(keys):
        values = [_item(row, key, na_value) for row in rows]
        kind = _unpacked_type(column, values, types, position)
        if types is None and not _fits(values, kind):
            kind = str
        try:
            converted = SArray(values, kind)
        except TypeError as problem:
            raise RuntimeError(str(problem)) from None
        name = f"{prefix}.{key}" if prefix else str(key)
        out._add(converted, name)
    return out


def _check_limit(dtype: type, limit: Any) -> None:
    from .sarray import is_collection  # noqa: PLC0415

    if limit is None:
        return
    if not is_collection(limit):
        raise TypeError("'limit' must be a list")
    kinds = {type(key) for key in limit}
    if len(kinds) != 1:
        raise TypeError("'limit' contains values that are different types")
    if dtype is not dict and kinds != {int}:
        raise TypeError("'limit' must contain integer values.")
    if len(set(limit)) != len(limit):
        raise ValueError("'limit' contains duplicate values")


def _keys(column: SArray, rows: list, types: Any, limit: Any) -> list:
    """What is unpacked: the given keys or positions, or all of the first 100 rows."""
    if limit is not None:
        return list(limit) if types is not None or column.dtype is not dict else _in_order(limit)
    if types is not None:
        return list(range(len(types)))
    present = [row for row in rows[:100] if row is not None]
    if not any(len(row) for row in present):
        raise RuntimeError(
            "Cannot infer number of items from the SArray, SArray may be empty. please explicitly "
            "provide column types"
        )
    if column.dtype is dict:
        return _in_order({key for row in rows if row is not None for key in row})
    return list(range(max(map(len, present))))


def _in_order(keys: Iterable) -> list:
    """Numbers by value, then the others by their text."""

    def place(key: Any) -> tuple:
        return (0, key, "") if isinstance(key, (int, float)) else (1, 0, str(key))

    return sorted(keys, key=place)


def _item(row: Any, key: Any, na_value: Any) -> Any:
    if row is None:
        return None
    found = key in row if isinstance(row, dict) else key < len(row)
    value = row[key] if found else None
    if na_value is not None and value is not None and value == na_value:
        return None
    return value


def _unpacked_type(column: SArray, values: list, types: Any, position: int) -> type:
    if types is not None:
        return list(types)[position]
    if column.dtype is array:
        return float
    try:
        return common_type(values if column.dtype is dict else values[:100])
    except TypeError:
        return str


def _fits(values: list, dtype: type) -> bool:
    try:
        make_column(values, dtype)
    except (TypeError, OverflowError):
        return False
    return True


# --- stacking ---------------------------------------------------------------------------------


def stack(frame: SFrame, name: Any, new_name: Any, drop_na: bool, new_type: Any) -> SFrame:
    from .sarray import SArray  # noqa: PLC0415

    name = str(name)
    if name not in frame._columns:
        raise ValueError(f"Cannot find column '{name}' in the SFrame.")
    column = frame._columns[name]
    if column.dtype not in (dict, array, list):
        raise TypeError("Stack is only supported for column of dict/list/array type.")
    width = 2 if column.dtype is dict else 1
    types = [new_type] if isinstance(new_type, type) else new_type
    if types is not None and len(types) != width:
        raise ValueError(
            "Expecting a single column type to unpack list or array columns"
            if width == 1
            else "Expecting two column types to unpack a dict column"
        )
    names = _stacked_names(frame, name, new_name, width)
    rows = column._values()
    present = [row for row in rows[:100] if row is not None]
    if not present:
        raise ValueError("Cannot infer column type because there is not enough rows to infer value")
    numbers, *values = zip(*_items(rows, width, drop_na)) or [()] * (width + 1)
    rest = frame[[other for other in frame._columns if other != name]]
    out = rest._take(np.array(numbers, dtype=np.int64), len(numbers))
    for position, stacked in enumerate(values):
        kind = types[position] if types else common_type(stacked)
        out._add(SArray(list(stacked), kind), names[position])
    return out


def _items(rows: list, width: int, drop_na: bool) -> list[tuple]:
    """Row number and item (for dictionaries: key and value) of everything in the rows."""
    out: list[tuple] = []
    nothing = () if drop_na else ((None,) * width,)
    for number, row in enumerate(rows):
        items: Iterable[tuple] = nothing
        if row is not None and len(row):
            items = row.items() if width == 2 else ((item,) for item in row)
        out += [(number, *item) for item in items]
    return out


def _stacked_names(frame: SFrame, name: str, new_name: Any, width: int) -> list[str]:
    if new_name is None:
        return [""] * width
    if width == 2 and not (isinstance(new_name, list) and len(new_name) == 2):
        raise TypeError("new_column_name has to be a list of two names to stack dict type")
    if width == 1 and not isinstance(new_name, str):
        raise TypeError("new_column_name has to be a str")
    names = [new_name] if width == 1 else new_name
    for new in names:
        if new in frame._columns and new != name:
            raise ValueError(f"Column with name '{new}' already exists, pick a new column name")
    return names
