"""Zips and folders that somebody downloaded by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

from tests.assignment.course_data.archives import ARCHIVES
from tests.assignment.course_data.lab import SEGMENT, TEST, TRAIN, Lab


@pytest.mark.parametrize("order", [(TRAIN, TEST), (TEST, TRAIN)], ids=["in order", "swapped"])
def test_two_zips_are_taken(order: tuple[str, str], lab: Lab, by_hand: Path) -> None:
    assert lab.fetch("--from-zip", *(by_hand / f"{part}.zip" for part in order)).code == 0
    assert lab.server.requested == []


@pytest.mark.parametrize("fault", ARCHIVES)
def test_a_zip_downloaded_by_hand_is_verified_as_well(fault: str, lab: Lab, by_hand: Path) -> None:
    make, sentence = ARCHIVES[fault]
    bad = by_hand / "bad.zip"
    bad.write_bytes(make(lab))
    result = lab.fetch("--from-zip", bad, by_hand / f"{TEST}.zip")
    assert result.code == 1
    assert sentence in result.err
    assert "by hand" not in result.err


def test_a_zip_that_is_not_there_is_named(lab: Lab, by_hand: Path) -> None:
    result = lab.fetch("--from-zip", by_hand / "no.zip", by_hand / f"{TEST}.zip")
    assert result.code == 1
    assert result.err == f"fetch_data: {by_hand / 'no.zip'}: No such file or directory\n"


@pytest.mark.parametrize("depth", ["", "..", "../.."])
def test_two_folders_are_taken(depth: str, lab: Lab, by_hand: Path) -> None:
    folder = by_hand.parent / "a" / "b"
    folder.parent.mkdir()
    by_hand.rename(folder)
    assert lab.fetch("--from-dir", folder / depth).code == (0 if depth != "../.." else 1)
    assert lab.server.requested == []


def test_folders_under_other_names_are_recognised_by_content(lab: Lab, by_hand: Path) -> None:
    (by_hand / TRAIN).rename(by_hand / "train")
    (by_hand / TEST).rename(by_hand / TRAIN)
    assert lab.fetch("--from-dir", by_hand).code == 0


@pytest.mark.parametrize(
    "change, sentence",
    {
        "missing": (Path.unlink, "has no objects.bin"),
        "changed": (lambda path: path.write_bytes(b"x"), "objects.bin is longer than the 0 bytes"),
    }.values(),
)
def test_a_wrong_file_in_a_folder_is_refused(
    change: Callable[[Path], object], sentence: str, lab: Lab, by_hand: Path
) -> None:
    change(by_hand / TEST / "objects.bin")
    result = lab.fetch("--from-dir", by_hand)
    assert result.code == 1
    assert sentence in result.err


def test_a_folder_without_the_data_is_refused(lab: Lab, tmp_path: Path) -> None:
    result = lab.fetch("--from-dir", tmp_path)
    assert result.code == 1
    assert f"no folder there holds {SEGMENT[TRAIN]}" in result.err
