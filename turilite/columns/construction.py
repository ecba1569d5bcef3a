"""Columns of what a caller gives: sequences, NumPy arrays, pandas Series and DataFrames."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from .column import Column
from .kinds import common_type
from .values import from_numpy, make_column

UNEXPECTED = (
    "Unexpected data source. Possible data source types are: list, numpy.ndarray, pandas.Series, "
    "and string(url)"
)


def column_of(data: Any, dtype: type | None = None, drop_failures: bool = False) -> Column:
    """Return the column of these values, of their common type or of `dtype`.

    Raises TypeError where the values have no common type or can't be `dtype`; with
    `drop_failures` those that can't are left out.
    """
    if isinstance(data, pd.Series):
        plain_type = isinstance(data.dtype, np.dtype) and data.dtype != object
        data = data.to_numpy() if plain_type else data.astype(object).where(data.notna(), None)
    if isinstance(data, array) and dtype is None and data.typecode != "u":
        data = np.frombuffer(data, dtype=data.typecode)
    if isinstance(data, np.ndarray) and dtype is None:
        return from_numpy(data)
    if isinstance(data, (dict, set, frozenset, pd.DataFrame)) or not isinstance(data, Iterable):
        raise TypeError(UNEXPECTED)
    return make_column(data, dtype, drop_failures)


def column_of_results(results: list, dtype: type | None, inferred_from: int) -> Column:
    """Return the column of what a function gave; its type is that of the first results."""
    return make_column(results, common_type(results[:inferred_from]) if dtype is None else dtype)


def columns_of(frame: pd.DataFrame) -> dict[str, Column]:
    """Return the columns of a DataFrame; RuntimeError where two have one name."""
    columns: dict[str, Column] = {}
    for label, series in frame.items():
        name = str(label) or f"X{len(columns) + 1}"
        if name in columns:
            raise RuntimeError(f"Column {name} already exists.")
        columns[name] = column_of(series)
    return columns
