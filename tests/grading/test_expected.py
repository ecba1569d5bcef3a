"""Right answers are those known for the sample; each mistake gives another number."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from assignment.errors import DataError
from grading.expected import JUDGED, expected_answers, measured, read_rows
from tests.places import SAMPLE

from .small import small_expected, small_rows


@pytest.fixture(scope="module")
def sample_expected():
    return expected_answers(read_rows(SAMPLE))


def test_the_sample_has_its_known_answers(sample_expected):
    known = json.loads((SAMPLE.parent / "sample.answers.json").read_text(encoding="utf-8"))
    assert sample_expected.dog_correct == known["dog_correct"]
    for key, value in sample_expected.right.items():
        assert value == (
            pytest.approx(known[key], rel=1e-12) if isinstance(value, float) else known[key]
        )


def test_the_courses_known_mistakes_are_among_those_looked_for(sample_expected):
    words = {one.words for key in JUDGED for one in sample_expected.mistakes[key]}
    for part in (
        "bird neighbors in the dog-cat column",
        "the first row was skipped",
        "neighbors 2 to 6 ([1:6])",
        "the bird model was queried, not the dog model",
        "the query was the second test image",
        "a row number in place of the id",
        "a model of all training images",
        "a tie counted",
        "image_array",
        "cosine",
        "the sum, not the mean",
        "test images were searched",
    ):
        assert any(part in one for one in words), part


def test_a_mean_is_that_of_the_five_nearest():
    rows = small_rows()
    cats = np.sort(rows.distances["deep_features"][0, rows.train_labels == "cat"])
    right = small_expected().right["mean_distance_cats"]
    assert right == pytest.approx(cats[:5].mean(), rel=1e-12)
    assert math.isclose(
        small_expected().mistakes["mean_distance_cats"][0].value, cats[1:6].mean(), rel_tol=1e-12
    )


def test_equal_distances_are_no_strictly_smaller_ones(monkeypatch):
    train, test = np.zeros((4, 3)), np.zeros((2, 3))
    train[:] = [0.1, 0.2, 0.3]
    labels = np.array(["automobile", "bird", "cat", "dog"])
    part = type("Part", (), {})
    references, queries = part(), part()
    for one, features, names in ((references, train, labels), (queries, test, labels[2:])):
        one.features, one.pixels, one.labels = features, features + 1, names
        one.ids = np.arange(len(names)) + 10
    expected = expected_answers(measured(references, queries))
    assert expected.dog_correct == 0
    tie = [one.value for one in expected.mistakes["dog_accuracy"] if "tie" in one.words]
    assert tie == [1]


def test_a_data_set_that_is_not_there_is_told_in_a_sentence(tmp_path):
    with pytest.raises(DataError, match="image_train_data"):
        read_rows(tmp_path)


@pytest.mark.parametrize("part", ["train", "test"])
def test_a_part_without_one_of_the_labels_is_told_before_anything_is_measured(
    folder_without_cats_in, monkeypatch, part
):
    monkeypatch.setattr("grading.expected.measured", None)
    with pytest.raises(DataError, match="labels automobile, bird, dog, and the grading needs") as e:
        read_rows(folder_without_cats_in(part))
    assert f"image_{part}_data" in str(e.value)
    assert "09-your-own-pictures" not in str(e.value)
