"""Summary statistics of a column, as Turi Create prints them.

Turi Create estimates the number of different values, frequent items and quantiles, within one
percent; here they are counted. Its estimates are exact for small columns.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from math import sqrt
from typing import Any

import numpy as np

from ..arguments import all_spoken
from ..columns.column import Column
from ..columns.kinds import NUMERIC, is_collection
from ..columns.statistics import FLOAT_MAX
from ..columns.values import listing, make_column, text
from ..missing_api import Answers
from . import display

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
MOST_FREQUENT = 10  # items that are printed
INFERRED_FROM = 100  # rows that say whether the values of dictionaries are numbers
NESTED = (array, list, dict)


@all_spoken
class Sketch(Answers):
    """The statistics of one column, that of an SArray.

    `sub_sketch_keys` are keys of dictionaries, or positions of vectors, whose values are
    summarized on their own (`element_sub_sketch`). RuntimeError where the type of the column
    doesn't have what is asked for.
    """

    def __init__(self, array: Any, background: bool = False, sub_sketch_keys: Any = None) -> None:
        column = getattr(array, "column", None)
        if not isinstance(column, Column):
            raise TypeError("Sketch object can only be constructed from SArrays")
        if not isinstance(background, bool):
            raise TypeError("'background' parameter has to be a boolean value")
        self._summarize(column, sub_sketch_keys)

    @classmethod
    def _of(cls, values: Iterable, dtype: type) -> Sketch:
        sketch = cls.__new__(cls)
        sketch._summarize(make_column(values, dtype), None)
        return sketch

    def _summarize(self, column: Column, keys: Any) -> None:
        self._dtype = column.dtype or type(None)
        self._rows = listing(column)
        self._present = [value for value in self._rows if value is not None]
        self._keys = _checked_keys(keys, self._dtype)
        numbers = np.array(self._present if self._dtype in NUMERIC else [], dtype=np.float64)
        self._numbers = np.sort(numbers[~np.isnan(numbers)])

    # --- exact --------------------------------------------------------------------------------

    def size(self) -> int:
        return len(self._rows)

    def num_missing(self) -> int:
        return len(self._rows) - len(self._present)

    def _statistic(
        self, name: str, compute: Callable[[np.ndarray], float], nothing: float
    ) -> float:
        if self._dtype not in NUMERIC:
            raise RuntimeError(f"{name} value not available for a non-numeric column")
        return float(compute(self._numbers)) if len(self._numbers) else nothing

    def min(self) -> float:
        return self._statistic("Min", np.min, FLOAT_MAX if self._rows else float("nan"))

    def max(self) -> float:
        return self._statistic("Max", np.max, -FLOAT_MAX if self._rows else float("nan"))

    def mean(self) -> float:
        return self._statistic("Mean", np.mean, 0.0)

    def sum(self) -> float:
        return self._statistic("Sum", np.sum, 0.0)

    def var(self) -> float:
        return self._statistic("Variance", np.var, 0.0)

    def std(self) -> float:
        return sqrt(self.var())

    # --- estimated by Turi Create -------------------------------------------------------------

    def num_unique(self) -> int:
        return len(self._counts())

    def _counts(self) -> Counter:
        """Return the different values in the order of their first appearance, with their counts."""
        if self._dtype in NESTED:
            return Counter(map(text, self._present))
        return Counter(value for value in self._present if value == value)  # noqa: PLR0124 - NaN

    def frequent_items(self) -> dict[Any, int]:
        return dict(self._counts())

    def frequency_count(self, element: Any) -> int:
        if self._dtype in NESTED:
            element = text(element)
        elif not isinstance(element, NUMERIC if self._dtype in NUMERIC else self._dtype):
            raise RuntimeError("Invalid type")
        return self._counts()[int(element) if self._dtype is int else element]

    def quantile(self, quantile_val: float) -> float:
        if self._dtype not in NUMERIC:
            raise RuntimeError("Quantiles not available for a non-numeric column")
        if not self._rows:
            raise RuntimeError("Quantiles do not exist for 0 length array")
        last = len(self._numbers) - 1
        row = min(last, max(0, int(quantile_val * len(self._numbers))))
        return float(self._numbers[row]) if last >= 0 else 0.0

    # --- of what is inside --------------------------------------------------------------------

    def _inside(self, allowed: tuple[type, ...], refusal: str) -> None:
        if self._dtype not in allowed:
            raise RuntimeError(refusal)

    def element_length_summary(self) -> Sketch:
        refusal = "Element length summary is only available for list, dict and array types."
        self._inside(NESTED, refusal)
        return Sketch._of([len(row) for row in self._present], int)

    def element_summary(self) -> Sketch:
        self._inside(
            (array, list), "Array summary is only available for SArray of array or list type."
        )
        items = [item for row in self._present for item in row]
        return _of_floats(items) if self._dtype is array else _of_texts(items)

    def dict_key_summary(self) -> Sketch:
        self._inside((dict,), "Dict key summary is only available for SArray of dict type.")
        return _of_texts(key for row in self._present for key in row)

    def dict_value_summary(self) -> Sketch:
        self._inside((dict,), "Dict value summary is only available for SArray of dict type.")
        return self._of_items(item for row in self._present for item in row.values())

    def _of_items(self, items: Iterable) -> Sketch:
        """Summarize dictionary values as floats, or as text where the first rows hold others."""
        first = [row for row in self._rows[:INFERRED_FROM] if row is not None]
        kinds = {type(value) for row in first for value in row.values()}
        return _of_floats(items) if kinds <= set(NUMERIC) and self._present else _of_texts(items)

    def element_sub_sketch(self, keys: Any = None) -> Any:
        """Return a Sketch per key (a dict), or the Sketch of one key."""
        self._inside(
            (dict, array),
            "sub_element_sketch is only available for SArray of dictionary or array type",
        )
        single = keys is not None and not isinstance(keys, list)
        wanted = [keys] if single else keys or []
        if len({type(key) for key in wanted}) > 1:
            raise ValueError("All keys should have the same type.")
        for key in wanted:
            if key not in self._keys:
                raise KeyError(
                    f"Cannot retrieve element sub sketch for key '{key}'. Element sub sketch can "
                    "only be retrieved when the summary object was created using the "
                    "'sub_sketch_keys' option."
                )
        sketches = {key: self._of_key(key) for key in wanted or self._keys}
        return sketches[keys] if single else sketches

    def _of_key(self, key: Any) -> Sketch:
        if self._dtype is dict:
            return self._of_items(None if row is None else row.get(key) for row in self._rows)
        return _of_floats(
            None if row is None or key >= len(row) else row[key] for row in self._rows
        )

    # --- kept for Turi Create's sake ----------------------------------------------------------

    def sketch_ready(self) -> bool:
        return True

    def num_elements_processed(self) -> int:
        return len(self._rows)

    def cancel(self) -> None:
        """Do nothing: nothing is computed in the background."""

    # --- text ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        out = f"\n{self._items_text()}\n\nMost frequent items:\n{self._frequent_text()}\n"
        if self._dtype in NUMERIC and self._rows:
            row = {f"{int(q * 100)}%": [self.quantile(q)] for q in QUANTILES}
            out += f"Quantiles: \n{_table(row)}\n"
        if self._dtype is dict:
            keys, values = self.dict_key_summary(), self.dict_value_summary()
            out += f"\n******** Dictionary Element Key Summary ********\n{keys}"
            out += f"\n******** Dictionary Element Value Summary ********\n{values}\n"
        if self._dtype in (array, list):
            out += f"\n******** Element Summary ********\n{self.element_summary()}\n"
        return out.expandtabs(8)

    def _items_text(self) -> str:
        numeric = (
            ("Min", self.min),
            ("Max", self.max),
            ("Mean", self.mean),
            ("Sum", self.sum),
            ("Variance", self.var),
            ("Standard Deviation", self.std),
        )
        items = [
            ("Length", self.size, "Yes"),
            *((n, f, "Yes") for n, f in numeric if self._dtype in NUMERIC),
            ("# Missing Values", self.num_missing, "Yes"),
            ("# unique values", self.num_unique, "No"),
        ]
        return _table(
            {
                "item": [name for name, _, _ in items],
                "value": [str(compute()) for _, compute, _ in items],
                "is exact": [exact for _, _, exact in items],
            }
        )

    def _frequent_text(self) -> str:
        counts: Counter = Counter()
        for value, count in self.frequent_items().items():
            counts[str(value)] += count
        top = counts.most_common(MOST_FREQUENT)
        if not top:
            return " -- All elements appear with less than 0.01% frequency -- \n"
        return _table({"value": [v for v, _ in top], "count": [n for _, n in top]}) + "\n"


def _table(columns: dict[str, list]) -> str:
    tables = display.tables(list(columns), list(columns.values()), display.SHOWN)
    return "\n".join(map(display.as_text, tables))


def _of_floats(items: Iterable) -> Sketch:
    return Sketch._of([None if item is None else float(item) for item in items], float)


def _of_texts(items: Iterable) -> Sketch:
    return Sketch._of([None if item is None else text(item) for item in items], str)


def _checked_keys(keys: Any, dtype: type) -> list:
    """Return `sub_sketch_keys` as a list; TypeError or ValueError where they don't fit."""
    if keys is None:
        return []
    keys = list(keys) if is_collection(keys) else [keys]
    if not keys:
        return []
    if dtype not in (dict, array):
        raise TypeError("sub_sketch_keys is only supported for SArray of dictionary or array type")
    kinds = {type(key) for key in keys}
    if len(kinds) != 1:
        raise ValueError("sub_sketch_keys member values need to have the same type.")
    expected = str if dtype is dict else int
    if kinds != {expected}:
        raise TypeError(
            f"Only {expected.__name__} value(s) can be passed to sub_sketch_keys for this type."
        )
    return keys
