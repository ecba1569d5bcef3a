"""Directories in which Turi Create keeps an SFrame or an SArray (format version 2).

    dir_archive.ini    what it is, and the prefix of the names of its other files
    <prefix>.frame_idx names of the columns and where each is (SFrame only)
    <prefix>.sidx      types of the columns, names and numbers of rows of the segment files
    <prefix>.0000      a segment file: the data (several if large SFrames were written in parts)
    objects.bin        empty

Opening reads the three small index files; a column is read when it is asked for. Whatever is
wrong with the files is an `SFrameFormatError`.
Source: dir_archive.cpp, sframe_index_file.cpp and sarray_index_file.cpp in Turi Create.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Iterable, Iterator, Mapping

from ..columns.column import Column
from ..errors import SFrameFormatError
from .flexible import CODES, TYPES
from .recognize import ARCHIVE, what_is
from .segments import write_segment
from .stored import (
    UNTYPED,
    Segment,
    StoredSArray,
    StoredSFrame,
    blaming,
    open_columns,
    when_gone,
)

OBJECTS = "objects.bin"
SPACE = " \t\n\v\f\r"


def open_sframe(path: str | PathLike) -> StoredSFrame:
    """Return the SFrame in the directory `path`; SFrameFormatError if there is no intact one.

    `path` may also be that of one of its index files.
    """
    index = _find_index(_absolute(path))
    folder = index.parent
    with blaming(index):
        frame = _parse_ini(_read_text(index))
        rows = _number(frame["sframe"]["nrows"])
        count = _number(frame["sframe"]["num_columns"])
        names = _sequence(frame.get("column_names", {}), count)
        places = _sequence(frame.get("column_files", {}), count)
        places = [(name, number or 0) for name, number in map(_split_place, places)]
        if len(set(names)) < count:
            raise ValueError(f"two columns have one name among {names}")
        if len(set(places)) < count:
            raise ValueError(f"two columns have one place among {places}")
    groups = {name: _read_group(folder, name) for name in sorted({name for name, _ in places})}
    columns = {}
    with blaming(index):
        for column, (name, number) in zip(names, places):
            if number >= len(groups[name]):
                raise ValueError(f"there is no column {number} in {name} for {column!r}")
            stored = groups[name][number]
            if stored.num_rows != rows:
                raise ValueError(f"{rows} rows, but {stored.num_rows} in column {column!r}")
            columns[column] = stored
    return StoredSFrame(folder, rows, columns)


def open_sarray(path: str | PathLike) -> StoredSArray:
    """Return the SArray in the directory `path`; SFrameFormatError if there is no intact one.

    `path` may also be that of an .sidx file; where it lists several columns, it is the first.
    """
    folder = _absolute(path)
    if is_column_index(folder):
        return _read_group(folder.parent, folder.name)[0]
    name = f"{_read_prefix(folder, 'sarray')}.sidx"
    columns = _read_group(folder, name)
    if len(columns) != 1:
        raise SFrameFormatError(folder / name, f"{len(columns)} columns in an SArray")
    return columns[0]


def is_column_index(path: Path) -> bool:
    return path.suffix == ".sidx" and path.is_file()


def _absolute(path: str | PathLike) -> Path:
    """Return a path in full, which errors name, with `~` as the home directory."""
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError as error:  # there is no such user
        raise SFrameFormatError(path, str(error)) from error


def _find_index(path: Path) -> Path:
    """Return the .frame_idx file of an SFrame, given itself, its folder, or a file of that."""
    if path.suffix == ".frame_idx" and path.is_file():
        return path
    is_part = path.name == ARCHIVE or is_column_index(path)
    folder = path.parent if is_part and (path.parent / ARCHIVE).is_file() else path
    return folder / f"{_read_prefix(folder, 'sframe')}.frame_idx"


def write_sframe(path: str | PathLike, columns: Mapping[str, Column]) -> None:
    """Write an SFrame into the directory `path`, which may hold an older SFrame or SArray.

    Killed at any moment it leaves the old one or the new one, whole; files of an unfinished
    save may remain beside it. FileExistsError if `path` is something else than an SFrame or
    SArray, ValueError or TypeError if the columns can't be stored; then nothing has changed.
    """
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns of different lengths: {lengths}")
    for name in columns:
        if name != name.strip(SPACE) or "\n" in name:
            raise ValueError(f"the name {name!r} of a column would not come back; rename it")
    with _new_archive(path, "sframe") as prefix:
        rows = max(lengths.values(), default=0)
        count = len(columns)
        frame = {
            "sframe": {"version": 0, "num_segments": 0, "num_columns": count, "nrows": rows},
            "column_names": _numbered(columns),
            "column_files": _numbered(f"{prefix.name}.sidx:{number}" for number in range(count)),
        }
        _write_group(prefix, list(columns.values()))
        _write_text(prefix.with_suffix(".frame_idx"), _format_ini(frame))
    unread = {name: column for name, column in columns.items() if column.folders}
    if unread:
        _read_from_now_on(unread, open_sframe(path).columns)


def write_sarray(path: str | PathLike, column: Column) -> None:
    """Write an SArray into the directory `path`; all as in `write_sframe`."""
    with _new_archive(path, "sarray") as prefix:
        _write_group(prefix, [column])
    if column.folders:
        _read_from_now_on({"": column}, {"": open_sarray(path)})


def _read_from_now_on(columns: Mapping[str, Column], stored: Mapping[str, StoredSArray]) -> None:
    """Let columns be read from what was written of them, if it has replaced their own files."""
    for name, column in columns.items():
        if stored[name].path in column.folders:
            column.moved(stored[name])


@contextmanager
def _new_archive(path: str | PathLike, contents: str) -> Iterator[Path]:
    """Give a prefix for new files, which become the archive `path` when the block ends well.

    Into an existing archive they are written beside the old files, whose names differ, and
    count from when dir_archive.ini is replaced. A new directory is renamed when complete.
    """
    folder = Path(path).expanduser().resolve()
    old = _replaceable(folder)
    token = secrets.token_hex(8)
    work = folder if old else folder.with_name(f".{folder.name}.{token}")
    prefix = work / f"m_{token}"
    work.mkdir(parents=True, exist_ok=bool(old))
    try:
        yield prefix
        archive = {
            "archive": {"version": 1, "num_prefixes": 3},
            "metadata": {"contents": contents},
            "prefixes": _numbered([ARCHIVE, OBJECTS, prefix.name]),
        }
        (work / OBJECTS).touch()
        _write_text(prefix.with_suffix(".ini"), _format_ini(archive))
        prefix.with_suffix(".ini").replace(work / ARCHIVE)
        _sync_directory(work)
        if not old:
            with suppress(FileNotFoundError):
                folder.rmdir()
            work.rename(folder)
            _sync_directory(folder.parent)
    except BaseException:
        if not old:
            shutil.rmtree(work, ignore_errors=True)
        elif _read_prefix(folder, "sframe", "sarray") != prefix.name:
            _remove(folder, prefix.name)
        raise
    if old:
        _remove(folder, old)


def _replaceable(folder: Path) -> str | None:
    """Return the prefix of the archive that is in `folder` and may be replaced; None if nothing is.

    FileExistsError if there is anything else.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    try:
        return _read_prefix(folder, "sframe", "sarray")
    except SFrameFormatError as error:
        raise FileExistsError(f"{error}; nothing was written, choose another name") from error


