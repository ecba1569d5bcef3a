"""Files to columns: SFrame and SArray directories, CSV, Parquet, lines of text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from ..columns.column import Column
from ..columns.construction import columns_of
from ..columns.lazy import LazyColumn
from ..columns.values import make_column
from ..format.archive import is_column_index, open_sarray, open_sframe
from ..format.stored import StoredSArray
from .csv_files import read_csv

FORMATS = {
    ".csv": "csv", ".csv.gz": "csv", ".txt": "csv", ".txt.gz": "csv",
    ".tsv": "tsv", ".tsv.gz": "tsv", ".parquet": "parquet",
}  # fmt: skip
DELIMITERS = {"csv": ",", "tsv": "\t"}
TEXTS = tuple(end for end, format in FORMATS.items() if format in DELIMITERS)
LINES: dict[str, Any] = {  # how Turi Create reads a file of which each line is a value
    "delimiter": "\n",
    "header": False,
    "error_bad_lines": True,
    "comment_char": "#",
    "double_quote": False,
    "na_values": (),
}


def read_table(path: str, format: str = "auto") -> dict[str, Column]:
    """Return the columns of an SFrame directory, or of a CSV or Parquet file (or address).

    What it is is told by `format` ('sframe', 'csv', 'tsv', 'parquet') or by the end of the name.
    The columns of a directory are read when they are first used. Raises ValueError for another
    format, OSError where nothing can be read.
    """
    if not path:
        raise ValueError("the path is empty")
    if format == "auto":
        format = next((f for end, f in FORMATS.items() if path.endswith(end)), "sframe")
    if format in DELIMITERS:
        return read_csv(path, delimiter=DELIMITERS[format])[0]
    if format == "parquet":
        return columns_of(pd.read_parquet(path))
    if format != "sframe":
        raise ValueError(f"Unknown input type: {format}")
    if "://" in path:
        raise OSError(f"{path} is no local directory: download it and give the path of the copy.")
    return {name: _later(stored) for name, stored in open_sframe(path).columns.items()}


def _later(stored: StoredSArray) -> Column:
    return LazyColumn(stored.column_type, stored)


def read_column(path: str | Path, dtype: type | None = None) -> Column:
    """Return the column in an SArray directory, or the lines of text files as `dtype`.

    Text is a file (.gz too), a folder of such files, or a pattern; a line is read by the rules of
    CSV: `"a\\nb"` is two lines, blanks around a text go. Raises OSError where nothing can be read,
    RuntimeError for a line that is not of the type.
    """
    if not str(path):
        raise ValueError("the path is empty")
    path = Path(os.path.expanduser(path))  # noqa: PTH111 (an unknown user is left as it is)
    if is_column_index(path) or not _is_text(path):
        return _later(open_sarray(path))
    columns = read_csv(str(path), column_type_hints=dtype or str, **LINES)[0]
    return next(iter(columns.values()), None) or make_column([], dtype or str)


def _is_text(path: Path) -> bool:
    """Return whether a path is that of a file, of a pattern, or of a folder of text files."""
    if path.is_dir():
        names = [entry.name for entry in path.iterdir()]
        return bool(names) and all(name.endswith(TEXTS) for name in names)
    return path.is_file() or (bool(set("*?[") & set(path.name)) and not path.exists())
