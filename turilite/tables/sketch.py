"""Summary statistics of an SArray, as Turi Create prints them.

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

from ..columns.kinds import is_collection
from ..columns.values import text
from .sarray import SArray
from .sframe import SFrame

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
FLOAT_MAX = float(np.finfo(np.float64).max)
SHOWN = 10
NESTED = (array, list, dict)


class Sketch:
    """The statistics of one column.

    ``sub_sketch_keys`` are keys of dictionaries, or positions of vectors, whose values are
    summarized on their own (``element_sub_sketch``). RuntimeError where the type of the column
    doesn't have what is asked for.
    """

    def __init__(
        self, array: SArray, background: bool = False, sub_sketch_keys: Any = None
    ) -> None:
        if not isinstance(array, SArray):
            raise TypeError("Sketch object can only be constructed from SArrays")
        if not isinstance(background, bool):
            raise TypeError("'background' parameter has to be a boolean value")
        self._dtype = array.dtype
        self._rows = array._values()
        self._present = [value for value in self._rows if value is not None]
        self._keys = _checked_keys(sub_sketch_keys, self._dtype)
        numeric = self._dtype in (int, float)
        numbers = np.array(self._present if numeric else [], dtype=np.float64)
        self._numbers = np.sort(numbers[~np.isnan(numbers)])

    # --- exact --------------------------------------------------------------------------------

    def size(self) -> int:
        return len(self._rows)

    def num_missing(self) -> int:
        return len(self._rows) - len(self._present)

    def _statistic(
        self, name: str, compute: Callable[[np.ndarray], float], nothing: float
    ) -> float:
        if self._dtype not in (int, float):
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
        """The different values in the order of their first appearance, with their counts."""
        if self._dtype in NESTED:
            return Counter(map(text, self._present))
        return Counter(value for value in self._present if value == value)  # noqa: PLR0124 - NaN

    def frequent_items(self) -> dict[Any, int]:
        return dict(self._counts())

    def frequency_count(self, element: Any) -> int:
        if self._dtype in NESTED:
            element = text(element)
        elif not isinstance(element, (int, float) if self._dtype in (int, float) else self._dtype):
            raise RuntimeError("Invalid type")
        return self._counts()[element]

    def quantile(self, quantile_val: float) -> float:
        if self._dtype not in (int, float):
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
        return Sketch(SArray([len(row) for row in self._present], int))

    def element_summary(self) -> Sketch:
        self._inside(
            (array, list), "Array summary is only available for SArray of array or list type."
        )
        items = [item for row in self._present for item in row]
        return Sketch(_as_float(items) if self._dtype is array else _as_text(items))

    def dict_key_summary(self) -> Sketch:
        self._inside((dict,), "Dict key summary is only available for SArray of dict type.")
        return Sketch(_as_text(key for row in self._present for key in row))

    def dict_value_summary(self) -> Sketch:
        self._inside((dict,), "Dict value summary is only available for SArray of dict type.")
        return Sketch(self._as_values(item for row in self._present for item in row.values()))

    def _as_values(self, items: Iterable) -> SArray:
        """Dictionary values as floats, or as text where one of the first 100 rows has others."""
        kinds = {type(v) for row in self._rows[:100] if row is not None for v in row.values()}
        return _as_float(items) if kinds <= {int, float} and self._present else _as_text(items)

    def element_sub_sketch(self, keys: Any = None) -> Any:
        """A Sketch per key (a dict), or the Sketch of one key."""
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
        sketches = {key: Sketch(self._values_of(key)) for key in wanted or self._keys}
        return sketches[keys] if single else sketches

    def _values_of(self, key: Any) -> SArray:
        if self._dtype is dict:
            return self._as_values(None if row is None else row.get(key) for row in self._rows)
        return _as_float(None if row is None or key >= len(row) else row[key] for row in self._rows)

    # --- kept for Turi Create's sake ----------------------------------------------------------

    def sketch_ready(self) -> bool:
        return True

    def num_elements_processed(self) -> int:
        return len(self._rows)

    def cancel(self) -> None:
        """Nothing is computed in the background."""

    # --- text ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        out = f"\n{self._items_text()}\n\nMost frequent items:\n{self._frequent_text()}\n"
        if self._dtype in (int, float) and self._rows:
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
            *((n, f, "Yes") for n, f in numeric if self._dtype in (int, float)),
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
        top = counts.most_common(SHOWN)
        if not top:
            return " -- All elements appear with less than 0.01% frequency -- \n"
        return _table({"value": [v for v, _ in top], "count": [n for _, n in top]}) + "\n"


def _table(columns: dict[str, list]) -> str:
    frame = SFrame()
    for name, values in columns.items():
        frame[name] = SArray(values)
    return frame.__str__(footer=False)


def _as_float(items: Iterable) -> SArray:
    return SArray([None if item is None else float(item) for item in items], float)


def _as_text(items: Iterable) -> SArray:
    return SArray([None if item is None else text(item) for item in items], str)


def _checked_keys(keys: Any, dtype: type) -> list:
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
