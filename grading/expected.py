"""The right answers for a data set, and what each known mistake would give, by plain NumPy.

They are computed in the grader's process and never written where a submission could read them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

import numpy as np

import turilite
from assignment.data_sets import LABELS, read_checked, wrong_labels
from assignment.distances import euclidean
from assignment.errors import DataError

NEIGHBORS = 5  # of a mean distance
MOST_NEIGHBORS = 10  # of a ranking
JUDGED = (
    "least_common_label",
    "nearest_cat",
    "nearest_dog",
    "mean_distance_cats",
    "mean_distance_dogs",
    "closer_to",
    "dog_accuracy",
    "cat_correct",
)
EXTRA = ("cat_correct",)  # judged and shown, for no points
SECOND_IMAGE = "the query was the second test image, not the first"


@dataclass(frozen=True)
class Part:
    """The rows of one part of a data set: ids, labels (n), features and pixels (n x width)."""

    ids: np.ndarray
    labels: np.ndarray
    features: np.ndarray
    pixels: np.ndarray


@dataclass(frozen=True)
class Rows:
    """A data set with its distances, test x train, by each measure."""

    train_ids: np.ndarray
    train_labels: np.ndarray
    test_ids: np.ndarray
    test_labels: np.ndarray
    distances: dict[str, np.ndarray]  # "deep_features", "image_array", "cosine"

    def pick(self, train: np.ndarray, test: np.ndarray, ids: tuple[np.ndarray, np.ndarray]) -> Rows:
        """Return the data set of these rows in this order, with these ids for train and test."""
        picked = {name: table[np.ix_(test, train)] for name, table in self.distances.items()}
        labels = self.train_labels[train], self.test_labels[test]
        return Rows(ids[0], labels[0], ids[1], labels[1], picked)


@dataclass(frozen=True)
class Mistake:
    """A value that a known mistake gives, and the mistake in words.

    `named` mistakes are answers to other questions as well: they count where the question's own
    category is named beside the value. A variant tells those `in_circulation` from what is right.
    """

    value: Any
    words: str
    named: bool = False
    in_circulation: bool = False


@dataclass(frozen=True)
class Ranking:
    """The nearest training images of a category to the first test image, the nearest first."""

    ids: list[int]
    distances: list[float]


@dataclass(frozen=True)
class Expected:
    """What a data set's answers are and what else may be taken for one."""

    right: dict[str, Any]
    mistakes: dict[str, list[Mistake]]
    rankings: dict[str, Ranking]  # by category
    label_counts: dict[str, int]  # of the training data
    test_counts: dict[str, int]
    first_id: int
    first_label: str
    dog_correct: int
    train_ids: frozenset[int] = field(repr=False, default=frozenset())

    def count_of(self, label: str) -> tuple[int, int]:
        """Return how many test images of "cat" or "dog" come out right, and how many there are."""
        correct = self.dog_correct if label == "dog" else self.right["cat_correct"]
        return correct, self.test_counts[label]


# --- from files -----------------------------------------------------------------------------------


def read_rows(folder: Path) -> Rows:
    """Read a data set's two SFrames, measured; raise DataError where there is one it can't use."""
    train, test = (read_part(folder / f"image_{part}_data") for part in ("train", "test"))
    return measured(train, test)


