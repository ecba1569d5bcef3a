"""Columns on disk, read in batches: which blocks are read, and files that change meanwhile."""

from __future__ import annotations

import os
from array import array
from pathlib import Path

import numpy as np
import pytest

from tests.turilite.format.stored_values import column_of, rows_in, same
from turilite import memory
from turilite.columns.column import Column
from turilite.errors import SFrameFormatError
from turilite.format.archive import open_sframe, write_sframe
from turilite.format.segments import SegmentColumn
from turilite.format.stored import in_threads

ROWS, WIDTH = 600, 300


@pytest.fixture(autouse=True)
def small_budget():
    """Set a budget in which a batch is of about 25 rows."""
    memory.set_budget(1 << 21)
    yield
    memory.set_budget(None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    matrix = np.random.default_rng(0).random((ROWS, WIDTH))
    write_sframe(
        tmp_path / "frame", {"v": Column(array, matrix), "i": Column(int, np.arange(ROWS))}
    )
    return tmp_path / "frame"


def segment_of(folder: Path) -> Path:
    (file,) = folder.glob("*.0000")
    return file


@pytest.mark.parametrize(
    "rows",
    [slice(None), slice(5, 400, 7), np.array([599, 3, 3, 0, 250]), np.arange(ROWS)[::-1]],
    ids=["all", "a slice", "some in any order", "all backwards"],
)
def test_batches_give_each_chosen_row_its_place(folder: Path, rows) -> None:
    stored = open_sframe(folder).columns["v"]
    expected = stored.read().values[rows]
    found = np.full(expected.shape, np.nan)
    for places, part in stored.batches(rows):
        assert part.values.nbytes < 1 << 18
        found[places] = part.values
    np.testing.assert_array_equal(found, expected)


def test_only_blocks_with_a_chosen_row_are_read(folder: Path, monkeypatch) -> None:
    read = []
    whole = SegmentColumn.read
    monkeypatch.setattr(
        SegmentColumn, "read", lambda self, numbers: read.extend(numbers) or whole(self, numbers)
    )
    stored = open_sframe(folder).columns["v"]
    assert stored.nbytes > 0  # for which the first block is looked at
    read.clear()
    stored.read(np.array([599, 0]))
    assert len(read) == 2
    assert read[0] == 0


def test_columns_of_all_types_are_selected_in_batches(tmp_path: Path) -> None:
    columns = {
        "int": column_of(int, [1, None, 3] * 50),
        "str": column_of(str, ["a", "ž" * 900, None] * 50),
        "list": column_of(list, [[1], None, ["x" * 900]] * 50),
        "vector": column_of(array, [[1.0], None, [2.0, 3.0]] * 50),
        "none": Column(None, np.full(150, None, object)),
    }
    write_sframe(tmp_path / "frame", columns)
    memory.set_budget(1000)
    stored = open_sframe(tmp_path / "frame").columns
    rows = np.array([149, 0, 1, 2, 100])
    for name, column in columns.items():
        memory.set_budget(1000)
        parts = [(places, part) for places, part in stored[name].batches(rows)]
        found = dict(pair for at, part in parts for pair in zip(rows[at].tolist(), rows_in(part)))
        memory.set_budget(None)
        assert all(same(found[row], rows_in(column)[row]) for row in rows.tolist()), name


def of_other_length(rows: list) -> None:
    rows[-3] = rows[-3][1:]


def missing(rows: list) -> None:
    rows[-3] = None


def empty(rows: list) -> None:
    rows[-3] = np.zeros(0)


def negative_and_odd(rows: list) -> None:
    rows[-3] = np.array([-0.0, -1.5, np.nan, np.inf, 2.0**63] * (WIDTH // 5))


def integral(rows: list) -> None:
    rows[-40:] = [np.arange(WIDTH) - 150.0] * 40


@pytest.mark.parametrize("change", [of_other_length, missing, empty, negative_and_odd, integral])
def test_blocks_of_vectors_may_differ_in_the_last_rows(tmp_path: Path, change) -> None:
    rows = list(np.random.default_rng(0).random((ROWS, WIDTH)))
    change(rows)
    write_sframe(tmp_path / "frame", {"v": column_of(array, rows)})
    memory.set_budget(None)
    found = rows_in(open_sframe(tmp_path / "frame").columns["v"].read())
    assert len(found) == ROWS
    assert all(
        same(row, None if value is None else array("d", value)) for row, value in zip(found, rows)
    )


def test_the_damaged_one_of_many_blocks_of_vectors_is_named(folder: Path) -> None:
    memory.set_budget(None)
    file = segment_of(folder)
    segment = SegmentColumn(file, 0, ROWS)
    number = len(segment.records) - 2
    place = int(segment.records[number]["offset"])
    data = bytearray(file.read_bytes())
    data[place : place + 40] = b"\xff" * 40
    file.write_bytes(data)
    with pytest.raises(SFrameFormatError, match=f"block {number} of column 0 is damaged"):
        open_sframe(folder).columns["v"].read()


CHANGES = {
    "cut": lambda file: os.truncate(file, 100_000),
    "cut by a byte": lambda file: os.truncate(file, file.stat().st_size - 1),
    "overwritten": lambda file: file.write_bytes(file.read_bytes()[::-1]),
    "touched": lambda file: os.utime(file, (1, 1)),
    "gone": lambda file: file.unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_while_it_is_read_is_an_error_with_path_and_block(
    folder: Path, change: str
) -> None:
    stored = open_sframe(folder).columns["v"]
    expected, file = stored.read().values, segment_of(folder)
    with pytest.raises(SFrameFormatError) as error:
        for number, (places, part) in enumerate(stored.batches()):
            np.testing.assert_array_equal(part.values, expected[places])
            if number == 0:
                CHANGES[change](file)
    assert str(file) in str(error.value)
    assert "block" in str(error.value) or change == "gone"


def test_work_in_threads_comes_in_order_and_stops_where_it_fails() -> None:
    done = []

    def work(number: int) -> int:
        done.append(number)
        return 10 // (number - 50)

    assert list(in_threads(lambda number: -number, range(30))) == [-n for n in range(30)]
    with pytest.raises(ZeroDivisionError):
        list(in_threads(work, range(1000)))
    assert max(done) < 100
