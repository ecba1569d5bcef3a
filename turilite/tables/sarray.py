"""SArray: one column, with Turi Create's names, types and missing values."""

from __future__ import annotations

import datetime
import numbers
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import all_spoken, shown
from ..columns import operators, pictures, sorting, statistics
from ..columns.aggregators import COUNT
from ..columns.casting import cast, filled
from ..columns.column import Column
from ..columns.construction import UNEXPECTED, column_of, column_of_results
from ..columns.hashing import hashed
from ..columns.image import Image
from ..columns.iterating import each
from ..columns.kinds import is_collection
from ..columns.lazy import Joined, LazyColumn, rows_of
from ..columns.packing import check_unpacking, unpack_column
from ..columns.selecting import among, choose, is_missing, is_missing_or_nan, take
from ..columns.values import listing, make_column
from ..format.archive import write_sarray
from ..missing_api import refuse
from . import csv_writing, plots
from .checks import check_fraction, check_path, check_type, flag, whole_number
from .extent import KNOWN
from .reading import read_column
from .rows import Rows
from .seam import frame_of
from .sketch import Sketch

if TYPE_CHECKING:
    from .sframe import SFrame

UNTYPED = type(None)
PRINTED = 100  # values in the text of an SArray
INFERRED_FROM = 100  # results of a function that say which type they have


def _operator(op: str) -> Callable[[SArray, Any], SArray]:
    """Return the method for `self op other`."""
    return lambda self, other: self._operate(other, op)


def _operators(op: str) -> tuple[Callable[[SArray, Any], SArray], Callable[[SArray, Any], SArray]]:
    """Return the methods for `self op other` and `other op self`."""
    return _operator(op), lambda self, other: self._operate(other, op, reflected=True)


def _logic(op: str, word: str) -> Callable[[SArray, Any], SArray]:
    """Return the method for `self op other`, which is for two SArrays only."""

    def method(self: SArray, other: Any) -> SArray:
        if not isinstance(other, SArray):
            raise TypeError(f"SArray can only perform logical {word} against another SArray")
        return self._operate(other, op)

    return method


