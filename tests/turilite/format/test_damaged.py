"""Damaged files: always one exception that names the path, never a crash or much memory."""

from __future__ import annotations

import array
import datetime
import shutil
import struct
import tracemalloc
from pathlib import Path
from typing import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.turilite.format.stored_values import bits, column_of, rows_in
from turilite.columns.column import Column
from turilite.columns.image import Image
from turilite.errors import SFrameFormatError
from turilite.format import segments
from turilite.format.archive import open_sarray, open_sframe, write_sarray, write_sframe
from turilite.format.blocks import (
    EXTENDED,
    LZ4,
    MIXED,
    TYPED,
    decode_block,
    encode_block,
    join_blocks,
)
from turilite.format.packing import pack_integers, varint

FOUND = sorted((Path(__file__).parent / "damaged").glob("*"))
U64 = struct.Struct("<Q").pack
picture = Image(_image_data=b"\xff\xd8", _height=1, _width=1, _image_data_size=2)
COLUMNS = {
    "int": column_of(int, [1, -(2**40), 3]),
    "gaps": column_of(int, [1, None, 3]),
    "float": column_of(float, [1.5, None, float("nan")]),
    "integral": column_of(float, [1.0, 2.0, 3.0]),
    "str": column_of(str, ["a", "ž", ""]),
    "matrix": column_of(array.array, [[1.0, 2.5], [3.0, 4.0], [0.0, 1.0]]),
    "list": column_of(list, [[1, [2.5, "a"]], [], [None]]),
    "dict": column_of(dict, [{"a": 1}, {}, {2: {}}]),
    "time": column_of(datetime.datetime, [datetime.datetime(2020, 1, 1), None, None]),
    "image": column_of(Image, [picture, None, picture]),
    "ndarray": column_of(np.ndarray, [np.eye(2), None, np.ones(3)]),
    "none": Column(None, np.full(3, None, object)),
}


@pytest.fixture(scope="module")
def intact(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("intact") / "frame"
    write_sframe(folder, {name: COLUMNS[name] for name in ("int", "gaps", "str")})
    return folder


@pytest.fixture
def copy(intact, tmp_path) -> Path:
    return Path(shutil.copytree(intact, tmp_path / "frame"))


def read_all(folder: Path) -> dict[str, list]:
    frame = open_sframe(folder)
    return {name: rows_in(frame.read_column(name)) for name in frame.column_names}


def read_or_refuse(folder: Path) -> bool:
    """Reads all, which must be of the right size, or is refused with the path."""
    try:
        columns = read_all(folder)
    except SFrameFormatError as error:
        assert error.path.startswith(str(folder))
        assert str(error) == f"{error.path}: {error.reason}"
        return False
    assert {len(rows) for rows in columns.values()} <= {3}
    return True


def file_of(folder: Path, suffix: str) -> Path:
    (file,) = folder.glob(f"*{suffix}")
    return file


def test_what_is_intact_is_read(intact):
    assert read_or_refuse(intact)


@pytest.mark.parametrize("suffix", [".ini", ".frame_idx", ".sidx", ".0000"])
def test_a_file_cut_at_any_byte_is_refused_or_reads_the_same(suffix, copy):
    expected = bits(read_all(copy))
    file = file_of(copy, suffix)
    data = file.read_bytes()
    # Most of a segment file is padding.
    sizes = {*range(max(0, len(data) - 500), len(data)), *range(0, len(data), 1021)}
    for size in sizes:
        file.write_bytes(data[:size])
        if read_or_refuse(copy):
            assert bits(read_all(copy)) == expected
            assert size == len(data) - 1 and suffix != ".0000"


@pytest.mark.parametrize("suffix", [".ini", ".frame_idx", ".sidx", ".0000"])
def test_a_flipped_byte_is_refused_or_harmless(suffix, copy):
    """What it changes in a value can't be noticed: the format has no checksums."""
    file = file_of(copy, suffix)
    data = file.read_bytes()
    refused = 0
    places = [place for place, byte in enumerate(data) if byte or place > len(data) - 200]
    for place in places:
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        file.write_bytes(flipped)
        refused += not read_or_refuse(copy)
    assert refused > len(places) // 3


@pytest.mark.parametrize("name", COLUMNS)
def test_a_block_with_a_flipped_bit_is_refused_or_has_as_many_rows(name):
    data, flags = encode_block(COLUMNS[name])
    for place in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        decode_or_refuse(bytes(flipped), 3, flags)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_block_that_is_cut_is_refused(name):
    data, flags = encode_block(COLUMNS[name])
    for size in range(len(data)):
        with pytest.raises(ValueError):
            decode_block(data[:size], 3, flags)
    with pytest.raises(ValueError, match="1 bytes too many"):
        decode_block(data + b"\0", 3, flags)


def decode_or_refuse(data: bytes, rows: int, flags: int) -> None:
    try:
        block = decode_block(data, rows, flags)
        assert len(join_blocks([block], None)) == rows
    except ValueError:
        pass


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(list(COLUMNS)),
    edits=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9), st.binary(max_size=9))),
    rows=st.sampled_from([0, 1, 2, 3, 4, 128, 129, 1 << 18]),
    flags=st.sampled_from([0, TYPED, TYPED | EXTENDED, TYPED | MIXED]),
)
def test_a_block_with_any_bytes_is_refused_or_has_as_many_rows(name, edits, rows, flags):
    data, own_flags = encode_block(COLUMNS[name])
    for start, size, replacement in edits:
        data = data[:start] + replacement + data[start + size :]
    decode_or_refuse(data, rows, flags or own_flags)


