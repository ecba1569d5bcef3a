"""Files to columns: SFrame and SArray directories, CSV, Parquet, lines of text."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from ..columns.casting import cast
from ..columns.column import Column
from ..columns.construction import columns_of
from ..columns.lazy import LazyColumn
from ..columns.values import make_column
from ..errors import SFrameFormatError
from ..format.archive import is_column_index, open_sarray, open_sframe
from ..format.recognize import what_is
from ..format.stored import StoredSArray
from .csv_files import read_csv

FORMATS = {
    ".csv": "csv", ".csv.gz": "csv", ".txt": "csv", ".txt.gz": "csv",
    ".tsv": "tsv", ".tsv.gz": "tsv", ".parquet": "parquet",
}  # fmt: skip
DELIMITERS = {"csv": ",", "tsv": "\t"}


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
    """Return the column in an SArray directory, or the lines of a text file as `dtype`."""
    if not str(path):
        raise ValueError("the path is empty")
    path = Path(os.path.expanduser(path))  # noqa: PTH111 (an unknown user is left as it is)
    if not path.is_file() or is_column_index(path):
        return _later(open_sarray(path))
    try:
        lines = make_column(path.read_text(encoding="utf-8").splitlines(), str)
    except UnicodeDecodeError as error:
        raise SFrameFormatError(path.absolute(), what_is(path)) from error
    return cast(lines, dtype or str)
