"""The data set that the notebooks run on: which one it is, and its two SFrames, checked."""

from __future__ import annotations

import os
from array import array
from pathlib import Path
from types import ModuleType
from typing import Any

from turilite.format.recognize import ARCHIVE, what_is

from .engine import engine
from .errors import DataError
from .surroundings import set_up_pictures

PACKAGE_FOLDER = Path(__file__).resolve().parent.parent
LABELS = ["automobile", "bird", "cat", "dog"]
PARTS = ("image_train_data", "image_test_data")  # the SFrames of a data set


def project_folder() -> Path:
    """Return the folder that holds `data`.

    It is the one this package lies in, or, where the package was installed by itself, the current
    folder or the next above it that holds `data/sample`. Raises DataError where there is none.
    """
    for folder in (PACKAGE_FOLDER, Path.cwd(), *Path.cwd().parents):
        if (folder / "data" / "sample").is_dir():
            return folder
    raise DataError(
        f"there is no data/sample in {Path.cwd()} or above it: run this in the project's folder, "
        f"or set DATA_DIR to the full path of a data set"
    )


def data_dir() -> Path:
    """Return the chosen data set: `DATA_DIR`, else the course data if fetched, else the sample.

    `~` in it is the home directory, and a relative one starts at the project's folder. Raises
    DataError where that is needed and not found.
    """
    chosen = Path(os.path.expanduser(os.environ.get("DATA_DIR", "")))  # noqa: PTH111 (never fails)
    if chosen.is_absolute():
        return Path(os.path.normpath(chosen))
    if chosen.parts:
        return Path(os.path.normpath(project_folder() / chosen))
    course = project_folder() / "data" / "course"
    return course if course.exists() else project_folder() / "data" / "sample"


def data_name() -> str:
    """Return the data set's path as people write it: relative to the project's folder, if any."""
    try:
        return Path(os.path.relpath(data_dir(), project_folder())).as_posix()
    except DataError:
        return data_dir().as_posix()


def load_images(any_labels: bool = False) -> tuple:
    """Return the SFrames (image_train, image_test) of the chosen data set, checked.

    Raises DataError, with the path and what to do, where the data can't be used, as those with
    other labels than the assignment's four can't but with `any_labels`. Reads the deep features
    once: about a second for the 6,005 images of the course. Pictures drawn from here on look
    alike everywhere.
    """
    set_up_pictures()
    image_train, image_test = (load_part(part, any_labels=any_labels) for part in PARTS)
    print(f"data set: {data_name()}, {len(image_train)} training and {len(image_test)} test images")
    print(f"engine: {engine().__name__} {engine().__version__}")
    return image_train, image_test


def path_of_part(name: str) -> Path:
    """Return the directory of one SFrame of the data set; raise DataError if there is none."""
    path = data_dir() / name
    if not (path / ARCHIVE).is_file():
        raise DataError(
            f"there is no SFrame at {path}{what_is_instead(path)}: get the course data with `make "
            f"data`, or set DATA_DIR to a folder that holds image_train_data and image_test_data"
        )
    return path


def what_is_instead(path: Path) -> str:
    """Return, in brackets, what is in place of the SFrame `path` or of its data set, if anything.

    The usual mistakes are those of one level: the folder above the data set, or one of its SFrames.
    """
    folder = path.parent
    if not folder.exists():
        return f" (there is no folder {folder})"
    if (folder / ARCHIVE).is_file():
        return f" ({folder} is a single SFrame; the data set is the folder that holds two)"
    if not folder.is_dir():
        return f" ({folder}: {what_is(folder)})"
    if path.exists():
        return f" ({what_is(path)})"
    below = [found.parent for found in sorted(folder.glob(f"*/{path.name}"))]
    if below:
        return f" (the data set is in {below[0]})"
    zipped = path.with_suffix(".zip")
    return f" (it is still packed, in {zipped})" if zipped.is_file() else ""


def load_part(name: str, reader: ModuleType | None = None, any_labels: bool = False) -> Any:
    """Return one SFrame of the data set, checked for columns, types, labels and unusable rows.

    `reader` is the engine by default. With `any_labels` they needn't be those of the assignment.
    """
    path = path_of_part(name)
    images, labels = read_checked(path, reader or engine())
    if not any_labels and labels != LABELS:
        sentence = wrong_labels(path, labels, "this notebook")
        raise DataError(f"{sentence}: 09-your-own-pictures runs on any")
    return images


def read_checked(path: Path, reader: ModuleType, with_vectors: bool = True) -> tuple[Any, list]:
    """Return an SFrame of images and its labels in order; raise DataError if it can't be used.

    Without `with_vectors` no vector is looked at: they are what takes time.
    """
    try:
        images = reader.SFrame(str(path))
        problem = problem_of_columns(images, reader.Image)
        if with_vectors and not problem:
            problem = problem_of_vectors(images)
        labels = [] if problem else sorted(images["label"].unique(), key=str)
    except (OSError, RuntimeError, MemoryError) as error:  # whatever the engine raises
        reason = str(error).strip().splitlines()[0]
        raise DataError(
            f"the SFrame at {path} can't be read ({reason}): fetch or copy it again"
        ) from None
    if problem:
        raise DataError(f"the SFrame at {path} {problem}: it is not the assignment's data")
    return images, labels


def wrong_labels(path: Path, labels: list, needing: str) -> str:
    """Return in words that an SFrame has not the four labels, and what is in need of them."""
    return (
        f"the SFrame at {path} has the labels {listed(labels)}, and {needing} needs "
        f"{listed(LABELS)}"
    )


def listed(labels: list) -> str:
    """Return labels in a line: no more than the first five, with the number of the others."""
    shown = ", ".join(map(str, labels[:5]))
    return f"{shown} and {len(labels) - 5} more" if len(labels) > 5 else shown


def problem_of_columns(images, image_type: type) -> str | None:
    """Return what of columns, types and rows makes images unusable for the assignment, or None."""
    types = dict(zip(images.column_names(), images.column_types()))
    expected = {
        "id": int,
        "image": image_type,
        "label": str,
        "deep_features": array,
        "image_array": array,
    }
    for name, kind in expected.items():
        if name not in types:
            return f"has no column '{name}'"
        if types[name] is not kind:
            return f"has {types[name].__name__} values in column '{name}', not {kind.__name__}"
    return None if len(images) else "has no rows"


def problem_of_vectors(images) -> str | None:
    """Return which vectors make images unusable for the assignment, or None."""
    for name in ("deep_features", "image_array"):
        lengths = images[name].item_length()
        empty = int((lengths == 0).sum() or 0) + lengths.countna()
        if empty:
            return f"has {empty} rows with no values in column '{name}'"
        if lengths.min() != lengths.max():
            return f"has vectors of unequal lengths in column '{name}'"
    return None
