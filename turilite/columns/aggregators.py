"""The aggregators of ``SFrame.groupby``, and how each is computed.

An aggregator is a pair (operation, columns), as in Turi Create.
"""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

Aggregator = tuple  # (operation: str, columns: list[str]); a plain tuple for Python 3.8


def COUNT() -> Aggregator:  # noqa: N802 - Turi Create's names, all of them
    return ("count", [""])


def SUM(src_column: str) -> Aggregator:  # noqa: N802
    return ("sum", [src_column])


def MEAN(src_column: str) -> Aggregator:  # noqa: N802
    return ("avg", [src_column])


def MAX(src_column: str) -> Aggregator:  # noqa: N802
    return ("max", [src_column])


def MIN(src_column: str) -> Aggregator:  # noqa: N802
    return ("min", [src_column])


def VAR(src_column: str) -> Aggregator:  # noqa: N802
    return ("var", [src_column])


def STD(src_column: str) -> Aggregator:  # noqa: N802
    return ("stdv", [src_column])


def ARGMAX(agg_column: str, out_column: str) -> Aggregator:  # noqa: N802
    """``out_column`` of the row with the largest ``agg_column``."""
    return ("argmax", [agg_column, out_column])


def ARGMIN(agg_column: str, out_column: str) -> Aggregator:  # noqa: N802
    return ("argmin", [agg_column, out_column])


def SELECT_ONE(src_column: str) -> Aggregator:  # noqa: N802
    """The value of one row of the group: here the first."""
    return ("select_one", [src_column])


def COUNT_DISTINCT(src_column: str) -> Aggregator:  # noqa: N802
    return ("count_distinct", [src_column])


def DISTINCT(src_column: str) -> Aggregator:  # noqa: N802
    return ("distinct", [src_column])


def FREQ_COUNT(src_column: str) -> Aggregator:  # noqa: N802
    """A dictionary of the values and how often each occurs."""
    return ("freq_count", [src_column])


def CONCAT(src_column: str, dict_value_column: str | None = None) -> Aggregator:  # noqa: N802
    """The values as a list, or as a dictionary with the values of a second column."""
    if dict_value_column is None:
        return ("concat_list", [src_column])
    return ("concat_dict", [src_column, dict_value_column])


def QUANTILE(src_column: str, *quantiles: Any) -> Aggregator:  # noqa: N802
    """One quantile or several, as a vector; exact here."""
    if len(quantiles) == 1 and isinstance(quantiles[0], Iterable):
        quantiles = tuple(quantiles[0])
    return ("quantile", [src_column], quantiles)


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
NUMBERS = (int, float)
VECTORS = (array, np.ndarray)
NUMBERS_OR_VECTORS = {"sum", "avg"}
# The types of column that an operation is for, where it isn't for all.
NEEDS = {
    **dict.fromkeys(("var", "stdv", "quantile"), NUMBERS),
    **dict.fromkeys(("max", "min", "argmax", "argmin"), (*NUMBERS, datetime.datetime)),
    **dict.fromkeys(NUMBERS_OR_VECTORS, (*NUMBERS, *VECTORS)),
}


def title(aggregator: Aggregator, dtype: type) -> str:
    """The name of a result of type ``dtype`` where the caller gives none."""
    vector = "Vector " if aggregator[0] in NUMBERS_OR_VECTORS and dtype in VECTORS else ""
    return vector + TITLES[aggregator[0]].format(*aggregator[1])


def result_type(aggregator: Aggregator, types: list[type]) -> type:
    """The type of the results; RuntimeError where the column is of a type without them."""
    operation, columns = aggregator[:2]
    kind = types[0] if types else int
    vector = kind in VECTORS
    needed = NEEDS.get(operation, ())
    if needed and kind not in needed:
        name = operation if operation in PAIRED else TITLES[operation].split(" of ")[0]
        raise RuntimeError(
            f"Requested operation: {name} not supported on the type of column {columns[0]}"
        )
    fixed = {
        "count": int, "count_distinct": int, "var": float, "stdv": float, "quantile": array,
        "distinct": list, "concat_list": list, "freq_count": dict, "concat_dict": dict,
        "avg": kind if vector else float,
    }  # fmt: skip
    return types[-1] if operation in ("argmax", "argmin") else fixed.get(operation, kind)


def compute(aggregator: Aggregator, values: list[list], vectors: bool) -> Any:
    """The result for one group, whose columns are ``values`` (for COUNT: row numbers)."""
    operation, first = aggregator[0], values[0]
    if operation == "count":
        return len(first)
    if operation in PAIRED:
        return PAIRED[operation](*values)
    present = [value for value in first if value is not None]
    if operation == "quantile":
        return _quantiles(present, aggregator[2])
    if vectors and operation in NUMBERS_OR_VECTORS:
        return _over_rows(np.sum if operation == "sum" else np.mean, present)
    return SIMPLE[operation](present if operation in SKIP_MISSING else first)


def _over_rows(reduce: Callable, values: list) -> np.ndarray | None:
    """None where the vectors differ in length, nothing in it where there is none."""
    if not values:
        return np.zeros(0)
    return reduce(values, axis=0) if len({len(value) for value in values}) == 1 else None


def _mean(values: list) -> float | None:
    return float(np.mean(values)) if values else None


def _variance(values: list) -> float:
    return float(np.var(values)) if values else 0.0


def _freq_count(values: list) -> dict:
    counts: dict = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _distinct(values: list) -> list:
    return list({repr(value): value for value in values}.values())


def _at_extreme(choose: Callable) -> Callable:
    def result(values: list, others: list) -> Any:
        rows = [row for row, value in enumerate(values) if value is not None]
        return others[choose(rows, key=values.__getitem__)] if rows else None

    return result


def _quantiles(values: list, quantiles: tuple) -> np.ndarray:
    ordered = sorted(values)
    last = len(ordered) - 1
    return np.array(
        [ordered[min(last, int(q * len(ordered)))] for q in quantiles]
        if ordered
        else [0.0] * len(quantiles),
        dtype=np.float64,
    )


SIMPLE: dict[str, Callable] = {
    "sum": sum,
    "avg": _mean,
    "max": lambda values: max(values, default=None),
    "min": lambda values: min(values, default=None),
    "var": _variance,
    "stdv": lambda values: float(np.sqrt(_variance(values))),
    "select_one": lambda values: values[0],
    "count_distinct": lambda values: len(_distinct(values)),
    "distinct": _distinct,
    "freq_count": _freq_count,
    "concat_list": list,
}
SKIP_MISSING = {"sum", "avg", "max", "min", "var", "stdv", "concat_list"}
PAIRED: dict[str, Callable] = {
    "argmax": _at_extreme(max),
    "argmin": _at_extreme(min),
    "concat_dict": lambda keys, values: {k: v for k, v in zip(keys, values) if k is not None},
}
