"""Tables of groups: one row per group of rows that are equal in the key columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .aggregating import COMPUTE, quantiles
from .aggregators import COUNT, EXTREME_ROWS, NUMBERS_OR_VECTORS, Aggregator, result_type, title
from .column import Column
from .groups import Groups, combined_codes
from .names import unused
from .selecting import take, with_matrix


class Grouping(NamedTuple):
    """A checked request: the key columns, and the aggregator of each further column."""

    keys: list[str]
    results: dict[str, Aggregator]


def check_grouping(types: Mapping[str, type], keys: Any, operations: list) -> Grouping:
    """Return the request for a table with columns of these types.

    `operations` are aggregators, lists of them, and dictionaries from names to them. Raises
    TypeError, KeyError and RuntimeError as Turi Create does.
    """
    keys = [keys] if isinstance(keys, str) else list(keys)
    _check_keys(types, keys)
    named = [pair for given in _named(operations) for pair in _aggregators(*given)]
    for _, aggregator in named:
        _check_aggregated(types, aggregator)
    keys = sorted(keys)
    for one, other in zip(keys, keys[1:]):
        _check_unused(one, [other])
    results: dict[str, Aggregator] = {}
    for name, aggregator in named:
        dtype = result_type(aggregator, [types[column] for column in aggregator.columns])
        new = name or unused(title(aggregator, dtype), [*keys, *results])
        _check_unused(new, [*keys, *results])
        results[new] = aggregator
    return Grouping(keys, results)


def _check_unused(name: str, taken: list[str]) -> None:
    if name in taken:
        raise RuntimeError(f"Column {name} already exists.")


def _check_keys(types: Mapping[str, type], keys: list) -> None:
    for key in keys:
        if not isinstance(key, str):
            raise TypeError("Column name must be a string")
        if key not in types:
            raise KeyError(f'Column "{key}" does not exist in SFrame')
        if types[key] is dict:
            raise TypeError("Cannot group on a dictionary column.")


def _named(operations: list) -> list[tuple[Any, Any]]:
    """Return pairs of a result's name ('' for the default) and what was given for it."""
    named: list[tuple[Any, Any]] = []
    for operation in operations:
        if isinstance(operation, dict):
            named += operation.items()
        else:
            listed = operation if isinstance(operation, list) else [operation]
            named += [("", one) for one in listed]
    return named


def _aggregators(name: Any, given: Any) -> list[tuple[Any, Aggregator]]:
    """Return the aggregator with its name, or one for each of the columns in a tuple."""
    operation = COUNT() if given is COUNT else given
    if not (isinstance(operation, tuple) and len(operation) > 1):
        raise TypeError(f"Unexpected type in aggregator definition of output column: {name}")
    aggregator = Aggregator(*operation)
    if aggregator.operation == "count":
        return [(name, COUNT())]
    if not (aggregator.operation in EXTREME_ROWS and isinstance(aggregator.columns[0], tuple)):
        return [(name, aggregator)]
    tops, other = aggregator.columns
    names = name or [""] * len(tops)
    if not isinstance(names, (tuple, list)):
        raise TypeError(
            "Output column(s) and aggregate column(s) for aggregate operation should be "
            "either all tuple or all string."
        )
    return [(one, Aggregator(aggregator.operation, [top, other])) for one, top in zip(names, tops)]


def _check_aggregated(types: Mapping[str, type], aggregator: Aggregator) -> None:
    for column in aggregator.columns:
        if not isinstance(column, str):
            raise TypeError("Column name must be a string")
        if column not in types and aggregator.operation in NUMBERS_OR_VECTORS:
            raise RuntimeError(f"Column name {column} does not exist.")
        if column not in types:
            raise KeyError(f"Column {column} does not exist in SFrame")
    if aggregator.operation == "concat_dict" and types[aggregator.columns[0]] not in (
        int, float, str,
    ):  # fmt: skip
        raise TypeError("CONCAT key column must be int, float or str type")


def group(columns: Mapping[str, Column], grouping: Grouping) -> dict[str, Column]:
    """Return one row per group, in the order in which the groups first occur."""
    keys = {key: columns[key] for key in grouping.keys}
    rows = len(next(iter((keys or columns).values()), ()))
    groups = Groups.of(combined_codes(keys.values(), rows))
    first = groups.rows[groups.starts]
    out = {key: with_matrix(take(column, first)) for key, column in keys.items()}
    for name, aggregator in grouping.results.items():
        out[name] = _result(aggregator, groups, [columns[one] for one in aggregator.columns])
    return out


def _result(aggregator: Aggregator, groups: Groups, columns: list[Column]) -> Column:
    if aggregator.operation == "quantile":
        return quantiles(groups, *columns, aggregator.quantiles)
    return COMPUTE[aggregator.operation](groups, *columns)
