"""What `--check` says of a changed data set, and how the next fetch mends it."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

from tests.assignment.course_data.lab import SEGMENT, TEST, TRAIN, Lab, change_byte

CHANGES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a byte changed": (f"{TRAIN}/{SEGMENT[TRAIN]}", change_byte, "but a wrong SHA-256"),
    "a byte added": (
        f"{TEST}/objects.bin",
        lambda path: path.write_bytes(b"x"),
        "has 1 bytes, not 0",
    ),
    "a file removed": (f"{TEST}/dir_archive.ini", Path.unlink, "is missing"),
    "a file added": (f"{TEST}/m_0.0000", Path.touch, "does not belong there"),
    "a folder added": ("more", Path.mkdir, "does not belong there"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_check_names(change: str, lab: Lab) -> None:
    name, make, sentence = CHANGES[change]
    lab.put_complete()
    make(lab.dest / name)
    result = lab.fetch("--check")
    assert result.code == 1
    assert result.err.splitlines()[1:] == [line for line in result.err.splitlines() if name in line]
    assert sentence in result.err


def test_check_passes_what_is_right(lab: Lab) -> None:
    lab.put_complete()
    (lab.dest / ".DS_Store").touch()  # macOS adds one whenever a folder is looked at
    result = lab.fetch("--check")
    assert result.code == 0
    assert "its 10 files have the right size and SHA-256" in result.out


def test_check_does_without_an_empty_file(lab: Lab) -> None:
    lab.put_complete()
    (lab.dest / TEST / "objects.bin").unlink()
    result = lab.run("--check")  # which makes no file
    assert result.code == 0
    assert "its 9 files have the right size and SHA-256" in result.out


def test_check_says_when_nothing_is_there(lab: Lab) -> None:
    result = lab.fetch("--check")
    assert result.code == 1
    assert f"{lab.dest} is not there" in result.err


@pytest.mark.parametrize("change", ["a byte added", "a file removed"])
def test_damage_is_mended_by_the_next_fetch(change: str, lab: Lab) -> None:
    name, make, _ = CHANGES[change]
    lab.put_complete()
    make(lab.dest / name)
    assert lab.fetch().code == 0


@pytest.mark.parametrize("stamp", ["", "[]", '{"a": 1}', "{}", '{"a": {}}'])
def test_a_damaged_stamp_costs_one_hashing(stamp: str, lab: Lab) -> None:
    lab.put_complete()
    right = (lab.dest / "fetched.json").read_text()
    (lab.dest / "fetched.json").write_text(stamp)
    assert "already there" in lab.fetch().out
    assert (lab.dest / "fetched.json").read_text() == right
