"""The data set as pandas DataFrames."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd

import turilite
from turilite.format.recognize import foreign

from .data_sets import data_dir, data_name, load_part
from .errors import DataError
from .surroundings import set_up_pictures

TABLE_COLUMNS = ["id", "label", "deep_features"]


def load_dataframes() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the chosen data set as DataFrames (train, test): `id`, `label`, `deep_features`.

    From Parquet or CSV files in the data set's folder or in the one named like it with `-csv`
    (that is where `make data ARGS=--csv` puts the course's), else from its SFrames. Raises
    DataError, with the path and what to do, where the data can't be used. The course's CSV files
    take some ten seconds, everything else about one.
    """
    set_up_pictures()
    paths = [find_table(f"image_{part}_data") for part in ("train", "test")]
    train, test = (load_dataframe(path) for path in paths)
    print(f"data set: {data_name()}, {len(train)} training and {len(test)} test images")
    print(f"read from: {' and '.join(path.name for path in paths)}")
    return train, test


def find_table(name: str) -> Path:
    """Return the file to read a part from, Parquet before CSV, else the folder of its SFrame."""
    folders = [data_dir(), data_dir().with_name(data_dir().name + "-csv")]
    kinds = [".parquet", ".csv"] if importlib.util.find_spec("pyarrow") else [".csv"]
    files = [folder / (name + kind) for kind in kinds for folder in folders]
    return next((path for path in files if path.is_file()), data_dir() / name)


def as_stored(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose labels are objects, as those of an SFrame, also with pandas 3."""
    return table.astype({"label": object})


def load_dataframe(path: Path) -> pd.DataFrame:
    """Read the columns of TABLE_COLUMNS; a vector of the CSV files is the text "[1 2 3]"."""
    try:
        if path.suffix == ".parquet":
            return as_stored(pd.read_parquet(path, columns=TABLE_COLUMNS))
        if path.suffix == ".csv":
            table = pd.read_csv(path, usecols=TABLE_COLUMNS, keep_default_na=False)[TABLE_COLUMNS]
            texts = table["deep_features"].astype(str)
            vectors = [np.array(text.strip("[]").split(), dtype=float) for text in texts]
            return as_stored(table.assign(deep_features=vectors))
    except (OSError, ValueError) as error:
        reason = foreign(path) or str(error).strip().splitlines()[0]
        raise DataError(
            f"the table at {path} can't be read ({reason}): fetch or copy it again"
        ) from None
    return load_part(path.name, turilite)[TABLE_COLUMNS].to_dataframe()
