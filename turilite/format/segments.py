"""Segment files: the blocks of one or more columns, then records that say where each block is.

    blocks    of all columns in any order, LZ4-compressed where it pays, each at the start of a
              page of 4,096 bytes
    records   number of columns; for each column the number of its blocks and their records
    8 bytes   size of the records

Every number is checked against the size of the file before memory is taken for what it counts.
Source: sarray_v2_block_manager.cpp, sarray_v2_block_writer.cpp and sarray_file_format_v2.hpp
in Turi Create.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Iterable, Iterator

import lz4.block
import numpy as np

from ..columns.column import Column
from ..columns.lazy import in_order
from .blocks import (
    EXTENDED,
    LZ4,
    MIXED,
    TYPED,
    Block,
    Encoded,
    Vectors,
    decode_block,
    decode_matrix,
    encode_block,
    missing_rows,
)
from .reader import Reader

RECORD = np.dtype(
    [
        ("offset", "<u8"),
        ("length", "<u8"),
        ("size", "<u8"),  # before compression
        ("rows", "<u8"),
        ("flags", "<u8"),
        ("content", "<u2"),  # 0, not used
        ("padding", "V6"),
    ]
)
FLAGS = LZ4 | TYPED | MIXED | EXTENDED
# LZ4 makes at most 255 bytes of one; where it saves less than a tenth it is not used.
LZ4_MOST = 255
LZ4_WORTH = 0.9
PAGE = 4096
# Blocks aim at this size on disk, or at so many times it in memory: a block is decoded as a whole.
# The first one, from which the size of a row is seen, is small.
BLOCK_BYTES = 1 << 16
MOST_EXPANSION = 16
FIRST_ROWS = 16
LEAST_ROWS = 8
MOST_ROWS = 1 << 18
GROWTH = 8
# What is believed when reading: some more, as Turi Create may add the rest of a batch of rows.
BELIEVED_ROWS = 4 * MOST_ROWS
BELIEVED_ROWS_PER_BYTE = 2 * MOST_ROWS // PAGE


class SegmentColumn:
    """The blocks of the column at place `column` in a segment file, with `rows` rows in all.

    ValueError if the file is damaged or changes after its records were read, OSError if it can't
    be read.
    """

    def __init__(self, path: Path, column: int, rows: int) -> None:
        self.path, self.column = path, column
        with self._opened() as file:
            self.stamp = _stamp(file)
            columns = _read_records(file)
        if column >= len(columns):
            raise ValueError(f"there is no column {column} in it")
        self.records = columns[column]
        found = int(self.records["rows"].sum())
        if found > BELIEVED_ROWS + BELIEVED_ROWS_PER_BYTE * self.stamp[0]:
            raise ValueError(f"{found} rows can't be in it")
        if found != rows:
            raise ValueError(f"{rows} rows should be in it, but {found} are")

    def _opened(self) -> BinaryIO:
        if not self.path.is_file():
            raise ValueError("this file is missing")
        return self.path.open("rb", buffering=0)

    def read(self, numbers: list[int]) -> list[Block]:
        """Return the blocks of these numbers, or one with the rows of all."""
        with self._opened() as file:
            first = self._encoded(file, numbers[0])
            if first.is_of_vectors:
                records = self.records[numbers]
                with suppress(ValueError):  # where they are no matrix, or damaged: which is below
                    encoded = self._each(file, numbers, first)
                    return [decode_matrix(encoded, records["rows"], records["size"])]
            blocks = []
            for number, block in zip(numbers, self._each(file, numbers, first)):
                with self._blaming(number):
                    blocks.append(decode_block(*block))
            return blocks

    def width_of_first(self) -> int:
        """Return the length of the vectors in the first block; 0 if there are none."""
        with suppress(Exception):  # whoever reads it whole says what is wrong with it
            (block,) = self.read([0])
            if isinstance(block.values, Vectors):
                return int(block.values.lengths.max(initial=0))
        return 0

    def _each(self, file: BinaryIO, numbers: list[int], first: Encoded) -> Iterator[Encoded]:
        yield first
        for number in numbers[1:]:
            yield self._encoded(file, number)

    def _encoded(self, file: BinaryIO, number: int) -> Encoded:
        offset, length, size, rows, flags = self.records[number].item()[:5]
        file.seek(offset)
        data = file.read(length)
        self._check_unchanged(file, number)
        with self._blaming(number):
            if flags & LZ4:
                data = lz4.block.decompress(data, uncompressed_size=size)
            if len(data) != size:
                raise ValueError(f"{len(data)} bytes instead of {size}")
        return Encoded(data, rows, flags)

    def _check_unchanged(self, file: BinaryIO, number: int) -> None:
        if _stamp(file) != self.stamp:
            where = f"block {number} of column {self.column}"
            raise ValueError(f"it has changed while it was read, up to {where}: open it again")

    @contextmanager
    def _blaming(self, number: int) -> Iterator[None]:
        """Name the block in a ValueError about damage."""
        try:
            yield
        except (ValueError, OverflowError, lz4.block.LZ4BlockError) as error:
            where = f"block {number} of column {self.column}"
            raise ValueError(f"{where} is damaged: {error}") from error


def _stamp(file: BinaryIO) -> tuple[int, int]:
    """Return the size of a file and when it was last written, by which a change is noticed."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def write_segment(path: Path, columns: Iterable[Column]) -> None:
    """Write a new segment file and wait until it is on the disk."""
    with path.open("xb") as file:
        records = [_write_column(file, column) for column in columns]
        footer = [len(records).to_bytes(8, "little")]
        footer += [len(part).to_bytes(8, "little") + part.tobytes() for part in records]
        file.write(b"".join(footer) + sum(map(len, footer)).to_bytes(8, "little"))
        file.flush()
        os.fsync(file.fileno())


