"""Files of every kind become pictures, or a reason why they can't."""

from __future__ import annotations

import io
import os

import numpy as np
import pytest

pytest.importorskip("pillow_heif", reason="needs requirements-pictures.txt: make pictures")

import PIL.Image

import turilite
from pictures.errors import PictureError
from pictures.loading import (
    EXACT_SIDE,
    LONGEST_SIDE,
    MOST_BYTES,
    Picture,
    from_pixels,
    load_picture,
)
from tests.pictures import album


@pytest.mark.parametrize("kind", album.COLORED)
def test_upright_and_in_its_colors_comes(kind):
    picture = load_picture(album.COLORED[kind]())
    assert album.quarters(picture.pixel_data) == ["red", "green", "blue", "yellow"]


@pytest.mark.parametrize("kind", album.GREY)
def test_from_black_to_white_comes(kind):
    pixels = load_picture(album.GREY[kind]()).pixel_data.astype(int)
    assert pixels[:, :2].max() < 12
    assert pixels[:, -2:].min() > 243
    assert abs(pixels[:, 59:61] - 127).max() < 8
    assert np.ptp(pixels, axis=2).max() <= 2  # no color


@pytest.mark.parametrize("kind", album.BAD)
def test_no_picture_but_a_reason_comes_of(kind):
    make, words = album.BAD[kind]
    with pytest.raises(PictureError) as refused:
        load_picture(make())
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_transparent_parts_are_white():
    pixels = load_picture(album.COLORED["PNG, transparent"]()).pixel_data
    assert pixels[:6].min() > 235


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (64, 64), (10000, 10000)])
def test_pictures_of_any_size_are_taken(size):
    pixels = load_picture(album.white_png(*size)).pixel_data
    assert max(pixels.shape[:2]) == min(max(size), LONGEST_SIDE)
    assert pixels.min() == 255


def test_a_file_is_what_it_holds_whatever_its_name_says(tmp_path):
    path = tmp_path / "a picture.png"
    path.write_bytes(album.encoded(album.photo(), "JPEG"))
    assert album.quarters(load_picture(path).pixel_data)[0] == "red"


def test_a_folder_a_pipe_and_a_link_to_nowhere_have_a_reason(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    for name, words in {
        "pipe": "it is no file",
        "folder": "it is no file",
        "link": "it can't be read (No such file or directory)",
        "none": "it can't be read (No such file or directory)",
    }.items():
        with pytest.raises(PictureError) as refused:
            load_picture(tmp_path / name)
        assert str(refused.value) == words


def test_a_file_of_many_megabytes_is_not_read(tmp_path):
    with (tmp_path / "film.jpg").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(PictureError, match=r"it has 250 MB, more than the 250 read"):
        load_picture(tmp_path / "film.jpg")


def test_small_pictures_are_stored_as_they_are_and_large_ones_reduced():
    small = album.photo(1, (EXACT_SIDE, 40))
    picture = load_picture(album.encoded(small, "PNG"))
    assert picture.kind == "PNG"
    assert np.array_equal(picture.pixel_data, np.asarray(small))
    large = load_picture(album.encoded(album.photo(1, (2000, 1000)), "JPEG"))
    assert large.kind == "JPEG"
    assert large.pixel_data.shape == (LONGEST_SIDE // 2, LONGEST_SIDE, 3)
    assert len(large.encoded) < 20_000


def test_the_pixels_are_those_that_are_stored():
    for picture in (load_picture(album.COLORED["WebP"]()), from_pixels(np.asarray(album.photo()))):
        stored = np.asarray(PIL.Image.open(io.BytesIO(picture.encoded)))
        assert np.array_equal(picture.pixel_data, stored)
        assert isinstance(picture.as_image(), turilite.Image)
        assert np.array_equal(picture.as_image().pixel_data, picture.pixel_data)


def test_nothing_of_the_camera_or_the_place_is_stored():
    exif = PIL.Image.Exif()
    exif[0x010F] = "the maker of the camera"
    picture: Picture = load_picture(album.encoded(album.photo(), "JPEG", exif=exif))
    assert b"maker" not in picture.encoded
