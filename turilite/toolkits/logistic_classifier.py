"""`logistic_classifier.create` and its model, with Turi Create's arguments and results."""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple

import numpy as np
import scipy.special

from ..columns.column import Column
from ..columns.values import make_column
from ..errors import ToolkitError
from ..missing_api import refuse
from ..tables.sarray import SArray
from ..tables.sframe import SFrame
from .evaluation import EVALUATIONS, Predictions
from .logistic_fit import Settings, fit
from .model import Model, check_sframe

FEATURE_TYPES = (int, float, array)
LABEL_TYPES = (int, str)
OUTPUT_TYPES = ("class", "probability_vector", "probability", "margin")
BINARY_OUTPUT_TYPES = ("probability", "margin")
SHOWN_FIELDS = (
    "num_coefficients", "num_examples", "num_classes", "num_features", "num_unpacked_features",
    "l2_penalty", "solver", "training_iterations", "training_loss", "training_accuracy",
)  # fmt: skip


class Examples(NamedTuple):
    """What a classifier learns from: n rows of d numbers and the class of each.

    `codes` are places in `classes`, `widths` the lengths of the vectors in each feature column
    (None for numbers).
    """

    features: list[str]
    widths: list[int | None]
    rows: np.ndarray
    classes: list
    codes: np.ndarray


def create(  # noqa: PLR0917 - Turi Create's arguments in its order
    dataset: SFrame,
    target: str,
    features: list[str] | None = None,
    l2_penalty: float = 0.01,
    l1_penalty: float = 0.0,
    solver: str = "auto",
    feature_rescaling: bool = True,
    convergence_threshold: float = 0.01,
    step_size: float = 1.0,
    lbfgs_memory_level: int = 11,
    max_iterations: int = 10,
    class_weights: Any = None,
    validation_set: Any = "auto",
    verbose: bool = True,
    seed: int | None = None,
) -> LogisticClassifier:
    """Return a classifier of the labels in column `target` (integers or strings).

    `features` are columns of numbers or vectors; all but the target where not given. All rows
    are trained on, also with validation_set='auto', for which Turi Create leaves out 5% at
    random. With more than 500 coefficients the solver stops after `max_iterations`, far from
    the minimum, as Turi Create's does at another point. `solver`, `step_size` and `seed`
    are accepted and change nothing; nothing is printed. Raises ToolkitError where columns are
    missing or not of these types, or where there are less than two classes.
    """
    check_sframe(dataset)
    if l1_penalty:
        raise refuse("an l1_penalty")
    examples = _check_examples(dataset, target, features)
    weights = _weights(class_weights, examples)
    settings = Settings(
        l2_penalty, feature_rescaling, convergence_threshold, lbfgs_memory_level, max_iterations
    )
    found = fit(examples.rows, examples.codes, weights[examples.codes], settings)
    classes = examples.classes
    fields = {
        "classes": classes,
        "class_weights": dict(zip(classes, weights.tolist())),
        "features": examples.features,
        "l2_penalty": l2_penalty,
        "max_iterations": max_iterations,
        "num_classes": len(classes),
        "num_coefficients": found.coefficients.size,
        "num_examples": len(dataset),
        "num_features": len(examples.features),
        "num_unpacked_features": examples.rows.shape[1],
        "solver": "lbfgs",
        "target": target,
        "training_iterations": found.iterations,
        "training_loss": found.loss,
    }
    model = LogisticClassifier(fields, found.coefficients, examples.widths)
    model._fields["training_accuracy"] = model.evaluate(dataset, "accuracy")["accuracy"]
    if isinstance(validation_set, SFrame):
        accuracy = model.evaluate(validation_set, "accuracy")["accuracy"]
        model._fields["validation_accuracy"] = accuracy
    return model


def _check_examples(dataset: SFrame, target: str, features: list[str] | None) -> Examples:
    """Return what is to be learned from. Raises ToolkitError where nothing can be."""
    names = dataset.column_names() if features is None else features
    names = [name for name in names if name != target]
    labels = _check_column(dataset, target)
    if labels.dtype not in LABEL_TYPES:
        raise ToolkitError(f"The target {target} has to be of integers or strings.")
    parts = _check_features(dataset, names)
    labels = labels.values.tolist()
    classes = sorted(set(labels))
    if len(classes) < 2:
        raise ToolkitError("One-class classification is not supported: check the target column.")
    widths = [None if part.dtype is not array else part.values.shape[1] for part in parts]
    codes = np.searchsorted(np.array(classes), np.array(labels))
    return Examples(names, widths, _joined(parts), classes, codes)


def _check_features(dataset: SFrame, names: list[str]) -> list[Column]:
    """Return the feature columns. Raises ToolkitError where one is not of numbers."""
    parts = []
    for name in names:
        column = _check_column(dataset, name)
        if column.dtype not in FEATURE_TYPES:
            raise ToolkitError(f"Feature {name} has to be of numbers or vectors.")
        if column.values.dtype == object:
            raise ToolkitError(f"Feature {name} has vectors of different lengths.")
        parts.append(column)
    return parts


def _check_column(dataset: SFrame, name: str) -> Column:
    """Return a column of which no value is missing."""
    if name not in dataset.column_names():
        raise ToolkitError(f"Input data does not contain the following columns: ['{name}']")
    if dataset[name].countna():
        raise ToolkitError(f"Column {name} has missing values; drop or fill them.")
    return dataset._data[name]


def _joined(parts: list[Column]) -> np.ndarray:
    """Return columns of numbers and vectors beside each other."""
    matrices = [part.values if part.values.ndim == 2 else part.values[:, None] for part in parts]
    return np.concatenate(matrices, axis=1).astype(np.float64)


