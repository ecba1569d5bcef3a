"""What is on disk and not read yet: columns that give chosen rows, batch by batch.

A column's blocks are read and decoded by as many threads as there are processors; LZ4 and NumPy let
them run side by side. Only blocks that hold a chosen row are read.
"""

from __future__ import annotations

import os
import weakref
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

import numpy as np

from ..columns.column import EVERY, Column, Places, row_numbers
from ..columns.lazy import LazyColumn
from ..errors import SFrameFormatError
from ..memory import batch_bytes
from .blocks import join_blocks
from .recognize import foreign
from .segments import SegmentColumn

UNTYPED = type(None)
NUMBER_BYTES = 8


@dataclass(frozen=True)
class Segment:
    """The part of a column that is in one file: its place among the file's columns."""

    path: Path
    column: int
    rows: int


class Layout(NamedTuple):
    """All blocks of a column: the segment of each, its number there, its size, where it ends.

    The size is that of the decoded rows, in bytes, about.
    """

    segments: list[SegmentColumn]
    segment: np.ndarray
    number: np.ndarray
    size: np.ndarray
    end: np.ndarray


class Batch(NamedTuple):
    """Blocks that are read at a time, and which of the rows in them, for which places."""

    blocks: np.ndarray
    rows: np.ndarray | None
    places: Places


_open: WeakValueDictionary[int, StoredSArray] = WeakValueDictionary()
"""What may still be read in this process."""


@dataclass(frozen=True)
class StoredSArray:
    """An SArray on disk, or a column of an SFrame on disk. NoneType: it is untyped."""

    path: Path
    dtype: type
    segments: tuple[Segment, ...]
    is_unread = True
    is_in_memory = False
    is_ordered = True

    def __post_init__(self) -> None:
        _open[id(self)] = self

    def has_prefix(self, prefix: str) -> bool:
        """Tell whether the names of its files begin with this and a point."""
        return any(segment.path.name.startswith(f"{prefix}.") for segment in self.segments)

    @property
    def num_rows(self) -> int:
        return sum(segment.rows for segment in self.segments)

    def __len__(self) -> int:
        return self.num_rows

    @property
    def column_type(self) -> type | None:
        """The type as a `Column` has it."""
        return None if self.dtype is UNTYPED else self.dtype

    @property
    def folders(self) -> frozenset[Path]:
        return frozenset([self.path])

    @property
    def nbytes(self) -> int:
        return int(self._layout.size.sum())

    @cached_property
    def _layout(self) -> Layout:
        """Where the blocks are; this is when the files are first looked at."""
        segments = []
        for segment in self.segments:
            with blaming(segment.path):
                segments.append(SegmentColumn(segment.path, segment.column, segment.rows))
        counts = [len(segment.records) for segment in segments]
        records = [segment.records for segment in segments]
        rows = np.concatenate([*(part["rows"] for part in records), np.zeros(0, np.uint64)])
        sizes = np.concatenate([*(part["size"] for part in records), np.zeros(0, np.uint64)])
        rows = rows.astype(np.int64)
        return Layout(
            segments,
            np.repeat(np.arange(len(segments)), counts),
            np.concatenate([*map(np.arange, counts), np.zeros(0, int)]).astype(int),
            np.maximum(sizes.astype(np.int64), rows * row_bytes(self.dtype, segments)),
            np.cumsum(rows),
        )

    def read(self, rows: Places = EVERY) -> Column:
        """Return the chosen rows, all by default; SFrameFormatError if files are damaged."""
        return LazyColumn(self.column_type, self, rows).loaded

    def batches(self, rows: Places = EVERY) -> Iterator[tuple[Places, Column]]:
        """Yield the chosen rows (all by default) in parts, each with its places among them.

        Parts come in the order of the file. SFrameFormatError if files are damaged, or have changed
        since the first part of the column was read.
        """
        batches = self._plan(rows)
        for batch, column in zip(batches, in_threads(self._read, batches)):
            yield batch.places, column

    streamed = batches

    def _plan(self, rows: Places) -> list[Batch]:
        """Return what to read for the chosen rows, in the order of the file."""
        end, size = self._layout.end, self._layout.size
        if rows is EVERY:
            blocks, chosen, order = np.arange(len(end)), None, None
            stops = end
        else:
            chosen = row_numbers(rows, len(self))
            order = None if (np.diff(chosen) >= 0).all() else np.argsort(chosen, kind="stable")
            chosen = chosen if order is None else chosen[order]
            blocks, counts = np.unique(np.searchsorted(end, chosen, "right"), return_counts=True)
            stops = np.cumsum(counts)
        share = (np.cumsum(size[blocks]) - 1) // batch_bytes()
        cuts = np.flatnonzero(np.diff(share, prepend=-1)).tolist()
        batches, start = [], 0
        for first, last in zip(cuts, [*cuts[1:], len(blocks)]):
            part = slice(start, int(stops[last - 1]))
            batches.append(
                Batch(
                    blocks[first:last],
                    None if chosen is None else chosen[part],
                    part if order is None else order[part],
                )
            )
            start = part.stop
        return batches

    def _read(self, batch: Batch) -> Column:
        layout = self._layout
        decoded = []
        for place, blocks in groupby(batch.blocks.tolist(), layout.segment.__getitem__):
            segment = layout.segments[place]
            with blaming(segment.path):
                decoded += segment.read(layout.number[list(blocks)].tolist())
        with blaming(self.path):
            column = join_blocks(decoded, self.column_type)
        if batch.rows is None:
            return column
        # Rows count from the beginning of their block, blocks from the beginning of the batch.
        sizes = np.diff(layout.end, prepend=0)[batch.blocks]
        shift = layout.end[batch.blocks] - np.cumsum(sizes)
        block = np.searchsorted(layout.end[batch.blocks], batch.rows, "right")
        return column.take(batch.rows - shift[block])


