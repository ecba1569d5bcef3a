"""SArray: one column, with Turi Create's names, types and missing values."""

from __future__ import annotations

import datetime
import numbers
import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..columns import operators
from ..columns.aggregators import COUNT
from ..columns.column import Column
from ..columns.hashing import chosen, hash64, seed_hash
from ..columns.image import Image, from_pixels
from ..columns.kinds import NUMERIC, common_type, is_collection
from ..columns.packing import check_unpacking, unpack_column
from ..columns.selecting import (
    choose,
    codes,
    concatenate,
    is_missing,
    is_missing_or_nan,
    masked,
    take,
)
from ..columns.values import convert, from_numpy, listing, make_column, pack, parse, plain
from ..missing_api import refuse
from .extent import KNOWN, Extent

if TYPE_CHECKING:
    from .sframe import SFrame
    from .sketch import Sketch

SORTABLE = (int, float, str, datetime.datetime)
SHOWN = 100


def random_seed() -> int:
    return abs(hash(f"{time.time():0.20f}")) % 2**31


class SArray:
    """An immutable column of values of one type.

    ``data`` is a list (or any sequence, range, generator), NumPy array (a matrix makes a vector
    per row), pandas Series, SArray, or the path of a stored SArray. ``dtype`` is inferred where it
    isn't given. Raises TypeError where the values have no common type or can't be ``dtype``.
    """

    __slots__ = ("_column", "_dtype", "_extent", "_load", "_size")
    __hash__ = None  # type: ignore[assignment] # == compares row by row

    def __init__(
        self, data: Any = (), dtype: type | None = None, ignore_cast_failure: bool = False
    ) -> None:
        if dtype is not None and not isinstance(dtype, type):
            raise TypeError("dtype must be a type, e.g. use int rather than 'int'")
        self._keep(_column_of(data, dtype, ignore_cast_failure))

    def _keep(self, column: Column, extent: Extent = KNOWN) -> None:
        self._column: Column | None = column
        self._dtype = column.dtype
        self._size = len(column)
        self._extent = extent
        self._load: Callable[[], Column] | None = None

    @classmethod
    def _of(cls, column: Column, extent: Extent = KNOWN) -> SArray:
        out = cls.__new__(cls)
        out._keep(column, extent)
        return out

    @classmethod
    def _later(
        cls, dtype: type | None, size: int, load: Callable[[], Column], extent: Extent = KNOWN
    ) -> SArray:
        """A column whose values are read or selected when they are first used."""
        out = cls.__new__(cls)
        out._column, out._dtype, out._size = None, dtype, size
        out._extent, out._load = extent, load
        return out

    @property
    def column(self) -> Column:
        """The values and their mask (see ``turilite.columns.column``)."""
        if self._column is None:
            assert self._load is not None
            self._column, self._load = self._load(), None
        return self._column

    def _same_length(self, column: Column) -> SArray:
        return SArray._of(column, self._extent.derive())

    def _with_extent(self, extent: Extent) -> SArray:
        if self._column is not None:
            return SArray._of(self._column, extent)
        return SArray._later(self._dtype, self._size, lambda: self.column, extent)

    def _take(self, rows: slice | np.ndarray, size: int, extent: Extent = KNOWN) -> SArray:
        return SArray._later(self._dtype, size, lambda: take(self.column, rows), extent)

    # --- making one ---------------------------------------------------------------------------

    @classmethod
    def from_const(cls, value: Any, size: int, dtype: type | None = None) -> SArray:
        """``value``, ``size`` times."""
        if not isinstance(
            value, (type(None), int, float, str, array, list, dict, datetime.datetime)
        ):
            raise TypeError(f"Cannot create sarray of value type {type(value)}")
        return cls([value] * size, None if dtype is type(None) else dtype)

    @classmethod
    def from_sequence(cls, *bounds: int) -> SArray:
        """The integers from 0 or ``start`` up to ``stop``, as ``range`` takes them."""
        if not 1 <= len(bounds) <= 2:
            raise TypeError(f"from_sequence expects at least 1 argument. got {len(bounds)}")
        if not all(type(bound) is int for bound in bounds):
            raise TypeError("size must be int")
        return cls._of(Column(int, np.arange(*bounds, dtype=np.int64)))

    @classmethod
    def where(
        cls, condition: SArray, istrue: Any, isfalse: Any, dtype: type | None = None
    ) -> SArray:
        """Row by row ``istrue`` where ``condition`` holds, else ``isfalse`` (SArrays or values)."""
        dtype = _choice_type(istrue, isfalse, dtype)
        holds = operators.truth(condition.column)
        choices = [
            _choice(istrue, dtype, holds.any()),
            _choice(isfalse, dtype, not holds.all()),
        ]
        if any(isinstance(v, SArray) and v._size != len(holds) for v in (istrue, isfalse)):
            raise RuntimeError("Input SArrays must all have the same length")
        return condition._same_length(choose(holds, *choices))

    # --- looking at it ------------------------------------------------------------------------

    @property
    def dtype(self) -> type:
        return type(None) if self._dtype is None else self._dtype

    @property
    def shape(self) -> tuple[int]:
        return (len(self),)

    def __len__(self) -> int:
        self._extent.settle()
        return self._size

    def __has_size__(self) -> bool:
        return self._extent.known

    def materialize(self) -> None:
        """Everything is evaluated already; only the text changes, which then has a length."""
        self._extent.settle()

    def __is_materialized__(self) -> bool:
        return self._extent.known

    def is_materialized(self) -> bool:
        return self._extent.known

    def __iter__(self) -> Iterator:
        for start in range(0, self._size, 4096):  # so that a break costs little
            yield from listing(take(self.column, slice(start, start + 4096)))

    def _values(self) -> list:
        """The values as a list, without asking for the length as list() does."""
        return listing(self.column)

    def __contains__(self, item: Any) -> bool:
        return (self == item).any()

    def __bool__(self) -> bool:
        raise ValueError(
            "The truth value of an array with more than one element is ambiguous. "
            "Use a.any() or a.all()"
        )

    def __repr__(self) -> str:
        values = str(self)  # first, as it may settle the length
        rows = self._size if self._extent.known else "?"
        return f"dtype: {self.dtype.__name__}\nRows: {rows}\n{values}"

    def __str__(self) -> str:
        shown = self.head(SHOWN)
        shown = str(list(shown.astype(str) if self._dtype is Image else shown))
        whole = self._extent.known and self._size <= SHOWN
        return shown if whole else shown[:-1] + ", ... ]"

    def __copy__(self) -> SArray:
        return self._with_extent(self._extent)

    def __deepcopy__(self, memo: dict) -> SArray:
        return self.__copy__()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self.to_numpy(), dtype=dtype)

    def to_numpy(self) -> np.ndarray:
        """The values as a NumPy array: rows x width for vectors, None where missing."""
        column = self.column
        if column.missing is None and column.dtype in (int, float, array):
            return column.values.copy()
        return np.asarray(self._values())

    # --- rows ---------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, numbers.Integral):
            row = int(key) + (len(self) if key < 0 else 0)
            if row >= len(self):
                raise IndexError("SArray index out of range")
            if row < 0:
                raise OverflowError("can't convert negative value to size_t")
            return listing(take(self.column, slice(row, row + 1)))[0]
        if isinstance(key, SArray):
            rows, extent = chosen_rows(self, key)
            return self._take(rows, len(rows), extent)
        if isinstance(key, slice):
            rows = bounded(key, len(self))
            return self._take(rows, len(range(self._size)[rows]))
        raise IndexError("Invalid type to use for indexing")

    def head(self, n: int = 10) -> SArray:
        self._extent.look()
        return self._take(slice(0, n), min(n, self._size))

    def tail(self, n: int = 10) -> SArray:
        return self[max(0, len(self) - n) :]

    def filter(self, fn: Callable, skip_na: bool = True, seed: int | None = None) -> SArray:
        """The rows for which ``fn`` returns something true."""
        return self[self.apply(lambda value: int(bool(fn(value))), int, skip_na)]

    def filter_by(self, values: Any, exclude: bool = False) -> SArray:
        """The rows whose value is among ``values``; with ``exclude``, is not."""
        if not isinstance(values, SArray):
            values = SArray(values if is_collection(values) else [values])
        if values.dtype is not self.dtype:
            raise TypeError("Type of given values does not match type of the SArray")
        among = self._among(values, exclude)
        return self._take(among, len(among), Extent() if exclude else KNOWN)

    def _among(self, values: SArray, exclude: bool) -> np.ndarray:
        """The numbers of the rows whose value is among ``values``."""
        both = codes(concatenate(self.column, values.column))
        return np.flatnonzero(np.isin(both[: self._size], both[self._size :]) != exclude)

    def sample(self, fraction: float, seed: int | None = None, exact: bool = False) -> SArray:
        """Rows drawn at random; a seed gives the rows that Turi Create draws with it."""
        check_fraction(fraction)
        if not len(self):
            return SArray()
        mask = chosen(len(self), fraction, random_seed() if seed is None else int(seed), exact)
        return self._take(np.flatnonzero(mask), int(mask.sum()), Extent())

    def random_split(self, fraction: float, seed: int | None = None) -> tuple[SArray, SArray]:
        """Two SArrays; a seed gives the rows that Turi Create gives."""
        one, other = self._frame().random_split(fraction, seed)
        return one["X1"], other["X1"]

    def shuffle(self) -> SArray:
        return self._frame().shuffle()["X1"]

    def _frame(self) -> SFrame:
        from .sframe import SFrame  # noqa: PLC0415 - SFrame is made of SArrays

        return SFrame(self)

    def append(self, other: SArray) -> SArray:
        if not isinstance(other, SArray):
            raise RuntimeError("SArray append can only work with SArray")
        first, second = self, other
        if first.dtype is not second.dtype:
            if not len(second):
                second = second.astype(first.dtype)
            elif not len(first):
                first = first.astype(second.dtype)
            else:
                raise RuntimeError("Data types in both SArrays have to be the same")
        extent = Extent(parts=(self._extent, other._extent))
        return SArray._of(concatenate(first.column, second.column), extent)

    def sort(self, ascending: bool = True) -> SArray:
        if self._dtype not in SORTABLE:
            raise TypeError(
                "Only sarray with type (int, float, str, datetime.datetime) can be sorted"
            )
        return self._frame().sort("X1", ascending)["X1"]

    def unique(self) -> SArray:
        """The different values; their order is not defined."""
        return self._frame().unique()["X1"]

    def value_counts(self) -> SFrame:
        """The different values and their counts, most frequent first."""
        counts = self._frame().rename({"X1": "value"}).groupby("value", {"count": COUNT()})
        return counts.sort("count", ascending=False)

    def is_topk(self, topk: int = 10, reverse: bool = False) -> SArray:
        """1 for the ``topk`` largest values, with ``reverse`` for the smallest."""
        if self._dtype not in SORTABLE:
            raise RuntimeError("Only sortable types have a top-k.")
        present = np.flatnonzero(~is_missing(self.column))
        order = np.argsort(self.column.values[present], kind="stable")
        top = present[order[:topk] if reverse else order[max(0, len(order) - topk) :]]
        marks = np.zeros(self._size, np.int64)
        marks[top] = 1
        return SArray._of(Column(int, marks))

    # --- values one by one --------------------------------------------------------------------

    def apply(self, fn: Callable, dtype: type | None = None, skip_na: bool = True) -> SArray:
        """``fn`` of every value; missing values stay missing unless ``skip_na`` is False.

        The type is that of the results for the first 100 rows unless ``dtype`` is given.
        """
        assert callable(fn), "Input function must be callable."
        results = [None if value is None and skip_na else fn(value) for value in self]
        return self._same_length(typed(results, dtype, SHOWN))

    def astype(self, dtype: type, undefined_on_failure: bool = False) -> SArray:
        """The values as another type; RuntimeError (or None) where a value is none of it."""
        if not isinstance(dtype, type):
            raise TypeError("dtype must be a type, e.g. use int rather than 'int'")
        if self._dtype is str and not undefined_on_failure:
            self._extent.settle()  # Turi Create parses strings at once
        if dtype is self._dtype:
            return self
        if dtype is Image and self._dtype is array:
            raise TypeError("Use pixel_array_to_image() to make images of arrays.")
        column = self.column
        if (self._dtype, dtype) == (int, float):
            return self._same_length(
                masked(float, column.values.astype(np.float64), column.missing)
            )
        gone = is_missing_or_nan(column)
        if (self._dtype, dtype) == (float, int):
            whole = np.where(gone, 0, column.values).astype(np.int64)
            return self._same_length(masked(int, whole, gone))
        out = []
        for value, missing in zip(self, gone):
            try:
                out.append(None if missing else self._cast(value, dtype))
            except (TypeError, ValueError, OSError) as problem:
                if not undefined_on_failure:
                    raise RuntimeError(str(problem)) from None
                out.append(None)
        return self._same_length(pack(out, dtype))

    def _cast(self, value: Any, dtype: type) -> Any:
        if self._dtype is str and dtype is Image:
            return Image(value)
        if self._dtype is str:
            return parse(value, dtype)
        if self._dtype is Image and dtype is array:
            return value.pixel_data.ravel().astype(np.float64)
        return convert(value, dtype)

    def fillna(self, value: Any) -> SArray:
        """``value`` where a value is missing or NaN."""
        column = self.column
        gone = is_missing_or_nan(column)
        try:
            filler = convert(value, column.dtype or type(None))
        except TypeError:
            raise RuntimeError("Default value must be convertible to column type") from None
        if not gone.any():
            return self
        if column.dtype in NUMERIC and filler is not None:
            return self._same_length(Column(column.dtype, np.where(gone, filler, column.values)))
        filled = zip(column.values, gone)
        return self._same_length(
            pack([filler if missing else value for value, missing in filled], column.dtype)
        )

    def dropna(self) -> SArray:
        """The rows that are neither missing nor NaN."""
        rows = np.flatnonzero(~is_missing_or_nan(self.column))
        return self._take(rows, len(rows), Extent())

    def countna(self) -> int:
        return int(is_missing(self.column).sum())

    def clip(self, lower: Any = float("nan"), upper: Any = float("nan")) -> SArray:
        """The values, none below ``lower`` or above ``upper`` (NaN or None: no bound)."""
        bounds = operators.check_bounds(self.dtype, lower, upper)
        return self._same_length(operators.clip(self.column, bounds))

    def clip_lower(self, threshold: float) -> SArray:
        return self.clip(lower=threshold)

    def clip_upper(self, threshold: float) -> SArray:
        return self.clip(upper=threshold)

    def hash(self, seed: int = 0) -> SArray:
        """Turi Create's 64-bit hash of integers."""
        if self._dtype is not int:
            raise refuse("SArray.hash of anything but integers")
        hashes = hash64(hash64(self.column.values) ^ seed_hash(seed)).view(np.int64)
        return self._same_length(Column(int, hashes))

    # --- arithmetic, comparison, logic --------------------------------------------------------

    def _operate(self, other: Any, op: str, reflected: bool = False) -> SArray:
        if isinstance(other, SArray):
            if other._size != self._size:
                raise RuntimeError("Array size mismatch")
            share_rows(self._extent, other._extent)
            operand = other.column
        else:
            operand = make_column([other])
            operand = Column(
                None if other is None else operand.dtype, operand.values, operand.missing
            )
        left, right = (operand, self.column) if reflected else (self.column, operand)
        return self._same_length(operators.apply(left, right, op))

    def __add__(self, other: Any) -> SArray:
        return self._operate(other, "+")

    def __sub__(self, other: Any) -> SArray:
        return self._operate(other, "-")

    def __mul__(self, other: Any) -> SArray:
        return self._operate(other, "*")

    def __truediv__(self, other: Any) -> SArray:
        return self._operate(other, "/")

    def __floordiv__(self, other: Any) -> SArray:
        return self._operate(other, "//")

    def __mod__(self, other: Any) -> SArray:
        return self._operate(other, "%")

    def __pow__(self, other: Any) -> SArray:
        return self._operate(other, "**")

    def __radd__(self, other: Any) -> SArray:
        return self._operate(other, "+", reflected=True)

    def __rsub__(self, other: Any) -> SArray:
        return self._operate(other, "-", reflected=True)

    def __rmul__(self, other: Any) -> SArray:
        return self._operate(other, "*", reflected=True)

    def __rtruediv__(self, other: Any) -> SArray:
        return self._operate(other, "/", reflected=True)

    def __rfloordiv__(self, other: Any) -> SArray:
        return self._operate(other, "/", reflected=True).astype(int)

    def __rmod__(self, other: Any) -> SArray:
        return self._operate(other, "%", reflected=True)

    def __rpow__(self, other: Any) -> SArray:
        return self._operate(other, "**", reflected=True)

    def __lt__(self, other: Any) -> SArray:
        return self._operate(other, "<")

    def __gt__(self, other: Any) -> SArray:
        return self._operate(other, ">")

    def __le__(self, other: Any) -> SArray:
        return self._operate(other, "<=")

    def __ge__(self, other: Any) -> SArray:
        return self._operate(other, ">=")

    def __eq__(self, other: object) -> SArray:  # type: ignore[override]
        return self._operate(other, "==")

    def __ne__(self, other: object) -> SArray:  # type: ignore[override]
        return self._operate(other, "!=")

    def __and__(self, other: Any) -> SArray:
        if not isinstance(other, SArray):
            raise TypeError("SArray can only perform logical and against another SArray")
        return self._operate(other, "&")

    def __or__(self, other: Any) -> SArray:
        if not isinstance(other, SArray):
            raise TypeError("SArray can only perform logical or against another SArray")
        return self._operate(other, "|")

    def __neg__(self) -> SArray:
        return 0 - self

    def __pos__(self) -> SArray:
        if self._dtype not in (int, float, array):
            raise RuntimeError(f"Unsupported type operation. cannot perform + on {self._dtype}")
        return self

    def __abs__(self) -> SArray:
        return self._same_length(operators.absolute(self.column))

    def abs(self) -> SArray:
        return abs(self)

    def contains(self, item: Any) -> SArray:
        """1 where ``item`` is in the string, vector, list or dictionary of a row."""
        allowed = {str: (str,), array: (int, float), list: (object,), dict: (object,)}
        if not isinstance(item, allowed.get(self._dtype, ())):  # type: ignore[arg-type]
            raise operators.unsupported("in", self._dtype, type(item))
        return self._same_length(make_column([int(v is not None and item in v) for v in self], int))

    def is_in(self, other: Any) -> SArray:
        """1 where the value is in ``other``, a list (or a string, for strings)."""
        items = plain(list(other)) if is_collection(other) else other
        needs_value = isinstance(items, str)  # None is in no string
        return self._same_length(
            make_column([int(not (needs_value and v is None) and v in items) for v in self], int)
        )

    # --- one value of many --------------------------------------------------------------------

    def _numbers(self, what: str = "Cannot perform on non-numeric types!") -> np.ndarray:
        """The values that are not missing; RuntimeError where they are no numbers."""
        if self._dtype not in NUMERIC:
            raise RuntimeError(what)
        column = self.column
        return column.values if column.missing is None else column.values[~column.missing]

    def _vectors(self, what: str) -> np.ndarray:
        """The vectors that are not missing as a matrix."""
        rows = [value for value in self.column.values if value is not None] or [()]
        if len({np.shape(row) for row in rows}) > 1:
            raise RuntimeError(f"Cannot perform {what} over vectors of variable length.")
        return np.array(rows, dtype=np.float64)

    def sum(self) -> Any:
        if self._dtype in (array, np.ndarray):
            return self._vector_result(self._vectors("sum").sum(axis=0))
        total = self._numbers().sum()
        return int(total) if self._dtype is int else float(total)

    def mean(self) -> Any:
        """The mean; None where there is no value. Turi Create's last digit may differ."""
        if self._dtype in (array, np.ndarray):
            if is_missing(self.column).all():
                return None
            return self._vector_result(self._vectors("mean").mean(axis=0))
        values = self._numbers("Cannot perform on types that are not numeric or vector!")
        return float(values.mean()) if len(values) else None

    def _vector_result(self, values: np.ndarray) -> Any:
        return array("d", np.atleast_1d(values).tobytes()) if self._dtype is array else values

    def max(self) -> Any:
        return self._extreme(np.fmax, np.max, -1)

    def min(self) -> Any:
        return self._extreme(np.fmin, np.min, 1)

    def _extreme(self, of_floats: Any, of_others: Callable, sign: int) -> Any:
        """The extreme value, without NaN; where all is NaN, the largest float, as Turi Create."""
        if self._dtype is float:
            values = self._numbers()
            start = sign * np.finfo(np.float64).max
            return float(of_floats.reduce(values, initial=start)) if len(values) else None
        if self._dtype is datetime.datetime:
            values = self.column.values[~is_missing(self.column)]
            return of_others(values) if len(values) else None
        values = self._numbers()
        return int(of_others(values)) if len(values) else None

    def argmax(self) -> int | None:
        """The row of the largest value, of the first one among equals (in Turi Create, any)."""
        return self._arg("argmax")

    def argmin(self) -> int | None:
        return self._arg("argmin")

    def _arg(self, which: str) -> int | None:
        if not len(self):
            return None
        if self._dtype not in NUMERIC:
            raise TypeError("SArray must be of type 'int', 'long', or 'float'.")
        rows = np.flatnonzero(~is_missing_or_nan(self.column))
        return int(rows[getattr(np, which)(self.column.values[rows])]) if len(rows) else None

    def var(self, ddof: int = 0) -> float | None:
        """The variance; RuntimeError unless there are more than ``ddof`` rows."""
        if not len(self):
            return None
        values = self._numbers()
        if ddof >= len(self):
            raise RuntimeError("Cannot calculate with degrees of freedom <= 0")
        return float(np.var(values, ddof=ddof)) if len(values) else None

    def std(self, ddof: int = 0) -> float | None:
        variance = self.var(ddof)
        return None if variance is None else float(np.sqrt(variance))

    def median(self, approximate: bool = False) -> Any:
        """The value in the middle, the upper of the two where their number is even."""
        if not isinstance(approximate, bool):
            raise TypeError('"approximate" must be a bool.')
        values = self.dropna()._numbers("Can not calculate median on non-numeric SArray.")
        middle = np.partition(values, len(values) // 2)[len(values) // 2] if len(values) else None
        return None if middle is None else middle.item()

    def nnz(self) -> int:
        """How many values are neither missing nor zero nor empty."""
        return int(operators.truth(self.column).sum())

    def any(self) -> bool:
        return bool(operators.truth(self.column).any())

    def all(self) -> bool:
        return bool(operators.truth(self.column).all())

    def summary(self, background: bool = False, sub_sketch_keys: Any = None) -> Sketch:
        """Counts, extremes, frequent items and quantiles of the values."""
        from .sketch import Sketch  # noqa: PLC0415

        if self._dtype is Image:
            raise TypeError("summary() is not supported for arrays of image type")
        return Sketch(self, background, sub_sketch_keys)

    # --- vectors, lists and dictionaries ------------------------------------------------------

    def _map(
        self, fn: Callable, dtype: type, allowed: tuple[type, ...], refusal: Exception
    ) -> SArray:
        if self._dtype not in allowed:
            raise refusal
        return self.apply(fn, dtype)

    def item_length(self) -> SArray:
        """The length of each vector, list or dictionary."""
        refusal = TypeError(
            "item_length() is only applicable for SArray of type list, dict and array."
        )
        return self._map(len, int, (list, dict, array), refusal)

    def dict_keys(self) -> SArray:
        return self._of_dicts(list, list)

    def dict_values(self) -> SArray:
        return self._of_dicts(lambda row: list(row.values()), list)

    def _of_dicts(self, fn: Callable, dtype: type) -> SArray:
        refusal = RuntimeError("Only dictionary type is supported.")
        return self._map(fn, dtype, (dict,), refusal)

    def dict_trim_by_keys(self, keys: Any, exclude: bool = True) -> SArray:
        """The dictionaries without the ``keys``; with ``exclude=False``, with nothing else."""
        keys = set(keys) if is_collection(keys) else {keys}
        return self._of_dicts(
            lambda row: {key: row[key] for key in row if (key in keys) != exclude}, dict
        )

    def dict_trim_by_values(self, lower: Any = None, upper: Any = None) -> SArray:
        """The dictionaries without numbers outside the bounds, which belong to the range."""
        for name, bound in (("lower", lower), ("upper", upper)):
            if not (bound is None or isinstance(bound, numbers.Number)):
                raise TypeError(f"{name} bound has to be a numeric value")

        def inside(value: Any) -> bool:
            if not isinstance(value, (int, float)):
                return True
            return (lower is None or value >= lower) and (upper is None or value <= upper)

        return self._of_dicts(lambda row: {k: v for k, v in row.items() if inside(v)}, dict)

    def dict_has_any_keys(self, keys: Any) -> SArray:
        keys = keys if is_collection(keys) else [keys]
        return self._of_dicts(lambda row: int(any(key in row for key in keys)), int)

    def dict_has_all_keys(self, keys: Any) -> SArray:
        keys = keys if is_collection(keys) else [keys]
        return self._of_dicts(lambda row: int(all(key in row for key in keys)), int)

    def vector_slice(self, start: int, end: int | None = None) -> SArray:
        """One number of each vector, or those from ``start`` up to ``end``; None if too short."""
        refusal = RuntimeError("Only Vector type can be sliced")
        stop = start + 1 if end is None else end

        def part(row: Any) -> Any:
            if len(row) < stop:
                return None
            return row[start] if stop == start + 1 else row[start:stop]

        dtype = float if stop == start + 1 else self._dtype
        return self._map(part, dtype, (array, list), refusal)  # type: ignore[arg-type]

    def element_slice(
        self, start: int | None = None, stop: int | None = None, step: int | None = None
    ) -> SArray:
        """``row[start:stop:step]`` of each string, vector or list."""
        refusal = TypeError("SArray must contain strings, arrays or lists")
        part = slice(start, stop, step)
        return self._map(lambda row: row[part], self._dtype, (str, array, list), refusal)

    def pixel_array_to_image(
        self,
        width: int,
        height: int,
        channels: int,
        undefined_on_failure: bool = True,
        allow_rounding: bool = False,
    ) -> SArray:
        """Pictures of vectors that hold height x width x channels values from 0 to 255."""
        if self._dtype is not array:
            raise TypeError("array_to_img expects SArray of arrays as input SArray")
        tested = np.concatenate([np.asarray(v) for v in self.head(10) if v is not None] or [[]])
        if (tested % 1).any() and not allow_rounding:
            raise ValueError(
                "There are non-integer values in the array data. Images only support integer data "
                "values between 0 and 255. To permit rounding, set the 'allow_rounding' parameter "
                "to 1."
            )
        if ((tested < 0) | (tested > 255)).any():
            raise ValueError(
                "There are values outside the range of 0 to 255. Images only support integer data "
                "values between 0 and 255."
            )

        def picture(row: array) -> Image | None:
            if len(row) != height * width * channels and undefined_on_failure:
                return None
            return from_pixels(np.asarray(row).reshape(height, width, channels).astype(np.uint8))

        return self.apply(picture, Image)

    def unpack(
        self,
        column_name_prefix: str | None = "X",
        column_types: Any = None,
        na_value: Any = None,
        limit: Any = None,
    ) -> SFrame:
        """A column for every key or position of the dictionaries, lists or vectors."""
        unpacking = check_unpacking(self.dtype, column_name_prefix, column_types, na_value, limit)
        return self._frame()._wrap(unpack_column(self.column, unpacking))

    def stack(
        self,
        new_column_name: Any = None,
        drop_na: bool = False,
        new_column_type: Any = None,
    ) -> SFrame:
        """A row for every item of the dictionaries, lists or vectors."""
        return self._frame().stack("X1", new_column_name, drop_na, new_column_type)

    # --- files and pictures -------------------------------------------------------------------

    def save(self, filename: str, format: str | None = None) -> None:
        """Write an SArray directory, or one value per line where the name ends in .csv or txt."""
        if format is None:
            format = "text" if filename.endswith((".csv", ".csv.gz", "txt")) else "binary"
        if format == "binary":
            from ..format.archive import write_sarray  # noqa: PLC0415

            write_sarray(filename, self.column)
        elif format in ("text", "csv"):
            self._frame().export_csv(filename, header=False)
        else:
            raise ValueError(f"Unsupported format: {format}")

    def show(self, title: Any = None, xlabel: Any = None, ylabel: Any = None) -> None:
        """Draw the distribution of the values (matplotlib); pictures are shown as a table."""
        from .plots import show_column  # noqa: PLC0415

        show_column(self, title, xlabel, ylabel)

    def explore(self, title: str | None = None) -> None:
        """Show the values as a table, pictures included."""
        self._frame().rename({"X1": "SArray"}).explore(title)

    def __getattr__(self, name: str) -> Any:
        raise refuse(f"SArray.{name}", name, AttributeError)


def _column_of(data: Any, dtype: type | None, drop_failures: bool) -> Column:
    if isinstance(data, SArray):
        return (data if dtype is None else data.astype(dtype)).column
    if isinstance(data, (str, Path)):
        return _read(Path(data), dtype)
    if isinstance(data, pd.Series):
        plain_type = isinstance(data.dtype, np.dtype) and data.dtype != object
        data = data.to_numpy() if plain_type else data.astype(object).where(data.notna(), None)
    if isinstance(data, array) and dtype is None and data.typecode != "u":
        data = np.frombuffer(data, dtype=data.typecode)
    if isinstance(data, np.ndarray) and dtype is None:
        return from_numpy(data)
    if isinstance(data, (dict, set, frozenset)) or not isinstance(data, Iterable):
        raise TypeError(
            "Unexpected data source. Possible data source types are: list, numpy.ndarray, "
            "pandas.Series, and string(url)"
        )
    return make_column(data, dtype, drop_failures)


def _read(path: Path, dtype: type | None) -> Column:
    """The column in an SArray directory, or the lines of a text file."""
    if path.is_file():
        lines = SArray(path.read_text(encoding="utf-8").splitlines(), str)
        return lines.astype(dtype or str).column
    from ..format.archive import open_sarray  # noqa: PLC0415

    return open_sarray(path).read()


def _choice_type(istrue: Any, isfalse: Any, dtype: type | None) -> type:
    """Return the type of what `SArray.where` gives; raises TypeError where there is none."""
    known = [value.dtype for value in (istrue, isfalse) if isinstance(value, SArray)]
    if not known:
        if dtype is not None:
            return dtype
        known = [type(value) for value in (istrue, isfalse) if value is not None]
    if not known:
        raise TypeError("Both true and false are None. Resultant type cannot be inferred.")
    if len(set(known)) > 1:
        raise TypeError("true and false inputs are of different types")
    return known[0]


def _choice(value: Any, dtype: type, chosen: bool) -> Column:
    """Return the column to choose from: a value as one row, or none where it isn't chosen."""
    if isinstance(value, SArray):
        return value.column
    return make_column([value] if chosen else [], dtype)


def typed(results: list, dtype: type | None, inferred_from: int) -> Column:
    """A column of what a function returned; its type is that of the first results."""
    if dtype is None:
        dtype = common_type(results[:inferred_from])
    return make_column(results, dtype)


def check_fraction(fraction: float) -> None:
    if not 0 <= fraction <= 1:
        raise ValueError(f"Invalid sampling rate: {fraction}")


def bounded(part: slice, size: int) -> slice:
    """``part`` with both ends counted from the front; negative steps are refused."""
    start, stop, step = part.start, part.stop, part.step
    start = 0 if start is None else start + size if start < 0 else start
    stop = size if stop is None else stop + size if stop < 0 else stop
    if (step or 1) < 1 or start < 0 or stop < 0:
        raise OverflowError("can't convert negative value to size_t")
    return slice(start, stop, step)


def share_rows(one: Extent, other: Extent) -> None:
    """Turi Create asks for both lengths unless it can tell that they are equal."""
    if not one.same_rows(other):
        one.settle()
        other.settle()


def chosen_rows(table: Any, mask: SArray) -> tuple[np.ndarray, Extent]:
    """The row numbers where ``mask`` is true, for a table of the same length."""
    if mask._size != table._size:
        raise IndexError("Cannot perform logical indexing on arrays of different length.")
    share_rows(table._extent, mask._extent)
    return np.flatnonzero(operators.truth(mask.column)), Extent()
