"""Feature columns as rows of numbers for a linear model, encoded as Turi Create does it.

A number is one number of a row, a vector as many as it is long, a dictionary one for each key. A
string, and each of the items of a list, is a category: one number for each, 1 where it is there.
The category that occurs first is the reference, which has none.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse

from ..columns.column import Column
from ..columns.kinds import NAMES
from ..columns.selecting import is_missing
from ..columns.values import make_column
from ..errors import ToolkitError

MODES = {
    int: "numeric",
    float: "numeric",
    array: "numeric_vector",
    np.ndarray: "numeric_vector",
    dict: "dictionary",
    list: "categorical_vector",
    str: "categorical",
}
"""How Turi Create calls what a column of each type is treated as."""
CATEGORICAL = ("categorical", "categorical_vector")
KEY_TYPES = (int, str, type(None))

Rows = Any  # a matrix of NumPy, or of SciPy (CSR): rows x numbers


class Encoding(NamedTuple):
    """The encoding of one column.

    `keys` are the keys of dictionaries or the categories, with their places, and the places of
    vectors; `means` those of the numbers of a row, the reference included.
    """

    name: str
    mode: str
    keys: dict[Any, int]
    means: np.ndarray

    @property
    def skipped(self) -> int:
        """How many of the keys have no number: the reference."""
        return int(self.mode in CATEGORICAL)

    @property
    def width(self) -> int:
        """How many numbers a row has."""
        return max(0, len(self.keys) - self.skipped)

    @property
    def indices(self) -> list[str | None]:
        """The names of the numbers within the column; None for a column of numbers."""
        if self.mode == "numeric":
            return [None]
        return ["" if key is None else str(key) for key in self.keys][self.skipped :]

    @property
    def unpacked(self) -> list[str]:
        """The names of the features: the column's, or one for each key."""
        if self.mode in ("numeric", "categorical"):
            return [self.name]
        return [f"{self.name}[{'' if key is None else key}]" for key in self.keys]


def learn(columns: Mapping[str, Column]) -> tuple[list[Encoding], Rows]:
    """Return the encodings of the columns, and all rows that are encoded by them.

    Raises ToolkitError for missing or infinite values and for types that have no encoding.
    """
    learned = [_learned(name, column) for name, column in columns.items()]
    infinite = [encoding.name for encoding, _ in learned if not np.isfinite(encoding.means).all()]
    if infinite:
        raise ToolkitError(
            f"Detected inf/nan values in feature(s) {', '.join(map(repr, infinite))}. Cannot "
            "proceed with model training."
        )
    return [encoding for encoding, _ in learned], joined([rows for _, rows in learned])


def _learned(name: str, column: Column) -> tuple[Encoding, Rows]:
    if column.dtype not in MODES:
        kind = NAMES.get(column.dtype, "undefined")
        raise ToolkitError(f"Column {name!r} has type {kind}; it can't be a feature.")
    mode = MODES[column.dtype]
    if mode != "categorical" and is_missing(column).any():
        raise missing_value(name)
    if mode in ("numeric", "numeric_vector"):
        width = 1 if mode == "numeric" else _length(name, column)
        rows = _numbers(name, column, np.zeros(width))
        return Encoding(name, mode, dict.fromkeys(range(width)), rows.mean(axis=0)), rows
    keys: dict[Any, int] = {}
    rows = _matrix(_bags(name, column, mode), keys, grow=True)
    encoding = Encoding(name, mode, keys, np.asarray(rows.mean(axis=0)).ravel())
    for key in keys:
        if type(key) not in KEY_TYPES:
            raise _not_a_key(name, key)
    return encoding, rows[:, encoding.skipped :]


def encode(columns: Mapping[str, Column], encodings: list[Encoding], impute: bool) -> Rows:
    """Return the rows of columns; with `impute` missing numbers count as the means.

    A missing dictionary or list is empty, an absent column missing in all rows; keys and
    categories that were not learned are left out. Raises ToolkitError for other types, and for
    missing values unless `impute`.
    """
    count = len(next(iter(columns.values())))
    blocks = []
    for encoding in encodings:
        column = columns.get(encoding.name)
        blocks.append(_encoded(make_column([None] * count) if column is None else column, encoding))
        if not impute and column is not None and _lacks(column, encoding.mode):
            raise missing_value(encoding.name)
    return joined(blocks)


def _lacks(column: Column, mode: str) -> bool:
    if mode == "categorical":
        return False
    inside = mode == "dictionary" and any(
        None in row.values() for row in column.values if row is not None
    )
    return inside or bool(is_missing(column).any())


