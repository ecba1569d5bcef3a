"""What the notebooks share: the engine, the data set, pictures, and answers that are checked.

from assignment import check_answer, load_images, show_images, tc
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import os
import sys
from array import array
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Iterable, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import display

ROOT = Path(__file__).resolve().parent.parent
ANSWER_MIME = "application/vnd.assignment.answer+json"
DISTANCE_TOLERANCE = 1e-4
LABELS = ["automobile", "bird", "cat", "dog"]
TABLE_COLUMNS = ["id", "label", "deep_features"]
QUESTIONS = {
    "least_common_label": "Least common category in the training data",
    "own_neighbors": "Training images that are their own nearest neighbor",
    "nearest_cat": "Nearest cat to the first test image (id)",
    "nearest_dog": "Nearest dog to the first test image (id)",
    "mean_distance_cats": "Mean distance to its 5 nearest cats",
    "mean_distance_dogs": "Mean distance to its 5 nearest dogs",
    "closer_to": "Which of the two it is closer to on average",
    "dog_correct": "Dogs in the test data that come out right",
    "dog_accuracy": "Accuracy of 1-nearest-neighbor on dogs",
    "cat_correct": "Cats in the test data that come out right (the assignment's check)",
    "accuracy": "Accuracy over all four categories",
    "pixel_accuracy": "Accuracy of a logistic classifier on raw pixels",
    "deep_accuracy": "Accuracy of a logistic classifier on deep features",
    "similar_to_cat": "Training image most similar to the module's cat (id)",
    "pixel_precision": "Precision at 5 by raw pixels",
    "deep_precision": "Precision at 5 by deep features",
    "best_k": "Best k from 1 to 25, chosen on the training data",
    "best_k_accuracy": "Accuracy with that k over all four categories",
}


class OneLineError(Exception):
    """An error that the notebook shows as one sentence, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class DataError(OneLineError):
    """The data set is missing, incomplete or damaged."""


class WrongAnswer(OneLineError):  # noqa: N818 (a verdict, not a fault of the program)
    """An answer differs from the one known for the data set."""


# ---- the engine ---------------------------------------------------------------------------


def engine_name() -> str:
    """Return `ENGINE` if it is set, else Turi Create where it is installed, else turilite."""
    installed = importlib.util.find_spec("turicreate") is not None
    return os.environ.get("ENGINE") or ("turicreate" if installed else "turilite")


def __getattr__(name: str):
    """Import the engine when `tc` is first asked for: Turi Create takes seconds to import."""
    if name != "tc":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()["tc"] = import_engine(engine_name())
    return globals()["tc"]


def import_engine(name: str):
    if str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))  # where turilite is
    return importlib.import_module(name)


def engine():
    return globals().get("tc") or __getattr__("tc")


# ---- the data set -------------------------------------------------------------------------


def data_dir() -> Path:
    """Return the chosen data set: `DATA_DIR`, else the course data if fetched, else the sample.

    A relative `DATA_DIR` starts at the project's folder.
    """
    if os.environ.get("DATA_DIR"):
        return Path(os.path.normpath(ROOT / os.environ["DATA_DIR"]))
    course = ROOT / "data" / "course"
    return course if course.exists() else ROOT / "data" / "sample"


def data_name() -> str:
    """Return the data set's path as people write it: relative to the project's folder."""
    return Path(os.path.relpath(data_dir(), ROOT)).as_posix()


def load_images() -> tuple:
    """Return the SFrames (image_train, image_test) of the chosen data set, checked.

    Raises DataError, with the path and what to do, where the data can't be used. Reads the
    deep features once: about a second for the 6,005 images of the course.
    """
    image_train, image_test = (load_part(f"image_{part}_data") for part in ("train", "test"))
    print(f"data set: {data_name()}, {len(image_train)} training and {len(image_test)} test images")
    print(f"engine: {engine().__name__} {engine().__version__}")
    return image_train, image_test


def path_of_part(name: str) -> Path:
    """Return the directory of one SFrame of the data set; raise DataError if there is none."""
    path = data_dir() / name
    if not (path / "dir_archive.ini").is_file():
        raise DataError(
            f"there is no SFrame at {path}: get the course data with `make data`, or set DATA_DIR "
            f"to a folder that holds image_train_data and image_test_data"
        )
    return path


def load_part(name: str, reader=None):
    """Return one SFrame of the data set, checked for columns, types and unusable rows.

    `reader` is the engine by default.
    """
    reader = reader or engine()
    path = path_of_part(name)
    try:
        images = reader.SFrame(str(path))
        problem = find_problem(images, reader.Image)
    except (OSError, RuntimeError, MemoryError) as error:  # whatever the engine raises
        reason = str(error).strip().splitlines()[0]
        raise DataError(
            f"the SFrame at {path} can't be read ({reason}): fetch or copy it again"
        ) from None
    if problem:
        raise DataError(f"the SFrame at {path} {problem}: it is not the assignment's data")
    return images


def find_problem(images, image_type: type) -> str | None:
    """Return what makes these images unusable for the assignment, or None."""
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
    if len(images) == 0:
        return "has no rows"
    strangers = sorted(set(images["label"].unique()) - set(LABELS), key=str)
    if strangers:
        return f"has rows labelled {strangers[0]!r}, not one of {', '.join(LABELS)}"
    return problem_of_vectors(images, "deep_features") or problem_of_vectors(images, "image_array")


def problem_of_vectors(images, name: str) -> str | None:
    lengths = images[name].item_length()
    empty = int((lengths == 0).sum() or 0) + lengths.countna()
    if empty:
        return f"has {empty} rows with no values in column '{name}'"
    if lengths.min() != lengths.max():
        return f"has vectors of unequal lengths in column '{name}'"
    return None


