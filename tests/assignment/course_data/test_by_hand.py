"""Zips and folders that somebody downloaded by hand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Callable

import pytest

from tests.assignment.course_data.archives import ARCHIVES
from tests.assignment.course_data.lab import PARTS, SEGMENT, TEST, TRAIN, Lab, zip_of
from tests.places import SAMPLE


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
    "name, change, sentence",
    {
        "missing": ("dir_archive.ini", Path.unlink, "has no dir_archive.ini"),
        "changed": (
            "objects.bin",
            lambda path: path.write_bytes(b"x"),
            "objects.bin is longer than the 0 bytes",
        ),
    }.values(),
)
def test_a_wrong_file_in_a_folder_is_refused(
    name: str, change: Callable[[Path], object], sentence: str, lab: Lab, by_hand: Path
) -> None:
    change(by_hand / TEST / name)
    result = lab.fetch("--from-dir", by_hand)
    assert result.code == 1
    assert sentence in result.err


def both_in_one(lab: Lab, above: str = "") -> bytes:
    return zip_of(
        {f"{above}{part}/{name}": data for part in PARTS for name, data in lab.files[part].items()}
    )


class TestZipsInAFolder:
    """The folder of downloads, as a browser leaves it."""

    @pytest.fixture
    def downloads(self, tmp_path: Path) -> Path:
        folder = tmp_path / "My Downloads ü"
        folder.mkdir()
        (folder / "holiday.zip").write_bytes(zip_of({"beach.jpg": b"x"}))
        (folder / "broken.zip").write_bytes(b"PK")
        return folder

    @pytest.mark.parametrize("name", ["{}.zip", "{} (1).zip", "{}.ZIP", "renamed-{}.zip"])
    def test_are_taken(self, name: str, lab: Lab, downloads: Path) -> None:
        for part in PARTS:
            (downloads / name.format(part)).write_bytes(lab.zips[part])
        assert lab.fetch("--from-dir", downloads).code == 0

    @pytest.mark.parametrize("above", ["", "data/", "a/b/"])
    def test_are_taken_as_one_that_holds_both(self, above: str, lab: Lab, downloads: Path) -> None:
        (downloads / "all.zip").write_bytes(both_in_one(lab, above))
        assert lab.fetch("--from-dir", downloads).code == 0

    def test_are_taken_beside_an_unzipped_folder(self, lab: Lab, downloads: Path) -> None:
        shutil.copytree(SAMPLE / TRAIN, downloads / TRAIN)
        (downloads / f"{TEST}.zip").write_bytes(lab.zips[TEST])
        assert lab.fetch("--from-dir", downloads).code == 0

    def test_are_told_to_be_damaged_by_their_name(self, lab: Lab, downloads: Path) -> None:
        for part in PARTS:
            (downloads / f"{part}.zip").write_bytes(lab.zips[part][:-100])
        result = lab.fetch("--from-dir", downloads)
        assert result.code == 1
        assert "the zip is cut short or damaged" in result.err

    def test_of_something_else_are_no_data(self, lab: Lab, downloads: Path) -> None:
        result = lab.fetch("--from-dir", downloads)
        assert result.code == 1
        assert "nor does a zip" in result.err

    def test_are_found_below_the_home_directory(
        self, lab: Lab, downloads: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (downloads / "all.zip").write_bytes(both_in_one(lab))
        monkeypatch.setenv("HOME", str(downloads.parent))
        assert lab.fetch("--from-dir", f"~/{downloads.name}").code == 0


@pytest.mark.parametrize("option", ["--from-zip", "--from-dir"])
def test_one_zip_with_both_parts_is_taken(option: str, lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(both_in_one(lab))
    assert lab.fetch(option, tmp_path / "all.zip").code == 0


def test_one_zip_with_one_part_is_not_enough(lab: Lab, by_hand: Path) -> None:
    result = lab.fetch("--from-zip", by_hand / f"{TRAIN}.zip")
    assert result.code == 1
    assert f"is not part of {TEST}" in result.err


def test_an_empty_file_that_is_missing_is_made(lab: Lab, by_hand: Path) -> None:
    for part in PARTS:
        (by_hand / part / "objects.bin").unlink()
    assert lab.fetch("--from-dir", by_hand).code == 0


def test_an_empty_file_that_is_missing_in_a_zip_is_made(lab: Lab, tmp_path: Path) -> None:
    for part in PARTS:
        files = {name: data for name, data in lab.files[part].items() if data}
        (tmp_path / f"{part}.zip").write_bytes(zip_of(files, part))
    assert lab.fetch("--from-dir", tmp_path).code == 0


def test_an_empty_file_that_was_lost_costs_no_fetch(lab: Lab) -> None:
    lab.put_complete()
    lab.server.requested.clear()
    (lab.dest / TRAIN / "objects.bin").unlink()
    assert lab.fetch().code == 0
    assert lab.server.requested == []


def test_a_folder_without_the_data_is_refused(lab: Lab, tmp_path: Path) -> None:
    result = lab.fetch("--from-dir", tmp_path)
    assert result.code == 1
    assert f"no folder there holds {SEGMENT[TRAIN]}" in result.err
