"""Directories in which Turi Create keeps an SFrame or an SArray (format version 2).

    dir_archive.ini    what it is, and the prefix of the names of its other files
    <prefix>.frame_idx names of the columns and where each is (SFrame only)
    <prefix>.sidx      types of the columns, names and numbers of rows of the segment files
    <prefix>.0000      a segment: blocks, then records that say where each block is
    objects.bin        empty

Opening reads the three small index files; a column is read when it is asked for. Every count
is checked against the size of what it counts before memory is taken for it, so that damaged
files cost no more than intact ones. Whatever is wrong is an `SFrameFormatError`.
Source: dir_archive.cpp, sframe_index_file.cpp, sarray_index_file.cpp and
sarray_v2_block_manager.cpp in Turi Create.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO, Iterator, Mapping

import lz4.block
import numpy as np

from .blocks import EXTENDED, LZ4, MIXED, TYPED, Block, decode_block, join_blocks
from .column import Column
from .errors import SFrameFormatError
from .flexible import TYPES
from .reader import Reader

ARCHIVE = "dir_archive.ini"
UNTYPED = TYPES.index(type(None))
# What the records at the end of a segment file say about a block.
RECORD = np.dtype(
    [
        ("offset", "<u8"),
        ("length", "<u8"),
        ("size", "<u8"),
        ("rows", "<u8"),
        ("flags", "<u8"),
        ("content", "<u2"),
        ("padding", "V6"),
    ]
)
FLAGS = LZ4 | TYPED | MIXED | EXTENDED
# LZ4 makes at most 255 bytes of one.
LZ4_RATIO = 255
# Turi Create puts 2**18 rows and the rest of a batch into a block of 4,096 bytes at most.
MOST_ROWS = 1 << 20
MOST_ROWS_PER_BYTE = 128


@dataclass(frozen=True)
class Segment:
    """The part of a column that is in one file: its place among the file's columns."""

    path: Path
    column: int
    rows: int


@dataclass(frozen=True)
class StoredSArray:
    """An SArray on disk, or a column of an SFrame on disk."""

    path: Path
    dtype: type
    segments: tuple[Segment, ...]

    @property
    def num_rows(self) -> int:
        return sum(segment.rows for segment in self.segments)

    def read(self) -> Column:
        """All rows. SFrameFormatError if the files are damaged or gone."""
        blocks = [block for segment in self.segments for block in _read_segment(segment)]
        with _blaming(self.path):
            return join_blocks(blocks, None if self.dtype is type(None) else self.dtype)


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
        """All rows of a column; KeyError if there is no such column."""
        return self.columns[name].read()


def open_sframe(path: str | PathLike) -> StoredSFrame:
    """The SFrame in the directory `path`; SFrameFormatError if there is no intact one."""
    folder = Path(path)
    index = folder / (_read_prefix(folder, "sframe") + ".frame_idx")
    with _blaming(index):
        frame = _parse_ini(_read_text(index))
        rows = _number(frame["sframe"]["nrows"])
        count = _number(frame["sframe"]["num_columns"])
        names = _sequence(frame.get("column_names", {}), count)
        places = _sequence(frame.get("column_files", {}), count)
        if len(set(names)) < count:
            raise ValueError(f"two columns have one name among {names}")
        places = [(name, number or 0) for name, number in map(_split_place, places)]
    groups = {name: _read_group(folder, name) for name in sorted({name for name, _ in places})}
    with _blaming(index):
        for column, (name, number) in zip(names, places):
            if number >= len(groups[name]):
                raise ValueError(f"there is no column {number} in {name} for {column!r}")
            if groups[name][number].num_rows != rows:
                raise ValueError(
                    f"{rows} rows, but {groups[name][number].num_rows} in column {column!r}"
                )
    columns = {column: groups[name][number] for column, (name, number) in zip(names, places)}
    return StoredSFrame(folder, rows, columns)


