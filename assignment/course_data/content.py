"""What the course data must show once opened, as SFrames or as CSV files.

What is expected is the registry's `content` of each part: `columns` (name to type), `rows`,
`labels` (count of each), `lengths` of the vectors, the first `ids`, and the beginning of the
`first_row`.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Mapping

from ..engine import engine

TOLERANCE = 1e-5  # numbers in the CSV files are rounded to 6 significant digits


class ContentError(ValueError):
    """The data can't be read, or it isn't the course's."""


def load_engine() -> Any | None:
    """Return the notebooks' engine, or None where it can't be imported."""
    try:
        return engine()
    except ImportError:
        return None


def check_sframe(engine: Any, path: Path, expected: Mapping[str, Any]) -> None:
    """Open the SFrame directory `path`; raise ContentError unless it shows what is `expected`."""
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


def require_first_row(expected: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Raise ContentError unless the vectors' lengths and the first row's beginning are right."""
    require(expected, "lengths", {name: len(row[name]) for name in expected["lengths"]})
    heads = {
        name: list(row[name][: len(head)]) if isinstance(head, list) else row[name]
        for name, head in expected["first_row"].items()
    }
    require(expected, "first_row", heads)


def require(expected: Mapping[str, Any], fact: str, found: Any) -> None:
    """Raise ContentError unless `found` is what is `expected` of this `fact`."""
    if not agrees(expected[fact], found):
        raise ContentError(f"{fact} should be {expected[fact]}, not {found!s:.300}")


def agrees(expected: Any, found: Any) -> bool:
    """Tell whether two facts are equal, numbers to within a CSV file's rounding."""
    if isinstance(expected, dict):
        return expected.keys() == found.keys() and all(agrees(expected[k], found[k]) for k in found)
    if isinstance(expected, list):
        return len(expected) == len(found) and all(map(agrees, expected, found))
    if isinstance(expected, float):
        return math.isclose(expected, found, rel_tol=TOLERANCE)
    return bool(expected == found)