@pytest.mark.parametrize("case", FOUND, ids=lambda case: case.name)
def test_what_fuzzing_found_stays_mended(case):
    """Each file has the number of rows, the flags and the bytes of a block."""
    rows, flags = struct.unpack("<QQ", case.read_bytes()[:16])
    decode_or_refuse(case.read_bytes()[16:], rows, flags)


NDARRAY = b"\1\x09\0" + pack_integers(np.array([2])) + pack_integers(np.array([1]))
HUGE = {
    "list of 2**60": (b"\1\4" + U64(1 << 60), 1, TYPED),
    "list in list of 2**61": (b"\1\4" + U64(1) + b"\x84" + U64(1 << 61), 1, TYPED),
    "dict of 2**63": (b"\1\5" + U64(1 << 63), 1, TYPED),
    "string of 2**50": (b"\1\2\0" + pack_integers(np.array([1 << 50])), 1, TYPED),
    "string of 2**50 in a dictionary": (b"\1\2\1" + varint(1) + varint(1 << 50), 1, TYPED),
    "dictionary of 2**62": (b"\1\2\1" + varint(1 << 62), 1, TYPED),
    "vector of 2**60": (
        b"\1\3\0" + pack_integers(np.array([1 << 60])) + b"\0",
        1,
        TYPED | EXTENDED,
    ),
    "vectors of 2**64 in all": (
        b"\1\3\0" + pack_integers(np.array([-(1 << 63)] * 2)) + b"\0",
        2,
        TYPED | EXTENDED,
    ),
    "vectors of 2**20 each in 2 bytes": (
        b"\1\3\0" + pack_integers(np.full(4096, 1 << 20)) + b"\0" + bytes(2),
        4096,
        TYPED | EXTENDED,
    ),
    "image of 2**60": (b"\1\x08\0" + U64(1) * 3 + U64(0) + U64(1 << 60), 1, TYPED),
    "nd-array of 2**32 by 2**32": (
        NDARRAY + pack_integers(np.array([1 << 32] * 2)) + pack_integers(np.ones(2)) + b"\1\0\0",
        1,
        TYPED | EXTENDED,
    ),
    "nd-array of 2**40 dimensions": (
        b"\1\x09\0" + pack_integers(np.array([1 << 40])) + pack_integers(np.array([1])),
        1,
        TYPED | EXTENDED,
    ),
    "2**40 integers in two bytes": (b"\1\0\0\2", 1 << 40, TYPED),
    "2**40 mixed values": (b"\2" + U64(1 << 40), 1 << 40, TYPED | MIXED),
    "2**40 datetimes": (b"\1\6" + bytes(80), 1 << 40, TYPED),
    "2**40 missing in 8 bytes": (b"\2\0" + bytes(8), 1 << 40, TYPED),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_count_in_a_block_costs_no_memory(name):
    assert_refused_cheaply(lambda: decode_block(*HUGE[name]), ValueError)


def assert_refused_cheaply(call: Callable, error: type) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(error):
            call()
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


DEEP = b"\1\4" + (U64(1) + b"\x84") * 100_000 + U64(0)
WRONG = {
    "unknown type code": (b"\1\x0a", 1, TYPED),
    "three types": (b"\3\0", 1, TYPED),
    "rows in an empty block": (b"\0", 1, TYPED),
    "lists 100,000 deep": (DEEP, 1, TYPED),
    "integers packed by scheme 3": (b"\1\0\3\2", 1, TYPED),
    "integers of 128 bits": (b"\1\0\x20\2", 1, TYPED),
    "unknown encoding of floats": (b"\1\1\2", 0, TYPED | EXTENDED),
    "unknown encoding of vectors": (b"\1\3\1", 0, TYPED | EXTENDED),
    "index behind the dictionary": (
        b"\1\2\1" + varint(1) + varint(1) + b"x" + pack_integers(np.array([1])),
        1,
        TYPED,
    ),
    "text that is not UTF-8": (b"\1\2\0" + pack_integers(np.array([1])) + b"\xff", 1, TYPED),
    "dictionary as key": (b"\1\5" + U64(1) + b"\x85" + U64(0) + b"\x87", 1, TYPED),
    "datetime after the year 9999": (b"\1\6" + b"\xff" * 6 + b"\x7f" + bytes(5), 1, TYPED),
    "datetime in zone 60": (b"\1\6" + bytes(7) + bytes([60 + 25]) + bytes(4), 1, TYPED),
    "datetime with 2**24 microseconds": (
        b"\1\6" + bytes(7) + bytes([64 + 25]) + b"\0\0\0\1",
        1,
        TYPED,
    ),
    "image of unknown format": (b"\1\x08\0" + U64(1) * 3 + U64(4) + U64(0), 1, TYPED),
    "fewer mixed values than rows": (b"\2" + U64(1) + b"\x87", 2, TYPED | MIXED),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_block_that_can_not_be_is_refused(name):
    with pytest.raises(ValueError):
        decode_block(*WRONG[name])


def test_a_value_of_another_type_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(segments, "encode_block", lambda column: encode_block(COLUMNS["str"]))
    write_sarray(tmp_path / "column", COLUMNS["int"])
    with pytest.raises(SFrameFormatError, match="a str in a column of int"):
        open_sarray(tmp_path / "column").read()


RECORDS = {
    "offset": [(1 << 64) - 1, 1 << 63, 1 << 40, 4096],
    "length": [1 << 63, (1 << 64) - 1, 0],
    "size": [1 << 63, 1 << 40, 0],
    "rows": [1 << 63, 1 << 60, 1 << 20, 4, 2],
    "flags": [0, 255, TYPED | LZ4, 1 << 60],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field in RECORDS for value in RECORDS[field]]
)
def test_a_wrong_record_of_a_block_is_refused_cheaply(field, value, copy):
    set_record(copy, 0, field, value)
    assert_refused_cheaply(lambda: read_all(copy), SFrameFormatError)


def set_record(folder: Path, number: int, field: str, value: int, column: int = 0) -> None:
    """Changes the record of block `number` of `column`, if columns before it have one block."""
    file = file_of(folder, ".0000")
    data = bytearray(file.read_bytes())
    at = len(data) - 8 - int.from_bytes(data[-8:], "little") + 16
    at += number * segments.RECORD.itemsize + column * (8 + segments.RECORD.itemsize)
    at += segments.RECORD.fields[field][1]
    data[at : at + 8] = U64(value)
    file.write_bytes(data)


def test_blocks_that_share_bytes_are_refused(tmp_path):
    write_sframe(tmp_path, {"a": column_of(int, [1, 2]), "b": column_of(int, [3, 4])})
    set_record(tmp_path, 0, "offset", 0, column=1)
    with pytest.raises(SFrameFormatError, match="share bytes"):
        read_all(tmp_path)


def test_numbers_of_rows_that_overflow_are_refused_cheaply(tmp_path):
    write_sframe(tmp_path, {"none": Column(None, np.full(100, None, object))})
    set_record(tmp_path, 0, "rows", 1 << 40)
    set_record(tmp_path, 1, "rows", (1 << 64) - (1 << 40))
    for suffix in (".frame_idx", ".sidx"):
        file = file_of(tmp_path, suffix)
        file.write_text(file.read_text().replace("nrows=100", "nrows=0").replace('"100"', '"0"'))
    assert_refused_cheaply(lambda: read_all(tmp_path), SFrameFormatError)


def test_more_missing_rows_than_such_a_file_can_have_are_refused_cheaply(tmp_path):
    """No data say how many they are, so the size of the file must do."""
    blocks = 5
    rows = blocks * segments.BELIEVED_ROWS
    write_sframe(tmp_path, {"none": Column(None, np.full(3000, None, object))})
    file = file_of(tmp_path, ".0000")
    for suffix in (".frame_idx", ".sidx"):
        index = file_of(tmp_path, suffix)
        text = index.read_text().replace("nrows=3000", f"nrows={rows}")
        index.write_text(text.replace('"3000"', f'"{rows}"'))
    record = np.zeros(blocks, segments.RECORD)
    record["offset"] = np.arange(blocks) * 2
    record["length"] = record["size"] = 2
    record["rows"] = segments.BELIEVED_ROWS
    record["flags"] = TYPED
    footer = U64(1) + U64(blocks) + record.tobytes()
    file.write_bytes(b"\1\7" * blocks + footer + U64(len(footer)))
    assert_refused_cheaply(lambda: read_all(tmp_path), SFrameFormatError)


@pytest.mark.parametrize("place", [-8, "columns", "blocks"])
@pytest.mark.parametrize("value", [0, 1, 1 << 40, (1 << 64) - 1])
def test_a_wrong_count_of_records_is_refused_cheaply(place, value, copy):
    file = file_of(copy, ".0000")
    data = bytearray(file.read_bytes())
    footer = len(data) - 8 - int.from_bytes(data[-8:], "little")
    at = {"columns": footer, "blocks": footer + 8}.get(place, len(data) - 8)
    if data[at : at + 8] == U64(value):
        value = 2
    data[at : at + 8] = U64(value)
    file.write_bytes(data)
    assert_refused_cheaply(lambda: read_all(copy), SFrameFormatError)


def test_a_compressed_block_of_another_size_is_refused(tmp_path):
    write_sarray(tmp_path / "column", column_of(str, ["x" * 200]))
    file = file_of(tmp_path / "column", ".0000")
    data = file.read_bytes()
    size = len(encode_block(column_of(str, ["x" * 200]))[0])
    before, after = data.split(U64(size))
    for wrong in (size - 1, size + 1, 255 * size):
        file.write_bytes(before + U64(wrong) + after)
        with pytest.raises(SFrameFormatError, match="block"):
            open_sarray(tmp_path / "column").read()
    set_record(tmp_path / "column", 0, "size", 1 << 30)
    assert_refused_cheaply(lambda: open_sarray(tmp_path / "column").read(), SFrameFormatError)


NAMES = [
    "../secret",
    "/etc/passwd",
    "a/b",
    "..",
    "",
    "C:\\secret",
    "\\\\host\\x",
    "s3://x/y",
    "a\0",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", [".ini", ".frame_idx", ".sidx"])
def test_names_that_point_outside_the_folder_are_refused(name, suffix, copy):
    file = file_of(copy, suffix)
    old = (
        file_of(copy, ".0000").stem + {".ini": "", ".frame_idx": ".sidx", ".sidx": ".0000"}[suffix]
    )
    escaped = name.replace("\\", "\\\\").replace("\0", "\\u0000") if suffix == ".sidx" else name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, escaped))
    with pytest.raises(SFrameFormatError, match="is not the name of a file in this folder"):
        read_all(copy)