def _encoded(column: Column, encoding: Encoding) -> Rows:
    name, mode = encoding.name, encoding.mode
    if is_missing(column).all():
        column = make_column([None] * len(column), _type_of(mode))
    fits = MODES.get(column.dtype) == mode or (mode == "categorical" and column.dtype is int)
    if not fits:
        kind = NAMES.get(column.dtype, "undefined")
        raise ToolkitError(f"Column {name!r} has type {kind}; cannot be treated as {mode}.")
    if mode in ("numeric", "numeric_vector"):
        return _numbers(name, column, encoding.means)
    bags = _bags(name, column, mode, encoding)
    return _matrix(bags, encoding.keys, grow=False)[:, encoding.skipped :]


def _type_of(mode: str) -> type:
    return next(kind for kind, of_kind in MODES.items() if of_kind == mode)


def _length(name: str, column: Column) -> int:
    lengths = sorted({np.size(row) for row in column.values})
    if len(lengths) > 1:
        raise _unequal(name, *lengths[:2])
    return lengths[0] if lengths else 0


def _numbers(name: str, column: Column, means: np.ndarray) -> np.ndarray:
    """Return a column of numbers or vectors as a matrix, `means` where it is missing."""
    present = ~is_missing(column)
    if present.all() and column.values.ndim == 2 and column.values.shape[1] == len(means):
        return column.values
    rows = np.empty((len(column), len(means)))
    rows[~present] = means
    values = column.values[present]
    if column.dtype in (int, float):
        rows[present] = values[:, None]
        return rows
    for row, value in zip(np.flatnonzero(present), values):
        if np.size(value) != len(means):
            raise _unequal(name, np.size(value), len(means))
        rows[row] = np.ravel(value)
    return rows


def _bags(
    name: str, column: Column, mode: str, encoding: Encoding | None = None
) -> Iterator[Mapping[Any, float]]:
    """Yield the keys of each row with their numbers."""
    for value in column.values:
        if mode == "categorical":
            yield {value: 1.0}
        elif value is None:
            yield {}
        elif mode == "categorical_vector":
            yield _items(name, value)
        else:
            yield value if _is_numeric(value) else _mended(name, value, encoding)


def _items(name: str, value: list) -> dict:
    try:
        return dict.fromkeys(value, 1.0)
    except TypeError:
        key = next(item for item in value if not isinstance(item, (*KEY_TYPES, float)))
        raise _not_a_key(name, key) from None


def _is_numeric(value: dict) -> bool:
    return set(map(type, value.values())) <= {int, float}


def _mended(name: str, value: dict, encoding: Encoding | None) -> dict:
    """Return a dictionary with the means in the place of missing numbers."""
    out = {}
    for key, number in value.items():
        if number is None and encoding is None:
            raise missing_value(name)
        if not isinstance(number, (int, float, type(None))):
            raise ToolkitError(
                f"Dictionary value for key '{key}' in column '{name}' is not numeric."
            )
        if number is not None:
            out[key] = number
        elif encoding is not None and key in encoding.keys:
            out[key] = encoding.means[encoding.keys[key]]
    return out


def _matrix(bags: Iterable[Mapping[Any, float]], keys: dict[Any, int], grow: bool) -> Rows:
    """Return the rows of a sparse matrix; `keys` has the column of a key, and grows if told to."""
    columns: list[int] = []
    numbers: list[float] = []
    starts = [0]
    for bag in bags:
        for key, number in bag.items():
            place = keys.setdefault(key, len(keys)) if grow else keys.get(key)
            if place is not None:
                columns.append(place)
                numbers.append(number)
        starts.append(len(columns))
    shape = (len(starts) - 1, len(keys))
    return scipy.sparse.csr_matrix((np.array(numbers, np.float64), columns, starts), shape=shape)


def joined(blocks: list[Rows]) -> Rows:
    """Return matrices beside each other; sparse where one of them is."""
    if any(scipy.sparse.issparse(block) for block in blocks):
        return scipy.sparse.hstack(blocks, format="csr")
    return np.concatenate(blocks, axis=1)


def missing_value(name: str) -> ToolkitError:
    return ToolkitError(
        f"Missing value (None) encountered in column '{name}'. Use the SFrame's dropna function "
        "to drop rows with 'None' values in them."
    )


def _unequal(name: str, one: int, other: int) -> ToolkitError:
    return ToolkitError(
        f"Dataset mismatch. Numeric feature '{name}' must contain lists of consistent size. "
        f"(Found lists/arrays of sizes {one} and {other})."
    )


def _not_a_key(name: str, key: Any) -> ToolkitError:
    kind = NAMES.get(array if isinstance(key, np.ndarray) else type(key), type(key).__name__)
    return ToolkitError(
        f"Value encountered in column '{name}' is of type '{kind}' cannot be mapped to a "
        "categorical value. Categorical values must be integer, strings, or None."
    )