def open_sarray(path: str | PathLike) -> StoredSArray:
    """The SArray in the directory `path`; SFrameFormatError if there is no intact one."""
    folder = Path(path)
    name = _read_prefix(folder, "sarray") + ".sidx"
    group = _read_group(folder, name)
    with _blaming(folder / name):
        if not group:
            raise ValueError("there is no column in it")
    return group[0]


def _read_prefix(folder: Path, contents: str) -> str:
    """The prefix of the names of the files in the archive `folder`, which holds `contents`."""
    path = folder / ARCHIVE
    if not path.is_file():
        raise SFrameFormatError(folder, f"there is no {ARCHIVE}, so this is no stored {contents}")
    with _blaming(path):
        archive = _parse_ini(_read_text(path))
        if archive["archive"]["version"] != "1":
            raise ValueError(f"unknown version {archive['archive']['version']}")
        found = archive["metadata"]["contents"]
        if found != contents:
            raise ValueError(f"this holds a {found}, not an {contents}")
        prefixes = _sequence(archive["prefixes"], _number(archive["archive"]["num_prefixes"]))
        if len(prefixes) < 3:
            raise ValueError("it names no files")
        return _inside(prefixes[2])


def _read_group(folder: Path, name: str) -> list[StoredSArray]:
    """The columns that an .sidx file describes."""
    path = folder / name
    with _blaming(path):
        index = json.loads(_read_text(path))
        if str(index["sarray"]["version"]) != "2":
            raise ValueError(f"unknown version {index['sarray']['version']}")
        count = _number(index["sarray"]["num_segments"])
        files = [_split_place(file) for file in _sequence(index["segment_files"], count)]
        if len(set(files)) < count:
            raise ValueError("two segments are one file")
        columns = []
        for number, column in enumerate(index["columns"]):
            code = _number(column["metadata"].get("__type__", UNTYPED))
            if code >= len(TYPES):
                raise ValueError(f"unknown type code {code}")
            rows = map(_number, _sequence(column["segment_sizes"], count))
            segments = [
                Segment(folder / file, number if place is None else place, size)
                for (file, place), size in zip(files, rows)
            ]
            columns.append(StoredSArray(folder, TYPES[code], tuple(segments)))
        return columns


def _read_segment(segment: Segment) -> list[Block]:
    """The decoded blocks of one column in one segment file."""
    with _blaming(segment.path):
        if not segment.path.is_file():
            raise ValueError("this file is missing")
        with segment.path.open("rb") as file:
            records = _read_records(file)
            if segment.column >= len(records):
                raise ValueError(f"there is no column {segment.column} in it")
            records = records[segment.column]
            rows = int(records["rows"].sum())
            if rows > MOST_ROWS + MOST_ROWS_PER_BYTE * segment.path.stat().st_size:
                raise ValueError(f"{rows} rows can't be in it")
            if rows != segment.rows:
                raise ValueError(f"{segment.rows} rows should be in it, but {rows} are")
            return [
                _read_block(file, segment.column, number, record)
                for number, record in enumerate(records.tolist())
            ]


def _read_records(file: BinaryIO) -> list[np.ndarray]:
    """The records of all columns' blocks, which stand at the end of a segment file.

    The last 8 bytes are their size; each column's records are preceded by how many there are.
    """
    size = file.seek(0, 2)
    if size < 16:
        raise ValueError(f"a segment file can't be only {size} bytes long")
    file.seek(size - 8)
    footer = int.from_bytes(file.read(8), "little")
    if footer > size - 8:
        raise ValueError(f"it ends with {footer} bytes of records, but has only {size} bytes")
    end = size - 8 - footer
    file.seek(end)
    reader = Reader(file.read(footer))
    records = []
    for _ in range(reader.count(8)):
        count = reader.count(RECORD.itemsize)
        records.append(np.frombuffer(reader.take(count * RECORD.itemsize), RECORD))
    reader.finish()
    _check_records(np.concatenate([*records, np.zeros(0, RECORD)]), end)
    return records