INDEX = {
    ".ini": [
        ("version=1", "version=2"),
        ("contents=sframe", "contents=graph"),
        ("num_prefixes=3", "num_prefixes=99999999999999999"),
        ("num_prefixes=3", "num_prefixes=-1"),
        ("num_prefixes=3", "num_prefixes=" + "9" * 5000),
        ("0002=", "0003="),
        ("[metadata]", "[other]"),
        ("=", " "),
    ],
    ".frame_idx": [
        ("nrows=3", "nrows=4"),
        ("nrows=3", "nrows=3.0"),
        ("num_columns=3", "num_columns=99999999999999999"),
        ("num_columns=3", "num_columns=2"),
        ("sidx:2", "sidx:3"),
        ("sidx:2", "sidx:1"),
        ("sidx:2", "sidx:x"),
        ("sidx:2", "sidx:99999999999999999999"),
        ("0001=", "0000="),
        ("=gaps", "=int"),
    ],
    ".sidx": [
        ('"num_segments": 1', '"num_segments": 99999999999999999'),
        ('"num_segments": 1', '"num_segments": 0'),
        ('"version": 2', '"version": 1'),
        ('"__type__": "0"', '"__type__": "99"'),
        ('"__type__": "0"', '"__type__": "2"'),
        ('"0000": "3"', '"0000": "4"'),
        ('"0000": "3"', '"0000": 1e999'),
        ('"columns": [', '"columns": [[], '),
        ("{", "[" * 100_000),
        ("{", "\xff"),
    ],
}


