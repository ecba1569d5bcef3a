"""``logistic_classifier.create`` and its model, with Turi Create's objective and arguments.

The objective is Turi Create's (``logistic_regression.cpp``): the log loss with the first class as
reference, plus ``l2_penalty`` times the squared coefficients of features scaled to unit mean
square, the intercepts left out. scikit-learn's own classifier penalizes all classes alike, which
is another objective; so SciPy's L-BFGS minimizes this one, and scikit-learn measures the result.
"""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import scipy.optimize
import scipy.special
import sklearn.metrics

from ..columns.column import Column
from ..errors import ToolkitError
from ..missing_api import refuse
from ..tables.sarray import SArray
from ..tables.sframe import SFrame

FEATURE_TYPES = (int, float, array)
# Up to so many coefficients Turi Create uses Newton's method, which ends at the minimum.
FEW_COEFFICIENTS = 500
THRESHOLDS = np.arange(1001) / 1000
METRICS = (
    "accuracy", "auc", "confusion_matrix", "f1_score", "log_loss", "precision", "recall",
    "roc_curve",
)  # fmt: skip


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
    """A classifier of the labels in column ``target`` (integers or strings).

    ``features`` are columns of numbers or vectors; all but the target where not given. All rows
    are trained on, also with ``validation_set='auto'``, for which Turi Create leaves out 5% at
    random. With more than 500 coefficients the solver stops after ``max_iterations``, far from
    the minimum, as Turi Create's does at another point. ``solver``, ``step_size`` and ``seed``
    are accepted and change nothing; nothing is printed. Raises ToolkitError where columns are
    missing or not of these types, or where there are less than two classes.
    """
    if not isinstance(dataset, SFrame):
        raise ToolkitError(f"dataset must be an SFrame, not {type(dataset).__name__}.")
    if l1_penalty:
        raise refuse("an l1_penalty")
    names = [name for name in dataset.column_names() if name != target]
    names = names if features is None else [name for name in features if name != target]
    labels = _column(dataset, target)
    if labels.dtype not in (int, str):
        raise ToolkitError(f"The target {target} has to be of integers or strings.")
    rows = _matrix(dataset, names)
    classes = sorted(set(labels._values()))
    if len(classes) < 2:
        raise ToolkitError("One-class classification is not supported: check the target column.")
    codes = np.searchsorted(np.array(classes), np.array(labels._values()))
    weights = _weights(class_weights, classes, codes)
    scale = _scale(rows) if feature_rescaling else 1.0
    few = (len(classes) - 1) * (rows.shape[1] + 1) <= FEW_COEFFICIENTS
    options = {
        "maxiter": 10_000 if few else max_iterations,
        "maxcor": lbfgs_memory_level,
        "gtol": 1e-9 if few else convergence_threshold,
        "ftol": 1e-15,
    }
    found = _minimize(rows / scale, codes, weights[codes], l2_penalty, options)
    coefficients = found.x.reshape(len(classes) - 1, -1)
    coefficients[:, :-1] /= scale
    model = LogisticClassifier({
        "classes": classes,
        "class_weights": dict(zip(classes, weights.tolist())),
        "features": names,
        "l2_penalty": l2_penalty,
        "max_iterations": max_iterations,
        "num_classes": len(classes),
        "num_coefficients": coefficients.size,
        "num_examples": len(dataset),
        "num_features": len(names),
        "num_unpacked_features": rows.shape[1],
        "solver": "lbfgs",
        "target": target,
        "training_iterations": found.nit,
        "training_loss": float(found.fun),
        "_coefficients": coefficients,
        "_widths": [_width(dataset[name]) for name in names],
    })  # fmt: skip
    model._fields["training_accuracy"] = model.evaluate(dataset, "accuracy")["accuracy"]
    if isinstance(validation_set, SFrame):
        accuracy = model.evaluate(validation_set, "accuracy")["accuracy"]
        model._fields["validation_accuracy"] = accuracy
    return model


