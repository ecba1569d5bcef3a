"""Columns and tables row by row, as Python values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .column import Column
from .lazy import in_order
from .values import listing

CHUNK = 4096  # rows that are converted at once, so that a break costs little


def each(column: Column) -> Iterator:
    """Yield the values, None where missing."""
    for part in in_order(column):
        for start in range(0, len(part), CHUNK):
            yield from listing(part.take(slice(start, start + CHUNK)))


def each_row(columns: Mapping[str, Column]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as dictionaries."""
    for values in zip(*map(each, columns.values())):
        yield dict(zip(columns, values))