def read_part(path: Path) -> Part:
    """Read an SFrame with the assignment's four labels; raise DataError where it is another."""
    images, labels = read_checked(path, turilite)
    if labels != LABELS:
        raise DataError(wrong_labels(path, labels, "the grading"))
    try:
        wide = [
            np.array([np.frombuffer(row) for row in images[name]])
            for name in ("deep_features", "image_array")
        ]
        return Part(np.array(images["id"], dtype=np.int64), np.array(list(images["label"])), *wide)
    except (OSError, RuntimeError, KeyError, TypeError, ValueError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DataError(f"the data set's {path} can't be read ({reason}): copy it again") from None


def measured(train: Part, test: Part) -> Rows:
    distances = {
        "deep_features": euclidean(test.features, train.features),
        "image_array": euclidean(test.pixels, train.pixels),
        "cosine": cosine(test.features, train.features),
    }
    return Rows(train.ids, train.labels, test.ids, test.labels, distances)


def cosine(queries: np.ndarray, references: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(queries, axis=1)[:, None] * np.linalg.norm(references, axis=1)
    return 1 - queries @ references.T / np.where(lengths == 0, 1, lengths)


# --- the right answers ----------------------------------------------------------------------------


def expected_answers(rows: Rows) -> Expected:
    """Return the right answers of a data set, and those of every known mistake."""
    counts = counts_of(rows.train_labels)
    rankings = {label: ranking(rows, label) for label in LABELS}
    means = {label: mean_of(rankings[label].distances[:NEIGHBORS]) for label in LABELS}
    dogs, cats = (correct_count(rows, label) for label in ("dog", "cat"))
    test_counts = counts_of(rows.test_labels)
    right = {
        "least_common_label": min(counts, key=counts.get),
        "nearest_cat": rankings["cat"].ids[0],
        "nearest_dog": rankings["dog"].ids[0],
        "mean_distance_cats": means["cat"],
        "mean_distance_dogs": means["dog"],
        "closer_to": closer_of({label: rankings[label].distances for label in ("cat", "dog")}),
        "dog_accuracy": dogs / test_counts["dog"],
        "cat_correct": cats,
    }
    mistakes = {
        "least_common_label": list(label_mistakes(counts, test_counts)),
        "nearest_cat": list(nearest_mistakes(rows, "cat")),
        "nearest_dog": list(nearest_mistakes(rows, "dog")),
        "mean_distance_cats": list(mean_mistakes(rows, "cat")),
        "mean_distance_dogs": list(mean_mistakes(rows, "dog")),
        "closer_to": list(closer_mistakes(rows)),
        "dog_accuracy": list(count_mistakes(rows, "dog")),
        "cat_correct": list(count_mistakes(rows, "cat")),
    }
    return Expected(
        right=right,
        mistakes=mistakes,
        rankings=rankings,
        label_counts=counts,
        test_counts=test_counts,
        first_id=int(rows.test_ids[0]),
        first_label=str(rows.test_labels[0]),
        dog_correct=dogs,
        train_ids=frozenset(rows.train_ids.tolist()),
    )


def counts_of(labels: np.ndarray) -> dict[str, int]:
    names, counts = np.unique(labels, return_counts=True)
    return {str(name): int(count) for name, count in zip(names, counts)}


def ranking(
    rows: Rows, label: str | None, query: int = 0, measure: str = "deep_features"
) -> Ranking:
    """Return the ids and distances nearest to one test image, of one category or of all."""
    among = np.arange(len(rows.train_ids))
    if label is not None:
        among = np.flatnonzero(rows.train_labels == label)
    distances = rows.distances[measure][query, among]
    order = np.argsort(distances, kind="stable")[:MOST_NEIGHBORS]
    return Ranking(rows.train_ids[among[order]].tolist(), distances[order].tolist())


def mean_of(distances: list[float]) -> float:
    return float(np.mean(distances)) if distances else float("nan")


def lowest(rows: Rows, label: str, measure: str = "deep_features") -> dict[str, np.ndarray]:
    """Return for the test images of a label the distance to the nearest of each category."""
    table = rows.distances[measure][rows.test_labels == label]
    return {
        other: table[:, rows.train_labels == other].min(axis=1, initial=np.inf) for other in LABELS
    }


def correct_count(rows: Rows, label: str) -> int:
    """Count the test images of a label that are strictly nearer to it than to every other."""
    return int(are_correct(lowest(rows, label), label).sum())


def are_correct(nearest: dict[str, np.ndarray], label: str) -> np.ndarray:
    others = [nearest[other] for other in LABELS if other != label]
    return nearest[label] < np.min(others, axis=0)


# --- what mistakes give ---------------------------------------------------------------------------


def label_mistakes(train: dict[str, int], test: dict[str, int]) -> Iterator[Mistake]:
    yield Mistake(max(train, key=train.get), "the most common category, not the least")
    yield Mistake(min(test, key=test.get), "the least common one of the test data")


def other_labels(label: str) -> list[str]:
    """Return the other categories, birds first: theirs is the mistake in circulation."""
    return sorted((other for other in LABELS if other != label), key=lambda other: other != "bird")


def wrong_rankings(rows: Rows, label: str) -> Iterator[tuple[Ranking, str, bool]]:
    """Yield what other queries than the one asked for find, in words, and whether it is named."""
    if len(rows.test_ids) > 1:
        yield ranking(rows, label, query=1), SECOND_IMAGE, False
        words = "the query was the last test image, not the first"
        yield ranking(rows, label, query=len(rows.test_ids) - 1), words, False
    yield ranking(rows, label, measure="image_array"), "by image_array, not by deep_features", False
    yield ranking(rows, label, measure="cosine"), "cosine distance, not euclidean", False
    for other in other_labels(label):
        yield ranking(rows, other), f"the {other} model was queried, not the {label} model", True
    words = f"a model of all training images was queried, not the {label} model"
    yield ranking(rows, None), words, True


def nearest_mistakes(rows: Rows, label: str) -> Iterator[Mistake]:
    among = np.flatnonzero(rows.train_labels == label)
    right = ranking(rows, label)
    row = int(np.flatnonzero(rows.train_ids[among] == right.ids[0])[0])
    whole = int(among[row])
    missing = "a row number in place of the id (no label='id')"
    yield Mistake(row, missing, True)
    yield Mistake(whole, missing, True)
    for found, words, named in wrong_rankings(rows, label):
        if found.ids:
            yield Mistake(found.ids[0], words, named, in_circulation=words == SECOND_IMAGE)
    if len(right.ids) > 1:
        yield Mistake(right.ids[1], "the second neighbor, not the nearest")


def mean_mistakes(rows: Rows, label: str) -> Iterator[Mistake]:
    right = ranking(rows, label).distances
    words = "neighbors 2 to 6 ([1:6]), not the first five"
    yield Mistake(mean_of(right[1:6]), words, in_circulation=True)
    yield Mistake(mean_of(right[1:5]), "neighbors 2 to 5 ([1:5]), not the first five")
    yield Mistake(mean_of(right[:4]), "four neighbors ([0:4]), not five")
    yield Mistake(mean_of(right[:6]), "six neighbors, not five")
    yield Mistake(mean_of(right), "ten neighbors, not five")
    yield Mistake(float(np.sum(right[:5])), "the sum, not the mean")
    yield Mistake(mean_of(list(np.square(right[:5]))), "squared distances")
    for found, words, named in wrong_rankings(rows, label):
        yield Mistake(mean_of(found.distances[:5]), words, named)


def closer_mistakes(rows: Rows) -> Iterator[Mistake]:
    """Yield which animal is closer by other queries than the two asked for."""
    right = {label: ranking(rows, label).distances for label in ("cat", "dog")}
    if len(rows.test_ids) > 1:
        other = {label: ranking(rows, label, query=1).distances for label in right}
        yield Mistake(closer_of(other), SECOND_IMAGE, in_circulation=True)
    birds = ranking(rows, "bird").distances
    for label in right:
        words = f"the bird model was queried, not the {label} model"
        yield Mistake(closer_of({**right, label: birds}), words, in_circulation=label == "dog")


def closer_of(distances: dict[str, list[float]]) -> str:
    return min(distances, key=lambda label: mean_of(distances[label][:NEIGHBORS]))


def count_mistakes(rows: Rows, label: str) -> Iterator[Mistake]:
    """Yield counts of other comparisons than the one asked for."""
    nearest = lowest(rows, label)
    correct = are_correct(nearest, label)
    total = len(correct)
    rival = "cat" if label == "dog" else "dog"
    for other in other_labels(label):
        if other != rival:
            changed = are_correct({**nearest, rival: nearest[other]}, label)
            words = f"{other} neighbors in the {label}-{rival} column"
            yield Mistake(int(changed.sum()), words, in_circulation=True)
    yield Mistake(int(correct[1:].sum()), "the first row was skipped", in_circulation=True)
    yield Mistake(int(correct[:-1].sum()), "the last row was skipped")
    others = [nearest[other] for other in LABELS if other != label]
    yield Mistake(int((nearest[label] <= np.min(others, axis=0)).sum()), "a tie counted as right")
    yield Mistake(int((~correct).sum()), f"the wrong {label}s were counted")
    yield Mistake(int((nearest[label] < np.max(others, axis=0)).sum()), "max() in place of min()")
    yield Mistake(
        total, "every image was counted (test images were searched, not training images)", True
    )
    pixels = lowest(rows, label, "image_array")
    yield Mistake(int(are_correct(pixels, label).sum()), "by image_array, not by deep_features")
    angles = lowest(rows, label, "cosine")
    yield Mistake(int(are_correct(angles, label).sum()), "cosine distance, not euclidean")