def row_bytes(dtype: type, segments: list[SegmentColumn]) -> int:
    """Return how many bytes a row takes when it is decoded; 0 where that is what it takes stored.

    Numbers are packed: small whole ones, as pixels are, take an eighth of their memory or less.
    """
    if dtype in (int, float):
        return NUMBER_BYTES
    if dtype is not array:
        return 0
    for segment in segments:
        if len(segment.records):
            return NUMBER_BYTES * segment.width_of_first()
    return 0


def open_columns(folder: Path) -> list[StoredSArray]:
    """Return the columns that may still be read from the files of a folder."""
    place = folder.resolve()
    return [column for column in list(_open.values()) if column.path.resolve() == place]


def when_gone(column: StoredSArray, work: Callable, *args: Any) -> None:
    """Call `work` when a column is no longer needed, at the latest at the end of the process."""
    weakref.finalize(column, _forget, id(column), work, *args)


def _forget(key: int, work: Callable, *args: Any) -> None:
    _open.pop(key, None)
    work(*args)


@dataclass(frozen=True)
class StoredSFrame:
    """An SFrame on disk."""

    path: Path
    num_rows: int
    columns: Mapping[str, StoredSArray]

    @property
    def column_names(self) -> list[str]:
        return list(self.columns)

    @property
    def column_types(self) -> list[type]:
        """Types as Turi Create names them; NoneType for an untyped column."""
        return [column.dtype for column in self.columns.values()]

    def read_column(self, name: str) -> Column:
        """Return all rows of a column; KeyError if there is no such column."""
        return self.columns[name].read()


def in_threads(work: Callable, tasks: Iterable) -> Iterator:
    """Yield what `work` gives for each task, in order; a few are done ahead of the caller."""
    tasks = list(tasks)
    if len(tasks) < 2:
        yield from map(work, tasks)
        return
    threads = processors()
    with ThreadPoolExecutor(threads) as pool:
        running: deque = deque()
        try:
            for task in tasks:
                running.append(pool.submit(work, task))
                if len(running) > threads + 1:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:  # where the caller has stopped, or a task has failed
                future.cancel()


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Turn whatever damaged contents of the file `path` cause into an SFrameFormatError."""
    try:
        yield
    except SFrameFormatError:
        raise
    except OSError as error:
        raise SFrameFormatError(path, error.strerror or str(error)) from error
    except KeyError as error:
        raise SFrameFormatError(path, foreign(path) or f"there is no {error} in it") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise SFrameFormatError(path, foreign(path) or str(error)) from error
