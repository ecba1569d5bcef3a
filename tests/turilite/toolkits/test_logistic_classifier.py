"""The logistic classifier: Turi Create's minimum, arguments and results."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

import turilite
from turilite.errors import ToolkitError


def table(tc: ModuleType, classes: int) -> Any:
    """Return 300 rows whose vector and number tell `classes` labels apart, with some errors."""
    random = np.random.RandomState(0)
    vectors, number = random.randn(300, 2) * [1, 5] + [0, 3], random.randn(300)
    noisy = vectors[:, 0] + vectors[:, 1] / 5 + random.randn(300)
    labels = np.array(["a", "b", "c"])[np.clip(noisy.astype(int) + 1, 0, classes - 1)]
    columns = {"vector": vectors.tolist(), "number": number.tolist(), "label": labels.tolist()}
    return tc.SFrame({name: tc.SArray(values) for name, values in columns.items()})


def trained(tc: ModuleType, classes: int = 3, **options: Any) -> tuple[Any, Any]:
    frame = table(tc, classes)
    model = tc.logistic_classifier.create(
        frame, target="label", validation_set=None, verbose=False, **options
    )
    return model, frame


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"l2_penalty": 1.0},
        {"feature_rescaling": False},
        {"class_weights": "auto"},
        {"class_weights": {"a": 1.0, "b": 2.0, "c": 3.0}},
    ],
)
def test_the_model_is_that_of_turi_create(classes: int, options: dict) -> None:
    turicreate = pytest.importorskip("turicreate")
    if "class_weights" in options and options["class_weights"] != "auto" and classes == 2:
        options = {"class_weights": {"a": 1.0, "b": 2.0}}
    (theirs, frame), (ours, our_frame) = (
        trained(tc, classes, **options) for tc in (turicreate, turilite)
    )
    for name in ("name", "index", "class"):
        assert list(ours.coefficients[name]) == list(theirs.coefficients[name])
    # Turi Create stops at a relative change of 0.01, which leaves about that much.
    np.testing.assert_allclose(
        list(ours.coefficients["value"]), list(theirs.coefficients["value"]), rtol=0.02, atol=0.01
    )
    measured, known = ours.evaluate(our_frame), theirs.evaluate(frame)
    assert set(measured) == set(known)
    for name in ("accuracy", "precision", "recall", "f1_score", "log_loss", "auc"):
        assert measured[name] == pytest.approx(known[name], abs=0.01)
    assert measured["roc_curve"].column_names() == known["roc_curve"].column_names()
    assert list(ours.classify(our_frame)["class"]) == list(theirs.classify(frame)["class"])


def test_the_likeliest_class_is_predicted() -> None:
    model, frame = trained(turilite)
    probabilities = model.predict(frame, output_type="probability_vector").to_numpy()
    assert probabilities.sum(axis=1) == pytest.approx(1)
    best = np.array(model.classes)[probabilities.argmax(axis=1)]
    assert list(model.predict(frame)) == list(best)
    assert list(model.classify(frame)["probability"]) == list(probabilities.max(axis=1))
    top = model.predict_topk(frame, k=2)
    assert list(top["class"])[::2] == list(best)
    assert len(top) == 2 * len(frame)


def test_two_classes_have_margins() -> None:
    model, frame = trained(turilite, classes=2)
    margins = model.predict(frame, output_type="margin").to_numpy()
    probabilities = model.predict(frame, output_type="probability").to_numpy()
    assert probabilities == pytest.approx(1 / (1 + np.exp(-margins)))


def test_more_than_two_classes_have_no_single_probability() -> None:
    model, frame = trained(turilite)
    with pytest.raises(RuntimeError, match="only supported for binary"):
        model.predict(frame, output_type="probability")


def test_the_confusion_matrix_counts_every_row() -> None:
    model, frame = trained(turilite)
    measured = model.evaluate(frame)
    counts = measured["confusion_matrix"]
    right = counts[counts["target_label"] == counts["predicted_label"]]["count"].sum()
    assert counts["count"].sum() == len(frame)
    assert measured["accuracy"] == right / len(frame) == model.training_accuracy


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target": "nothing"}, r"following columns: \['nothing'\]"),
        ({"features": ["nothing"]}, r"following columns: \['nothing'\]"),
        ({"features": ["text"]}, "has to be of numbers or vectors"),
        ({"target": "one"}, "One-class"),
        ({"target": "number"}, "integers or strings"),
        ({"target": "nothing", "features": None}, r"following columns: \['nothing'\]"),
        ({"dataset": 5}, "must be an SFrame"),
    ],
)
def test_tables_that_cannot_be_learned_from_are_refused(change: dict, said: str) -> None:
    frame = table(turilite, 2)
    frame["one"], frame["text"] = 1, "x"
    arguments = {"dataset": frame, "target": "label", "features": ["vector"], **change}
    with pytest.raises(ToolkitError, match=said):
        turilite.toolkits.logistic_classifier.create(**arguments)


def test_what_is_no_table_can_not_be_predicted() -> None:
    model, _ = trained(turilite)
    with pytest.raises(ToolkitError, match="must be an SFrame, not list"):
        model.predict([1.0])
    with pytest.raises(ToolkitError, match="must be an SFrame, not list"):
        model.evaluate([1.0])


def test_what_no_classifier_measures_or_predicts_is_refused() -> None:
    model, frame = trained(turilite)
    with pytest.raises(ToolkitError, match="no metric 'speed': accuracy, auc"):
        model.evaluate(frame, "speed")
    with pytest.raises(ValueError, match="no output type 'rank'"):
        model.predict(frame, "rank")