def _minimize(
    rows: np.ndarray, codes: np.ndarray, weights: np.ndarray, penalty: float, options: dict
) -> Any:
    """Coefficients and intercept per class but the first; see the module's description."""
    rows = np.column_stack([rows, np.ones(len(rows))])
    count = codes.max()
    wanted = np.eye(count + 1)[codes]
    penalties = np.full(rows.shape[1], penalty)
    penalties[-1] = 0

    def loss_and_gradient(flat: np.ndarray) -> tuple[float, np.ndarray]:
        coefficients = flat.reshape(count, -1)
        margins = np.column_stack([np.zeros(len(rows)), rows @ coefficients.T])
        logs = scipy.special.log_softmax(margins, axis=1)
        loss = -(weights * logs[np.arange(len(rows)), codes]).sum()
        residuals = weights[:, None] * (np.exp(logs) - wanted)[:, 1:]
        gradient = residuals.T @ rows + 2 * penalties * coefficients
        return loss + (penalties * coefficients**2).sum(), gradient.ravel()

    start = np.zeros(count * rows.shape[1])
    return scipy.optimize.minimize(
        loss_and_gradient, start, jac=True, method="L-BFGS-B", options=options
    )


def _scale(rows: np.ndarray) -> np.ndarray:
    """The root of the mean square of each feature, its variance being the sample variance."""
    variance = rows.var(axis=0, ddof=1) if len(rows) > 1 else 0.0
    return np.sqrt(np.maximum(rows.mean(axis=0) ** 2 + variance, 1e-10))


def _column(dataset: SFrame, name: str) -> SArray:
    if name not in dataset.column_names():
        raise ToolkitError(f"Input data does not contain the following columns: ['{name}']")
    column = dataset[name]
    if column.countna():
        raise ToolkitError(f"Column {name} has missing values; drop or fill them.")
    return column


def _matrix(dataset: SFrame, names: list[str]) -> np.ndarray:
    """The feature columns beside each other."""
    parts = []
    for name in names:
        column = _column(dataset, name)
        if column.dtype not in FEATURE_TYPES:
            raise ToolkitError(f"Feature {name} has to be of numbers or vectors.")
        values = column.column.values
        if values.dtype == object:
            raise ToolkitError(f"Feature {name} has vectors of different lengths.")
        parts.append(values if values.ndim == 2 else values[:, None])
    return np.concatenate(parts, axis=1).astype(np.float64)


def _width(column: SArray) -> int | None:
    """The length of the vectors in a column; None for numbers."""
    return column.column.values.shape[1] if column.dtype is array else None


def _weights(given: Any, classes: list, codes: np.ndarray) -> np.ndarray:
    """One weight per class: 1, those given, or with 'auto' more for the rarer."""
    if given is None:
        return np.ones(len(classes))
    if given == "auto":
        rarity = 1 / np.bincount(codes)
        return rarity / rarity.sum()
    return np.array([float(given[label]) for label in classes])


