"""The aggregators of `SFrame.groupby`, under the name by which notebooks import them."""

from __future__ import annotations

from .columns.aggregators import (
    ARGMAX,
    ARGMIN,
    AVG,
    CONCAT,
    COUNT,
    COUNT_DISTINCT,
    DISTINCT,
    FREQ_COUNT,
    MAX,
    MEAN,
    MIN,
    QUANTILE,
    SELECT_ONE,
    STD,
    STDV,
    SUM,
    VAR,
    VARIANCE,
)
from .missing_api import names_of_module

__all__ = [
    "ARGMAX",
    "ARGMIN",
    "AVG",
    "CONCAT",
    "COUNT",
    "COUNT_DISTINCT",
    "DISTINCT",
    "FREQ_COUNT",
    "MAX",
    "MEAN",
    "MIN",
    "QUANTILE",
    "SELECT_ONE",
    "STD",
    "STDV",
    "SUM",
    "VAR",
    "VARIANCE",
]

__getattr__ = names_of_module(__name__, __all__)
