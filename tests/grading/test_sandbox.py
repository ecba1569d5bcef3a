"""The parts of the sandbox that need no kernel: sizes, folders, users."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grading import sandbox
from grading.record import Cell, Picture, Query, Run, Value, as_json, from_json

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")


@pytest.mark.parametrize(
    ("size", "text"),
    [(4 * 2**30, "4 GB"), (20 * 2**20, "20 MB"), (2**10, "1 kB"), (1536 * 2**20, "1.5 GB")],
)
def test_a_size_is_written_as_people_do(size, text):
    assert sandbox.size_text(size) == text


def test_a_folder_is_removed_however_deep_and_closed(tmp_path):
    folder = tmp_path / "deep"
    folder.mkdir()
    start = Path.cwd()
    try:
        os.chdir(folder)
        for _ in range(1200):
            Path("d").mkdir()
            os.chdir("d")
    finally:
        os.chdir(start)
    (folder / "closed" / "inner").mkdir(parents=True)
    (folder / "closed").chmod(0)
    sandbox.remove_folder(folder)
    assert not folder.exists()


def test_a_measure_follows_no_link_and_counts_what_is_too_deep_as_too_many(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 100_000)
    (tmp_path / "link").symlink_to("/usr")
    size, files = sandbox.measure(tmp_path)
    assert 100_000 <= size < 200_000
    assert files == 2
    (tmp_path / "/".join(["d"] * 70)).mkdir(parents=True)
    assert sandbox.measure(tmp_path)[1] > sandbox.MOST_FILES


def test_only_the_outermost_readable_folders_are_bound():
    paths = [Path("/opt/env/lib"), Path("/opt/env"), Path("/usr/lib/python3"), Path("/home/a.py")]
    assert sandbox.outermost(paths) == [Path("/home/a.py"), Path("/opt/env")]


def test_a_record_comes_back_from_json_as_it_was():
    cell = Cell(
        1, "x", values=[Value("name", "a", "number", 1)], pictures=[Picture("test", 1, "cat")]
    )
    cell.queries = [Query({"cat": 2}, "cat", "h", "id", ["deep_features"], None, [1], 1, "test", 5)]
    run = Run("ada", "work.ipynb", "turilite", cells=[cell])
    assert from_json(as_json(run)) == run
