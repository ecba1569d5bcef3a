"""What each aggregator gives for groups of rows.

Missing values are left out of sums, means, extremes, variances, quantiles and lists; NaN counts as
a number, and is the extreme of a group where it comes first.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np
import pandas as pd

from .column import Column, objects
from .groups import Groups
from .kinds import INT64, NUMERIC
from .selecting import codes, is_missing, masked, take, take_or_missing, with_matrix
from .values import listing, make_column, pack, plain


def _count(groups: Groups) -> Column:
    return Column(int, groups.sizes)


def _present(groups: Groups, column: Column) -> tuple[Groups, np.ndarray]:
    """Return the groups without the rows that are missing, and the values of the others."""
    present = groups if column.missing is None else groups.only(~column.missing)
    return present, column.values[present.rows]


def _per_group(groups: Groups, results: np.ndarray, nothing: float) -> np.ndarray:
    """Return `results`, which filled groups have, and `nothing` for the others."""
    out = np.full((len(groups.sizes), *results.shape[1:]), nothing, results.dtype)
    out[groups.filled] = results
    return out


def _sum(groups: Groups, column: Column) -> Column:
    if column.dtype not in NUMERIC:
        return _of_vectors(groups, column, np.sum)
    present, values = _present(groups, column)
    if column.dtype is int and _may_overflow(values):
        totals = _per_group(present, present.reduce(np.add, values.astype(object)), 0)
        return make_column(totals.tolist(), int)
    if column.dtype is int:
        return Column(int, _per_group(present, present.reduce(np.add, values), 0))
    return Column(float, present.total(values))


def _may_overflow(values: np.ndarray) -> bool:
    return len(values) > 0 and np.abs(values.astype(np.float64)).max() * len(values) > INT64[-1] / 2


def _mean(groups: Groups, column: Column) -> Column:
    if column.dtype not in NUMERIC:
        return _of_vectors(groups, column, np.mean)
    present, values = _present(groups, column)
    return masked(float, _means(present, values), present.sizes == 0)


def _means(groups: Groups, values: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return groups.total(values) / groups.sizes


def _of_vectors(groups: Groups, column: Column, reduce: Callable) -> Column:
    """Sum or average vectors; None where they differ in length, empty where there is none."""
    present, vectors = _present(groups, column)
    parts = (vectors[part] for part in present.slices())
    return make_column([_over_rows(part, reduce) for part in parts], column.dtype)


def _over_rows(vectors: np.ndarray, reduce: Callable) -> np.ndarray | None:
    if not len(vectors):
        return np.zeros(0)
    if vectors.ndim == 2:
        return reduce(vectors, axis=0)
    return reduce(list(vectors), axis=0) if len(set(map(len, vectors))) == 1 else None


def _variance(groups: Groups, column: Column) -> Column:
    present, values = _present(groups, column)
    with np.errstate(invalid="ignore", over="ignore"):
        distances = values - _means(present, values)[present.numbers]
        variances = _means(present, distances**2)
    return Column(float, np.where(present.sizes == 0, 0.0, variances))


def _deviation(groups: Groups, column: Column) -> Column:
    return Column(float, np.sqrt(_variance(groups, column).values))


def _extreme_rows(groups: Groups, column: Column, extreme: np.ufunc) -> np.ndarray:
    """Return the first row of each group with its extreme value, -1 where all are missing."""
    present, values = _present(groups, column)
    rows = np.full(len(groups.sizes), -1, np.int64)
    if not len(values):
        return rows
    tops = np.repeat(present.reduce(extreme, values), present.sizes[present.filled])
    heads = present.starts[present.filled]
    at_top = np.asarray(values == tops, bool)
    if column.dtype is float:
        at_top[heads] |= np.isnan(values[heads])
    found = np.flatnonzero(at_top)
    which = present.numbers[found]
    first = np.flatnonzero(np.diff(which, prepend=-1))
    rows[which[first]] = present.rows[found[first]]
    return rows


def _largest(groups: Groups, column: Column, other: Column | None = None) -> Column:
    rows = _extreme_rows(groups, column, np.maximum if column.dtype is not float else np.fmax)
    return with_matrix(take_or_missing(column if other is None else other, rows))


def _smallest(groups: Groups, column: Column, other: Column | None = None) -> Column:
    rows = _extreme_rows(groups, column, np.minimum if column.dtype is not float else np.fmin)
    return with_matrix(take_or_missing(column if other is None else other, rows))


def _select_one(groups: Groups, column: Column) -> Column:
    return with_matrix(take(column, groups.rows[groups.starts]))


def _different(groups: Groups, column: Column) -> tuple[Groups, np.ndarray]:
    """Return the first rows with each value of each group, and how often it occurs there."""
    values = codes(column)[groups.rows]
    pairs = pd.factorize(groups.numbers * (len(column) + 1) + values)[0]
    first = np.flatnonzero(np.diff(np.maximum.accumulate(pairs), prepend=-1))
    sizes = np.bincount(groups.numbers[first], minlength=len(groups.sizes))
    return Groups(groups.rows[first], sizes), np.bincount(pairs)


def _count_distinct(groups: Groups, column: Column) -> Column:
    return Column(int, _different(groups, column)[0].sizes)


def _distinct(groups: Groups, column: Column) -> Column:
    return _lists(_different(groups, column)[0], column)


def _lists(groups: Groups, column: Column) -> Column:
    items = _items(groups, column)
    return Column(list, objects([items[part] for part in groups.slices()]))


def _items(groups: Groups, column: Column) -> list:
    """Return the values, group by group, as they are inside of lists and dictionaries."""
    items = listing(take(column, groups.rows))
    return [plain(item) for item in items] if column.dtype in (list, dict) else items


def _freq_count(groups: Groups, column: Column) -> Column:
    different, counts = _different(groups, column)
    keys, times = _items(different, column), counts.tolist()
    parts = different.slices()
    return Column(dict, objects([dict(zip(keys[part], times[part])) for part in parts]))


def _concat_list(groups: Groups, column: Column) -> Column:
    present, values = _present(groups, column)
    if column.dtype is not float:  # whose lists are vectors
        return _lists(present, column)
    return pack([values[part] for part in present.slices()], array)


def _concat_dict(groups: Groups, keys: Column, values: Column) -> Column:
    present = groups.only(~is_missing(keys))
    names, items = _items(present, keys), _items(present, values)
    parts = present.slices()
    return Column(dict, objects([dict(zip(names[part], items[part])) for part in parts]))


def quantiles(groups: Groups, column: Column, wanted: tuple) -> Column:
    """Return a vector of the `wanted` quantiles per group; 0 where all values are missing."""
    present, values = _present(groups, column)
    ordered = values[np.lexsort((values, present.numbers))].astype(np.float64)
    sizes = present.sizes[present.filled, None]
    places = np.minimum(sizes - 1, (np.array(wanted, np.float64) * sizes).astype(np.int64))
    found = ordered[present.starts[present.filled, None] + places % sizes]
    return Column(array, _per_group(present, found, 0.0))


COMPUTE: dict[str, Callable[..., Column]] = {
    "count": _count,
    "sum": _sum,
    "avg": _mean,
    "max": _largest,
    "min": _smallest,
    "var": _variance,
    "stdv": _deviation,
    "argmax": _largest,
    "argmin": _smallest,
    "select_one": _select_one,
    "count_distinct": _count_distinct,
    "distinct": _distinct,
    "freq_count": _freq_count,
    "concat_list": _concat_list,
    "concat_dict": _concat_dict,
}
