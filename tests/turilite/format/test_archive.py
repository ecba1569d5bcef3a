"""What is written is read back; saving is atomic and refuses what it can't keep."""

from __future__ import annotations

import array
import datetime
import gc
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.places import CIFAR4
from tests.turilite.format.stored_values import VALUES, bits, column_of, rows_in, rows_of, same
from turilite import SFrame
from turilite.columns.column import Column
from turilite.errors import SFrameFormatError
from turilite.format import archive, segments
from turilite.format.archive import open_sarray, open_sframe, write_sarray, write_sframe

SHARED = CIFAR4.parent
in_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared beside the project")
quick = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ints = column_of(int, [1, 2, 3])


@pytest.mark.parametrize("dtype", VALUES)
@quick
@given(data=st.data())
def test_what_is_written_is_read_back(dtype, data, tmp_path):
    rows = data.draw(rows_of(dtype))
    write_sarray(tmp_path / "column", column_of(dtype, rows))
    column = open_sarray(tmp_path / "column").read()
    assert column.dtype is dtype
    assert len(column) == len(rows)
    assert (column.missing is not None) == any(row is None for row in rows)
    assert all(map(same, rows_in(column_of(dtype, rows)), rows_in(column)))


@pytest.mark.parametrize("rows", [[1.0, -0.0], [2.0**63, 1.0], [2.0**62], [-(2.0**63)], [5e-324]])
def test_floats_keep_every_bit(rows, tmp_path):
    write_sarray(tmp_path / "column", column_of(float, rows))
    assert bits(rows_in(open_sarray(tmp_path / "column").read())) == bits(rows)


def test_an_sframe_keeps_names_types_and_order(tmp_path):
    columns = {
        "zebra": column_of(str, ["a", None, "c"]),
        "": ints,
        "with [brackets] = and ; signs": column_of(float, [0.5, None, float("nan")]),
        "žluťoučký\N{NO-BREAK SPACE}": column_of(dict, [{}, {"a": 1}, None]),
        "untyped": Column(None, np.full(3, None, object), np.ones(3, bool)),
    }
    write_sframe(tmp_path / "frame", columns)
    frame = open_sframe(tmp_path / "frame")
    assert frame.column_names == list(columns)
    assert frame.column_types == [str, int, float, dict, type(None)]
    assert frame.num_rows == 3
    for name, column in columns.items():
        assert all(map(same, rows_in(column), rows_in(frame.read_column(name))))


def test_an_sframe_may_have_no_columns_or_no_rows(tmp_path):
    write_sframe(tmp_path / "nothing", {})
    assert (open_sframe(tmp_path / "nothing").column_names) == []
    write_sframe(tmp_path / "no rows", {str(kind): column_of(kind, []) for kind in VALUES})
    frame = open_sframe(tmp_path / "no rows")
    assert [len(frame.read_column(name)) for name in frame.column_names] == [0] * len(VALUES)


def test_rows_of_several_types_are_kept_in_an_untyped_column(tmp_path):
    rows = [1, 0.5, None, "a", [None, {"b": 2}], datetime.datetime(2020, 1, 2, 3, 4, 5, 6)]
    write_sarray(tmp_path / "mixed", column_of(None, rows))
    column = open_sarray(tmp_path / "mixed").read()
    assert column.dtype is None
    assert same(rows_in(column), rows)


def test_vectors_of_one_width_are_one_matrix(tmp_path):
    matrix = np.arange(3000.0).reshape(1000, 3) / 7
    for values in (matrix, matrix.round()):
        write_sarray(tmp_path / "vectors", Column(array.array, values))
        stored = open_sarray(tmp_path / "vectors").read().values
        assert stored.shape == matrix.shape
        assert stored.tobytes() == values.tobytes()


def test_long_columns_are_written_in_many_blocks_of_bounded_size(tmp_path):
    noise = np.random.default_rng(0).normal(size=(2000, 100))
    write_sframe(
        tmp_path / "frame",
        {
            "noise": Column(array.array, noise),
            "none": Column(None, np.full(2000, None, object)),
            "texts": column_of(str, [f"{'x' * 5000}{row}" for row in range(2000)]),
        },
    )
    (file,) = (tmp_path / "frame").glob("*.0000")
    with file.open("rb") as stream:
        noise_blocks, none_blocks, text_blocks = segments._read_records(stream)
    assert len(noise_blocks) > 20
    assert noise_blocks["length"].max() < 2 * segments.BLOCK_BYTES
    assert text_blocks["length"].max() < 2 * segments.BLOCK_BYTES
    assert len(none_blocks) < 5
    assert open_sframe(tmp_path / "frame").read_column("noise").values.tobytes() == noise.tobytes()


def test_opening_reads_no_data(tmp_path):
    write_sframe(tmp_path / "frame", {"a": ints})
    (data,) = (tmp_path / "frame").glob("*.0000")
    data.unlink()
    frame = open_sframe(tmp_path / "frame")
    assert (frame.num_rows, frame.column_types) == (3, [int])
    with pytest.raises(SFrameFormatError, match=f"{data.name}: this file is missing"):
        frame.read_column("a")


