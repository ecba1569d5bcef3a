"""Rows to evaluate a classifier on, for every combination of trained, true and predicted classes.

A class that was trained may have rows or not and be predicted or not; one that was not trained has
rows. Of each row the class that a model predicts is chosen by its features.
"""

from __future__ import annotations

from itertools import combinations
from types import ModuleType
from typing import Any, NamedTuple

MOST_CLASSES = 4
ROWS_OF_A_CURVE = 1001
LABELS = {"str": ["bird", "cat", "dog", "fish"], "int": [-1, 3, 5, 20]}


class Case(NamedTuple):
    """The number of trained classes, and the true and the predicted class of each row (places)."""

    trained: int
    true: tuple
    predicted: tuple

    @property
    def name(self) -> str:
        pairs = (f"{true}as{predicted}" for true, predicted in zip(self.true, self.predicted))
        return f"{self.trained} trained: {' '.join(pairs)}"


def _subsets(size: int) -> list[tuple]:
    return [some for count in range(size) for some in combinations(range(size), count + 1)]


def cases() -> list[Case]:
    """Return a case for each set of classes with rows and each set of predicted ones.

    Each class is taken for two others in turn, so that some rows are right and some wrong.
    """
    return [
        Case(trained, *zip(*_pairs(true, predicted)))
        for trained in range(2, MOST_CLASSES + 1)
        for true in _subsets(MOST_CLASSES)
        for predicted in _subsets(trained)
    ]


def _pairs(true: tuple, predicted: tuple) -> list[tuple[int, int]]:
    return [
        (true[row % len(true)], predicted[(row + shift) % len(predicted)])
        for shift in (0, 1)
        for row in range(max(len(true), len(predicted)))
    ]


CASES = {case.name: case for case in cases()}


def model(tc: ModuleType, trained: int, kind: str) -> Any:
    """Return a model that predicts a class where the number of this place is 1."""
    rows = [(place, row % 7 == 0) for place in range(trained) for row in range(20)]
    data = tc.SFrame()
    labels = LABELS[kind]
    data["label"] = tc.SArray([labels[(place + odd) % trained] for place, odd in rows])
    data["v"] = tc.SArray([_features(place) for place, _ in rows])
    return tc.logistic_classifier.create(data, "label", validation_set=None, verbose=False)


def _features(place: int) -> list[float]:
    return [float(place == other) for other in range(MOST_CLASSES)]


def evaluated(tc: ModuleType, classifier: Any, case: Case, kind: str) -> dict[str, Any]:
    """Return what `evaluate` gives, as plain data that can be recorded."""
    labels = LABELS[kind]
    data = tc.SFrame()
    data["label"] = tc.SArray([labels[place] for place in case.true])
    data["v"] = tc.SArray([_features(place) for place in case.predicted])
    measured = classifier.evaluate(data)
    matrix = measured.pop("confusion_matrix")
    curve = measured.pop("roc_curve")
    names = [labels.index(name) for name in matrix["target_label"]]
    others = [labels.index(name) for name in matrix["predicted_label"]]
    out = {name: _rounded(value) for name, value in sorted(measured.items())}
    out["confusion_matrix"] = sorted(map(list, zip(names, others, matrix["count"])))
    out["roc_columns"] = ",".join(curve.column_names())
    out["roc_curve"] = _looked_at(curve)
    return out


def _looked_at(curve: Any) -> list[list]:
    """Return some rows of each class's curve; of the last one, only the rates.

    Turi Create repeats the counts of the first class there, whichever class it is.
    """
    columns = [list(curve[name]) for name in curve.column_names()]
    rows = [list(map(_rounded, row)) for row in zip(*columns)]
    starts = range(0, len(rows), ROWS_OF_A_CURVE)
    looked_at = [rows[start + place] for start in starts for place in (0, 100, 500, 900, 999)]
    return looked_at + [rows[start + ROWS_OF_A_CURVE - 1][:3] for start in starts]


def _rounded(value: Any) -> Any:
    if value is None:
        return None
    return "nan" if value != value else round(value, 7)  # noqa: PLR0124 - NaN
