"""Which paths are those of the data set, and which are left as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.old_names import here

DATA = Path("/home/student/data/variant")


@pytest.mark.parametrize(
    "path",
    [
        "image_train_data",
        "image_train_data/",
        "image_train_data.gl/",
        "./data/Image_Train_Data",
        "/Users/me/Downloads/image_train_data//",
        r"C:\Users\me\image_train_data",
        "C:image_train_data",
        "https://example.com/course/image_train_data/",
        "~/image_train_data/m_1ce96d9d245ca490.frame_idx",
        "image_train_data/dir_archive.ini",
        Path("somewhere/image_train_data"),
        " image_train_data ",
    ],
)
def test_a_path_that_ends_in_a_part_of_the_data_set_is_it(path):
    assert here(path, DATA) == str(DATA / "image_train_data")


@pytest.mark.parametrize(
    "path",
    ["my_image_train_data", "image_train_data/notes.txt", "image_train_data_2", "a.csv", 3, None],
)
def test_any_other_path_is_left_as_it_is(path):
    assert here(path, DATA) == path
