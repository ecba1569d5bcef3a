"""Turi Create and turilite read from each other what was written, to the last bit."""

from __future__ import annotations

import array
import datetime
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.places import CIFAR4
from tests.turilite.format.stored_values import VALUES, bits, column_of, rows_in, rows_of
from turilite.columns.column import Column
from turilite.columns.image import Image
from turilite.format import segments
from turilite.format.archive import open_sarray, open_sframe, write_sarray, write_sframe
from turilite.format.blocks import EXTENDED, MIXED, TYPED
from turilite.format.packing import pack_integers

tc = pytest.importorskip(
    "turicreate", reason="Turi Create can't be installed here", exc_type=ImportError
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:turicreate")
SHARED = CIFAR4.parent
in_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared beside the project")
quick = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def for_turi_create(value):
    """The value with Turi Create's own Image in the place of ours."""
    if isinstance(value, Image):
        return tc.Image(**{**vars(value), "_version": 0})
    if isinstance(value, list):
        return [for_turi_create(item) for item in value]
    if isinstance(value, dict):
        return {key: for_turi_create(item) for key, item in value.items()}
    return value


def type_for_turi_create(dtype):
    return tc.Image if dtype is Image else dtype


@pytest.mark.parametrize("dtype", VALUES)
@quick
@given(data=st.data())
def test_what_turi_create_writes_is_read(dtype, data, tmp_path):
    rows = for_turi_create(data.draw(rows_of(dtype)))
    theirs = tc.SArray(rows, dtype=type_for_turi_create(dtype))
    theirs.save(str(tmp_path / "column"))
    column = open_sarray(tmp_path / "column").read()
    assert column.dtype is dtype
    assert bits(rows_in(column)) == bits(list(tc.SArray(str(tmp_path / "column"))))


@pytest.mark.parametrize("dtype", VALUES)
@quick
@given(data=st.data())
def test_what_is_written_turi_create_reads(dtype, data, tmp_path):
    column = column_of(dtype, data.draw(rows_of(dtype)))
    write_sarray(tmp_path / "column", column)
    theirs = tc.SArray(str(tmp_path / "column"))
    assert theirs.dtype is type_for_turi_create(dtype)
    assert bits(list(theirs)) == bits(rows_in(column))


@in_shared
@pytest.mark.parametrize("name", ["sframes/home_data.gl", "cifar4/image_train_data"])
def test_stored_sframes_are_read_alike(name):
    assert_alike(SHARED / name)


def assert_alike(path: Path) -> None:
    theirs, ours = tc.load_sframe(str(path)), open_sframe(path)
    assert ours.column_names == theirs.column_names()
    assert list(map(type_for_turi_create, ours.column_types)) == theirs.column_types()
    for name in ours.column_names:
        assert bits(rows_in(ours.read_column(name))) == bits(list(theirs[name])), name


def test_columns_of_many_blocks_are_read_alike(tmp_path):
    random = np.random.default_rng(0)
    columns = {
        "int": random.integers(-(2**60), 2**60, 10_000) >> random.integers(0, 60, 10_000),
        "sorted": np.sort(random.integers(0, 2**40, 10_000)),
        "float": random.normal(size=10_000),
        "str": [f"{number:x}" * (number % 50) for number in range(10_000)],
        "vector": [array.array("d", [number, number / 3]) for number in range(10_000)],
        "gaps": [None if number % 3 else number for number in range(10_000)],
    }
    tc.SFrame(columns).save(str(tmp_path / "theirs"))
    assert_alike(tmp_path / "theirs")
    stored = open_sframe(tmp_path / "theirs")
    write_sframe(
        tmp_path / "ours", {name: stored.read_column(name) for name in stored.column_names}
    )
    assert_alike(tmp_path / "ours")
    theirs = tc.load_sframe(str(tmp_path / "theirs"))
    ours = tc.load_sframe(str(tmp_path / "ours"))
    for name in theirs.column_names():
        assert bits(list(theirs[name])) == bits(list(ours[name]))


def test_sframes_without_rows_or_columns_are_read_alike(tmp_path):
    tc.SFrame().save(str(tmp_path / "theirs"))
    write_sframe(tmp_path / "ours", {})
    tc.SFrame({"a": tc.SArray([], dtype=str)}).save(str(tmp_path / "their rows"))
    write_sframe(tmp_path / "our rows", {str(dtype): column_of(dtype, []) for dtype in VALUES})
    for folder in tmp_path.iterdir():
        assert_alike(folder)


def test_several_segments_and_json_lists_are_read_alike(tmp_path):
    write_sframe(tmp_path, {"a": column_of(int, [1, None]), "b": column_of(str, ["x", "y"])})
    (file,) = tmp_path.glob("*.sidx")
    index = json.loads(file.read_text())
    segment = file.with_suffix(".0000")
    segment.with_suffix(".0001").write_bytes(segment.read_bytes())
    index["sarray"]["num_segments"] = 2
    index["segment_files"] = [segment.name, segment.with_suffix(".0001").name]
    for column in index["columns"]:
        column["segment_sizes"] = [2, 2]
    file.write_text(json.dumps(index))
    frame = file.with_suffix(".frame_idx")
    frame.write_text(frame.read_text().replace("nrows=2", "nrows=4"))
    assert_alike(tmp_path)
    assert list(tc.load_sframe(str(tmp_path))["b"]) == list("xyxy")


def test_columns_in_several_groups_of_files_are_read_alike(tmp_path):
    """As when an SFrame was put together of columns that were stored apart."""
    write_sframe(tmp_path / "one", {"a": column_of(int, [1, 2]), "b": column_of(str, ["x", "y"])})
    write_sframe(tmp_path / "two", {"c": column_of(float, [0.5, None])})
    for file in (tmp_path / "two").glob("m_*"):
        file.replace(tmp_path / "one" / file.name)
    index, other = (tmp_path / "one").glob("*.frame_idx")
    if "num_columns=1" in index.read_text():
        index, other = other, index
    frame = index.read_text()
    index.write_text(
        frame.replace("num_columns=2", "num_columns=3")
        .replace("[column_files]", "0002=c\n[column_files]")
        .rstrip()
        + f"\n0002={other.stem}.sidx:0\n"
    )
    assert_alike(tmp_path / "one")
    assert open_sframe(tmp_path / "one").column_names == ["a", "b", "c"]


def test_minus_zero_among_integral_numbers_is_kept(tmp_path):
    """Turi Create itself stores it as 0.0."""
    write_sarray(tmp_path / "ours", column_of(float, [1.0, -0.0]))
    assert bits(list(tc.SArray(str(tmp_path / "ours")))) == bits([1.0, -0.0])
    tc.SArray([1.0, -0.0]).save(str(tmp_path / "theirs"))
    assert bits(rows_in(open_sarray(tmp_path / "theirs").read())) == bits([1.0, 0.0])


# Blocks as earlier releases wrote them. Turi Create reads them too, which proves them right.


@pytest.fixture
def assert_block_is(tmp_path, monkeypatch):
    """Stores a column of which `data` is the only block; both must read `rows` from it."""

    def check(rows: list, dtype: type, data: bytes, flags: int = TYPED) -> None:
        monkeypatch.setattr(segments, "encode_block", lambda column: (data, flags))
        monkeypatch.setattr(segments, "FIRST_ROWS", len(rows))
        write_sarray(tmp_path / "column", Column(dtype, np.full(len(rows), None, object)))
        assert bits(list(tc.SArray(str(tmp_path / "column")))) == bits(rows)
        assert bits(rows_in(open_sarray(tmp_path / "column").read())) == bits(rows)

    return check


def older_floats(numbers) -> bytes:
    stored = np.array(numbers, float).view(np.uint64)
    return pack_integers(stored << np.uint64(1) | stored >> np.uint64(63))


NUMBERS = [0.5, -0.0, -1.0, float("nan"), float("-inf"), 1e300] * 50


def test_floats_before_the_extension_flag(assert_block_is):
    data = b"\1\1" + older_floats(NUMBERS)
    assert_block_is(NUMBERS, float, data)


@pytest.mark.parametrize("lengths", [[3, 0, 200, 97], [100, 100, 100]])
def test_vectors_before_the_extension_flag(lengths, assert_block_is):
    data = b"\1\3" + pack_integers(np.array(lengths)) + older_floats(NUMBERS)
    ends = np.cumsum(lengths)
    rows = [array.array("d", NUMBERS[end - size : end]) for size, end in zip(lengths, ends)]
    assert_block_is(rows, array.array, data)


def test_vectors_with_gaps_before_the_extension_flag(assert_block_is):
    missing = struct.pack("<Q", 0b101)
    data = b"\2\3" + missing + pack_integers(np.array([2, 1])) + older_floats([0.5, -1, 3])
    rows = [None, array.array("d", [0.5, -1]), None, array.array("d", [3])]
    assert_block_is(rows, array.array, data)


def test_datetimes_of_8_bytes(assert_block_is):
    """Seconds and a zone in half hours."""
    stamps = [1413158400, -1, 0]
    zones = [0, -24, 11]
    data = b"\1\6" + b"".join(
        struct.pack("<Q", (stamp & (1 << 56) - 1) | (zone & 255) << 56)
        for stamp, zone in zip(stamps, zones)
    )
    rows = [
        datetime.datetime.fromtimestamp(
            stamp, datetime.timezone(datetime.timedelta(minutes=30 * zone))
        )
        for stamp, zone in zip(stamps, zones)
    ]
    assert_block_is(rows, datetime.datetime, data)


def test_list_elements_with_a_tag_of_four_bytes(assert_block_is):
    elements = struct.pack("<BIqBIQB", 0, 7, -5, 2, 9, 1, ord("x")) + struct.pack("<BI", 7, 0)
    data = b"\1\4" + struct.pack("<Q", 3) + elements
    assert_block_is([[-5, "x", None]], list, data)


def test_numbers_that_are_packed_in_any_way(assert_block_is):
    rows = []
    for width in range(63):
        wave = [(1 << width) - (number * number % 7 << width >> 3) for number in range(128)]
        rows += wave + sorted(wave) + [-number for number in wave]
    for length in (len(rows), 127, 1, 2, 66):
        data = b"\1\0" + pack_integers(np.array(rows[:length]))
        assert_block_is(rows[:length], int, data)


def test_strings_without_a_dictionary(assert_block_is):
    data = b"\1\2\0" + pack_integers(np.array([1, 0, 3])) + b"a\xe6\x97\xa5"
    assert_block_is(["a", "", "日"], str, data)


def test_integral_floats(assert_block_is):
    rows = [1.0, -3.0, 2.0**62]
    data = b"\1\1\1" + pack_integers(np.array(rows, np.int64))
    assert_block_is(rows, float, data, TYPED | EXTENDED)


def test_blocks_of_mixed_type(tmp_path, assert_block_is):
    rows = [1, None, 2.5, "a", array.array("d", [1, 2]), [1, [None]], {"k": 1}, 7]
    write_sarray(tmp_path / "mixed", column_of(None, rows))
    assert bits(list(tc.SArray(str(tmp_path / "mixed")))) == bits(rows)
    assert bits(rows_in(open_sarray(tmp_path / "mixed").read())) == bits(rows)
    # In a column that has a type, a block may still be flagged as mixed.
    data = b"\2" + struct.pack("<QBqB", 2, 128, 5, 135)
    assert_block_is([5, None], int, data, TYPED | MIXED)