def _check_records(records: np.ndarray, end: int) -> None:
    """Refuses records of blocks that can't be: `end` is where the blocks end in the file."""
    offset, length, size = (records[name] for name in ("offset", "length", "size"))
    packed = (records["flags"] & LZ4).astype(bool)
    # `length <= end` before it is used, so that nothing overflows.
    wrong = (length > end) | (offset > end) | (size == 0) | (records["rows"] > MOST_ROWS)
    wrong |= (records["flags"] & TYPED == 0) | (records["flags"] > FLAGS)
    wrong |= ~packed & (size != length)
    if not wrong.any():
        wrong = (offset + length > end) | (size > length * np.uint64(LZ4_RATIO))
    if wrong.any():
        raise ValueError(f"a block can't be {records[wrong][0].tolist()[:5]}")
    order = np.argsort(offset, kind="stable")
    if (offset[order][1:] < (offset + length)[order][:-1]).any():
        raise ValueError("two blocks share bytes")


def _read_block(file: BinaryIO, column: int, number: int, record: tuple) -> Block:
    offset, length, size, rows, flags = record[:5]
    try:
        file.seek(offset)
        data = file.read(length)
        if flags & LZ4:
            data = lz4.block.decompress(data, uncompressed_size=size)
        if len(data) != size:
            raise ValueError(f"{len(data)} bytes instead of {size}")
        return decode_block(data, rows, flags)
    except (ValueError, lz4.block.LZ4BlockError) as error:
        raise ValueError(f"block {number} of column {column} is damaged: {error}") from error


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Turns whatever damaged contents of the file `path` cause into an SFrameFormatError."""
    try:
        yield
    except SFrameFormatError:
        raise
    except OSError as error:
        raise SFrameFormatError(path, error.strerror or str(error)) from error
    except KeyError as error:
        raise SFrameFormatError(path, f"there is no {error} in it") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise SFrameFormatError(path, str(error)) from error


def _read_text(path: Path) -> str:
    if not path.is_file():
        raise ValueError("this file is missing")
    return path.read_bytes().decode()


def _parse_ini(text: str) -> dict[str, dict[str, str]]:
    """Sections of an INI file as Boost's property trees write them.

    configparser would not do: it joins lines, and knows comments that Boost does not.
    """
    sections: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    for line in (raw.strip(_SPACE) for raw in text.split("\n")):
        if not line or line[0] in ";#":
            continue
        if line[0] == "[":
            section = sections.setdefault(line[1:].split("]")[0].strip(_SPACE), {})
            continue
        key, equals, value = line.partition("=")
        if not equals:
            raise ValueError(f"not a line of an index: {line!r}")
        section[key.strip(_SPACE)] = value.strip(_SPACE)
    return sections


_SPACE = " \t\n\v\f\r"


def _sequence(items: object, count: int) -> list:
    """A list, which INI files and older JSON write as {"0000": first, "0001": second, ...}."""
    if isinstance(items, Mapping):
        numbered = {_number(key): value for key, value in items.items()}
        items = [numbered[number] for number in range(len(numbered))]
    if not isinstance(items, list) or len(items) != count:
        raise ValueError(f"{count} items should be in {items!r}")
    return items


def _number(text: object) -> int:
    if not re.fullmatch("[0-9]{1,18}", str(text)):
        raise ValueError(f"{text!r} is not a number of something")
    return int(str(text))


def _split_place(place: str) -> tuple[str, int | None]:
    """The file and, after a colon, the number of the column in it."""
    name, colon, number = place.rpartition(":")
    if colon and number.isdigit():
        return _inside(name), _number(number)
    return _inside(place), None


def _inside(name: str) -> str:
    """The name of a file in the folder; ValueError if it could be anywhere else."""
    if name in ("", ".", "..") or "\0" in name:
        raise ValueError(f"{name!r} is not the name of a file")
    if PurePosixPath(name).name != name or PureWindowsPath(name).name != name:
        raise ValueError(f"{name!r} points outside the folder")
    return name