def _remove(folder: Path, prefix: str) -> None:
    """Remove the files of one prefix, once no column here is still to be read from them.

    What can't be removed stays, unused.
    """
    unread = next((column for column in open_columns(folder) if column.has_prefix(prefix)), None)
    if unread is not None:
        when_gone(unread, _remove, folder, prefix)
        return
    with suppress(FileNotFoundError):  # the folder may be gone as well
        for file in folder.iterdir():
            if file.name.startswith((f"{prefix}.", f"{prefix}-")):
                with suppress(OSError):
                    file.unlink()


def _read_prefix(folder: Path, *contents: str) -> str:
    """Return the prefix of the file names in the archive `folder`, of one of these kinds."""
    path = folder / ARCHIVE
    if not folder.exists():
        raise SFrameFormatError(folder, "there is no such directory")
    if not path.is_file():
        raise SFrameFormatError(
            folder, what_is(folder).replace("stored sframe", f"stored {contents[0]}")
        )
    with blaming(path):
        archive = _parse_ini(_read_text(path))
        if archive["archive"]["version"] != "1":
            raise ValueError(f"unknown version {archive['archive']['version']}")
        found = archive["metadata"]["contents"]
        if found not in contents:
            raise ValueError(f"what is stored here is a {found}, not an {contents[0]}")
        prefixes = _sequence(archive["prefixes"], _number(archive["archive"]["num_prefixes"]))
        if len(prefixes) < 3:
            raise ValueError("it names no files")
        return _inside(prefixes[2])


