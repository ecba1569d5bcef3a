"""The aggregators of `SFrame.groupby`: what they are called, take and give."""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Iterable
from typing import Any, NamedTuple

from .kinds import NUMERIC, VECTORS


class Aggregator(NamedTuple):
    """An operation and the names of the columns that it is for."""

    operation: str
    columns: list  # of names; for ARGMAX and ARGMIN the first may be a tuple of names
    quantiles: tuple = ()


def COUNT() -> Aggregator:  # noqa: N802 - Turi Create's names, all of them
    return Aggregator("count", [])


def SUM(src_column: str) -> Aggregator:  # noqa: N802
    return Aggregator("sum", [src_column])


def MEAN(src_column: str) -> Aggregator:  # noqa: N802
    return Aggregator("avg", [src_column])


def MAX(src_column: str) -> Aggregator:  # noqa: N802
    return Aggregator("max", [src_column])


def MIN(src_column: str) -> Aggregator:  # noqa: N802
    return Aggregator("min", [src_column])


def VAR(src_column: str) -> Aggregator:  # noqa: N802
    return Aggregator("var", [src_column])


def STD(src_column: str) -> Aggregator:  # noqa: N802
    return Aggregator("stdv", [src_column])


def ARGMAX(agg_column: str, out_column: str) -> Aggregator:  # noqa: N802
    """Take `out_column` of the row with the largest `agg_column`."""
    return Aggregator("argmax", [agg_column, out_column])


def ARGMIN(agg_column: str, out_column: str) -> Aggregator:  # noqa: N802
    """Take `out_column` of the row with the smallest `agg_column`."""
    return Aggregator("argmin", [agg_column, out_column])


def SELECT_ONE(src_column: str) -> Aggregator:  # noqa: N802
    """Take the value of one row of the group: here the first."""
    return Aggregator("select_one", [src_column])


def COUNT_DISTINCT(src_column: str) -> Aggregator:  # noqa: N802
    return Aggregator("count_distinct", [src_column])


def DISTINCT(src_column: str) -> Aggregator:  # noqa: N802
    return Aggregator("distinct", [src_column])


def FREQ_COUNT(src_column: str) -> Aggregator:  # noqa: N802
    """Make a dictionary of the values and how often each occurs."""
    return Aggregator("freq_count", [src_column])


def CONCAT(src_column: str, dict_value_column: str | None = None) -> Aggregator:  # noqa: N802
    """Make a list of the values, or a dictionary with the values of a second column."""
    if dict_value_column is None:
        return Aggregator("concat_list", [src_column])
    return Aggregator("concat_dict", [src_column, dict_value_column])


def QUANTILE(src_column: str, *quantiles: Any) -> Aggregator:  # noqa: N802
    """Make a vector of one quantile or several; they are exact here."""
    if len(quantiles) == 1 and isinstance(quantiles[0], Iterable):
        quantiles = tuple(quantiles[0])
    return Aggregator("quantile", [src_column], quantiles)


AVG, VARIANCE, STDV = MEAN, VAR, STD

TITLES = {
    "count": "Count",
    "sum": "Sum of {}",
    "avg": "Avg of {}",
    "max": "Max of {}",
    "min": "Min of {}",
    "var": "Var of {}",
    "stdv": "Stdv of {}",
    "argmax": "{1} for argmax of {0}",
    "argmin": "{1} for argmin of {0}",
    "select_one": "Select One of {}",
    "count_distinct": "Count Distinct of {}",
    "distinct": "Distinct of {}",
    "freq_count": "Frequency Count of {}",
    "concat_list": "List of {}",
    "concat_dict": "Dict of {}_{}",
    "quantile": "Quantiles of {}",
}
NUMBERS_OR_VECTORS = ("sum", "avg")
EXTREME_ROWS = ("argmax", "argmin")
# The types of column that an operation is for, where it isn't for all.
NEEDS = {
    **dict.fromkeys(("var", "stdv", "quantile"), NUMERIC),
    **dict.fromkeys(("max", "min", *EXTREME_ROWS), (*NUMERIC, datetime.datetime)),
    "freq_count": (*NUMERIC, str, datetime.datetime),
    **dict.fromkeys(NUMBERS_OR_VECTORS, (*NUMERIC, *VECTORS)),
}
# The type of the results, where it isn't that of the column.
RESULTS = {
    **dict.fromkeys(("count", "count_distinct"), int),
    **dict.fromkeys(("var", "stdv"), float),
    **dict.fromkeys(("freq_count", "concat_dict"), dict),
    "distinct": list,
    "quantile": array,
}


def title(aggregator: Aggregator, dtype: type) -> str:
    """Return the name of a result of type `dtype` where the caller gives none."""
    vector = "Vector " if aggregator.operation in NUMBERS_OR_VECTORS and dtype in VECTORS else ""
    return vector + TITLES[aggregator.operation].format(*aggregator.columns)


def result_type(aggregator: Aggregator, types: list[type]) -> type:
    """Return the type of the results for columns of these types.

    Raises RuntimeError where the operation has no meaning for the type.
    """
    operation = aggregator.operation
    kind = types[0] if types else int
    if kind not in NEEDS.get(operation, (kind,)):
        name = operation if operation in EXTREME_ROWS else TITLES[operation].split(" of ")[0]
        raise RuntimeError(
            f"Requested operation: {name} not supported on the type of column "
            f"{aggregator.columns[0]}"
        )
    if operation in EXTREME_ROWS:
        return types[-1]
    if operation == "avg":
        return kind if kind in VECTORS else float
    if operation == "concat_list":
        return array if kind is float else list
    return RESULTS.get(operation, kind)