def load_dataframes() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the chosen data set as DataFrames (train, test): `id`, `label`, `deep_features`.

    From Parquet or CSV files in the data set's folder or in the one named like it with `-csv`
    (that is where `make data ARGS=--csv` puts the course's), else from its SFrames. Raises
    DataError, with the path and what to do, where the data can't be used. The course's CSV files
    take some ten seconds, everything else about one.
    """
    paths = [find_table(f"image_{part}_data") for part in ("train", "test")]
    train, test = (load_dataframe(path) for path in paths)
    print(f"data set: {data_name()}, {len(train)} training and {len(test)} test images")
    print(f"read from: {' and '.join(path.name for path in paths)}")
    return train, test


def find_table(name: str) -> Path:
    """Return the file to read a part from, Parquet before CSV, else the folder of its SFrame."""
    folders = [data_dir(), data_dir().with_name(data_dir().name + "-csv")]
    kinds = [".parquet", ".csv"] if importlib.util.find_spec("pyarrow") else [".csv"]
    files = [folder / (name + kind) for kind in kinds for folder in folders]
    return next((path for path in files if path.is_file()), data_dir() / name)


def load_dataframe(path: Path) -> pd.DataFrame:
    """Read the columns of TABLE_COLUMNS; a vector of the CSV files is the text "[1 2 3]"."""
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path, columns=TABLE_COLUMNS)
        if path.suffix == ".csv":
            table = pd.read_csv(path, usecols=TABLE_COLUMNS, keep_default_na=False)[TABLE_COLUMNS]
            texts = table["deep_features"].astype(str)
            vectors = [np.array(text.strip("[]").split(), dtype=float) for text in texts]
            return table.assign(deep_features=vectors)
    except (OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise DataError(
            f"the table at {path} can't be read ({reason}): fetch or copy it again"
        ) from None
    return load_part(path.name, turilite())[TABLE_COLUMNS].to_dataframe()


def turilite():
    """Import the project's own engine, which reads SFrames on any Python."""
    return import_engine("turilite")


# ---- pictures -----------------------------------------------------------------------------


def show_images(rows: Iterable[dict], columns: int = 6) -> None:
    """Draw the images of some rows, `columns` side by side, each above its caption, and print them.

    A row is one of the data set or of a join with it: with `image`, `label`, `id` (or
    `reference_label`) and perhaps `distance`. The caption is made of the same row as the picture,
    so that the two can't be mixed up. Pixels are drawn as squares: 32x32 of them smoothed to this
    size would only look blurred.
    """
    rows = list(rows)
    captions = [caption_of(row) for row in rows]
    if rows:
        draw_images([row["image"] for row in rows], captions, columns)
    for start in range(0, len(rows), columns):
        print(" | ".join(captions[start : start + columns]))


def caption_of(row: dict) -> str:
    name = f"{row['label']} {row.get('id', row.get('reference_label'))}"
    return f"{name} at {row['distance']:.2f}" if "distance" in row else name


def draw_images(images: Sequence, captions: Sequence[str], columns: int) -> None:
    lines = math.ceil(len(images) / columns)
    figure, axes = plt.subplots(
        lines, columns, squeeze=False, figsize=(1.6 * columns, 1.85 * lines), dpi=110
    )
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[], frame_on=False)
    for axis, image, caption in zip(axes.flat, images, captions):
        axis.imshow(image.pixel_data, interpolation="nearest")
        axis.set_xlabel(caption, fontsize=9)
    figure.tight_layout(pad=0.6)
    plt.show()


# ---- answers ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """An answer as the notebook shows it and as `make run` collects it."""

    key: str
    question: str
    value: Any
    expected: Any  # None where the data set's answer isn't known

    @property
    def verdict(self) -> str:
        if self.expected is None:
            return "not checked"
        return "right" if self._agrees() else "wrong"

    def _agrees(self) -> bool:
        if isinstance(self.expected, float) and isinstance(self.value, (int, float)):
            return abs(self.value - self.expected) <= DISTANCE_TOLERANCE
        return type(self.value) is type(self.expected) and self.value == self.expected

    def __str__(self) -> str:
        text = f"{self.question}: {as_text(self.value)}"
        if self.expected is None:
            return text
        return f"{text} - {self.verdict}, expected {as_text(self.expected)}"

    def _repr_mimebundle_(self, **_) -> dict:
        record = dict(asdict(self), verdict=self.verdict)
        return {"text/plain": str(self), ANSWER_MIME: record}


def check_answer(key: str, value: Any) -> None:
    """Show an answer, and whether it is right where the data set's answer is known.

    Ids, labels and counts must be equal, distances and accuracies agree to 1e-4.
    Raises WrongAnswer, so that a wrong answer stops the notebook, and OneLineError for a key that
    is no question or a value that is not a single number or word.
    """
    if key not in QUESTIONS:
        raise OneLineError(f"there is no question {key!r}; there are: {', '.join(QUESTIONS)}")
    if isinstance(value, np.generic):
        value = value.item()
    if type(value) not in (int, float, str, type(None)):
        kind = type(value).__name__
        raise OneLineError(f"an answer is one number or one word, and this is a whole {kind}")
    answer = Answer(key, QUESTIONS[key], value, known_answers().get(key))
    display(answer)
    if answer.verdict == "wrong":
        raise WrongAnswer(f"{answer.question}: see above")


def known_answers() -> dict:
    """Return the answers known for the data set: those in the file of its name beside it."""
    path = data_dir().with_name(data_dir().name + ".answers.json")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def as_text(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
