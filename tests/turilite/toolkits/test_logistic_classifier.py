"""The logistic classifier: Turi Create's minimum, arguments and results."""

from __future__ import annotations

import ast
from datetime import datetime
from random import Random
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import turilite
from tests.turilite.tables.outcomes import outcome
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
    for name in ("value", "stderr"):
        np.testing.assert_allclose(
            list(ours.coefficients[name]), list(theirs.coefficients[name]), rtol=1e-6, atol=1e-9
        )
    measured, known = ours.evaluate(our_frame), theirs.evaluate(frame)
    assert set(measured) == set(known)
    for name in ("accuracy", "precision", "recall", "f1_score", "log_loss", "auc"):
        assert measured[name] == pytest.approx(known[name], abs=1e-6)
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
        ({"features": ["day"]}, "Column 'day' has type datetime; it can't be a feature"),
        ({"features": []}, "Empty feature set"),
        ({"class_weights": {"a": 1.0}}, "does not contain a weight for the class b"),
        ({"class_weights": {"a": 1.0, "b": 0}}, "class b must be a positive numeric value"),
        ({"class_weights": "many"}, "Class weights must be a dictionary, None or 'auto'"),
        ({"l2_penalty": -1.0}, r"'l2_penalty' must be in the range \[0, 1e\+20\]"),
        ({"l2_penalty": "x"}, "Cannot cast 'x' to a numeric value"),
        ({"max_iterations": 2.5}, "Cannot cast 2.5 to an integer value"),
        ({"solver": "guess"}, "Option 'solver' must be one of 'auto', 'newton'"),
        ({"target": "one"}, "One-class"),
        ({"target": "number"}, "Column type of target 'number' must be int or str"),
        ({"target": "nothing", "features": None}, r"following columns: \['nothing'\]"),
        ({"dataset": 5}, "must be an SFrame"),
    ],
)
def test_tables_that_cannot_be_learned_from_are_refused(change: dict, said: str) -> None:
    frame = table(turilite, 2)
    frame["one"], frame["day"] = 1, datetime(2015, 3, 1)
    arguments = {"dataset": frame, "target": "label", "features": ["vector"], **change}
    with pytest.raises(ToolkitError, match=said):
        turilite.toolkits.logistic_classifier.create(**arguments)


def test_what_is_no_table_can_not_be_predicted() -> None:
    model, _ = trained(turilite)
    for predict in (model.predict, model.predict_topk, model.classify):
        with pytest.raises(ToolkitError, match="pass an SFrame, one row or a list of rows"):
            predict([1.0])
        with pytest.raises(ToolkitError, match="must be an SFrame, not None"):
            predict(None)
    with pytest.raises(ToolkitError, match="must be an SFrame, not a list"):
        model.evaluate([1.0])


def test_what_no_classifier_measures_or_predicts_is_refused() -> None:
    model, frame = trained(turilite)
    with pytest.raises(ToolkitError, match=r"metric 'speed' not recognized.*'accuracy', 'auc'"):
        model.evaluate(frame, "speed")
    with pytest.raises(ToolkitError, match="Invalid prediction type name color"):
        model.predict(frame, "color")
    for k in (0, -1, 4, 1.5, None):
        with pytest.raises(ToolkitError, match="parameter 'k' must be"):
            model.predict_topk(frame, k=k)
    with pytest.raises(ToolkitError, match="does not contain any rows"):
        model.evaluate(frame.head(0))


# --- all types of features ------------------------------------------------------------------------

WORDS = [f"w{number}" for number in range(12)]


def features(tc: ModuleType, names: list[str], labels: list) -> Any:
    """Return 120 rows of features of each type, and labels that have nothing to do with them."""
    random = Random(1)
    rows = range(120)
    columns = {
        "bag": [{w: random.randint(1, 4) for w in random.sample(WORDS, row % 5)} for row in rows],
        "text": [random.choice(["p", "q", "r", None]) for _ in rows],
        "items": [random.sample(["a", "b", "c", None, 7], row % 4) for row in rows],
        "whole": [random.randint(0, 9) for _ in rows],
        "number": [random.gauss(3, 2) for _ in rows],
        "vector": [[random.gauss(0, 1), random.gauss(5, 1)] for _ in rows],
    }
    frame = tc.SFrame({"label": [random.choice(labels) for _ in rows]})
    for name in names:
        frame[name] = tc.SArray(columns[name], list if name == "items" else None)
    return frame