def test_the_index_may_use_json_lists(tmp_path):
    write_sframe(tmp_path / "frame", {"a": ints})
    (file,) = (tmp_path / "frame").glob("*.sidx")
    index = json.loads(file.read_text())
    index["segment_files"] = list(index["segment_files"].values())
    index["columns"][0]["segment_sizes"] = [3]
    file.write_text(json.dumps(index))
    assert rows_in(open_sframe(tmp_path / "frame").read_column("a")) == [1, 2, 3]


def test_a_column_may_be_in_several_segments(tmp_path):
    write_sframe(tmp_path / "frame", {"a": ints, "b": column_of(str, ["x", "y", "z"])})
    (file,) = (tmp_path / "frame").glob("*.sidx")
    segment = file.with_suffix(".0000")
    shutil.copy(segment, segment.with_suffix(".0001"))
    index = json.loads(file.read_text())
    index["sarray"]["num_segments"] = 2
    index["segment_files"]["0001"] = segment.with_suffix(".0001").name
    for column in index["columns"]:
        column["segment_sizes"]["0001"] = "3"
    file.write_text(json.dumps(index))
    frame = file.with_suffix(".frame_idx")
    frame.write_text(frame.read_text().replace("nrows=3", "nrows=6"))
    stored = open_sframe(tmp_path / "frame")
    assert rows_in(stored.read_column("a")) == [1, 2, 3, 1, 2, 3]
    assert rows_in(stored.read_column("b")) == list("xyzxyz")


@in_shared
def test_a_file_of_2015_is_read_in_full():
    frame = open_sframe(SHARED / "sframes" / "home_data.gl")
    assert (frame.num_rows, len(frame.column_names)) == (21613, 21)
    columns = {name: frame.read_column(name) for name in frame.column_names}
    assert all(len(column) == 21613 and column.missing is None for column in columns.values())
    first = {name: rows_in(column)[0] for name, column in columns.items()}
    assert (first["id"], first["price"], first["sqft_living"]) == ("7129300520", 221900, 1180)
    assert first["date"] == datetime.datetime(2014, 10, 13, tzinfo=datetime.timezone.utc)
    assert first["lat"] == pytest.approx(47.5112, abs=1e-4)


@in_shared
def test_deep_features_are_read_as_one_matrix():
    frame = open_sframe(SHARED / "cifar4" / "image_test_data")
    features = frame.read_column("deep_features").values
    assert (features.shape, features.dtype) == ((4000, 1280), np.float64)
    pictures = frame.read_column("image").values
    assert all(bytes(picture._image_data[:2]) == b"\xff\xd8" for picture in pictures)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"a": ints, "b": column_of(int, [1])}, "different lengths"),
        ({"a\nb": ints}, "would not come back"),
        ({" a": ints}, "would not come back"),
        ({"\ud800": ints}, "surrogates not allowed"),
        ({"a": column_of(str, ["\ud800"])}, "surrogates not allowed"),
        ({"a": column_of(list, [[1 << 63]])}, "does not fit into 64 bits"),
        ({"a": column_of(list, [[{1, 2}]])}, "type set can't be stored"),
        ({"a": column_of(str, ["x", 5])}, "type int in a column of str"),
        ({"a": column_of(dict, [{}, []])}, "type list in a column of dict"),
    ],
)
def test_columns_that_can_not_be_stored_are_refused_and_the_old_ones_stay(
    columns, message, tmp_path
):
    write_sframe(tmp_path / "frame", {"old": ints})
    before = sorted(tmp_path.rglob("*"))
    for name in ("frame", "new"):
        with pytest.raises((ValueError, TypeError), match=message):
            write_sframe(tmp_path / name, columns)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_zone_beyond_12_hours_is_refused(tmp_path):
    zone = datetime.timezone(datetime.timedelta(hours=13))
    column = column_of(datetime.datetime, [datetime.datetime(2020, 1, 1, tzinfo=zone)])
    with pytest.raises(ValueError, match="zones up to 12 hours"):
        write_sarray(tmp_path / "column", column)


def test_a_list_that_is_nested_too_deep_is_refused(tmp_path):
    deep: list = []
    for _ in range(1000):
        deep = [deep]
    with pytest.raises(ValueError, match="nested more than"):
        write_sarray(tmp_path / "column", column_of(list, [deep]))


def test_saving_replaces_an_sframe_and_nothing_else_in_its_directory(tmp_path):
    frame = tmp_path / "frame"
    write_sframe(frame, {"old": ints})
    (frame / "notes.txt").write_text("mine")
    write_sframe(frame, {"new": column_of(int, [5])})
    assert open_sframe(frame).column_names == ["new"]
    suffixes = sorted(file.suffix for file in frame.iterdir())
    assert suffixes == [".0000", ".bin", ".frame_idx", ".ini", ".sidx", ".txt"]
    write_sarray(frame, ints)
    assert rows_in(open_sarray(frame).read()) == [1, 2, 3]


