"""The notebooks around the assignment: what they define, on cases with a known result."""

from __future__ import annotations

import shutil
from collections import Counter

import nbformat
import numpy as np
import pandas as pd
import pytest

from assignment import DataError, data_sets, load_dataframes, tables
from tests.notebooks.plain_answers import choose_k, vote_accuracy
from tests.places import ROOT, SAMPLE


def run_cells(notebook: str, *starts: str, **names) -> dict:
    """Execute those code cells of a notebook that start like this; return what they define."""
    path = ROOT / "notebooks" / f"{notebook}.ipynb"
    sources = [
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and cell.source.startswith(starts)
    ]
    assert len(sources) == len(starts), starts
    for source in sources:
        exec(source, names)
    return names


class TestTheVote:
    @pytest.fixture(scope="class")
    def vote(self):
        return run_cells("07-how-many-neighbors", "K = 25", np=np, LABELS=data_sets.LABELS)["vote"]

    @pytest.mark.parametrize(
        ("neighbors", "winners"),
        [
            ([2, 3, 3, 2], [2, 2, 3, 2]),  # ties for k = 2 and 4: the nearest is a 2
            ([0, 1, 2, 3], [0, 0, 0, 0]),  # a tie of all
            ([0, 1, 1, 0, 0], [0, 0, 1, 0, 0]),
            ([3, 2, 1, 1, 2], [3, 3, 3, 1, 2]),  # 2 and 1 tie, and 2 came first
        ],
    )
    def test_of_tied_categories_the_one_with_the_nearest_member_wins(
        self, vote, neighbors, winners
    ):
        assert vote(np.array([neighbors])).tolist() == [winners]

    def test_is_that_of_counting_each_query_and_each_k(self, vote):
        neighbors = np.random.default_rng(5).integers(0, 4, (200, 25))
        counted = [
            [Counter(row[:k]).most_common(1)[0][0] for k in range(1, 26)]
            for row in neighbors.tolist()
        ]
        assert vote(neighbors).tolist() == counted


def test_the_learning_curve_takes_the_first_of_each_category_by_id():
    names = run_cells(
        "07-how-many-neighbors",
        "rows = pd.DataFrame",
        pd=pd,
        image_train=pd.DataFrame({"id": [9, 2, 7, 4, 5]}),
        train_labels=np.array([1, 1, 0, 0, 1]),
    )
    assert names["place"].tolist() == [2, 0, 1, 0, 1]
    assert names["sizes"] == [1, 2, 3]


def test_k_is_chosen_without_a_training_images_own_vote():
    pairs = np.array([[0.0], [1.0], [10.0], [11.0]])
    assert choose_k(pairs, np.array(["cat", "cat", "dog", "dog"])) == 1
    assert vote_accuracy(np.array([["cat", "dog", "dog"]]), np.array(["dog"]), 2) == 0
    assert vote_accuracy(np.array([["cat", "dog", "dog"]]), np.array(["dog"]), 3) == 1


class TestTheDataFrames:
    """Notebook 6 reads Parquet or CSV where there is one, else the SFrames."""

    @pytest.fixture
    def folder(self, tmp_path, monkeypatch):
        shutil.copytree(SAMPLE, tmp_path / "course")
        (tmp_path / "course-csv").mkdir()
        monkeypatch.setenv("DATA_DIR", str(tmp_path / "course"))
        return tmp_path / "course-csv"

    @pytest.fixture(scope="class")
    def from_sframes(self):
        return load_dataframes()

    def test_hold_what_the_sframes_hold(self, from_sframes, sample):
        for frame, images in zip(from_sframes, (sample["train"], sample["test"])):
            assert list(frame["id"]) == list(images["id"])
            assert list(frame["label"]) == list(images["label"])
            assert np.array_equal(
                np.stack(frame["deep_features"]), images["deep_features"].to_numpy()
            )

    def test_are_the_same_from_parquet(self, folder, from_sframes, capsys):
        pytest.importorskip("pyarrow")
        for name, frame in zip(("train", "test"), from_sframes):
            stored = frame.assign(deep_features=list(map(list, frame["deep_features"])))
            stored.to_parquet(folder / f"image_{name}_data.parquet")
        found = load_dataframes()
        assert "read from: image_train_data.parquet and image" in capsys.readouterr().out
        for frame, expected in zip(found, from_sframes):
            self.assert_equal(frame, expected, tolerance=0)

    def test_are_those_of_the_course_csv_to_six_digits(self, folder, from_sframes, capsys):
        for name, frame in zip(("train", "test"), from_sframes):
            texts = [f"[{' '.join(f'{v:.6g}' for v in row)}]" for row in frame["deep_features"]]
            stored = frame.assign(deep_features=texts, image="Height: 32 Width: 32")
            stored.to_csv(folder / f"image_{name}_data.csv", index=False)
        found = load_dataframes()
        assert "read from: image_train_data.csv and image_test" in capsys.readouterr().out
        for frame, expected in zip(found, from_sframes):
            self.assert_equal(frame, expected, tolerance=1e-5)

    def assert_equal(self, frame, expected, tolerance):
        assert list(frame.columns) == tables.TABLE_COLUMNS
        assert frame[["id", "label"]].equals(expected[["id", "label"]])
        features, others = np.stack(frame["deep_features"]), np.stack(expected["deep_features"])
        assert np.allclose(features, others, rtol=tolerance, atol=0)

    @pytest.mark.parametrize(
        "content", ["", "id,label\n1,cat\n", "id,label,deep_features\n1,cat,x\n"]
    )
    def test_of_a_damaged_file_are_refused_in_one_sentence(self, folder, content):
        (folder / "image_train_data.csv").write_text(content, encoding="utf-8")
        with pytest.raises(DataError, match=r"image_train_data\.csv can't be read") as caught:
            load_dataframes()
        assert "\n" not in str(caught.value)

    def test_of_a_missing_data_set_are_refused_as_elsewhere(self, folder):
        shutil.rmtree(folder.parent / "course")
        with pytest.raises(DataError, match="make data"):
            load_dataframes()
