"""`turilite.evaluation` gives what Turi Create does."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Callable

import pytest

import turilite
from tests.turilite.tables.outcomes import outcome
from turilite.errors import ToolkitError

TARGETS = {
    "three": (["cat", "dog", "cat", "cow", None], ["cat", "cat", "cat", "dog", "dog"]),
    "two": ([0, 1, 1, 0], [1, 0, 1, 0]),
    "two of text": (["a", "b", "b"], ["b", "b", "a"]),
    "one": ([1, 1], [1, 1]),
    "none in common": ([1, 2], [3, 4]),
}
CLASSES = ("accuracy", "precision", "recall", "f1_score", "fbeta_score")
PROBABILITIES = [0.1, 0.35, 0.7, 0.9994]
VECTORS = [[0.9, 0.1, 0.0], [0.8, 0.1, 0.1], [0.3, 0.6, 0.1]]
PLACES = [None, {"cat": 0, "dog": 1, "foosa": 2}, {"cat": 2, "dog": 1, "foosa": 0}]


def calls() -> dict[str, Callable[[ModuleType], Any]]:
    out: dict[str, Callable[[ModuleType], Any]] = {}
    for kind, (true, predicted) in TARGETS.items():
        for name in CLASSES:
            for average in ("micro", "macro", None):
                out[f"{name} of {kind}, {average}"] = scored(name, true, predicted, average)
        out[f"confusion_matrix of {kind}"] = counted(true, predicted)
    for name in ("log_loss", "auc"):
        for labels in ([0, 1, 1, 0], ["a", "b", "b", "a"]):
            out[f"{name} of two, {labels}"] = curved(name, labels, PROBABILITIES)
        for places in PLACES:
            out[f"{name} of three, {places}"] = curved(
                name, ["cat", "foosa", "dog"], VECTORS, index_map=places
            )
    out["auc by label"] = curved("auc", ["cat", "foosa", "dog"], VECTORS, average=None)
    return out


def scored(name: str, true: list, predicted: list, average: Any) -> Callable[[ModuleType], Any]:
    return lambda tc: getattr(tc.evaluation, name)(
        tc.SArray(true), tc.SArray(predicted), average=average
    )


def counted(true: list, predicted: list) -> Callable[[ModuleType], Any]:
    return lambda tc: sorted(
        map(
            str,
            (
                list(row.values())
                for row in tc.evaluation.confusion_matrix(tc.SArray(true), tc.SArray(predicted))
            ),
        )
    )


def curved(name: str, true: list, scores: list, **options: Any) -> Callable[[ModuleType], Any]:
    return lambda tc: getattr(tc.evaluation, name)(tc.SArray(true), tc.SArray(scores), **options)


@pytest.mark.parametrize("name", calls())
def test_it_is_what_turi_create_measures_as(name: str) -> None:
    turicreate = pytest.importorskip("turicreate")
    call = calls()[name]
    assert outcome(call, turilite) == outcome(call, turicreate)


def test_scores_of_three_labels_are_means_over_those_that_have_them() -> None:
    true, predicted = map(turilite.SArray, TARGETS["three"])
    assert turilite.evaluation.precision(true, predicted) == pytest.approx((2 / 3 + 0) / 2)
    assert turilite.evaluation.recall(true, predicted) == pytest.approx((1 + 0 + 0 + 0) / 4)
    assert turilite.evaluation.accuracy(true, predicted) == 2 / 5
    assert turilite.evaluation.rmse(turilite.SArray([1, 2]), turilite.SArray([4, 2])) == 4.5**0.5
    assert turilite.evaluation.max_error(turilite.SArray([1, 2]), turilite.SArray([4, 2])) == 3


def test_the_curve_has_1001_thresholds() -> None:
    curve = turilite.evaluation.roc_curve(
        turilite.SArray([0, 1, 1, 0]), turilite.SArray(PROBABILITIES)
    )
    assert curve.column_names() == ["threshold", "fpr", "tpr", "p", "n"]
    assert len(curve) == 1001
    assert curve[500]["fpr"] == curve[500]["tpr"] == 0.5


@pytest.mark.parametrize(
    ("targets", "predictions", "said"),
    [
        ([1], turilite.SArray([1]), "Input targets is not an SArray"),
        (turilite.SArray([1]), None, "Input predictions is not an SArray"),
        (turilite.SArray([1, 2]), turilite.SArray([1]), "must be of the same length"),
        (turilite.SArray([], int), turilite.SArray([], int), "have no rows"),
    ],
)
def test_what_cannot_be_compared_is_refused(targets: Any, predictions: Any, said: str) -> None:
    with pytest.raises(ToolkitError, match=said):
        turilite.evaluation.accuracy(targets, predictions)
