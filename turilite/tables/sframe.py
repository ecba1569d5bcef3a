"""SFrame: named columns of one length, with Turi Create's names, arguments and errors."""

from __future__ import annotations

import numbers
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

from ..arguments import all_spoken, shown, spoken
from ..columns import aggregators as aggregate
from ..columns import sorting
from ..columns.column import Column
from ..columns.construction import column_of_results, columns_of
from ..columns.grouping import check_grouping, group
from ..columns.image import Image
from ..columns.iterating import each_row
from ..columns.joining import check_joining, join
from ..columns.kinds import is_collection
from ..columns.lazy import Joined, LazyColumn, rows_of
from ..columns.names import unused
from ..columns.packing import (
    check_packing,
    check_unpacked_column,
    check_unpacking,
    pack_columns,
    renamed_beside,
    unpack_column,
)
from ..columns.selecting import (
    among,
    is_missing_or_nan,
    is_missing_or_nan_inside,
)
from ..columns.stacking import check_stacking, stack
from ..columns.values import listing
from ..format.archive import write_sframe
from . import checks, csv_files, csv_writing, display, pair_plots, plots
from .extent import KNOWN
from .reading import read_table
from .rows import Rows
from .sarray import SArray
from .seam import frame_class

HEAD = 10  # rows that are printed, and from which the type of a function's results is told


