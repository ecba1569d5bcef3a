"""Similar pictures, against plain NumPy; labels, means and votes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")

from assignment.errors import DataError
from pictures.app.similar import PARTS, Found, PictureSet, load_images_of_network
from pictures.data_set import Rows, write_part
from pictures.features import deep_features
from pictures.loading import load_picture
from tests.pictures import album
from tests.places import SAMPLE


@pytest.fixture(scope="module")
def pictures(made) -> PictureSet:
    """Return the data set of the 200 photographs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(made[1]))
        return PictureSet(load_images_of_network())


@pytest.fixture(scope="module")
def features(made) -> np.ndarray:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(made[1]))
        return np.array([row["deep_features"] for row in load_images_of_network()])


def found(distances: list[float], labels: list[str]) -> Found:
    return Found(np.arange(len(labels)), np.array(distances), np.array(labels, object))


class TestANewPicture:
    def test_finds_all_pictures_the_nearest_first(self, pictures, features):
        pixels = load_picture(album.encoded(album.scene(500, album.PHOTOGRAPH), "PNG")).pixel_data
        result = pictures.like(pixels)
        distances = np.linalg.norm(features - deep_features([pixels])[0].astype(float), axis=1)
        assert result.rows.tolist() == distances.argsort(kind="stable").tolist()
        assert result.distances == pytest.approx(np.sort(distances), abs=1e-9)
        assert result.labels.tolist() == pictures.labels[result.rows].tolist()

    @pytest.mark.parametrize("number", range(album.NEAR))
    def test_that_is_there_already_is_nearly_the_same(self, pictures, photos, number):
        (path,) = photos.rglob(f"copy of {number}.jpg")
        result = pictures.like(load_picture(path).pixel_data)
        assert result.distances[0] == pytest.approx(0, abs=1e-3)
        assert pictures.is_nearly_the_same(result.distances[1])  # the photograph it is a copy of


class TestAPictureOfTheDataSet:
    def test_does_not_find_itself(self, pictures, features):
        result = pictures.like_row(7)
        distances = np.linalg.norm(features - features[7], axis=1)
        distances[7] = np.inf
        assert result.rows.tolist() == distances.argsort(kind="stable")[:-1].tolist()

    def test_has_the_usual_distance_to_its_nearest(self, pictures, features):
        distances = np.linalg.norm(features[:, None] - features, axis=2)
        np.fill_diagonal(distances, np.inf)
        usual = np.median(distances.min(axis=1))
        assert pictures.usual_distance == pytest.approx(usual, abs=1e-9)


class TestNeighbors:
    FOUND = found([1, 2, 3, 5, 7, 11], ["cat", "dog", "dog", "cat", "owl", "cat"])

    @pytest.mark.parametrize(
        ("k", "label", "rows"),
        [(1, None, [0]), (3, None, [0, 1, 2]), (2, "cat", [0, 3]), (9, "dog", [1, 2])],
    )
    def test_are_k_of_all_or_of_one_label_where_there_are_as_many(self, k, label, rows):
        assert self.FOUND.nearest(k, label).rows.tolist() == rows

    @pytest.mark.parametrize(
        ("k", "means"),
        [
            (1, [("cat", 1), ("dog", 2), ("owl", 7)]),
            (2, [("dog", 2.5), ("cat", 3), ("owl", 7)]),
            (9, [("dog", 2.5), ("cat", 17 / 3), ("owl", 7)]),
        ],
    )
    def test_have_a_mean_distance_for_each_label(self, k, means):
        result = self.FOUND.mean_distances(k)
        assert list(result) == [label for label, _ in means]  # the nearest first
        assert result == pytest.approx(dict(means))

    @pytest.mark.parametrize(
        ("k", "votes"),
        [
            (1, [("cat", 1)]),
            (2, [("cat", 1), ("dog", 1)]),
            (3, [("dog", 2), ("cat", 1)]),
            (4, [("cat", 2), ("dog", 2)]),
            (6, [("cat", 3), ("dog", 2), ("owl", 1)]),
        ],
    )
    def test_vote_for_the_label_that_most_have_and_the_nearest_decides(self, k, votes):
        assert self.FOUND.vote(k) == votes


class TestFiles:
    def test_are_those_of_the_folder(self, pictures, made):
        files = {row.id: row.source for row in made[0].rows}
        assert pictures.sources == [files[number] for number in pictures.ids]

    @pytest.mark.parametrize("part", PARTS)
    def test_are_none_where_a_part_does_not_tell_them(self, tmp_path, monkeypatch, part):
        for name in PARTS:
            more = {} if name == part else {"source": ["a.jpg"]}
            rows = Rows([0], [PICTURE], ["cat"], OWN, np.zeros((1, 3072)), more)
            write_part(tmp_path / name, rows)
        monkeypatch.setenv("DATA_DIR", str(tmp_path))
        assert PictureSet(load_images_of_network()).sources == [None, None]


def write_set(folder: Path, **features: np.ndarray) -> None:
    """Write a data set of one picture in each part, with the deep features given for it."""
    for name, numbers in features.items():
        rows = Rows([0], [PICTURE], ["cat"], np.atleast_2d(numbers), np.zeros((1, 3072)))
        write_part(folder / name, rows)


PICTURE = load_picture(album.encoded(album.scene(1), "PNG"))
OWN = deep_features([PICTURE])


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "others", [np.ones(4096), np.ones(1280), np.ones(3), np.full(1280, np.nan)], ids=str
)
def test_features_of_another_network_are_refused_in_either_part(
    tmp_path, monkeypatch, part, others
):
    write_set(tmp_path, **{**dict.fromkeys(PARTS, OWN), part: others})
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with pytest.raises(DataError, match=rf"{part} are of another network.*take DATA_DIR=data/sam"):
        load_images_of_network()


def test_a_picture_is_nearly_the_same_as_itself_where_all_are_there_twice(tmp_path, monkeypatch):
    write_set(tmp_path, **dict.fromkeys(PARTS, OWN))
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    pictures = PictureSet(load_images_of_network())
    assert pictures.usual_distance == 0
    assert pictures.is_nearly_the_same(pictures.like_row(0).distances[0])


def test_a_label_that_is_missing_is_one_more(tmp_path, monkeypatch):
    for name in PARTS:
        rows = Rows([0, 1], [PICTURE] * 2, ["cat", None], OWN.repeat(2, 0), np.zeros((2, 3072)))
        write_part(tmp_path / name, rows)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert PictureSet(load_images_of_network()).labels.tolist() == ["cat", "None"] * 2


def test_the_sample_has_the_features_of_this_network(monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(SAMPLE))
    assert len(load_images_of_network()) == 154