class LogisticClassifier:
    """What ``create`` returns; the fields of Turi Create's model are attributes of it."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__") and name in self.__dict__.get("_fields", {}):
            return self._fields[name]
        raise refuse(f"LogisticClassifier.{name}", name, AttributeError)

    @property
    def coefficients(self) -> SFrame:
        """name, index, class and value of every coefficient; stderr is not computed."""
        labels: list[tuple[str, str | None]] = [("(intercept)", None)]
        for name, width in zip(self.features, self._widths):
            indices = [None] if width is None else map(str, range(width))
            labels += [(name, index) for index in indices]
        rows = [
            (name, index, label, value)
            for label, values in zip(self.classes[1:], np.roll(self._coefficients, 1, axis=1))
            for (name, index), value in zip(labels, values.tolist())
        ]
        names, indices, classes, values = zip(*rows)
        out = SFrame()
        for title, column in (
            ("name", SArray(names)),
            ("index", SArray(indices, str)),
            ("class", SArray(classes)),
            ("value", SArray(values)),
            ("stderr", SArray([None] * len(rows), float)),
        ):
            out._add(column, title)
        return out

    def _margins(self, dataset: SFrame) -> np.ndarray:
        rows = _matrix(dataset, self.features)
        coefficients = self._coefficients
        if rows.shape[1] != coefficients.shape[1] - 1:
            raise ToolkitError("The vectors are not as long as those that were trained on.")
        margins = rows @ coefficients[:, :-1].T + coefficients[:, -1]
        return np.column_stack([np.zeros(len(rows)), margins])

    def _probabilities(self, dataset: SFrame) -> np.ndarray:
        return scipy.special.softmax(self._margins(dataset), axis=1)

    def predict(self, dataset: SFrame, output_type: str = "class") -> SArray:
        """'class', 'probability_vector'; with two classes 'probability' or 'margin' of the
        second."""
        if output_type == "class":
            best = self._margins(dataset).argmax(axis=1)
            return SArray([self.classes[code] for code in best], type(self.classes[0]))
        if output_type == "probability_vector":
            return SArray._wrap(Column(array, self._probabilities(dataset)))
        if output_type not in ("probability", "margin"):
            raise ValueError(f"There is no output type {output_type!r}.")
        if self.num_classes > 2:
            raise ToolkitError(
                f"Output type '{output_type}' is only supported for binary classification. For "
                "multi-class classification, use predict_topk() instead."
            )
        of = self._margins if output_type == "margin" else self._probabilities
        return SArray._wrap(Column(float, of(dataset)[:, 1]))

    def predict_topk(self, dataset: SFrame, output_type: str = "probability", k: int = 3) -> SFrame:
        """id (row), class and probability, margin or rank of the ``k`` likeliest classes."""
        scores = (self._margins if output_type == "margin" else self._probabilities)(dataset)
        top = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        width = top.shape[1]
        values = np.take_along_axis(scores, top, axis=1).ravel()
        out = SFrame()
        out._add(SArray(np.repeat(np.arange(len(scores)), width)), "id")
        out._add(SArray([self.classes[code] for code in top.ravel()]), "class")
        ranks = np.tile(np.arange(width), len(scores))
        out._add(SArray(ranks if output_type == "rank" else values), output_type)
        return out

    def classify(self, dataset: SFrame) -> SFrame:
        """class and probability of the likeliest class."""
        out = SFrame()
        out._add(self.predict(dataset), "class")
        out._add(SArray(self._probabilities(dataset).max(axis=1)), "probability")
        return out

    def evaluate(self, dataset: SFrame, metric: str = "auto") -> dict[str, Any]:
        """accuracy, auc, confusion_matrix, f1_score, log_loss, precision, recall, roc_curve.

        With more than two classes, precision, recall, F1 and AUC are means over the classes.
        """
        if metric not in ("auto", *METRICS):
            raise ToolkitError(f"There is no metric {metric!r}: {', '.join(METRICS)}.")
        true = np.array(_column(dataset, self.target)._values())
        scores = self._probabilities(dataset)
        predicted = np.array(self.classes)[scores.argmax(axis=1)]
        wanted = METRICS if metric == "auto" else (metric,)
        return {name: self._measure(name, true, predicted, scores) for name in wanted}

    def _measure(
        self, name: str, true: np.ndarray, predicted: np.ndarray, scores: np.ndarray
    ) -> Any:
        if name == "confusion_matrix":
            pairs = SFrame({"target_label": true, "predicted_label": predicted})
            counts = pairs.groupby(pairs.column_names(), {"count": ("count", [""])})
            return counts[["target_label", "predicted_label", "count"]]
        if name == "roc_curve":
            return self._roc_curve(true, scores)
        if name == "accuracy":
            return float((true == predicted).mean())
        if name == "log_loss":
            return float(sklearn.metrics.log_loss(true, scores, labels=self.classes))
        binary = self.num_classes == 2
        if name == "auc":
            each = [
                sklearn.metrics.roc_auc_score(true == label, scores[:, code])
                for code, label in enumerate(self.classes)
            ]
            return float(each[1] if binary else np.mean(each))
        measure = getattr(sklearn.metrics, name if name == "f1_score" else f"{name}_score")
        average = {"pos_label": self.classes[1]} if binary else {"average": "macro"}
        return float(measure(true, predicted, zero_division=0, **average))

    def _roc_curve(self, true: np.ndarray, scores: np.ndarray) -> SFrame:
        """Rates of true and false positives at 1001 thresholds, per class if more than two."""
        out = SFrame()
        codes = [1] if self.num_classes == 2 else range(self.num_classes)
        for code in codes:
            here = true == self.classes[code]
            curve = {"threshold": THRESHOLDS}
            for rate, rows in (("fpr", ~here), ("tpr", here)):
                below = np.searchsorted(np.sort(scores[rows, code]), THRESHOLDS)
                curve[rate] = 1 - below / max(1, rows.sum())
            part = SFrame()
            for title, values in curve.items():
                part._add(SArray(values), title)
            part["p"], part["n"] = int(here.sum()), int((~here).sum())
            if self.num_classes > 2:
                part["class"] = code
            out = out.append(part)
        return out

    def __repr__(self) -> str:
        shown = (
            "num_coefficients", "num_examples", "num_classes", "num_features",
            "num_unpacked_features", "l2_penalty", "solver", "training_iterations",
            "training_loss", "training_accuracy",
        )  # fmt: skip
        lines = [f"{name:<30} : {self._fields[name]}" for name in shown]
        return "\n".join([f"{'Class':<30} : LogisticClassifier", "", *lines, ""])

    def summary(self) -> None:
        """Print what the model is."""
        print(self)