def _read_group(folder: Path, name: str) -> list[StoredSArray]:
    """Return the columns that an .sidx file describes."""
    path = folder / name
    with blaming(path):
        index = json.loads(_read_text(path))
        if str(index["sarray"]["version"]) != "2":
            raise ValueError(f"unknown version {index['sarray']['version']}")
        count = _number(index["sarray"]["num_segments"])
        files = [_split_place(file) for file in _sequence(index["segment_files"], count)]
        if len(set(files)) < count:
            raise ValueError("two of its segments are one")
        columns = []
        for number, column in enumerate(index["columns"]):
            code = _number(column["metadata"].get("__type__", CODES[UNTYPED]))
            if code >= len(TYPES):
                raise ValueError(f"unknown type code {code}")
            rows = map(_number, _sequence(column["segment_sizes"], count))
            segments = [
                Segment(folder / file, number if place is None else place, size)
                for (file, place), size in zip(files, rows)
            ]
            columns.append(StoredSArray(folder, TYPES[code], tuple(segments)))
        return columns


def _write_group(prefix: Path, columns: list[Column]) -> None:
    """Write the .sidx file and the one segment file of these columns."""
    segment = prefix.with_suffix(".0000")
    write_segment(segment, columns)
    described = [
        {
            "content_type": "",
            "metadata": {"__type__": str(CODES[column.dtype or UNTYPED])},
            "segment_sizes": _numbered([str(len(column))]),
        }
        for column in columns
    ]
    index = {
        "sarray": {"version": 2, "num_segments": 1},
        "segment_files": _numbered([segment.name]),
        "columns": described,
    }
    _write_text(prefix.with_suffix(".sidx"), json.dumps(index, indent="\t"))


def _read_text(path: Path) -> str:
    if not path.is_file():
        raise ValueError("this file is missing")
    return path.read_bytes().decode()


def _write_text(path: Path, text: str) -> None:
    with path.open("xb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(folder: Path) -> None:
    with suppress(OSError):  # Windows can't, and need not
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _parse_ini(text: str) -> dict[str, dict[str, str]]:
    """Return the sections of an INI file as Boost's property trees write them.

    configparser would not do: it joins lines, and knows comments that Boost does not.
    """
    sections: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    for line in (raw.strip(SPACE) for raw in text.split("\n")):
        if not line or line[0] in ";#":
            continue
        if line[0] == "[":
            section = sections.setdefault(line[1:].partition("]")[0].strip(SPACE), {})
            continue
        key, equals, value = line.partition("=")
        if not equals:
            raise ValueError(f"{line!r} is no line of an index")
        section[key.strip(SPACE)] = value.strip(SPACE)
    return sections


def _format_ini(sections: Mapping[str, Mapping[str, object]]) -> str:
    lines = []
    for name, section in sections.items():
        if section:
            lines += [f"[{name}]", *(f"{key}={value}" for key, value in section.items())]
    return "\n".join(lines) + "\n"


def _sequence(items: object, count: int) -> list:
    """Return `count` items of a list, or of what stands for one: {"0000": first, ...}."""
    if isinstance(items, Mapping):
        numbered = {_number(key): value for key, value in items.items()}
        items = [numbered[number] for number in range(len(numbered))]
    if not isinstance(items, list) or len(items) != count:
        raise ValueError(f"{count} items should be in {items!r}")
    return items


def _numbered(items: Iterable[str]) -> dict[str, str]:
    return {f"{number:04}": item for number, item in enumerate(items)}


def _number(text: object) -> int:
    if not re.fullmatch("[0-9]{1,18}", str(text)):
        raise ValueError(f"{text!r} is no count")
    return int(str(text))


def _split_place(place: str) -> tuple[str, int | None]:
    """Return the file and, after a colon, the place of the column in it."""
    numbered = re.fullmatch("(.*):([0-9]+)", place)
    return (_inside(numbered[1]), _number(numbered[2])) if numbered else (_inside(place), None)


def _inside(name: str) -> str:
    """Return the name of a file in the folder; ValueError if it could be anywhere else."""
    parts = {PurePosixPath(name).name, PureWindowsPath(name).name}
    if parts != {name} or name in ("", "..") or set(name) & set(":\0"):
        raise ValueError(f"{name!r} is not the name of a file in this folder")
    return name
