"""A folder of 200 files of every kind becomes a data set: whole, resumed, never half."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")

import turilite
from assignment.course_data.place import Place
from assignment.course_data.registry import FetchError
from assignment.data_sets import load_images
from assignment.errors import DataError
from pictures import computing, journal
from pictures.features import deep_features
from pictures.making import PAGE, PARTS, make_data_set
from pictures.network import WIDTH
from tests.assignment.course_data.killed_before import kill_before
from tests.pictures import album
from tests.places import ROOT

COLUMNS = ["id", "image", "label", "deep_features", "image_array", "source"]

MOMENTS = {
    "the first batch is written down": ("pictures.computing", "Journal.add", 1),
    "the second batch is written down": ("pictures.computing", "Journal.add", 5),
    "the first part is written": ("pictures.making", "write_part", 1),
    "the page is written": ("pictures.making", "write_page", 1),
    "the stamp is written": ("pictures.making", "write_stamp", 1),
    "the old data set is moved aside": ("pathlib", "Path.rename", 3),
    "the new one is put in place": ("pathlib", "Path.rename", 4),
    "the old one is removed": ("shutil", "rmtree", 1),
}


def rows_of(folder: Path) -> list[dict]:
    return [{**row, "part": part} for part in PARTS for row in turilite.SFrame(str(folder / part))]


def facts(folder: Path) -> list[tuple]:
    """Return what identifies a data set, in its order."""
    return [(row["part"], row["id"], row["label"], row["source"]) for row in rows_of(folder)]


def run_killed_before(moment: tuple[str, str, int], folder: Path, place: Place) -> int:
    """Run in a copy of this process; return the signal that ended it, 0 if none did."""
    child = os.fork()
    if child == 0:
        try:  # the network's threads are not in the copy
            computing.deep_features = lambda pictures: np.zeros((len(pictures), WIDTH))
            kill_before(*moment)
            make_data_set(folder, place)
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


@pytest.fixture
def few(tmp_path) -> Path:
    """Return a folder of few photographs, two labels."""
    folder = tmp_path / "few"
    for number in range(12):
        path = folder / f"{number % 2}" / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(album.encoded(album.scene(number), "JPEG"))
    return folder


class TestADataSetOfAllKinds:
    def test_has_the_assignments_columns_and_the_source(self, made):
        for part in PARTS:
            images = turilite.SFrame(str(made[1] / part))
            assert images.column_names() == COLUMNS
            row = images[0]
            assert len(row["deep_features"]) == 1280
            assert len(row["image_array"]) == 3072
            assert {value % 1 for value in row["image_array"]} == {0}

    def test_accounts_for_every_file(self, made, photos):
        files = {p.relative_to(photos).as_posix() for p in photos.rglob("*") if p.is_file()}
        taken = [row["source"] for row in rows_of(made[1])]
        left_out = [one.source for one in made[0].left_out]
        assert sorted([*taken, *left_out]) == sorted(files)
        assert len(files) > 200
        bad = [source for source in left_out if "/bad/" in source]
        assert len(bad) == len(album.BAD)
        again = [source for source in left_out if "/again " in source]
        assert len(again) == 4  # of five

    def test_has_every_part_of_every_label(self, made):
        counts = Counter((row["part"], row["label"]) for row in rows_of(made[1]))
        assert set(counts) == {(part, label) for part in PARTS for label in album.LABELS}

    def test_has_ascending_ids_and_no_picture_in_both_parts(self, made):
        rows = rows_of(made[1])
        for part in PARTS:
            ids = [row["id"] for row in rows if row["part"] == part]
            assert ids == sorted(ids)
        assert len({row["id"] for row in rows}) == len(rows)
        pixels = {(row["image"].width, row["image"].pixel_data.tobytes()) for row in rows}
        assert len(pixels) == len(rows)

    def test_has_the_features_of_its_pictures(self, made):
        rows = rows_of(made[1])[::20]
        again = deep_features([row["image"] for row in rows])
        assert np.abs(again - np.array([row["deep_features"] for row in rows])).max() < 1e-4

    def test_shows_near_duplicates_as_nearest(self, made):
        rows = rows_of(made[1])
        features = np.array([row["deep_features"] for row in rows])
        place = {row["source"].rsplit("/")[-1]: number for number, row in enumerate(rows)}
        for number in range(album.NEAR):
            distances = np.linalg.norm(features - features[place[f"copy of {number}.jpg"]], axis=1)
            nearest = rows[distances.argsort()[1]]["source"]
            originals = {f"IMG {number:04}.jpg", "again 0.jpg"}
            assert nearest.rsplit("/")[-1] in originals

    def test_says_to_the_assignments_notebooks_that_they_need_its_labels(self, made, monkeypatch):
        monkeypatch.setenv("DATA_DIR", str(made[1]))
        with pytest.raises(DataError, match=r"has the labels Boot, .* this notebook needs autom"):
            load_images()
        assert len(load_images(any_labels=True)[0]) == made[0].count(is_test=False)

    def test_has_a_page_of_what_was_taken_and_what_was_not(self, made):
        text = (made[1] / PAGE).read_text(encoding="utf-8")
        for row in made[0].rows:
            assert f"<li>{row.source} (" in text
        for one in made[0].left_out:
            assert f"<li>{one.source}" in text
        assert text.count("<figure") == text.count('<img src="data:image/') > 40


class TestASecondRun:
    def test_computes_only_what_is_new(self, few, tmp_path):
        place = Place(tmp_path / "set")
        assert make_data_set(few, place).computed == 12
        first = facts(place.target)
        assert make_data_set(few, place).computed == 0
        assert facts(place.target) == first
        for number in range(100, 110):
            (few / "0" / f"{number}.png").write_bytes(album.encoded(album.scene(number), "PNG"))
        again = make_data_set(few, place)
        assert (again.computed, len(again.rows)) == (10, 22)

    def test_knows_a_file_that_was_moved_and_sees_one_that_was_changed(self, few, tmp_path):
        place = Place(tmp_path / "set")
        make_data_set(few, place)
        (few / "0" / "0.jpg").rename(few / "1" / "renamed.jpg")
        (few / "0" / "2.jpg").write_bytes(album.encoded(album.scene(99), "JPEG"))
        (few / "0" / "4.jpg").unlink()
        again = make_data_set(few, place)
        assert (again.computed, len(again.rows)) == (1, 11)
        assert "1/renamed.jpg" in {row.source for row in again.rows}

    @pytest.mark.parametrize("damage", ["other bytes", "another recipe"])
    def test_computes_all_anew_where_the_journal_is_of_no_use(
        self, few, tmp_path, damage, monkeypatch
    ):
        place = Place(tmp_path / "set")
        make_data_set(few, place)
        if damage == "other bytes":
            (tmp_path / ".set-journal").write_bytes(b"no journal at all" * 100)
        else:
            monkeypatch.setattr(journal, "RECIPE", (2,))
        assert make_data_set(few, place).computed == 12

    def test_that_finds_nothing_leaves_what_was_there(self, few, tmp_path):
        place = Place(tmp_path / "set")
        make_data_set(few, place)
        first = facts(place.target)
        empty = tmp_path / "empty"
        empty.mkdir()
        assert make_data_set(empty, place).rows == []
        assert facts(place.target) == first
        assert make_data_set(few, place).computed == 0


class TestAKilledRun:
    @pytest.mark.parametrize("moment", MOMENTS)
    def test_leaves_the_old_data_set_or_the_new_one(self, few, tmp_path, moment, monkeypatch):
        monkeypatch.setattr(computing, "BATCH", 4)
        place = Place(tmp_path / "set")
        make_data_set(few, place)
        old = facts(place.target)
        for number in range(100, 108):
            path = few / "2" / f"{number}.jpg"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(album.encoded(album.scene(number), "JPEG"))
        assert run_killed_before(MOMENTS[moment], few, place) == signal.SIGKILL
        left = facts(place.target) if place.target.exists() else None
        again = make_data_set(few, place)
        new = facts(place.target)
        assert left in (old, new) or moment == "the new one is put in place"
        expected = {"the first batch is written down": 8, "the second batch is written down": 4}
        assert again.computed == expected.get(moment, 0)
        names = {path.name for path in tmp_path.iterdir()}
        assert names == {"few", "set", ".set-lock", ".set-journal"}


class TestAPlace:
    def test_that_holds_something_else_is_left_alone(self, few, tmp_path):
        target = tmp_path / "set"
        target.mkdir()
        (target / "thesis.txt").write_text("mine")
        with pytest.raises(FetchError, match=r"thesis\.txt, which does not belong there"):
            make_data_set(few, Place(target))
        assert [path.name for path in target.iterdir()] == ["thesis.txt"]

    def test_that_holds_another_data_set_is_left_alone(self, few, tmp_path):
        target = tmp_path / "sample"
        shutil.copytree(ROOT / "data" / "sample", target)
        with pytest.raises(FetchError, match=r"would be lost: move it away or choose another TO"):
            make_data_set(few, Place(target, "TO=folder"))


def test_a_single_picture_makes_a_data_set_without_a_test(tmp_path):
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "1.jpg").write_bytes(album.encoded(album.scene(1), "JPEG"))
    made = make_data_set(folder, Place(tmp_path / "set"))
    assert (made.count(False), made.count(True)) == (1, 0)
    assert [row[2] for row in facts(tmp_path / "set")] == ["unlabeled"]
