"""A folder of 200 files of every kind, and the data set that is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assignment.course_data.place import Place


@pytest.fixture(scope="session")
def photos(tmp_path_factory) -> Path:
    """Return the folder, filled."""
    album = pytest.importorskip("tests.pictures.album")
    folder = tmp_path_factory.mktemp("your pictures") / "photos"
    folder.mkdir()
    album.fill(folder)
    return folder


@pytest.fixture(scope="session")
def made(photos, tmp_path_factory):
    """Return what became of the photographs, and the folder of the data set."""
    making = pytest.importorskip("pictures.making")
    target = tmp_path_factory.mktemp("data") / "pictures"
    return making.make_data_set(photos, Place(target)), target