TYPES = ["bag", "text", "items", "whole", "number", "vector"]
OPTIONS = [
    {},
    {"convergence_threshold": 1e-9},
    {"solver": "lbfgs", "convergence_threshold": 1e-9, "max_iterations": 1000},
    {"feature_rescaling": False},
]


@pytest.mark.parametrize("labels", [["a", "b"], [3, 1, 2]], ids=str)
@pytest.mark.parametrize("names", [*([name] for name in TYPES), TYPES], ids="+".join)
def test_features_of_each_type_have_the_coefficients_of_turi_create(
    names: list[str], labels: list
) -> None:
    turicreate = pytest.importorskip("turicreate")
    for options in OPTIONS:
        theirs, ours = (
            tc.logistic_classifier.create(
                features(tc, names, labels), "label", validation_set=None, verbose=False, **options
            )
            for tc in (turicreate, turilite)
        )
        for name in ("name", "index", "class"):
            assert list(ours.coefficients[name]) == list(theirs.coefficients[name])
        for name in ("value", "stderr"):
            found, known = ours.coefficients[name], theirs.coefficients[name]
            assert found.countna() == known.countna()
            np.testing.assert_allclose(
                list(found.dropna()), list(known.dropna()), rtol=1e-5, atol=1e-6
            )
        for field in ("unpacked_features", "num_coefficients", "features", "solver"):
            assert ours._get(field) == theirs._get(field)


def everything(tc: ModuleType) -> Any:
    frame = features(tc, TYPES, ["a", "b"])
    return tc.logistic_classifier.create(frame, "label", validation_set=None, verbose=False)


UNUSUAL = {
    "nothing at all": {"other": 1},
    "a missing dictionary": {"bag": None},
    "an unknown key": {"bag": {"w77": 4}},
    "a missing number in a dictionary": {"bag": {"w1": None, "w2": 1}},
    "an unknown string": {"text": "new"},
    "a missing string": {"text": None},
    "unknown items": {"items": ["new", "a", "a"]},
    "a missing vector": {"vector": None},
    "a float for integers": {"whole": 2.5},
    "an integer for floats": {"number": 2},
    "the wrong type for numbers": {"number": "2"},
    "the wrong type for dictionaries": {"bag": "w1"},
    "text in a dictionary": {"bag": {"w1": "x"}},
    "a longer vector": {"vector": [1.0, 2.0, 3.0]},
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_an_unusual_row_is_predicted_as_by_turi_create(kind: str) -> None:
    turicreate = pytest.importorskip("turicreate")
    theirs, ours = (
        outcome(lambda tc: list(everything(tc).predict(UNUSUAL[kind], "margin")), tc)
        for tc in (turicreate, turilite)
    )
    if "result" in theirs:
        assert ast.literal_eval(ours["result"]) == pytest.approx(
            ast.literal_eval(theirs["result"]), rel=1e-6
        )
    else:
        assert ours == theirs


def test_a_row_is_predicted_like_a_table_of_it() -> None:
    model, frame = everything(turilite), features(turilite, TYPES, ["a", "b"])
    rows = [frame[place] for place in range(5)]
    for predict in (model.predict, model.classify, lambda rows: model.predict_topk(rows, k=2)):
        assert str(predict(rows)) == str(predict(frame.head(5)))
        assert str(predict(rows[0])) == str(predict(frame.head(1)))


def test_missing_values_count_as_means_unless_they_are_an_error() -> None:
    frame = turilite.SFrame({"x": [1.0, 2.0, 6.0], "label": [0, 1, 1]})
    model = turilite.logistic_classifier.create(frame, "label", validation_set=None)
    gone = turilite.SFrame({"x": turilite.SArray([None], float)})
    mean = turilite.SFrame({"x": [3.0]})
    assert list(model.predict(gone, "margin")) == pytest.approx(list(model.predict(mean, "margin")))
    with pytest.raises(ToolkitError, match=r"Missing value .* in column 'x'"):
        model.predict(gone, missing_value_action="error")


@pytest.mark.parametrize("labels", [["a", "b"], [3, 1, 2]], ids=str)
def test_a_saved_classifier_comes_back_the_same(labels: list, tmp_path: Any) -> None:
    frame = features(turilite, TYPES, labels)
    model = turilite.logistic_classifier.create(frame, "label", validation_set=None)
    model.save(tmp_path / "model")
    loaded = turilite.load_model(str(tmp_path / "model"))
    assert loaded._fields == model._fields
    assert repr(loaded) == repr(model)
    assert str(loaded.coefficients) == str(model.coefficients)
    assert list(loaded.predict(frame)) == list(model.predict(frame))
