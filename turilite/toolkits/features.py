"""Feature columns joined to rows of numbers that a search compares."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from ..columns.column import Column, Places
from ..columns.selecting import is_missing
from ..errors import ToolkitError
from ..search.points import Points
from ..search.sparse import Bags, beside, to_rows
from ..search.strings import Strings

BAGS = (dict, list)  # types of columns whose rows are sparse


class VectorRows:
    """The rows of a column of vectors that is read in batches, as a search takes them.

    `model` are the references, if these are queries: a missing row counts as their mean. What is
    wrong with a row raises ToolkitError when it is read.
    """

    def __init__(self, name: str, column: Column, model: Features | None) -> None:
        self.name, self.column, self.model = name, column, model
        first = column.take(slice(0, 1)).values[0]
        self.width = 0 if first is None else len(first)
        if model is not None:
            self.width = len(model.parts[name])
        self.shape = (len(column), self.width)
        self.has_means = False

    def __getitem__(self, rows: Places) -> np.ndarray:
        return self._matrix(self.column.take(rows))

    def batches(self) -> Iterator[tuple[Places, np.ndarray]]:
        for places, part in self.column.batches():
            yield places, self._matrix(part)

    def _matrix(self, part: Column) -> np.ndarray:
        if part.values.ndim == 2 and part.values.shape[1] == self.width:
            return part.values
        if self.model is None:
            _check_complete({self.name: self.column})
        _width(self.name, self.column, self.width if self.model else None)
        rows = np.empty((len(part), self.width))
        _fill(rows, part, 0 if self.model is None else self.model.points.mean())
        self.has_means = True
        return rows


_prepared: WeakKeyDictionary[Column, Points] = WeakKeyDictionary()


def _points(column: Column) -> Points:
    """Return the rows of a column of vectors, prepared once for all their models and queries.

    What was prepared is kept as long as the column is.
    """
    if column not in _prepared:
        _prepared[column] = Points(column.values)
    return _prepared[column]


def _streamed_points(name: str, column: Column, model: Features | None) -> Points:
    """Return what `_points` does for a column that is read in batches."""
    if column not in _prepared:
        rows = VectorRows(name, column, model)
        points = Points(rows)
        if model is None and not points.has_estimates:  # they were not read yet
            for _ in rows.batches():
                pass
        if not points.is_in_memory or rows.has_means:  # which depends on the model
            return points
        _prepared[column] = points
    return _prepared[column]


class Features(NamedTuple):
    """Feature columns joined to rows that a distance compares, with the columns' share of them.

    `parts` has for each column the names of its numbers: the keys of a dictionary or list with
    their places, or as many places as a vector is long. A column of strings has none.
    """

    points: Points | Bags | Strings
    parts: dict[str, dict]

    @classmethod
    def of(
        cls,
        columns: Mapping[str, Column],
        model: Features | None = None,
        in_batches: bool = False,
    ) -> Features:
        """Return the rows of references, or of queries to `model`.

        In queries a missing value counts as the mean of the references, a missing string as an
        empty one. A large column of vectors that is the only one may be read `in_batches`. Raises
        ToolkitError for missing values of references, vectors of unequal lengths
        and dictionaries of anything but numbers; TypeError for lists of anything but strings.
        """
        (name, only), *others = columns.items()
        if in_batches and not others and only.dtype is array and only.is_streamed:
            points = _streamed_points(name, only, model)
            return cls(points, {name: dict.fromkeys(range(points.width))})
        if model is None:
            _check_complete(columns)
        if any(column.dtype is str for column in columns.values()):
            return cls._strings(columns)
        if any(column.dtype in BAGS for column in columns.values()):
            return cls._sparse(columns, model)
        return cls._dense(columns, model)

    @classmethod
    def _dense(cls, columns: Mapping[str, Column], model: Features | None) -> Features:
        widths = {
            name: _width(name, column, None if model is None else len(model.parts[name]))
            for name, column in columns.items()
        }
        parts = {name: dict.fromkeys(range(width)) for name, width in widths.items()}
        only = next(iter(columns.values()))
        if len(columns) == 1 and only.values.ndim == 2:
            return cls(_points(only), parts)
        stops = np.cumsum(list(widths.values()))
        means = np.zeros(stops[-1]) if model is None else model.points.mean()
        rows = np.empty((len(only), stops[-1]))
        shares = np.split(rows, stops[:-1], axis=1)  # views
        for column, share, mean in zip(columns.values(), shares, np.split(means, stops[:-1])):
            _fill(share, column, mean)
        return cls(Points(rows), parts)

    @classmethod
    def _strings(cls, columns: Mapping[str, Column]) -> Features:
        """Return the rows of one column of strings; a missing one is empty."""
        (name, column), *_ = columns.items()
        return cls(Strings(value or "" for value in column.values), {name: {}})

    @classmethod
    def _sparse(cls, columns: Mapping[str, Column], model: Features | None) -> Features:
        parts = {name: {} if model is None else model.parts[name] for name in columns}
        rows = []
        for name, column in columns.items():
            _check_items(name, column)
            try:
                values = column.values if column.dtype in BAGS else _as_bags(column)
                rows.append(to_rows(values, parts[name], grow=model is None))
            except ValueError as error:
                raise ToolkitError(f"Key {error} of column {name!r} has no number.") from None
        return cls(Bags(beside(rows)), parts)


def unpacked_names(parts: Mapping[str, dict], types: Mapping[str, type]) -> list[str]:
    """Return what the single numbers of a row are called: x, or v[0], v[1] ... in a vector v.

    `parts` are those of `Features`, `types` those of the columns.
    """
    names = []
    for name, part in parts.items():
        single = types[name] in (int, float)
        names += [name] if single else [f"{name}[{key}]" for key in part]
    return names


def _check_complete(columns: Mapping[str, Column]) -> None:
    for name, column in columns.items():
        if is_missing(column).any():
            raise ToolkitError(f"Column {name!r} has missing values: drop them with dropna().")


def _check_items(name: str, column: Column) -> None:
    """Raise TypeError for lists of anything but strings."""
    if column.dtype is list:
        for value in column.values:
            if not all(isinstance(item, str) for item in value or ()):
                raise TypeError(f"The lists in column {name!r} may hold strings only.")


def _width(name: str, column: Column, expected: int | None) -> int:
    """Return how many numbers a row of the column has. Raises ToolkitError for unequal rows."""
    if column.dtype is not array:
        return 1
    lengths = {len(row) for _, part in column.batches() for row in part.values if row is not None}
    lengths |= set() if expected is None else {expected}
    if len(lengths) > 1:
        raise ToolkitError(
            f"The vectors in column {name!r} must be of one length, not of {sorted(lengths)}."
        )
    return lengths.pop() if lengths else 0


def _fill(rows: np.ndarray, column: Column, means: np.ndarray) -> None:
    """Write a column of numbers or vectors into `rows`, `means` where it is missing."""
    present = ~is_missing(column)
    values = column.values[present]
    rows[~present] = means
    if len(values):
        rows[present] = np.stack(values) if column.dtype is array else values[:, None]


def _as_bags(column: Column) -> Iterator[dict]:
    """Yield a column of numbers or vectors as dictionaries; empty where missing."""
    for value, missing in zip(column.values, is_missing(column)):
        yield {} if missing else dict(enumerate(np.atleast_1d(value).tolist()))