@pytest.mark.parametrize(
    ("suffix", "old", "new"), [(suffix, *pair) for suffix in INDEX for pair in INDEX[suffix]]
)
def test_a_wrong_index_is_refused(suffix, old, new, copy):
    file = file_of(copy, suffix)
    text = file.read_text()
    assert old in text
    file.write_bytes(text.replace(old, new, 1).encode("latin-1"))
    assert not read_or_refuse(copy)


@pytest.mark.parametrize("suffix", [".ini", ".frame_idx", ".sidx", ".0000"])
@pytest.mark.parametrize("instead", ["nothing", "directory", "empty", "noise"])
def test_a_file_that_is_no_such_file_is_refused(suffix, instead, copy):
    file = file_of(copy, suffix)
    file.unlink()
    if instead == "directory":
        file.mkdir()
    elif instead != "nothing":
        file.write_bytes(bytes(range(256)) * 40 if instead == "noise" else b"")
    assert not read_or_refuse(copy)


def test_a_folder_that_is_no_sframe_is_refused(tmp_path):
    with pytest.raises(SFrameFormatError, match="nowhere: there is no such directory"):
        open_sframe(tmp_path / "nowhere")
    with pytest.raises(SFrameFormatError, match="this folder is empty"):
        open_sframe(tmp_path)
    write_sframe(tmp_path / "frame", {})
    with pytest.raises(SFrameFormatError, match="is a sframe, not an sarray"):
        open_sarray(tmp_path / "frame")