@frame_class
@all_spoken
class SFrame(Rows):
    """A table: columns of one length, each an SArray.

    `data` is a path (an SFrame directory, CSV or Parquet), dict of columns, pandas DataFrame,
    SArray, list of SArrays, list of values (one column X1), or another SFrame. Opening a directory
    reads no data; a column is read when it is first used.
    """

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, format: str = "auto") -> None:
        self._data: dict[str, Column] = {}
        self._extent = KNOWN
        if isinstance(data, (str, Path)):
            self._data = read_table(str(data), format)
        elif isinstance(data, pd.DataFrame):
            self._data = columns_of(data)
        elif isinstance(data, SFrame):
            self._data = dict(data._data)
        elif isinstance(data, SArray):
            self._add(data, "X1")
        elif isinstance(data, dict):
            self._add_dict(data)
        elif isinstance(data, np.ndarray):
            self._add(SArray(data), "X1")
        elif is_collection(data):
            self._add_list(list(data))
        elif data is not None:
            raise ValueError(f"Cannot infer input type for data {data}")

    def _add_dict(self, data: dict) -> None:
        if len({len(values) for values in data.values()}) > 1:
            raise RuntimeError("All column should be of the same length")
        sarrays = {name for name, values in data.items() if isinstance(values, SArray)}
        for name in [*sorted(set(data) - sarrays), *sorted(sarrays)]:
            values = data[name]
            if not isinstance(values, SArray):
                flat = isinstance(values, np.ndarray) and values.ndim == 1
                values = SArray(values if flat else list(values))
            self._add(values, name)

    def _add_list(self, data: list) -> None:
        kinds = {type(value) for value in data if value is not None}
        if kinds == {SArray}:
            for column in data:
                self._add(column, "")
        elif SArray in kinds:
            raise ValueError("Cannot create SFrame from mix of regular values and SArrays")
        elif data:
            self._add(SArray(data), "X1")

    def _add(self, column: SArray, name: str) -> None:
        """Add a column in place; RuntimeError where its length or name doesn't fit."""
        if not self._data:
            self._extent = column._extent
        else:
            self.materialize()
            column.materialize()
            if column._size != self._size:
                raise RuntimeError(f'Column "{name}" has different size than current columns!')
        name = name or unused(f"X{len(self._data) + 1}", self._data)
        if name in self._data:
            raise RuntimeError(f"Column {name} already exists.")
        self._data[name] = column._data

    def _replace(self, other: SFrame) -> SFrame:
        """Become another table, in place."""
        self._data, self._extent = other._data, other._extent
        return self

    @property
    def _size(self) -> int:  # type: ignore[override]
        return max(map(len, self._data.values()), default=0)

    @property
    def _types(self) -> dict[str, type]:
        """The types of the columns by name; nothing is read."""
        return {name: column.dtype or type(None) for name, column in self._data.items()}

    def _pick(self, rows: slice | np.ndarray) -> dict[str, Column]:
        return {name: rows_of(column, rows) for name, column in self._data.items()}

    # --- reading and writing ------------------------------------------------------------------

    @classmethod
    def read_csv(cls, url: str, *arguments: Any, **options: Any) -> SFrame:
        """Return the table in CSV files; options: see `turilite.tables.csv_files.read_csv`."""
        url = checks.check_path(url)
        return cls._wrap(csv_files.read_csv(url, *arguments, **csv_files.renamed(options))[0])

    @classmethod
    def read_csv_with_errors(
        cls, url: str, delimiter: str = ",", header: bool = True, *arguments: Any, **options: Any
    ) -> tuple[SFrame, dict[str, SArray]]:
        """Return the table in CSV files, and by path the lines that are left out of it."""
        url = checks.check_path(url)
        options = {**csv_files.renamed(options), "store_errors": True}
        columns, bad = csv_files.read_csv(url, delimiter, header, False, *arguments, **options)
        return cls._wrap(columns), {path: SArray._wrap(lines) for path, lines in bad.items()}

    def save(self, filename: str, format: str | None = None) -> None:
        """Write an SFrame directory, or CSV where the name ends in .csv or `format` says so."""
        filename = checks.check_path(filename)
        if format is None:
            format = "csv" if filename.endswith((".csv", ".csv.gz")) else "binary"
        if format == "csv":
            ending = "" if filename.endswith((".csv", ".csv.gz")) else ".csv"
            self.export_csv(filename + ending)
        elif format == "binary":
            write_sframe(filename, self._data)
        else:
            raise ValueError(f"Invalid format: {format}. Supported formats are 'csv' and 'binary'.")

    def export_csv(self, filename: str, *arguments: Any, **options: Any) -> None:
        """Write a CSV file; options: see `turilite.tables.csv_writing.write_csv`."""
        csv_writing.write_csv(self._data, filename, *arguments, **csv_files.renamed(options))

    def to_dataframe(self) -> pd.DataFrame:
        """Return a pandas DataFrame; pictures become those of Pillow."""

        def series(column: Column) -> pd.Series:
            values: Iterable = listing(column)
            if column.dtype is Image:
                values = [None if image is None else image._to_pil_image() for image in values]
            kept = object if column.dtype is str else None  # pandas 3 would make None NaN
            empty = {int: "int64", float: "float64"}.get(column.dtype, object)
            return pd.Series(values, dtype=kept if self._size else empty)

        return pd.DataFrame({name: series(column) for name, column in self._data.items()})

    def to_numpy(self) -> np.ndarray:
        """Return a matrix of rows x columns."""
        if set(self.column_types()) <= {int, float, str}:
            return np.transpose(np.asarray([listing(column) for column in self._data.values()]))
        return np.array([list(row.values()) for row in self], dtype=object).reshape(
            self._size, len(self._data)
        )

    # --- looking at it ------------------------------------------------------------------------

    def num_rows(self) -> int:
        """Return the number of rows."""
        return len(self)

    def __bool__(self) -> bool:
        return len(self) != 0

    def num_columns(self) -> int:
        """Return the number of columns."""
        return len(self._data)

    def num_cols(self) -> int:
        """Return the number of columns, by GraphLab Create's name."""
        return self.num_columns()

    def column_names(self) -> list[str]:
        """Return the names of the columns."""
        return list(self._data)

    def column_types(self) -> list[type]:
        """Return the types of the columns."""
        return list(self._types.values())

    @property
    def dtype(self) -> list[type]:
        return self.column_types()

    @property
    def shape(self) -> tuple[int, int]:
        return (self.num_rows(), self.num_columns())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return each_row(self._data)

    def __repr__(self) -> str:
        described = [f"\t{name}\t{dtype.__name__}\n" for name, dtype in self._types.items()]
        data = str(self)  # first, as it may count the rows
        rows = self._size if self.is_materialized() else "Unknown"
        return (
            "Columns:\n" + ("".join(described) or "\tNone\n") + f"\nRows: {rows}\n\n"
            "Data:\n" + (data if self._size else "\t[]")
        )

    def __str__(self, num_rows: int = HEAD, footer: bool = True) -> str:
        tables = "\n".join(map(display.as_text, self._tables(num_rows, display.SHOWN)))
        return f"{tables}\n{self._footer(num_rows, chr(10))}" if footer else tables

    def _repr_html_(self) -> str:
        tables = "\n".join(map(display.as_html, self._tables(HEAD, display.IN_NOTEBOOK)))
        style = "max-height:1000px;max-width:1500px;overflow:auto;"
        return f'<div style="{style}">{tables}\n{self._footer(HEAD, "<br/>")}\n</div>'

    def _tables(self, rows: int, limits: display.Limits) -> list[display.Table]:
        head = self.head(rows)
        if Image in self.column_types():  # Turi Create makes text of them, for which it counts
            self.materialize()
        return display.head(head._data, rows, limits)

    def _footer(self, rows: int, newline: str) -> str:
        if not self.is_materialized():
            head, notes = f"[? rows x {self.num_columns()} columns]", display.LAZY_FOOTER
        else:
            head = "[{} rows x {} columns]".format(*self.shape)
            notes = display.FOOTER if self._size > rows else ()
        return head + newline + newline.join(notes)

    def print_rows(
        self,
        num_rows: int = HEAD,
        num_columns: int = 40,
        max_column_width: int = 30,
        max_row_width: int = 80,
        output_file: TextIO | None = None,
    ) -> None:
        """Print the first rows and columns."""
        limits = display.Limits(
            num_columns, max_column_width, max(max_row_width, max_column_width + 1)
        )
        tables = self._tables(num_rows, limits)
        out = sys.stdout if output_file is None else output_file
        if not hasattr(type(out), "write"):
            raise TypeError(f"output_file must be a file to write to, not {shown(out)}.")
        print(display.printed(tables, self.shape), file=out)

    def explore(self, title: str | None = None) -> None:
        """Show the table in the notebook, pictures included."""
        self.materialize()
        plots.show_table(self._data, title)

    def show(
        self,
        columns: Any = None,
        view: str | None = None,
        x: str | None = None,
        y: str | None = None,
        **_: Any,
    ) -> None:
        """Draw the distribution of each column (matplotlib), or of two against each other.

        The arguments are GraphLab Create's: `columns` are names, `x` and `y` those of a plot.
        `view='Table'` shows the rows; other views are what the types of the columns ask for.
        """
        if x is not None and y is not None:
            pair_plots.show_pair(self[x].column, self[y].column, x, y)
        elif view == "Table":
            self.explore()
        else:
            plots.show_columns((self if columns is None else self[list(columns)])._data)

    # --- columns ------------------------------------------------------------------------------

    def select_column(self, column_name: str) -> SArray:
        """Return the column of this name."""
        if not isinstance(column_name, str):
            raise TypeError("Invalid column_nametype: must be str")
        if column_name not in self._data:
            raise RuntimeError(f"Column name {column_name} does not exist.")
        return self._same_rows(self._data[column_name], SArray)

    def select_columns(self, column_names: Iterable) -> SFrame:
        """Return the columns of these names (and of these types)."""
        names = checks.check_selection(self._types, column_names)
        return self._same_rows({name: self._data[name] for name in names}) if names else SFrame()

    def copy(self) -> SFrame:
        """Return the same columns in a table of its own."""
        return SFrame._wrap(dict(self._data), self._extent)

    def __copy__(self) -> SFrame:
        return self.copy()

    def __deepcopy__(self, memo: dict) -> SFrame:
        return self.copy()

    def add_column(
        self, data: Any, column_name: str = "", inplace: bool = False, name: str | None = None
    ) -> SFrame:
        """Return the table with one more column, at the right.

        `name` is GraphLab Create's `column_name`, and changes the table itself as there.
        """
        if name is not None:
            column_name, inplace = name, True
        if not isinstance(data, SArray):
            if isinstance(data, Iterable):
                data = SArray(data)
            else:
                data = SArray.from_const(data, self.num_rows() if self._data else 1)
        if not isinstance(column_name, str):
            raise TypeError("Invalid column name: must be str")
        out = self if inplace else self.copy()
        out._add(data, column_name)
        return out

    def add_columns(self, data: Any, column_names: Any = None, inplace: bool = False) -> SFrame:
        """Return the table with more columns, those of another table or a list of SArrays."""
        if isinstance(data, SFrame):
            column_names, data = data.column_names(), [data[n] for n in data.column_names()]
            for name in column_names:
                if name in self._data:
                    raise ValueError(f"Column '{name}' already exists in current SFrame")
        elif not (is_collection(data) and is_collection(column_names)):
            raise TypeError("datalist and column_names must be iterables")
        elif not all(isinstance(column, SArray) for column in data):
            raise TypeError("Must give column as SArray")
        elif not all(isinstance(name, str) for name in column_names):
            raise TypeError("Invalid column name in list : must all be str")
        out = self.copy()
        for column, name in zip(data, column_names):
            out._add(column, name)
        return self._replace(out) if inplace else out

    def remove_column(self, column_name: str, inplace: bool = False) -> SFrame:
        """Return the table without a column."""
        return self.remove_columns([str(column_name)], inplace)

    def remove_columns(self, column_names: Iterable[str], inplace: bool = False) -> SFrame:
        """Return the table without some columns."""
        out = self[checks.check_removed(self._types, column_names)]
        return self._replace(out) if inplace else out

    def swap_columns(self, column_name_1: str, column_name_2: str, inplace: bool = False) -> SFrame:
        """Return the table with two columns in each other's place."""
        names = self.column_names()
        one, other = names.index(column_name_1), names.index(column_name_2)
        names[one], names[other] = names[other], names[one]
        return self._replace(self[names]) if inplace else self[names]

    def rename(self, names: dict[str, str], inplace: bool = False) -> SFrame:
        """Return the table with new names for the columns that `names` has."""
        renamed = checks.check_renamed(self._types, names)
        out = self._same_rows(dict(zip(renamed, self._data.values())))
        return self._replace(out) if inplace else out

    def add_row_number(
        self, column_name: str = "id", start: int = 0, inplace: bool = False
    ) -> SFrame:
        """Return the table with the numbers of its rows as its first column."""
        checks.check_row_number(self._types, column_name, start)
        out = SFrame()
        out._add(SArray.from_sequence(start, start + self.num_rows()), column_name)
        out.add_columns(self, inplace=True)
        return self._replace(out) if inplace else out

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, SArray):
            return self._rows_where(key)
        if isinstance(key, str):
            return self.select_column(key)
        if isinstance(key, type):
            return self.select_columns([key])
        if is_collection(key):
            return self.select_columns(key)
        if isinstance(key, numbers.Integral):
            if key >= len(self):
                raise IndexError("SFrame index out of range")
            return {name: SArray._wrap(column)[key] for name, column in self._data.items()}
        if isinstance(key, slice):
            return self._rows_between(key)
        raise TypeError("Invalid index type: must be SArray, list, int, or str")

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, list):
            self.add_columns(value, key, inplace=True)
            return
        if not isinstance(key, str):
            raise TypeError(f"Cannot set column with key type {type(key)}")
        if not isinstance(value, SArray):
            size = self.num_rows()
            value = SArray(value) if is_collection(value) else SArray.from_const(value, size)
        names = self.column_names()
        if any(name != key for name in names):
            self.materialize()
        out = self[[name for name in names if name != key]]
        out._add(value, key)
        if key in names:
            out._data = {name: out._data[name] for name in names}
        self._replace(out)

    def __delitem__(self, key: str) -> None:
        self.remove_column(key, inplace=True)

    # --- rows ---------------------------------------------------------------------------------

    def append(self, other: SFrame) -> SFrame:
        """Return the rows of both; columns are matched by name."""
        if not isinstance(other, SFrame):
            raise RuntimeError("SFrame append can only work with SFrame")
        if not other._data or not self._data:
            return (self if self._data else other).copy()
        checks.check_appended(self._types, other._types)
        columns = {
            name: LazyColumn(column.dtype, Joined(column, other._data[name]))
            for name, column in self._data.items()
        }
        return self._both_rows(other, columns)

    def __add__(self, other: SFrame) -> SFrame:
        return self.append(other)

    def __eq__(self, other: object) -> bool:
        raise NotImplementedError("Compare columns, not SFrames.")

    __ne__ = __eq__

    def filter_by(self, values: Any, column_name: str, exclude: bool = False) -> SFrame:
        """Return the rows whose value in a column is among `values`; with `exclude`, is not."""
        checks.check_filtered(self._types, column_name, values)
        dtype = self._types[column_name]
        if not isinstance(values, SArray):
            values = list(values) if is_collection(values) else [values]
            every_none = all(value is None for value in values)
            values = SArray(values, dtype if every_none else None)
        checks.check_filter_type(dtype, column_name, values.dtype)
        rows = np.flatnonzero(among(self._data[column_name], values._data) != exclude)
        self.materialize()
        return self._unknown_rows(rows) if exclude else self._known_rows(rows)

    def sample(self, fraction: float, seed: int | None = None, exact: bool = False) -> SFrame:
        """Return rows drawn at random; a seed gives the rows that Turi Create draws with it."""
        checks.check_fraction(fraction)
        if not (self._data and len(self)):
            return self
        return self.random_split(fraction, seed, exact)[0]

    def random_split(
        self, fraction: float, seed: int | None = None, exact: bool = False
    ) -> tuple[SFrame, SFrame]:
        """Return the rows in two parts; a seed gives the rows that Turi Create gives.

        Without `exact` the first part has about `fraction` of the rows.
        """
        checks.check_fraction(fraction)
        if not (self._data and len(self)):
            return SFrame(), SFrame()
        return self._drawn(fraction, seed, exact)

    def sort(self, key_column_names: Any, ascending: bool = True) -> SFrame:
        """Return the rows in the order of one or more columns; missing values are the smallest."""
        keys = checks.check_sort_keys(self._types, key_column_names, ascending)
        columns = [(self._data[name], upward) for name, upward in keys]
        return self._known_rows(sorting.order(columns, len(self)))

    def topk(self, column_name: str, k: int = 10, reverse: bool = False) -> SFrame:
        """Return the `k` rows with the largest values of a column, with `reverse` the smallest."""
        if not isinstance(column_name, str):
            raise TypeError("column_name must be a string")
        return self[self[column_name].is_topk(k, reverse)].sort(column_name, ascending=reverse)

    def unique(self) -> SFrame:
        """Return the different rows; their order is not defined."""
        return self.groupby(self.column_names(), {})

    def drop_duplicates(self, subset: Iterable[str]) -> SFrame:
        subset = list(subset)
        if not set(subset) <= set(self._data):
            raise TypeError("Not all subset columns in SFrame")
        others = [name for name in self._data if name not in subset]
        return self.groupby(subset, {name: aggregate.SELECT_ONE(name) for name in others})

    def dropna(self, columns: Any = None, how: str = "any", recursive: bool = False) -> SFrame:
        """Return the rows in which no value is missing; with `how='all'`, not every value is."""
        return self.dropna_split(columns, how, recursive)[0]

    def dropna_split(
        self, columns: Any = None, how: str = "any", recursive: bool = False
    ) -> tuple[SFrame, SFrame]:
        """Return the rows that `dropna` keeps and those that it drops."""
        names = checks.check_looked_at(self._types, columns, how)
        if not names:
            return self.copy(), SFrame()
        find = is_missing_or_nan_inside if recursive else is_missing_or_nan
        gone = np.array([find(self._data[name]) for name in names])
        drop = gone.all(axis=0) if how == "all" else gone.any(axis=0)
        return self._unknown_rows(np.flatnonzero(~drop)), self._unknown_rows(np.flatnonzero(drop))

    def fillna(self, column_name: str, value: Any) -> SFrame:
        """Return the table with `value` where one of a column is missing or NaN."""
        if not isinstance(column_name, str):
            raise TypeError("column_name must be a str")
        out = self.copy()
        out[column_name] = out[column_name].fillna(value)
        return out

    def apply(self, fn: Callable[[dict], Any], dtype: type | None = None) -> SArray:
        """Return `fn` of every row, given as a dict; the type is that of the first ten results."""
        assert callable(fn), "Input must be callable"
        checks.check_type(dtype)
        self.materialize()
        return self._same_rows(column_of_results([fn(row) for row in self], dtype, HEAD), SArray)

    # --- tables of tables ---------------------------------------------------------------------

    def groupby(
        self, key_column_names: Any = None, operations: Any = None, *args: Any, **names: Any
    ) -> SFrame:
        """Return a row per group of rows that are equal in the key columns; see `aggregate`.

        The name `key_columns` is GraphLab Create's for `key_column_names`.
        """
        key_column_names, operations = checks.check_group_names(key_column_names, operations, names)
        grouping = check_grouping(self._types, key_column_names, [operations, *args])
        return SFrame._wrap(group(self._data, grouping))

    def join(
        self,
        right: SFrame,
        on: Any = None,
        how: str = "inner",
        alter_name: dict[str, str] | None = None,
    ) -> SFrame:
        """Return the rows of both that are equal in the columns `on`; others as `how` says.

        Rows come in the order of the left table (Turi Create's are unordered).
        """
        if not isinstance(right, SFrame):
            raise TypeError("Can only join two SFrames")
        joining = check_joining(self._types, right._types, on, how, alter_name)
        self.materialize()
        right.materialize()
        return SFrame._wrap(join(self._data, right._data, joining))

    def pack_columns(  # noqa: PLR0917
        self,
        column_names: Any = None,
        column_name_prefix: str | None = None,
        dtype: type = list,
        fill_na: Any = None,
        remove_prefix: bool = True,
        new_column_name: str | None = None,
    ) -> SFrame:
        """Return several columns as one of lists, dictionaries or vectors."""
        packing = check_packing(
            self._types,
            column_names,
            column_name_prefix,
            dtype,
            fill_na,
            remove_prefix,
            new_column_name,
        )
        out = SFrame(self[packing.rest])
        out._add(SArray._wrap(pack_columns(self._data, packing)), packing.name)
        return out

    def unpack(
        self,
        column_name: str | None = None,
        column_name_prefix: str | None = None,
        column_types: Any = None,
        na_value: Any = None,
        limit: Any = None,
    ) -> SFrame:
        """Return a column of lists, dictionaries or vectors as several."""
        name, prefix = check_unpacked_column(self._types, column_name, column_name_prefix)
        unpacking = check_unpacking(self._types[name], prefix, column_types, na_value, limit)
        unpacked = unpack_column(self._data[name], unpacking)
        out = SFrame(self[[other for other in self._data if other != name]])
        for new, column in zip(renamed_beside(unpacked, out._data), unpacked.values()):
            out._add(SArray._wrap(column), new)
        return out

    def stack(
        self,
        column_name: str,
        new_column_name: Any = None,
        drop_na: bool = False,
        new_column_type: Any = None,
    ) -> SFrame:
        """Return a row for every item of a column of lists, dictionaries or vectors."""
        stacking = check_stacking(
            self._types, column_name, new_column_name, drop_na, new_column_type
        )
        rows, columns = stack(self._data[stacking.name], stacking)
        out = self[stacking.rest]._known_rows(rows)
        for new, column in zip(stacking.new_names, columns):
            out._add(SArray._wrap(column), new)
        return out

    def unstack(self, column_names: Any, new_column_name: str | None = None) -> SFrame:
        """Return the rows of a group in one, as a list (one column) or dictionary (two)."""
        if not isinstance(column_names, str) and len(column_names) != 2:
            raise TypeError("'column_names' has to be a string or a list of two strings.")
        names = [column_names] if isinstance(column_names, str) else list(column_names)
        keys = [name for name in self._data if name not in names]
        concat = aggregate.CONCAT(*names)
        return self.groupby(keys, {new_column_name: concat} if new_column_name else concat)

    def _own_names(self) -> Iterable[str]:
        return self._data


@spoken
def load_sframe(filename: str) -> SFrame:
    """Return the SFrame in a directory; its columns are read when they are first used."""
    return SFrame(filename)