def _read_records(file: BinaryIO) -> list[np.ndarray]:
    """Return the records of each column's blocks."""
    size = file.seek(0, os.SEEK_END)
    if size < 16:
        raise ValueError(f"a segment file can't be only {size} bytes long")
    file.seek(size - 8)
    footer = int.from_bytes(file.read(8), "little")
    if footer > size - 8:
        raise ValueError(f"{footer} bytes of records can't be in its {size} bytes")
    end = size - 8 - footer
    file.seek(end)
    reader = Reader(file.read(footer))
    columns = []
    for _ in range(reader.count(8)):
        count = reader.count(RECORD.itemsize)
        columns.append(np.frombuffer(reader.take(count * RECORD.itemsize), RECORD))
    reader.finish()
    _check_records(np.concatenate([*columns, np.zeros(0, RECORD)]), end)
    return columns


def _check_records(records: np.ndarray, end: int) -> None:
    """Raise ValueError if there can't be such blocks in the first `end` bytes of the file."""
    offset, length, size = (records[name] for name in ("offset", "length", "size"))
    packed = records["flags"] & LZ4 != 0
    # Written so that no sum and no product can overflow.
    wrong = (offset > end) | (length > np.uint64(end) - np.minimum(offset, np.uint64(end)))
    wrong |= (size == 0) | np.where(packed, size // np.uint64(LZ4_MOST) > length, size != length)
    wrong |= (records["flags"] & TYPED == 0) | (records["flags"] > FLAGS)
    wrong |= records["rows"] > BELIEVED_ROWS
    if wrong.any():
        raise ValueError(f"it can't have a block {records[wrong][0].tolist()[:5]}")
    order = np.argsort(offset)
    if (offset[order][1:] < (offset + length)[order][:-1]).any():
        raise ValueError("two of its blocks share bytes")


def _write_column(file: BinaryIO, column: Column) -> np.ndarray:
    """Write all blocks of a column, each of as many rows as come to about BLOCK_BYTES."""
    records = []
    written = done = 0
    rows = FIRST_ROWS
    for whole in in_order(column):
        missing = missing_rows(whole)
        start = 0
        while start < len(whole):
            part = slice(start, start + rows)
            block = Column(
                column.dtype, whole.values[part], None if missing is None else missing[part]
            )
            data, flags = encode_block(block)
            size = len(data)
            packed = lz4.block.compress(data, store_size=False)
            if len(packed) < LZ4_WORTH * size:
                data, flags = packed, flags | LZ4
            records.append((file.tell(), len(data), size, len(block), flags, 0, b""))
            file.write(data + bytes(-len(data) % PAGE))
            start += len(block)
            done += len(block)
            written += max(len(data), block.nbytes // MOST_EXPANSION)
            rows = min(max(BLOCK_BYTES * done // written, LEAST_ROWS), MOST_ROWS, GROWTH * rows)
    return np.array(records, RECORD)