@all_spoken
class SArray(Rows):
    """An immutable column of values of one type.

    `data` is a list (or any sequence, range, generator), NumPy array (a matrix makes a vector
    per row), pandas Series, SArray, or the path of a stored SArray. `dtype` is inferred where it
    isn't given. Raises TypeError where the values have no common type or can't be `dtype`.
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment] # == compares row by row

    def __init__(
        self, data: Any = (), dtype: type | None = None, ignore_cast_failure: bool = False
    ) -> None:
        if dtype is not None and not isinstance(dtype, type):
            raise TypeError("dtype must be a type, e.g. use int rather than 'int'")
        if isinstance(data, SArray):
            column = (data if dtype is None else data.astype(dtype))._data
        elif isinstance(data, (str, Path)):
            column = read_column(data, dtype)
        elif isinstance(data, Rows):  # an SFrame
            raise TypeError(UNEXPECTED)
        else:
            column = column_of(data, dtype, ignore_cast_failure)
        self._data, self._extent = column, KNOWN

    @property
    def column(self) -> Column:
        """The values and their mask (see `turilite.columns.column`)."""
        return self._data

    @property
    def _size(self) -> int:  # type: ignore[override]
        return len(self._data)

    def _pick(self, rows: slice | np.ndarray) -> Column:
        return rows_of(self._data, rows)

    def _values(self) -> list:
        """Return the values as a list, without asking for the length as list() does."""
        return listing(self._data)

    def _frame(self) -> SFrame:
        """Return the table with this column, X1."""
        return frame_of({"X1": self._data}, self._extent)

    # --- making one ---------------------------------------------------------------------------

    @classmethod
    def from_const(cls, value: Any, size: int, dtype: type = UNTYPED) -> SArray:
        """Return `value`, `size` times; `dtype` is that of the value unless it is given."""
        if dtype is None:
            raise TypeError("dtype argument cannot be None.")
        if not isinstance(
            value, (type(None), int, float, str, array, list, dict, datetime.datetime)
        ):
            raise TypeError(f"Cannot create sarray of value type {type(value)}")
        if not (isinstance(size, numbers.Integral) and size >= 0):
            raise TypeError(f"size must be a positive int, not {shown(size)}.")
        if dtype is UNTYPED and value is not None:
            dtype = make_column([value]).dtype
        return cls([value] * int(size), None if dtype is UNTYPED else dtype)

    @classmethod
    def from_sequence(cls, *bounds: int) -> SArray:
        """Return the integers from 0 or `start` up to `stop`, as `range` takes them."""
        if not 1 <= len(bounds) <= 2:
            raise TypeError(f"from_sequence expects at least 1 argument. got {len(bounds)}")
        if not all(type(bound) is int for bound in bounds):
            raise TypeError("size must be int")
        return cls._wrap(Column(int, np.arange(*bounds, dtype=np.int64)))

    @classmethod
    def where(
        cls, condition: SArray, istrue: Any, isfalse: Any, dtype: type | None = None
    ) -> SArray:
        """Return `istrue` where `condition` holds, else `isfalse` (SArrays or values)."""
        if not isinstance(condition, SArray):
            raise TypeError(f"condition must be an SArray, not {shown(condition)}.")
        dtype = _choice_type(istrue, isfalse, dtype)
        holds = operators.truth(condition._data)
        choices = [
            _choice(istrue, dtype, holds.any()),
            _choice(isfalse, dtype, not holds.all()),
        ]
        if any(isinstance(v, SArray) and v._size != len(holds) for v in (istrue, isfalse)):
            raise RuntimeError("Input SArrays must all have the same length")
        return condition._same_rows(choose(holds, *choices))

    # --- looking at it ------------------------------------------------------------------------

    @property
    def dtype(self) -> type:
        return type(None) if self._data.dtype is None else self._data.dtype

    @property
    def shape(self) -> tuple[int]:
        return (len(self),)

    def __iter__(self) -> Iterator:
        return each(self._data)

    def __contains__(self, item: Any) -> bool:
        return (self == item).any()

    def __bool__(self) -> bool:
        raise ValueError(
            "The truth value of an array with more than one element is ambiguous. "
            "Use a.any() or a.all()"
        )

    def __repr__(self) -> str:
        values = str(self)  # first, as it may count the rows
        rows = self._size if self.is_materialized() else "?"
        return f"dtype: {self.dtype.__name__}\nRows: {rows}\n{values}"

    def __str__(self) -> str:
        first = self.head(PRINTED)._data
        text = str(listing(cast(first, str) if first.dtype is Image else first))
        whole = self.is_materialized() and self._size <= PRINTED
        return text if whole else text[:-1] + ", ... ]"

    def __copy__(self) -> SArray:
        return SArray._wrap(self._data, self._extent)

    def __deepcopy__(self, memo: dict) -> SArray:
        return self.__copy__()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self.to_numpy(), dtype=dtype)

    def to_numpy(self) -> np.ndarray:
        """Return a NumPy array: rows x width for vectors, None where missing."""
        column = self._data
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
            return listing(take(self._data, slice(row, row + 1)))[0]
        if isinstance(key, SArray):
            return self._rows_where(key)
        if isinstance(key, slice):
            return self._rows_between(key)
        raise IndexError("Invalid type to use for indexing")

    def filter(self, fn: Callable, skip_na: bool = True, seed: int | None = None) -> SArray:
        """Return the rows for which `fn` returns something true."""
        if not callable(fn):
            raise TypeError(f"filter needs a function, not {shown(fn)}.")
        return self[self.apply(lambda value: int(bool(fn(value))), int, skip_na)]

    def filter_by(self, values: Any, exclude: bool = False) -> SArray:
        """Return the rows whose value is among `values`; with `exclude`, is not."""
        if not isinstance(values, SArray):
            values = SArray(values if is_collection(values) else [values])
        if values.dtype is not self.dtype:
            raise TypeError("Type of given values does not match type of the SArray")
        rows = np.flatnonzero(among(self._data, values._data) != bool(exclude))
        return self._unknown_rows(rows) if exclude else self._known_rows(rows)

    def sample(self, fraction: float, seed: int | None = None, exact: bool = False) -> SArray:
        """Return rows drawn at random; a seed gives the rows that Turi Create draws with it."""
        check_fraction(fraction)
        return self._drawn(fraction, seed, exact)[0] if len(self) else SArray()

    def random_split(self, fraction: float, seed: int | None = None) -> tuple[SArray, SArray]:
        """Return two SArrays; a seed gives the rows that Turi Create gives."""
        one, other = self._frame().random_split(fraction, seed)
        return one["X1"], other["X1"]

    def append(self, other: SArray) -> SArray:
        """Return the rows of both."""
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
        joined = LazyColumn(first._data.dtype, Joined(first._data, second._data))
        return self._both_rows(other, joined)

    def sort(self, ascending: bool = True) -> SArray:
        """Return the values in their order; missing values are the smallest."""
        if self._data.dtype not in sorting.SORTABLE:
            raise TypeError(
                "Only sarray with type (int, float, str, datetime.datetime) can be sorted"
            )
        return self._known_rows(sorting.order([(self._data, flag(ascending))], len(self)))

    def unique(self) -> SArray:
        """Return the different values; their order is not defined."""
        return self._frame().unique()["X1"]

    def value_counts(self) -> SFrame:
        """Return the different values and their counts, most frequent first."""
        counts = self._frame().rename({"X1": "value"}).groupby("value", {"count": COUNT()})
        return counts.sort("count", ascending=False)

    def is_topk(self, topk: int = 10, reverse: bool = False) -> SArray:
        """Return 1 for the `topk` largest values, with `reverse` for the smallest."""
        if self._data.dtype not in sorting.SORTABLE:
            raise RuntimeError("Only sortable types have a top-k.")
        return SArray._wrap(sorting.top(self._data, whole_number(topk), reverse))

    # --- values one by one --------------------------------------------------------------------

    def apply(self, fn: Callable, dtype: type | None = None, skip_na: bool = True) -> SArray:
        """Return `fn` of every value; missing values stay missing unless `skip_na` is False.

        The type is that of the results for the first 100 rows unless `dtype` is given.
        """
        assert callable(fn), "Input function must be callable."
        check_type(dtype)
        results = [None if value is None and skip_na else fn(value) for value in self]
        return self._same_rows(column_of_results(results, dtype, INFERRED_FROM))

    def astype(self, dtype: type, undefined_on_failure: bool = False) -> SArray:
        """Return the values as another type; RuntimeError (or None) where one is none of it."""
        if not isinstance(dtype, type):
            raise TypeError("dtype must be a type, e.g. use int rather than 'int'")
        if self._data.dtype is str and not undefined_on_failure:
            self.materialize()  # Turi Create parses strings at once
        return self._changed(cast(self._data, dtype, undefined_on_failure))

    def _changed(self, column: Column) -> SArray:
        return self if column is self._data else self._same_rows(column)

    def fillna(self, value: Any) -> SArray:
        """Return `value` where a value is missing or NaN, the others as they are."""
        return self._changed(filled(self._data, value))

    def dropna(self) -> SArray:
        """Return the rows that are neither missing nor NaN."""
        return self._unknown_rows(np.flatnonzero(~is_missing_or_nan(self._data)))

    def countna(self) -> int:
        """Return the number of missing values."""
        return int(is_missing(self._data).sum())

    def clip(self, lower: Any = float("nan"), upper: Any = float("nan")) -> SArray:
        """Return the values, none below `lower` or above `upper` (NaN or None: no bound)."""
        bounds = operators.check_bounds(self.dtype, lower, upper)
        return self._same_rows(operators.clip(self._data, bounds))

    def clip_lower(self, threshold: float) -> SArray:
        """Return the values, none below a threshold."""
        return self.clip(lower=threshold)

    def clip_upper(self, threshold: float) -> SArray:
        """Return the values, none above a threshold."""
        return self.clip(upper=threshold)

    def hash(self, seed: int = 0) -> SArray:
        """Return Turi Create's 64-bit hashes of integers."""
        if self._data.dtype is not int:
            raise refuse("SArray.hash of anything but integers")
        return self._same_rows(hashed(self._data, seed))

    # --- arithmetic, comparison, logic --------------------------------------------------------

    def _operate(self, other: Any, op: str, reflected: bool = False) -> SArray:
        if isinstance(other, SArray):
            if other._size != self._size:
                raise RuntimeError("Array size mismatch")
            self._align(other)
        operand = other._data if isinstance(other, SArray) else operators.scalar(other)
        left, right = (operand, self._data) if reflected else (self._data, operand)
        return self._same_rows(operators.apply(left, right, op))

    __add__, __radd__ = _operators("+")
    __sub__, __rsub__ = _operators("-")
    __mul__, __rmul__ = _operators("*")
    __truediv__, __rtruediv__ = _operators("/")
    __mod__, __rmod__ = _operators("%")
    __pow__, __rpow__ = _operators("**")
    __floordiv__ = _operator("//")
    __lt__, __gt__ = _operator("<"), _operator(">")
    __le__, __ge__ = _operator("<="), _operator(">=")
    __eq__, __ne__ = _operator("=="), _operator("!=")  # type: ignore[assignment]
    __and__, __or__ = _logic("&", "and"), _logic("|", "or")

    def __rfloordiv__(self, other: Any) -> SArray:
        return self.__rtruediv__(other).astype(int)

    def __neg__(self) -> SArray:
        return 0 - self

    def __pos__(self) -> SArray:
        if self._data.dtype not in (int, float, array):
            raise RuntimeError(
                f"Unsupported type operation. cannot perform + on {self._data.dtype}"
            )
        return self

    def __abs__(self) -> SArray:
        return self._same_rows(operators.absolute(self._data))

    def abs(self) -> SArray:
        """Return the absolute values of numbers or vectors."""
        return abs(self)

    def contains(self, item: Any) -> SArray:
        """Return 1 where `item` is in the string, vector, list or dictionary of a row."""
        return self._same_rows(operators.contains(self._data, item))

    def is_in(self, other: Any) -> SArray:
        """Return 1 where the value is in `other`, a list (or a string, for strings)."""
        return self._same_rows(operators.is_in(self._data, other))

    # --- one value of many --------------------------------------------------------------------

    def sum(self) -> Any:
        """Return the sum of numbers or vectors."""
        return statistics.total(self._data)

    def mean(self) -> Any:
        """Return the mean; None where there is no value. Turi Create's last digit may differ."""
        return statistics.mean(self._data)

    def max(self) -> Any:
        """Return the largest number or date; None where there is no value."""
        return statistics.maximum(self._data)

    def min(self) -> Any:
        """Return the smallest number or date; None where there is no value."""
        return statistics.minimum(self._data)

    def argmax(self) -> int | None:
        """Return the row of the largest value, of the first among equals (in Turi Create, any)."""
        self.materialize()
        return statistics.position_of_maximum(self._data)

    def argmin(self) -> int | None:
        """Return the row of the smallest value, of the first among equals."""
        self.materialize()
        return statistics.position_of_minimum(self._data)

    def var(self, ddof: int = 0) -> float | None:
        """Return the variance; RuntimeError unless there are more than `ddof` rows."""
        self.materialize()
        return statistics.variance(self._data, whole_number(ddof))

    def std(self, ddof: int = 0) -> float | None:
        """Return the standard deviation; RuntimeError unless there are more than `ddof` rows."""
        variance = self.var(ddof)
        return None if variance is None else float(np.sqrt(variance))

    def median(self, approximate: bool = False) -> Any:
        """Return the value in the middle, the upper of the two where their number is even."""
        if not isinstance(approximate, bool):
            raise TypeError('"approximate" must be a bool.')
        return statistics.median(self._data)

    def nnz(self) -> int:
        """Return how many values are neither missing nor zero nor empty."""
        return int(operators.truth(self._data).sum())

    def any(self) -> bool:
        """Return whether some value is neither missing nor zero nor empty."""
        return bool(operators.truth(self._data).any())

    def all(self) -> bool:
        """Return whether no value is missing, zero or empty."""
        return bool(operators.truth(self._data).all())

    def sketch_summary(self, background: bool = False, sub_sketch_keys: Any = None) -> Sketch:
        """Return `summary()`, by GraphLab Create's name."""
        return self.summary(background, sub_sketch_keys)

    def summary(self, background: bool = False, sub_sketch_keys: Any = None) -> Sketch:
        """Return counts, extremes, frequent items and quantiles of the values."""
        if self._data.dtype is Image:
            raise TypeError("summary() is not supported for arrays of image type")
        return Sketch(self, background, sub_sketch_keys)

    # --- vectors, lists and dictionaries ------------------------------------------------------

    def _map(
        self, fn: Callable, dtype: type, allowed: tuple[type, ...], refusal: Exception
    ) -> SArray:
        if self._data.dtype not in allowed:
            raise refusal
        return self.apply(fn, dtype)

    def item_length(self) -> SArray:
        """Return the length of each vector, list or dictionary."""
        refusal = TypeError(
            "item_length() is only applicable for SArray of type list, dict and array."
        )
        return self._map(len, int, (list, dict, array), refusal)

    def dict_keys(self) -> SArray:
        """Return the keys of each dictionary, as a list."""
        return self._of_dicts(list, list)

    def dict_values(self) -> SArray:
        """Return the values of each dictionary, as a list."""
        return self._of_dicts(lambda row: list(row.values()), list)

    def _of_dicts(self, fn: Callable, dtype: type) -> SArray:
        refusal = RuntimeError("Only dictionary type is supported.")
        return self._map(fn, dtype, (dict,), refusal)

    def dict_trim_by_keys(self, keys: Any, exclude: bool = True) -> SArray:
        """Return dictionaries without the `keys`; with `exclude=False`, with nothing else."""
        keys, exclude = set(keys) if is_collection(keys) else {keys}, bool(exclude)
        return self._of_dicts(
            lambda row: {key: row[key] for key in row if (key in keys) != exclude}, dict
        )

    def dict_trim_by_values(self, lower: Any = None, upper: Any = None) -> SArray:
        """Return dictionaries without numbers outside the bounds, which belong to the range."""
        for name, bound in (("lower", lower), ("upper", upper)):
            if not (bound is None or isinstance(bound, numbers.Number)):
                raise TypeError(f"{name} bound has to be a numeric value")

        def inside(value: Any) -> bool:
            if not isinstance(value, (int, float)):
                return True
            return (lower is None or value >= lower) and (upper is None or value <= upper)

        return self._of_dicts(lambda row: {k: v for k, v in row.items() if inside(v)}, dict)

    def dict_has_any_keys(self, keys: Any) -> SArray:
        """Return 1 where a dictionary has one of the `keys`."""
        keys = keys if is_collection(keys) else [keys]
        return self._of_dicts(lambda row: int(any(key in row for key in keys)), int)

    def dict_has_all_keys(self, keys: Any) -> SArray:
        """Return 1 where a dictionary has all of the `keys`."""
        keys = keys if is_collection(keys) else [keys]
        return self._of_dicts(lambda row: int(all(key in row for key in keys)), int)

    def vector_slice(self, start: int, end: int | None = None) -> SArray:
        """Return one number of each vector, or those from `start` to `end`; None if too short.

        Of lists it is always a list.
        """
        refusal = RuntimeError("Only Vector type can be sliced")
        start = whole_number(start)
        stop = start + 1 if end is None else whole_number(end)
        if stop <= start:
            raise RuntimeError("End of slice must be after start of slice")
        single = stop == start + 1 and self._data.dtype is array

        def part(row: Any) -> Any:
            if len(row) < stop:
                return None
            return row[start] if single else row[start:stop]

        dtype = float if single else self._data.dtype
        return self._map(part, dtype, (array, list), refusal)  # type: ignore[arg-type]

    def element_slice(
        self, start: int | None = None, stop: int | None = None, step: int | None = None
    ) -> SArray:
        """Return `row[start:stop:step]` of each string, vector or list."""
        refusal = TypeError("SArray must contain strings, arrays or lists")
        part = slice(start, stop, step)
        return self._map(lambda row: row[part], self._data.dtype, (str, array, list), refusal)

    def pixel_array_to_image(
        self,
        width: int,
        height: int,
        channels: int,
        undefined_on_failure: bool = True,
        allow_rounding: bool = False,
    ) -> SArray:
        """Return pictures of vectors of height x width x channels values from 0 to 255."""
        pictures.check_pixels(self._data, allow_rounding)
        shape = (height, width, channels)
        return self._same_rows(pictures.pictures(self._data, shape, undefined_on_failure))

    def unpack(
        self,
        column_name_prefix: str | None = "X",
        column_types: Any = None,
        na_value: Any = None,
        limit: Any = None,
    ) -> SFrame:
        """Return a column for every key or position of the dictionaries, lists or vectors."""
        unpacking = check_unpacking(self.dtype, column_name_prefix, column_types, na_value, limit)
        return frame_of(unpack_column(self._data, unpacking))

    def stack(
        self,
        new_column_name: Any = None,
        drop_na: bool = False,
        new_column_type: Any = None,
    ) -> SFrame:
        """Return a row for every item of the dictionaries, lists or vectors."""
        return self._frame().stack("X1", new_column_name, drop_na, new_column_type)

    # --- files and pictures -------------------------------------------------------------------

    def save(self, filename: str, format: str | None = None) -> None:
        """Write an SArray directory, or one value per line where the name ends in .csv or txt."""
        filename = check_path(filename)
        if format is None:
            format = "text" if filename.endswith((".csv", ".csv.gz", "txt")) else "binary"
        if format == "binary":
            write_sarray(filename, self._data)
        elif format in ("text", "csv"):
            csv_writing.write_csv({"X1": self._data}, filename, header=False)
        else:
            raise ValueError(f"Unsupported format: {format}")

    def size(self) -> int:
        """Return the number of rows, by GraphLab Create's name."""
        return len(self)

    def show(
        self, title: Any = None, xlabel: Any = None, ylabel: Any = None, view: Any = None
    ) -> None:
        """Draw the distribution of the values (matplotlib); pictures are shown as a table.

        GraphLab Create's `view` changes nothing: the type of the values says how they are drawn.
        """
        plots.show_column(self._data, title, xlabel, ylabel)

    def explore(self, title: str | None = None) -> None:
        """Show the values as a table, pictures included."""
        self.materialize()
        plots.show_table({"SArray": self._data}, title)


def _choice_type(istrue: Any, isfalse: Any, dtype: type | None) -> type:
    """Return the type of what `SArray.where` gives; raises TypeError where there is none."""
    known = [value.dtype for value in (istrue, isfalse) if isinstance(value, SArray)]
    if not known:
        if dtype is not None:
            return dtype
        known = [type(value) for value in (istrue, isfalse) if value is not None]
    if not known:
        return float
    if len(set(known)) > 1:
        raise TypeError("true and false inputs are of different types")
    return known[0]


def _choice(value: Any, dtype: type, chosen: bool) -> Column:
    """Return the column to choose from: a value as one row, or none where it isn't chosen."""
    if isinstance(value, SArray):
        return value._data
    return make_column([value] if chosen else [], dtype)