def test_saving_makes_parent_directories_and_uses_an_empty_directory(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    write_sframe(tmp_path / "a" / "b", {"x": ints})
    write_sframe(tmp_path / "c" / "d" / "e", {"x": ints})
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]
    assert open_sframe(tmp_path / "c" / "d" / "e").num_rows == 3


@pytest.mark.parametrize("contents", ["photos", "model", "file"])
def test_what_is_no_sframe_is_not_written_over(contents, tmp_path):
    target = tmp_path / "target"
    if contents == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "photo.jpg").write_text("mine")
    if contents == "model":
        ini = "[archive]\nversion=1\nnum_prefixes=3\n[metadata]\ncontents=model\n[prefixes]\n"
        (target / "dir_archive.ini").write_text(ini + "0000=a\n0001=b\n0002=m_1\n")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(FileExistsError, match="nothing was written"):
        write_sframe(target, {"a": ints})
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("call", ["write_segment", "_write_text", "_sync_directory", "_remove"])
@pytest.mark.parametrize("replacing", [False, True])
def test_a_save_that_is_interrupted_leaves_the_old_or_the_new(
    call, replacing, tmp_path, monkeypatch
):
    target = tmp_path / "frame"
    if replacing:
        write_sframe(target, {"old": ints})

    def interrupt(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(archive, call, interrupt)
        write_sframe(target, {"new": ints})
    if target.exists():
        frame = open_sframe(target)
        assert rows_in(frame.read_column(frame.column_names[0])) == [1, 2, 3]
    else:
        assert not replacing
    assert [path.name for path in tmp_path.iterdir()] in ([], ["frame"])


KILLED_AT_EACH_STEP = """
import os, sys
import numpy as np
from turilite import SFrame
from turilite.columns.column import Column
from turilite.format.archive import write_sframe
folder, replacing = sys.argv[1], sys.argv[2] == "True"
steps = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.utime")
def save(step):
    def watch(event, args):
        left[0] -= event in steps
        if not left[0]:
            os._exit(9)
    left = [step]
    sys.addaudithook(watch)
    write_sframe(f"{folder}/{step}/frame", {"new": Column(int, np.arange(5))})
    os._exit(0)
status, step = 9, 0
while status:
    step += 1
    os.mkdir(f"{folder}/{step}")
    if replacing:
        write_sframe(f"{folder}/{step}/frame", {"old": Column(int, np.arange(3))})
    os.fork() or save(step)
    status = os.wait()[1]
    assert os.WEXITSTATUS(status) in (0, 9)
"""


@pytest.mark.skipif(os.name != "posix", reason="only POSIX can fork")
@pytest.mark.parametrize("replacing", [False, True])
def test_a_save_that_is_killed_leaves_the_old_or_the_new(replacing, tmp_path):
    script = [sys.executable, "-c", KILLED_AT_EACH_STEP, str(tmp_path), str(replacing)]
    subprocess.run(script, check=True)
    found = []
    for step in range(1, 1 + len(list(tmp_path.iterdir()))):
        target = tmp_path / str(step) / "frame"
        if target.exists():
            frame = open_sframe(target)
            found += frame.column_names
            expected = {"old": [0, 1, 2], "new": [0, 1, 2, 3, 4]}[found[-1]]
            assert rows_in(frame.read_column(found[-1])) == expected
        else:
            found.append("nothing")
        write_sframe(target, {"again": ints})
        assert open_sframe(target).column_names == ["again"]
    first = "old" if replacing else "nothing"
    assert len(found) > 6
    assert found.count(first) > 4
    # There is one moment from which on the new one counts.
    assert found == [first] * found.count(first) + ["new"] * found.count("new")
    assert found[-1] == "new"


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has directories without permission")
def test_a_directory_that_can_not_be_written_is_an_os_error(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    tmp_path.chmod(0o500)
    with pytest.raises(OSError, match="ermission"):
        write_sframe(tmp_path / "frame", {"a": ints})


def test_columns_that_are_unread_survive_what_is_saved_over_them(tmp_path):
    path = str(tmp_path / "frame")
    SFrame({"a": [1, 2], "b": ["x", "y"]}).save(path)
    before, again = SFrame(path), SFrame(path)
    SFrame({"a": [3]}).save(path)
    SFrame({"a": [4]}).save(path)
    assert list(before["a"]) == [1, 2]
    assert list(again["b"]) == ["x", "y"]
    assert list(SFrame(path)["a"]) == [4]


def test_files_go_with_the_last_column_that_is_to_be_read_from_them(tmp_path):
    path = str(tmp_path / "frame")
    SFrame({"a": [1, 2], "b": ["x", "y"]}).save(path)
    before = SFrame(path)
    SFrame({"a": [3]}).save(path)
    assert len(list((tmp_path / "frame").glob("*.0000"))) == 2
    before["a"].materialize()
    del before
    gc.collect()
    assert len(list((tmp_path / "frame").glob("*.0000"))) == 1
