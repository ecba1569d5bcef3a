"""What a call comes to, as plain data that can be recorded and compared."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
from array import array
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Dict, Mapping

import numpy as np
import pandas as pd

Outcome = Dict[str, str]  # either `result`, or `error` and `text`


def outcome(call: Callable[[ModuleType], Any], engine: ModuleType) -> Outcome:
    """Return what a call gives, or the type of its error and the first line of its text."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return {"result": described(call(engine), engine)}
    except Exception as error:  # whatever the engine raises is what is compared
        lines = str(error).strip().splitlines() or [""]
        return {"error": type(error).__name__, "text": lines[0]}


def record(path: Path, found: Mapping[str, Any], separators: tuple[str, str] | None = None) -> None:
    """Write what was found by name, one line for each, so that changes are easy to see."""
    lines = (
        f"{json.dumps(name)}: {json.dumps(result, ensure_ascii=False, separators=separators)}"
        for name, result in found.items()
    )
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(found)} results recorded in {path.name}")


def described(value: Any, tc: ModuleType) -> str:
    """Return a value as text that is the same for both engines.

    Floats have 12 digits, since the last ones depend on the order of a sum; items of a dictionary
    are sorted, since a stored one has no order; pictures are told by a hash of their pixels.
    """
    return next((text for kind, text in shapes(tc) if isinstance(value, kind)), repr)(value)


def shapes(tc: ModuleType) -> list[tuple[Any, Callable[[Any], str]]]:
    """Return how a value of each kind is described; the first kind that fits counts."""

    def inner(value: Any) -> str:
        return described(value, tc)

    def row(values: Any) -> str:
        return ", ".join(map(inner, values))

    def column(values: Any) -> str:
        return f"{values.dtype.__name__} [{row(values)}]"

    def table(frame: Any) -> str:
        columns = (f"{name}: {column(frame[name])}" for name in frame.column_names())
        return f"SFrame {{{'; '.join(columns)}}}"

    def pandas_table(frame: pd.DataFrame) -> str:
        columns = (f"{name}: {frame[name].dtype} [{row(frame[name])}]" for name in frame)
        return f"DataFrame {{{'; '.join(columns)}}}"

    def picture(image: Any) -> str:
        if not image.height:
            return "Image of nothing"
        digest = hashlib.sha256(np.ascontiguousarray(image.pixel_data).tobytes()).hexdigest()
        return f"Image {image.width}x{image.height}x{image.channels} {digest[:8]}"

    def sketch(summary: Any) -> str:
        items = inner(summary.frequent_items())
        return f"Sketch of {summary.size()}, {summary.num_missing()} missing, {items}"

    return [
        (tc.SFrame, table),
        (tc.SArray, lambda values: f"SArray {column(values)}"),
        (tc.Image, picture),
        (tc.Sketch, sketch),
        (pd.DataFrame, pandas_table),
        (np.ndarray, lambda values: f"ndarray {values.dtype} {values.tolist()}"),
        (array, lambda values: f"array [{row(values)}]"),
        (float, lambda number: f"{number:.12g}" if number % 1 else f"{number:.12g}.0"),
        (list, lambda values: f"[{row(values)}]"),
        (tuple, lambda values: f"({row(values)})"),
        (dict, lambda pairs: f"{{{', '.join(sorted(map(pair(inner), pairs.items())))}}}"),
        (type, lambda kind: kind.__name__),
    ]


def pair(inner: Callable[[Any], str]) -> Callable[[tuple], str]:
    return lambda item: f"{inner(item[0])}: {inner(item[1])}"
