"""What the course data must show once opened, as SFrames or as CSV files.

The hashes of the SFrame files are known, those of the CSV files are not: for the CSV files this
check is the only one, for the SFrames it proves that the engine reads what the course published.
What is expected is the registry's `content` of each part: `columns` (name to type), `rows`,
`labels` (count of each), `lengths` of the vectors, the first `ids`, and the beginning of the
`first_row`.
"""

from __future__ import annotations

import importlib
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Mapping

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
BLOCK = 250  # rows of a CSV file held at once: 14 MB of numbers
TOLERANCE = 1e-5  # numbers in the CSV files are rounded to 6 significant digits


class ContentError(ValueError):
    """The data can't be read, or it isn't the course's."""


def load_engine() -> Any | None:
    """Turi Create, else turilite from the repository root, else None."""
    if str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))
    for name in ("turicreate", "turilite"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def check_sframe(engine: Any, path: Path, expected: Mapping[str, Any]) -> None:
    """Open the SFrame directory `path`; ContentError unless it shows what is `expected`."""
    try:
        sframe = engine.SFrame(str(path))
        types = (column_type.__name__ for column_type in sframe.column_types())
        require(expected, "columns", dict(zip(sframe.column_names(), types)))
        require(expected, "rows", sframe.num_rows())
        counts = sframe["label"].value_counts()
        require(expected, "labels", {row["value"]: row["count"] for row in counts})
        require(expected, "ids", list(sframe["id"].head(len(expected["ids"]))))
        require_first_row(expected, sframe[0])
    except ContentError as error:
        raise ContentError(f"{path.name}: {error}") from None
    except Exception as error:  # each engine has kinds of its own, some straight from C++
        raise ContentError(f"{path.name}: {engine.__name__} can't read it: {error}") from error


def csv_to_parquet(
    source: Path, target: Path, expected: Mapping[str, Any], advance: Callable[[int], object]
) -> None:
    """Write the course's CSV file as Parquet; ContentError unless it shows what is `expected`.

    The vectors become lists of float64 instead of text, so that reading takes a second instead of
    a minute; the other columns are as in the CSV file. Works through `BLOCK` rows at a time and
    calls `advance` with the number of rows done.
    """
    import pandas as pd  # noqa: PLC0415  only --csv needs pandas and pyarrow, and they are slow
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

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
                    raise ContentError(f"columns should be {list(columns)}, not {list(block)}")
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
        raise ContentError(f"{source.name}: {error}") from error


def vector(text: str, name: str, length: int) -> np.ndarray:
    """The numbers in "[a b c]"; ContentError unless there are `length` of them."""
    numbers = np.array(text.strip("[]").split(), dtype=float)
    if len(numbers) != length:
        raise ContentError(f"{name} should have {length} numbers in each row, not {len(numbers)}")
    return numbers


def require_first_row(expected: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """ContentError unless the vectors' lengths and the beginning of the first row are right."""
    require(expected, "lengths", {name: len(row[name]) for name in expected["lengths"]})
    heads = {
        name: list(row[name][: len(head)]) if isinstance(head, list) else row[name]
        for name, head in expected["first_row"].items()
    }
    require(expected, "first_row", heads)


def require(expected: Mapping[str, Any], fact: str, found: Any) -> None:
    """ContentError unless `found` is what is `expected` of this `fact`."""
    if not agrees(expected[fact], found):
        raise ContentError(f"{fact} should be {expected[fact]}, not {found}")


def agrees(expected: Any, found: Any) -> bool:
    """Whether two facts are equal, numbers to within a CSV file's rounding."""
    if isinstance(expected, dict):
        return expected.keys() == found.keys() and all(agrees(expected[k], found[k]) for k in found)
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(agrees, expected, found))
    if isinstance(expected, float):
        return math.isclose(expected, found, rel_tol=TOLERANCE)
    return bool(expected == found)
