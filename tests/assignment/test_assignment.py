"""The helper module: the data set it chooses, the errors it gives, the verdicts it shows."""

from __future__ import annotations

import shutil
from array import array

import numpy as np
import pytest

from assignment import (
    Answer,
    DataError,
    OneLineError,
    WrongAnswer,
    answers,
    check_answer,
    data_sets,
    load_images,
)
from tests.places import ROOT, SAMPLE


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a copy of the sample that is the chosen data set."""
    shutil.copytree(SAMPLE, tmp_path / "data")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def save_train(folder, frame) -> None:
    shutil.rmtree(folder / "image_train_data")
    frame.save(str(folder / "image_train_data"))


class TestTheChosenDataSet:
    def test_is_the_one_that_data_dir_names(self, folder):
        assert data_sets.data_dir() == folder

    def test_starts_at_the_projects_folder_if_relative(self, monkeypatch, tmp_path):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("DATA_DIR", "../somewhere/else")
        assert data_sets.data_dir() == ROOT.parent / "somewhere" / "else"

    def test_may_be_below_the_home_directory(self, monkeypatch, tmp_path):
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("DATA_DIR", "~/my data")
        assert data_sets.data_dir() == tmp_path / "my data"

    def test_is_the_course_data_once_fetched_and_the_sample_before(self, monkeypatch, tmp_path):
        monkeypatch.delenv("DATA_DIR")
        (tmp_path / "data" / "sample").mkdir(parents=True)
        monkeypatch.setattr(data_sets, "PACKAGE_FOLDER", tmp_path)
        assert data_sets.data_dir() == tmp_path / "data" / "sample"
        (tmp_path / "data" / "course").mkdir()
        assert data_sets.data_dir() == tmp_path / "data" / "course"

    def test_is_found_from_a_folder_of_the_project_where_the_package_lies_elsewhere(
        self, monkeypatch, tmp_path
    ):
        monkeypatch.delenv("DATA_DIR")
        monkeypatch.setattr(data_sets, "PACKAGE_FOLDER", tmp_path)
        monkeypatch.chdir(ROOT / "notebooks")
        assert data_sets.data_dir() == ROOT / "data" / "sample"
        assert data_sets.data_name() == "data/sample"

    def test_is_named_in_full_where_there_is_no_project(self, folder, monkeypatch, tmp_path):
        monkeypatch.setattr(data_sets, "PACKAGE_FOLDER", tmp_path)
        monkeypatch.chdir(tmp_path)
        assert data_sets.data_name() == folder.as_posix()

    @pytest.mark.parametrize("data_dir", ["", "data/mine"])
    def test_is_asked_for_in_one_line_where_there_is_no_project(
        self, monkeypatch, tmp_path, data_dir
    ):
        monkeypatch.setenv("DATA_DIR", data_dir)
        monkeypatch.setattr(data_sets, "PACKAGE_FOLDER", tmp_path)
        monkeypatch.chdir(tmp_path)
        with pytest.raises(DataError, match=r"no data/sample in .*set DATA_DIR to the full path"):
            load_images()

    def test_is_named_when_it_is_loaded(self, capsys):
        train, test = load_images()
        assert capsys.readouterr().out.startswith(
            f"data set: data/sample, {len(train)} training and {len(test)} test images\n"
        )


class TestAnErrorInTheData:
    """Each names the path and what to do, in one line."""

    def error(self, folder) -> str:
        with pytest.raises(DataError) as caught:
            load_images()
        message = str(caught.value)
        assert str(folder / "image_train_data") in message
        assert "\n" not in message
        assert caught.value._render_traceback_() == [f"DataError: {message}"]
        return message

    def test_missing_folder(self, folder):
        shutil.rmtree(folder)
        assert "make data" in self.error(folder)

    def test_missing_part(self, folder):
        shutil.rmtree(folder / "image_train_data")
        assert "DATA_DIR" in self.error(folder)

    def test_folder_that_is_not_there(self, folder):
        shutil.rmtree(folder)
        assert f"there is no folder {folder}" in self.error(folder)

    @pytest.mark.parametrize(
        ("chosen", "words"),
        [
            ("data/image_test_data", "is a single SFrame; the data set is the folder that holds"),
            ("", "the data set is in {}/data"),
            ("note.csv", "note.csv: this is a CSV file"),
        ],
    )
    def test_path_one_level_off(self, folder, monkeypatch, chosen, words):
        (folder.parent / "note.csv").write_text("a,b\n1,2\n")
        monkeypatch.setenv("DATA_DIR", str(folder.parent / chosen))
        assert words.format(folder.parent) in self.error(folder.parent / chosen)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"version https://git-lfs.github.com/spec/v1\n", "this is a Git LFS pointer"),
            (b"PK\3\4", "this is a zip file"),
            (b"", "this file is empty"),
        ],
    )
    def test_file_in_place_of_an_sframe(self, folder, content, words):
        shutil.rmtree(folder / "image_train_data")
        (folder / "image_train_data").write_bytes(content)
        assert words in self.error(folder)

    def test_pointer_in_place_of_a_file(self, folder):
        path = next((folder / "image_train_data").glob("*.0000"))
        path.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
        assert "can't be read" in self.error(folder)

    def test_part_that_is_still_packed(self, folder):
        shutil.rmtree(folder / "image_train_data")
        (folder / "image_train_data.zip").write_bytes(b"PK")
        assert f"it is still packed, in {folder / 'image_train_data.zip'}" in self.error(folder)

    def test_missing_column(self, folder, sample):
        save_train(folder, sample["train"].remove_column("label"))
        assert "has no column 'label'" in self.error(folder)

    def test_column_of_another_type(self, folder, sample, tc):
        frame = sample["train"].copy()
        frame["id"] = frame["id"].astype(str)
        save_train(folder, frame)
        assert "has str values in column 'id', not int" in self.error(folder)

    def test_rows_without_features(self, folder, sample, tc):
        frame = sample["train"].copy()
        features = list(frame["deep_features"])
        features[3:5] = [None, array("d")]
        frame["deep_features"] = tc.SArray(features, dtype=array)
        save_train(folder, frame)
        assert "has 2 rows with no values in column 'deep_features'" in self.error(folder)

    def test_features_of_unequal_length(self, folder, sample, tc):
        frame = sample["train"].copy()
        features = list(frame["deep_features"])
        features[3] = features[3][:-1]
        frame["deep_features"] = tc.SArray(features, dtype=array)
        save_train(folder, frame)
        assert "unequal lengths in column 'deep_features'" in self.error(folder)

    def test_label_that_is_no_category(self, folder, sample, tc):
        frame = sample["train"].copy()
        frame["label"] = tc.SArray(["frog", *list(frame["label"])[1:]])
        save_train(folder, frame)
        assert self.error(folder).endswith(
            "has the labels automobile, bird, cat, dog, frog, and this notebook needs automobile, "
            "bird, cat, dog: 09-your-own-pictures runs on any"
        )

    def test_label_that_is_missing(self, folder, sample):
        save_train(folder, sample["train"][sample["train"]["label"] != "bird"])
        assert "has the labels automobile, cat, dog, and this notebook" in self.error(folder)

    def test_labels_of_a_data_set_of_ones_own(self, folder, sample, tc, capsys):
        for part in ("train", "test"):
            frame = sample[part].copy()
            frame["label"] = tc.SArray([f"street {row:03}" for row in range(len(frame))])
            shutil.rmtree(folder / f"image_{part}_data")
            frame.save(str(folder / f"image_{part}_data"))
        assert "street 000, street 001, street 002, street 003, street 004 and 97 more, and" in (
            self.error(folder)
        )
        train, test = load_images(any_labels=True)
        assert (len(train), len(test)) == (len(sample["train"]), len(sample["test"]))

    def test_no_rows(self, folder, sample):
        save_train(folder, sample["train"][0:0])
        assert "has no rows" in self.error(folder)

    @pytest.mark.parametrize("suffix", ["dir_archive.ini", ".sidx", ".frame_idx", ".0000"])
    def test_damaged_file(self, folder, suffix):
        path = next(p for p in (folder / "image_train_data").iterdir() if p.name.endswith(suffix))
        path.write_bytes(path.read_bytes()[:20])
        assert "can't be read" in self.error(folder)


class TestAnAnswer:
    def test_that_is_right_says_so(self, capsys):
        check_answer("least_common_label", "bird")
        assert "bird - right, expected bird" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("least_common_label", "dog"),
            ("nearest_cat", 78),
            ("nearest_cat", 79.0),
            ("mean_distance_cats", 10.7470),
            ("mean_distance_cats", None),
            ("mean_distance_cats", float("nan")),
            ("dog_correct", "10"),
        ],
    )
    def test_that_is_wrong_is_shown_and_stops_the_notebook(self, capsys, key, value):
        with pytest.raises(WrongAnswer):
            check_answer(key, value)
        assert "wrong, expected" in capsys.readouterr().out

    @pytest.mark.parametrize("value", [[79], np.array([79, 80]), {"id": 79}])
    def test_that_is_more_than_one_value_is_an_error_in_one_line(self, value):
        with pytest.raises(OneLineError, match="one number or one word"):
            check_answer("nearest_cat", value)

    def test_from_numpy_counts_like_its_plain_value(self, capsys):
        check_answer("nearest_cat", np.int64(79))
        assert "79 - right" in capsys.readouterr().out

    def test_agrees_to_four_decimals(self):
        check_answer("mean_distance_cats", 10.74676 + 0.00009)

    def test_on_an_unknown_data_set_stands_alone(self, folder, capsys):
        check_answer("least_common_label", "dog")
        assert capsys.readouterr().out.strip().endswith("training data: dog")

    def test_that_is_wrong_comes_with_a_hint(self):
        with pytest.raises(WrongAnswer, match=r"see above\. Query cat_model with"):
            check_answer("nearest_cat", 78)
        assert answers.HINTS.keys() == answers.QUESTIONS.keys()

    @pytest.mark.parametrize("name", ["sample", "course"])
    @pytest.mark.parametrize("content", [None, "", "[]", "{", "version https://git-lfs.github.com"])
    def test_is_not_taken_for_unknown_where_the_projects_own_file_is_lost(
        self, tmp_path, monkeypatch, name, content
    ):
        (tmp_path / "data" / "sample").mkdir(parents=True)
        monkeypatch.setattr(data_sets, "PACKAGE_FOLDER", tmp_path)
        monkeypatch.setenv("DATA_DIR", f"data/{name}")
        path = tmp_path / "data" / f"{name}.answers.json"
        if content is not None:
            path.write_text(content)
        with pytest.raises(DataError, match=r"known answers at .*git restore data") as caught:
            check_answer("nearest_cat", 79)
        assert str(path) in str(caught.value)

    def test_breaks_into_lines_on_a_narrow_page(self):
        answer = Answer("nearest_cat", "Nearest <cat>", 79, 79)
        shown = answer._repr_mimebundle_()
        assert shown["text/plain"] == "Nearest <cat>: 79 - right, expected 79"
        assert shown["text/html"] == "<div>Nearest &lt;cat&gt;: 79 - right, expected 79</div>"

    def test_to_no_question_is_an_error_that_lists_them(self):
        with pytest.raises(OneLineError, match=r"no question 'nearest_bird'.*nearest_cat"):
            check_answer("nearest_bird", 1)
