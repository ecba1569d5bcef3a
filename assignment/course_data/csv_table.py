"""The course's CSV files: verified by their content, since no hash of them is known, and converted.

A module of its own, because pandas and pyarrow take a second to import and only --csv needs them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Callable, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .content import ContentError, require, require_first_row

BLOCK = 250  # rows held at once: 14 MB of numbers


def csv_to_parquet(
    source: Path, target: Path, expected: Mapping[str, Any], advance: Callable[[int], object]
) -> None:
    """Write the course's CSV file as Parquet; raise ContentError unless it is as `expected`.

    The vectors become lists of float64 instead of text, so that reading takes a second instead of
    a minute; the other columns are as in the CSV file. `BLOCK` rows are held at a time, and
    `advance` is called with the number of rows done.
    """
    arrow = {"int": pa.int64(), "str": pa.string(), "array": pa.list_(pa.float64())}
    columns = {name: arrow.get(kind, pa.string()) for name, kind in expected["columns"].items()}
    schema = pa.schema(list(columns.items()))
    dtypes = {name: "int64" if kind == pa.int64() else str for name, kind in columns.items()}
    rows, labels = 0, Counter()
    try:
        with pd.read_csv(
            source, dtype=dtypes, keep_default_na=False, chunksize=BLOCK
        ) as blocks, pq.ParquetWriter(target, schema) as writer:
            for block in blocks:
                if sorted(block.columns) != sorted(columns):
                    raise ContentError(
                        f"columns should be {list(columns)}, not {list(block)!s:.300}"
                    )
                for name, length in expected["lengths"].items():
                    block[name] = [vector(text, name, length) for text in block[name]]
                if not rows:
                    require(expected, "ids", block["id"].tolist()[: len(expected["ids"])])
                    require_first_row(expected, block.iloc[0])
                writer.write_table(pa.Table.from_pandas(block, schema, preserve_index=False))
                labels.update(block["label"])
                rows += len(block)
                advance(len(block))
        require(expected, "rows", rows)
        require(expected, "labels", dict(labels))
    except ValueError as error:  # ContentError is one too, and so are pandas' and Arrow's
        raise ContentError(f"{source.name}: {error!s:.300}") from error


def vector(text: str, name: str, length: int) -> np.ndarray:
    """Return the numbers in "[a b c]"; raise ContentError unless there are `length` of them."""
    numbers = np.array(text.strip("[]").split(), dtype=float)
    if len(numbers) != length:
        raise ContentError(f"{name} should have {length} numbers in each row, not {len(numbers)}")
    return numbers