def _weights(given: Any, examples: Examples) -> np.ndarray:
    """Return one weight per class: 1, those given, or with 'auto' more for the rarer."""
    if given is None:
        return np.ones(len(examples.classes))
    if given == "auto":
        rarity = 1 / np.bincount(examples.codes)
        return rarity / rarity.sum()
    return np.array([float(given[label]) for label in examples.classes])


class LogisticClassifier(Model):
    """Probabilities of classes, from a weighted sum of features; made by `create`.

    `coefficients` are (classes - 1) x (numbers of a row + 1), the intercepts last; the first class
    is the reference. `widths` are the lengths of the vectors in each feature column.
    """

    def __init__(
        self, fields: dict[str, Any], coefficients: np.ndarray, widths: list[int | None]
    ) -> None:
        super().__init__(fields)
        self._coefficients = coefficients
        self._widths = widths

    @property
    def coefficients(self) -> SFrame:
        """name, index, class and value of every coefficient; stderr is not computed."""
        labels: list[tuple[str, str | None]] = [("(intercept)", None)]
        for name, width in zip(self.features, self._widths):
            indices = [None] if width is None else map(str, range(width))
            labels += [(name, index) for index in indices]
        others = self.classes[1:]
        names, indices = zip(*(labels * len(others)))
        values = np.roll(self._coefficients, 1, axis=1).ravel()
        return SFrame._wrap({
            "name": make_column(names),
            "index": make_column(indices, str),
            "class": make_column([label for label in others for _ in labels]),
            "value": Column(float, values),
            "stderr": make_column([None] * len(values), float),
        })  # fmt: skip

    def predict(self, dataset: SFrame, output_type: str = "class") -> SArray:
        """Return the likeliest class of each row, or the probabilities of all classes.

        `output_type` is 'class' or 'probability_vector'; with two classes also 'probability' or
        'margin', those of the second. Raises ValueError for another output type, ToolkitError for
        one that more classes do not have.
        """
        rows = self._check_rows(dataset, output_type)
        if output_type == "class":
            return SArray(self._named(self._margins(rows).argmax(axis=1)), type(self.classes[0]))
        scores = self._scores(rows, output_type)
        if output_type == "probability_vector":
            return SArray._wrap(Column(array, scores))
        return SArray._wrap(Column(float, scores[:, 1]))

    def predict_topk(self, dataset: SFrame, output_type: str = "probability", k: int = 3) -> SFrame:
        """Return id (row), class and probability, margin or rank of the `k` likeliest classes."""
        scores = self._scores(self._check_rows(dataset), output_type)
        top = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        width = top.shape[1]
        if output_type == "rank":
            values = Column(int, np.tile(np.arange(width), len(scores)))
        else:
            values = Column(float, np.take_along_axis(scores, top, axis=1).ravel())
        return SFrame._wrap({
            "id": Column(int, np.repeat(np.arange(len(scores)), width)),
            "class": make_column(self._named(top.ravel())),
            output_type: values,
        })  # fmt: skip

    def classify(self, dataset: SFrame) -> SFrame:
        """Return class and probability of the likeliest class."""
        margins = self._margins(self._check_rows(dataset))
        return SFrame._wrap({
            "class": make_column(self._named(margins.argmax(axis=1)), type(self.classes[0])),
            "probability": Column(float, scipy.special.softmax(margins, axis=1).max(axis=1)),
        })  # fmt: skip

    def evaluate(self, dataset: SFrame, metric: str = "auto") -> dict[str, Any]:
        """Return how well the classes of `dataset` are predicted, by metric; all with 'auto'.

        The metrics are accuracy, auc, confusion_matrix, f1_score, log_loss, precision, recall and
        roc_curve. With more than two classes, precision, recall, F1 and AUC are means over the
        classes. Raises ToolkitError for another metric.
        """
        if metric not in ("auto", *EVALUATIONS):
            raise ToolkitError(f"There is no metric {metric!r}: {', '.join(EVALUATIONS)}.")
        check_sframe(dataset)
        true = np.array(_check_column(dataset, self.target).values.tolist())
        scores = self._scores(self._check_rows(dataset), "probability")
        predictions = Predictions(self.classes, true, scores)
        wanted = EVALUATIONS if metric == "auto" else (metric,)
        return {name: EVALUATIONS[name](predictions) for name in wanted}

    def _check_rows(self, dataset: SFrame, output_type: str = "class") -> np.ndarray:
        """Return the rows to predict. Raises what is wrong with them or with the output type."""
        if output_type not in OUTPUT_TYPES:
            raise ValueError(f"There is no output type {output_type!r}.")
        if output_type in BINARY_OUTPUT_TYPES and self.num_classes > 2:
            raise ToolkitError(
                f"Output type '{output_type}' is only supported for binary classification. For "
                "multi-class classification, use predict_topk() instead."
            )
        check_sframe(dataset)
        rows = _joined(_check_features(dataset, self.features))
        if rows.shape[1] != self._coefficients.shape[1] - 1:
            raise ToolkitError("The vectors are not as long as those that were trained on.")
        return rows

    def _margins(self, rows: np.ndarray) -> np.ndarray:
        """Return how far each class (n x classes) is ahead of the first."""
        margins = rows @ self._coefficients[:, :-1].T + self._coefficients[:, -1]
        return np.column_stack([np.zeros(len(rows)), margins])

    def _scores(self, rows: np.ndarray, output_type: str) -> np.ndarray:
        """Return margins, or for any other output type probabilities (n x classes)."""
        margins = self._margins(rows)
        return margins if output_type == "margin" else scipy.special.softmax(margins, axis=1)

    def _named(self, codes: np.ndarray) -> list:
        return [self.classes[code] for code in codes]

    def _sections(self) -> dict[str, dict[str, str]]:
        return {"": {name: name for name in SHOWN_FIELDS}}
