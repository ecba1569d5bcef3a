"""SFrame: named columns of one length, with Turi Create's names, arguments and errors."""

from __future__ import annotations

import csv
import numbers
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

from ..columns import aggregators as aggregate
from ..columns.column import Column
from ..columns.hashing import chosen
from ..columns.image import Image
from ..columns.values import NAMES, absent, concatenate, missing_mask
from ..missing_api import refuse
from . import display, reshape
from .extent import KNOWN, Extent
from .sarray import (
    SORTABLE,
    SArray,
    bounded,
    check_fraction,
    chosen_rows,
    is_collection,
    random_seed,
    typed,
)

HEAD = 10


class SFrame:
    """A table: columns of one length, each an SArray.

    ``data`` is a path (an SFrame directory, CSV or Parquet), dict of columns, pandas DataFrame,
    SArray, list of SArrays, list of values (one column X1), or another SFrame. Opening a directory
    reads no data; a column is read when it is first used.
    """

    __slots__ = ("_columns", "_extent", "_size")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, format: str = "auto") -> None:
        self._columns: dict[str, SArray] = {}
        self._size = 0
        self._extent = KNOWN
        if isinstance(data, (str, Path)):
            self._adopt(_open(str(data), format))
        elif isinstance(data, pd.DataFrame):
            for name in data.columns:
                self._add(SArray(data[name]), str(name))
        elif isinstance(data, SFrame):
            self._columns, self._size = dict(data._columns), data._size
        elif isinstance(data, SArray):
            self._add(data, "X1")
        elif isinstance(data, dict):
            self._add_dict(data)
        elif is_collection(data):
            self._add_list(list(data))
        elif data is not None:
            raise ValueError(f"Cannot infer input type for data {data}")

    def _adopt(self, other: SFrame) -> None:
        self._columns, self._size, self._extent = dict(other._columns), other._size, other._extent

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

    @classmethod
    def _of(cls, columns: dict[str, SArray], size: int, extent: Extent = KNOWN) -> SFrame:
        out = cls()
        out._columns, out._size, out._extent = columns, size, extent
        return out

    @classmethod
    def _wrap(cls, columns: Mapping[str, Column]) -> SFrame:
        """Return a table of these columns, all of one length."""
        sarrays = {name: SArray._of(column) for name, column in columns.items()}
        return cls._of(sarrays, max(map(len, columns.values()), default=0))

    @property
    def _data(self) -> Mapping[str, Column]:
        """The columns by name; each is read when it is first used."""
        return _Data(self._columns)

    @property
    def _types(self) -> dict[str, type]:
        """The types of the columns by name; nothing is read."""
        return {name: column.dtype for name, column in self._columns.items()}

    def _add(self, column: SArray, name: str) -> None:
        """Add a column in place."""
        if not self._columns:
            self._size, self._extent = column._size, column._extent
        else:
            self._extent.settle()
            column._extent.settle()
        if column._size != self._size:
            raise RuntimeError(f'Column "{name}" has different size than current columns!')
        name = name or _unused(f"X{len(self._columns) + 1}", self._columns)
        if name in self._columns:
            raise RuntimeError(f"Column {name} already exists.")
        self._columns[name] = column

    def _take(self, rows: slice | np.ndarray, size: int, extent: Extent = KNOWN) -> SFrame:
        columns = {name: c._take(rows, size, extent) for name, c in self._columns.items()}
        return SFrame._of(columns, size, extent)

    # --- reading and writing ------------------------------------------------------------------

    @classmethod
    def read_csv(
        cls, url: str, delimiter: str = ",", header: bool = True, **options: Any
    ) -> SFrame:
        """A table of a CSV file, read by pandas; options: see ``turilite.tables.csv_files``."""
        from .csv_files import read_csv, renamed  # noqa: PLC0415

        return read_csv(url, **{"delimiter": delimiter, "header": header, **renamed(options)})

    def save(self, filename: str, format: str | None = None) -> None:
        """Write an SFrame directory, or CSV where the name ends in .csv or ``format`` says so."""
        filename = str(filename)
        if format is None:
            format = "csv" if filename.endswith((".csv", ".csv.gz")) else "binary"
        if format == "csv":
            ending = "" if filename.endswith((".csv", ".csv.gz")) else ".csv"
            self.export_csv(filename + ending)
        elif format == "binary":
            from ..format.archive import write_sframe  # noqa: PLC0415

            write_sframe(filename, {name: c.column for name, c in self._columns.items()})
        else:
            raise ValueError(f"Invalid format: {format}. Supported formats are 'csv' and 'binary'.")

    def export_csv(  # noqa: PLR0917 - Turi Create's arguments in its order, here and below
        self,
        filename: str,
        delimiter: str = ",",
        line_terminator: str = "\n",
        header: bool = True,
        quote_level: int = csv.QUOTE_NONNUMERIC,
        na_rep: str = "",
        **options: Any,
    ) -> None:
        """Write a CSV file; see ``turilite.tables.csv_files`` for the options."""
        from .csv_files import export_csv, renamed  # noqa: PLC0415

        options = {
            "delimiter": delimiter,
            "line_terminator": line_terminator,
            "header": header,
            "quote_level": quote_level,
            "na_rep": na_rep,
            **renamed(options),
        }
        export_csv(self, filename, **options)

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas DataFrame; pictures become those of Pillow."""

        def values(column: SArray) -> Any:
            if column.dtype is Image:
                return [None if image is None else image._to_pil_image() for image in column]
            return column._values()

        types = {int: "int64", float: "float64"}
        empty = {name: types.get(c.dtype, object) for name, c in self._columns.items()}
        return pd.DataFrame(
            {
                name: pd.Series(values(c), dtype=None if self._size else empty[name])
                for name, c in self._columns.items()
            }
        )

    def to_numpy(self) -> np.ndarray:
        """Rows x columns."""
        columns = [column._values() for column in self._columns.values()]
        if set(self.column_types()) <= {int, float, str}:
            return np.transpose(np.asarray(columns))
        return np.array([list(row.values()) for row in self], dtype=object).reshape(
            self._size, len(columns)
        )

    # --- looking at it ------------------------------------------------------------------------

    def num_rows(self) -> int:
        self._extent.settle()
        return self._size

    __len__ = num_rows

    def __bool__(self) -> bool:
        return self.num_rows() != 0

    def num_columns(self) -> int:
        return len(self._columns)

    def column_names(self) -> list[str]:
        return list(self._columns)

    def column_types(self) -> list[type]:
        return [column.dtype for column in self._columns.values()]

    @property
    def dtype(self) -> list[type]:
        return self.column_types()

    @property
    def shape(self) -> tuple[int, int]:
        return (self.num_rows(), self.num_columns())

    def __has_size__(self) -> bool:
        return self._extent.known

    def materialize(self) -> None:
        """Everything is evaluated already; only the text changes, which then has a length."""
        self._extent.settle()

    def __is_materialized__(self) -> bool:
        return self._extent.known

    def is_materialized(self) -> bool:
        return self._extent.known

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names = self.column_names()
        for values in zip(*map(iter, self._columns.values())):
            yield dict(zip(names, values))

    def __repr__(self) -> str:
        described = [f"\t{name}\t{c.dtype.__name__}\n" for name, c in self._columns.items()]
        data = str(self)  # first, as it may settle the length
        rows = self._size if self._extent.known else "Unknown"
        return (
            "Columns:\n" + ("".join(described) or "\tNone\n") + f"\nRows: {rows}\n\n"
            "Data:\n" + (data if self._size else "\t[]")
        )

    def __str__(self, num_rows: int = HEAD, footer: bool = True) -> str:
        tables = "\n".join(map(display.as_text, self._tables(num_rows)))
        return f"{tables}\n{self._footer(num_rows, chr(10))}" if footer else tables

    def _repr_html_(self) -> str:
        limits = display.Limits(columns=40, column_width=25, row_width=120, wrap=True)
        tables = "\n".join(map(display.as_html, self._tables(HEAD, limits)))
        style = "max-height:1000px;max-width:1500px;overflow:auto;"
        return f'<div style="{style}">{tables}\n{self._footer(HEAD, "<br/>")}\n</div>'

    def _tables(self, rows: int, limits: display.Limits = display.Limits()) -> list[display.Table]:  # noqa: B008
        head = self.head(rows)
        if Image in self.column_types():  # Turi Create makes text of them, which takes the length
            self._extent.settle()
        shown = [c.astype(str) if c.dtype is Image else c for c in head._columns.values()]
        return display.tables(self.column_names(), [column._values() for column in shown], limits)

    def _footer(self, rows: int, newline: str) -> str:
        if not self._extent.known:
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
        tables = "\n".join(map(display.as_text, self._tables(num_rows, limits)))
        footer = "[{} rows x {} columns]\n".format(*self.shape)
        print(f"{tables}\n{footer}", file=output_file or sys.stdout)

    def explore(self, title: str | None = None) -> None:
        """Show the table in the notebook, pictures included."""
        from .plots import show_table  # noqa: PLC0415

        show_table(self, title)

    def show(self) -> None:
        """Draw the distribution of each column (matplotlib)."""
        from .plots import show_frame  # noqa: PLC0415

        show_frame(self)

    # --- columns ------------------------------------------------------------------------------

    def select_column(self, column_name: str) -> SArray:
        if not isinstance(column_name, str):
            raise TypeError("Invalid column_nametype: must be str")
        column, extent = self._column(column_name), self._extent.derive()
        return column if column._extent is extent else column._with_extent(extent)

    def _column(self, name: str) -> SArray:
        if name not in self._columns:
            raise RuntimeError(f"Column name {name} does not exist.")
        return self._columns[name]

    def select_columns(self, column_names: Iterable) -> SFrame:
        """The columns of these names (and of these types)."""
        if not is_collection(column_names):
            raise TypeError("column_names must be an iterable")
        keys = list(column_names)
        if not all(isinstance(key, (str, type)) for key in keys):
            raise TypeError("Invalid key type: must be str, unicode, bytes or type")
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"There are duplicate keys in key list: '{key}'")
            if isinstance(key, str) and key not in self._columns:
                raise RuntimeError(f"Column {key} does not exist")
        names = [key for key in keys if isinstance(key, str)]
        names += [n for n, c in self._columns.items() if c.dtype in keys and n not in names]
        extent = self._extent.derive() if names else KNOWN
        return SFrame._of({n: self._columns[n] for n in names}, self._size if names else 0, extent)

    def copy(self) -> SFrame:
        return SFrame._of(dict(self._columns), self._size, self._extent)

    def __copy__(self) -> SFrame:
        return self.copy()

    def __deepcopy__(self, memo: dict) -> SFrame:
        return self.copy()

    def add_column(self, data: Any, column_name: str = "", inplace: bool = False) -> SFrame:
        if not isinstance(data, SArray):
            if isinstance(data, Iterable):
                data = SArray(data)
            else:
                data = SArray.from_const(data, self.num_rows() if self._columns else 1)
        if not isinstance(column_name, str):
            raise TypeError("Invalid column name: must be str")
        out = self if inplace else self.copy()
        out._add(data, column_name)
        return out

    def add_columns(self, data: Any, column_names: Any = None, inplace: bool = False) -> SFrame:
        if isinstance(data, SFrame):
            column_names, data = data.column_names(), [data[n] for n in data.column_names()]
            for name in column_names:
                if name in self._columns:
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

    def _replace(self, other: SFrame) -> SFrame:
        self._adopt(other)
        return self

    def remove_column(self, column_name: str, inplace: bool = False) -> SFrame:
        return self.remove_columns([str(column_name)], inplace)

    def remove_columns(self, column_names: Iterable[str], inplace: bool = False) -> SFrame:
        names = list(column_names)
        for name in names:
            if name not in self._columns:
                raise KeyError(f"Cannot find column {name}")
        out = self[[name for name in self._columns if name not in names]]
        return self._replace(out) if inplace else out

    def swap_columns(self, column_name_1: str, column_name_2: str, inplace: bool = False) -> SFrame:
        names = self.column_names()
        one, other = names.index(column_name_1), names.index(column_name_2)
        names[one], names[other] = names[other], names[one]
        return self._replace(self[names]) if inplace else self[names]

    def rename(self, names: dict[str, str], inplace: bool = False) -> SFrame:
        if not isinstance(names, dict):
            raise TypeError("names must be a dictionary: oldname -> newname")
        for name in names:
            if name not in self._columns:
                raise ValueError(f"Cannot find column {name} in the SFrame")
        renamed = [names.get(name, name) for name in self._columns]
        for name in renamed:
            if renamed.count(name) > 1:
                raise RuntimeError(f"Column name {name} already exists")
        columns = dict(zip(renamed, self._columns.values()))
        out = SFrame._of(columns, self._size, self._extent.derive())
        return self._replace(out) if inplace else out

    def add_row_number(
        self, column_name: str = "id", start: int = 0, inplace: bool = False
    ) -> SFrame:
        if not isinstance(column_name, str):
            raise TypeError("Must give column_name as strs")
        if type(start) is not int:
            raise TypeError("Must give start as int")
        if column_name in self._columns:
            raise RuntimeError(f"Column '{column_name}' already exists in the current SFrame")
        out = SFrame()
        out._add(SArray.from_sequence(start, start + self.num_rows()), column_name)
        out.add_columns(self, inplace=True)
        return self._replace(out) if inplace else out

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, SArray):
            rows, extent = chosen_rows(self, key)
            return self._take(rows, len(rows), extent)
        if isinstance(key, str):
            return self.select_column(key)
        if isinstance(key, type):
            return self.select_columns([key])
        if is_collection(key):
            return self.select_columns(key)
        if isinstance(key, numbers.Integral):
            if key >= len(self):
                raise IndexError("SFrame index out of range")
            return {name: column[key] for name, column in self._columns.items()}
        if isinstance(key, slice):
            rows = bounded(key, len(self))
            return self._take(rows, len(range(self._size)[rows]))
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
            self._extent.settle()
        others = self[[name for name in names if name != key]]
        others._add(value, key)
        order = names if key in names else [*names, key]
        extent = others._extent
        self._columns = {name: others._columns[name] for name in order}
        self._size, self._extent = others._size, extent

    def __delitem__(self, key: str) -> None:
        self.remove_column(key, inplace=True)

    # --- rows ---------------------------------------------------------------------------------

    def head(self, n: int = HEAD) -> SFrame:
        self._extent.look()
        return self._take(slice(0, n), min(n, self._size))

    def tail(self, n: int = HEAD) -> SFrame:
        return self[max(0, len(self) - n) :]

    def append(self, other: SFrame) -> SFrame:
        """The rows of both; columns are matched by name."""
        if not isinstance(other, SFrame):
            raise RuntimeError("SFrame append can only work with SFrame")
        if not other._columns or not self._columns:
            return (self if self._columns else other).copy()
        if len(other._columns) != len(self._columns):
            raise RuntimeError("Two SFrames have different number of columns")
        lacking = ", ".join(name for name in self._columns if name not in other._columns)
        if lacking:
            raise RuntimeError(f"Error: Columns [{lacking}] not found in appending SFrame.")
        for name, column in self._columns.items():
            added = other._columns[name]
            if added.dtype is not column.dtype:
                raise RuntimeError(
                    f"Column types are not the same in two SFrames (Column {name}, attempting to "
                    f"append column of type {NAMES[added.dtype]} to column of type "
                    f"{NAMES[column.dtype]})."
                )
        extent = Extent(parts=(self._extent, other._extent))
        size = self._size + other._size
        columns = {
            name: SArray._later(c.dtype, size, _joined(c, other._columns[name]), extent)
            for name, c in self._columns.items()
        }
        return SFrame._of(columns, size, extent)

    def __add__(self, other: SFrame) -> SFrame:
        return self.append(other)

    def __eq__(self, other: object) -> bool:
        raise NotImplementedError("Compare columns, not SFrames.")

    __ne__ = __eq__

    def filter_by(self, values: Any, column_name: str, exclude: bool = False) -> SFrame:
        """The rows whose value in a column is among ``values``; with ``exclude``, is not."""
        if not isinstance(column_name, str):
            raise TypeError("Must pass a str as column_name")
        if column_name not in self._columns:
            raise KeyError(f"Column '{column_name}' not in SFrame.")
        column = self._columns[column_name]
        if not isinstance(values, SArray):
            if isinstance(values, dict):
                raise TypeError("filter_by takes the values as a list, SArray or single value.")
            values = list(values) if is_collection(values) else [values]
            every_none = all(value is None for value in values)
            values = SArray(values, column.dtype if every_none else None)
        if values.dtype is not column.dtype:
            raise TypeError(
                f"Type of given values ({values.dtype}) does not match type of column "
                f"'{column_name}' ({column.dtype}) in SFrame."
            )
        rows = column._among(values, exclude)
        self._extent.settle()
        return self._take(rows, len(rows), Extent() if exclude else KNOWN)

    def sample(self, fraction: float, seed: int | None = None, exact: bool = False) -> SFrame:
        """Rows drawn at random; a seed gives the rows that Turi Create draws with it."""
        check_fraction(fraction)
        if not (self._columns and len(self)):
            return self
        return self.random_split(fraction, seed, exact)[0]

    def random_split(
        self, fraction: float, seed: int | None = None, exact: bool = False
    ) -> tuple[SFrame, SFrame]:
        """The rows in two parts; a seed gives the rows that Turi Create gives.

        Without ``exact`` the first part has about ``fraction`` of the rows.
        """
        check_fraction(fraction)
        if not (self._columns and len(self)):
            return SFrame(), SFrame()
        try:
            seed = random_seed() if seed is None else int(seed)
        except ValueError:
            raise ValueError("The 'seed' parameter must be of type int.") from None
        mask = chosen(self._size, fraction, seed, exact)
        first, second = np.flatnonzero(mask), np.flatnonzero(~mask)
        return self._take(first, len(first), Extent()), self._take(second, len(second), Extent())

    def shuffle(self) -> SFrame:
        return self._take(np.random.default_rng().permutation(len(self)), self._size)

    def sort(self, key_column_names: Any, ascending: bool = True) -> SFrame:
        """The rows in the order of one or more columns; missing values are the smallest."""
        keys = _sort_keys(key_column_names, ascending)
        for name, _ in keys:
            if not isinstance(name, str):
                raise TypeError("Only string parameter can be passed in as column names")
            if name not in self._columns:
                raise ValueError(f"SFrame has no column named: '{name}'")
            if self._columns[name].dtype not in SORTABLE:
                raise TypeError("Only columns of type (str, int, float) can be sorted")
        self._extent.settle()
        order = np.arange(self._size)
        for name, upward in reversed(keys):  # stable sorts, from the last key to the first
            ranks = _ranks(self._columns[name].column, upward)[order]
            order = order[np.argsort(ranks, kind="stable")]
        return self._take(order, self._size)

    def topk(self, column_name: str, k: int = 10, reverse: bool = False) -> SFrame:
        """The ``k`` rows with the largest values of a column, with ``reverse`` the smallest."""
        if not isinstance(column_name, str):
            raise TypeError("column_name must be a string")
        return self[self[column_name].is_topk(k, reverse)].sort(column_name, ascending=reverse)

    def unique(self) -> SFrame:
        """The different rows; their order is not defined."""
        return self.groupby(self.column_names(), {})

    def drop_duplicates(self, subset: Iterable[str]) -> SFrame:
        subset = list(subset)
        if not set(subset) <= set(self._columns):
            raise TypeError("Not all subset columns in SFrame")
        others = [name for name in self._columns if name not in subset]
        return self.groupby(subset, {name: aggregate.SELECT_ONE(name) for name in others})

    def dropna(self, columns: Any = None, how: str = "any", recursive: bool = False) -> SFrame:
        """The rows in which no value is missing; with ``how='all'``, not every value is."""
        return self.dropna_split(columns, how, recursive)[0]

    def dropna_split(
        self, columns: Any = None, how: str = "any", recursive: bool = False
    ) -> tuple[SFrame, SFrame]:
        """The rows that ``dropna`` keeps and those that it drops."""
        if isinstance(columns, list) and not columns:
            return self.copy(), SFrame()
        if columns is not None and not isinstance(columns, (str, list)):
            raise TypeError("Must give columns as a list, str, or 'None'")
        if isinstance(columns, list) and {type(name) for name in columns} != {str}:
            raise TypeError("All columns must be of 'str' type")
        if how not in ("any", "all"):
            raise ValueError("Must specify 'any' or 'all'")
        names = [columns] if isinstance(columns, str) else columns or self.column_names()
        if not names:
            return self.copy(), SFrame()
        find = reshape.absent_inside if recursive else absent
        gone = np.array([find(self._column(name).column) for name in names])
        drop = gone.all(axis=0) if how == "all" else gone.any(axis=0)
        kept, dropped = np.flatnonzero(~drop), np.flatnonzero(drop)
        return self._take(kept, len(kept), Extent()), self._take(dropped, len(dropped), Extent())

    def fillna(self, column_name: str, value: Any) -> SFrame:
        if not isinstance(column_name, str):
            raise TypeError("column_name must be a str")
        out = self.copy()
        out[column_name] = out[column_name].fillna(value)
        return out

    def apply(self, fn: Callable[[dict], Any], dtype: type | None = None) -> SArray:
        """``fn`` of every row, given as a dict; the type is that of the first ten results."""
        assert callable(fn), "Input must be callable"
        self._extent.settle()
        return SArray._of(typed([fn(row) for row in self], dtype, HEAD), self._extent.derive())

    # --- tables of tables ---------------------------------------------------------------------

    def groupby(self, key_column_names: Any, operations: Any, *args: Any) -> SFrame:
        """One row per group of rows that are equal in the key columns; see ``aggregate``."""
        return reshape.groupby(self, key_column_names, [operations, *args])

    def join(
        self,
        right: SFrame,
        on: Any = None,
        how: str = "inner",
        alter_name: dict[str, str] | None = None,
    ) -> SFrame:
        """The rows of both that are equal in the columns ``on``; unmatched ones as ``how`` says.

        Rows come in the order of the left table (Turi Create's are unordered).
        """
        return reshape.join(self, right, on, how, alter_name)

    def pack_columns(  # noqa: PLR0917
        self,
        column_names: Any = None,
        column_name_prefix: str | None = None,
        dtype: type = list,
        fill_na: Any = None,
        remove_prefix: bool = True,
        new_column_name: str | None = None,
    ) -> SFrame:
        """Several columns as one of lists, dictionaries or vectors."""
        return reshape.pack_columns(
            self, column_names, column_name_prefix, dtype, fill_na, remove_prefix, new_column_name
        )

    def unpack(
        self,
        column_name: str | None = None,
        column_name_prefix: str | None = None,
        column_types: Any = None,
        na_value: Any = None,
        limit: Any = None,
    ) -> SFrame:
        """A column of lists, dictionaries or vectors as several."""
        return reshape.unpack_column(
            self, column_name, column_name_prefix, column_types, na_value, limit
        )

    def stack(
        self,
        column_name: str,
        new_column_name: Any = None,
        drop_na: bool = False,
        new_column_type: Any = None,
    ) -> SFrame:
        """A row for every item of a column of lists, dictionaries or vectors."""
        return reshape.stack(self, column_name, new_column_name, drop_na, new_column_type)

    def unstack(self, column_names: Any, new_column_name: str | None = None) -> SFrame:
        """The rows of a group in one, as a list (one column) or dictionary (two)."""
        if not isinstance(column_names, str) and len(column_names) != 2:
            raise TypeError("'column_names' has to be a string or a list of two strings.")
        names = [column_names] if isinstance(column_names, str) else list(column_names)
        keys = [name for name in self._columns if name not in names]
        concat = aggregate.CONCAT(*names)
        return self.groupby(keys, {new_column_name: concat} if new_column_name else concat)

    def __getattr__(self, name: str) -> Any:
        raise refuse(f"SFrame.{name}", name, AttributeError)


class _Data(Mapping):
    """The `Column` of each SArray of a table."""

    def __init__(self, sarrays: dict[str, SArray]) -> None:
        self._sarrays = sarrays

    def __getitem__(self, name: str) -> Column:
        return self._sarrays[name].column

    def __iter__(self) -> Iterator[str]:
        return iter(self._sarrays)

    def __len__(self) -> int:
        return len(self._sarrays)


def load_sframe(filename: str) -> SFrame:
    """The SFrame in a directory; its columns are read when they are first used."""
    return SFrame(filename)


def _open(path: str, format: str) -> SFrame:
    endings = {"csv": (".csv", ".csv.gz", ".txt", ".txt.gz"), "tsv": (".tsv", ".tsv.gz")}
    if format == "auto":
        format = next((f for f, ends in endings.items() if path.endswith(ends)), "sframe")
        format = "parquet" if path.endswith(".parquet") else format
    if format in ("csv", "tsv"):
        return SFrame.read_csv(path, delimiter="," if format == "csv" else "\t")
    if format == "parquet":
        return SFrame(pd.read_parquet(path))
    if format != "sframe":
        raise ValueError(f"Unknown input type: {format}")
    if "://" in path:
        raise OSError(f"{path} is no local directory: download it and give the path of the copy.")
    from ..format.archive import open_sframe  # noqa: PLC0415

    stored = open_sframe(path)
    columns = {
        name: SArray._later(dtype, stored.num_rows, lambda name=name: stored.read_column(name))
        for name, dtype in zip(stored.column_names, stored.column_types)
    }
    return SFrame._of(columns, stored.num_rows)


def _unused(name: str, taken: Iterable[str]) -> str:
    """``name``, or with .1, .2 and so on the first that isn't taken."""
    names = [name, *(f"{name}.{number}" for number in range(1, len(list(taken)) + 1))]
    return next(candidate for candidate in names if candidate not in taken)


def _joined(one: SArray, other: SArray) -> Callable[[], Column]:
    return lambda: concatenate(one.column, other.column)


def _sort_keys(keys: Any, ascending: bool) -> list[tuple[str, bool]]:
    """Pairs of column name and direction."""
    if isinstance(keys, str):
        return [(keys, ascending)]
    if not isinstance(keys, list):
        raise TypeError(
            "key_column_names type is not correct. Supported types are str, list of str or list of "
            "(str,bool) pair."
        )
    if not keys:
        raise ValueError("Please provide at least one column to sort")
    if len({type(key) for key in keys}) != 1:
        raise ValueError("key_column_names element are not of the same type")
    if isinstance(keys[0], tuple):
        return [(name, upward) for name, upward in keys]
    if isinstance(keys[0], str):
        return [(name, ascending) for name in keys]
    raise TypeError("key_column_names type is not supported")


def _ranks(column: Column, upward: bool) -> np.ndarray:
    """Integers that are ordered as the rows shall be.

    Upward the missing values come first and NaN last, downward NaN and then the missing values
    come last.
    """
    gone, never = missing_mask(column), absent(column)
    ranks = np.zeros(len(column), np.int64)
    if not never.all():
        ranks[~never] = np.unique(column.values[~never], return_inverse=True)[1].ravel() + 1
    ranks[never & ~gone] = len(column) + 1 if upward else 0
    ranks[gone] = -1
    return ranks if upward else -ranks
