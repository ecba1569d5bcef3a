"""`turilite.evaluation`: how well predictions agree with targets, with Turi Create's arguments.

`targets` and `predictions` are SArrays of one length. Where exactly two labels occur among both,
precision, recall, accuracy and the F scores are those of the greater one, whatever `average` says;
otherwise 'macro' is the mean over the labels that have the score, 'micro' the score of all labels
together, and None a dictionary of the scores by label.
"""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np

from ..arguments import spoken, word
from ..columns.aggregators import COUNT
from ..columns.selecting import is_missing
from ..columns.values import listing
from ..errors import ToolkitError
from ..tables.sarray import SArray
from ..tables.sframe import SFrame
from .classifier_metrics import roc_table
from .confusion import Confusion, f_scores, precisions, recalls, score
from .curves import Curve
from .curves import log_loss as mean_log_loss

__all__ = [
    "accuracy",
    "auc",
    "confusion_matrix",
    "f1_score",
    "fbeta_score",
    "log_loss",
    "max_error",
    "precision",
    "recall",
    "rmse",
    "roc_curve",
]

AVERAGES = ("micro", "macro", None)
LOWEST_OF_TWO = 1e-9
"""What the logarithm is taken of, for two classes, where a probability is 0."""
MARGIN = 1e-9  # by which a probability may be outside of 0 .. 1


@spoken
def accuracy(targets: SArray, predictions: SArray, average: str | None = "micro") -> Any:
    """Return the share of right predictions.

    With 'macro' it is the mean over the labels of the share of rows that are rightly taken for it
    or not for it; with None, as in Turi Create, the precision of each label.
    """
    confusion = _confusion(targets, predictions, average, (*AVERAGES, "default"))
    rows = confusion.counts.sum()
    wrong = confusion.rows + confusion.predictions - 2 * confusion.right
    if len(confusion.labels) == 2 or average == "macro":
        return float(np.mean(1 - wrong / rows)) if rows else float("nan")
    if average is None:
        return score(confusion, precisions, None)
    return float(confusion.right.sum() / rows) if rows else float("nan")


@spoken
def precision(targets: SArray, predictions: SArray, average: str | None = "macro") -> Any:
    """Return the share of the predictions of a label that is right."""
    return score(_confusion(targets, predictions, average), precisions, average)


@spoken
def recall(targets: SArray, predictions: SArray, average: str | None = "macro") -> Any:
    """Return the share of the rows of a label that is found."""
    return score(_confusion(targets, predictions, average), recalls, average)


@spoken
def fbeta_score(
    targets: SArray, predictions: SArray, beta: float = 1.0, average: str | None = "macro"
) -> Any:
    """Return the mean of precision and recall that weighs recall `beta` times as much."""
    if not isinstance(beta, (int, float)) or not beta > 0:
        raise ToolkitError("The beta value in the F-beta score must be > 0.0")
    return score(_confusion(targets, predictions, average), f_scores(beta), average)


@spoken
def f1_score(targets: SArray, predictions: SArray, average: str | None = "macro") -> Any:
    """Return the harmonic mean of precision and recall."""
    return fbeta_score(targets, predictions, 1.0, average)


@spoken
def confusion_matrix(targets: SArray, predictions: SArray) -> SFrame:
    """Return how often each label is predicted as which, for the pairs that occur."""
    _check_labels(targets, predictions)
    pairs = SFrame({"target_label": targets, "predicted_label": predictions})
    counts = pairs.groupby(["target_label", "predicted_label"], {"count": COUNT()})
    return counts[["target_label", "predicted_label", "count"]]


@spoken
def log_loss(targets: SArray, predictions: SArray, index_map: dict | None = None) -> float:
    """Return the mean negative logarithm of the probabilities of the true labels.

    `predictions` are probabilities of the greater of two labels, or vectors of those of all labels
    in their order or at the places that `index_map` gives.
    """
    places, probabilities = _probabilities(targets, predictions, index_map)
    true = [places.get(label) for label in listing(targets.column)]
    if probabilities.shape[1] == 2 and predictions.dtype in (int, float):
        chosen = probabilities[np.arange(len(true)), np.array(true, np.int64)]
        return float(-np.log(np.maximum(chosen, LOWEST_OF_TWO)).mean())
    pairs = zip(probabilities, true)
    return mean_log_loss(np.array([0.0 if code is None else row[code] for row, code in pairs]))


@spoken
def roc_curve(
    targets: SArray, predictions: SArray, average: None = None, index_map: dict | None = None
) -> SFrame:
    """Return the rates of false and true positives at 1001 thresholds; see `log_loss`."""
    _check_average(average, (None,))
    curves = _curves(targets, predictions, index_map)
    return roc_table(curves, len(curves) == 1)


@spoken
def auc(
    targets: SArray,
    predictions: SArray,
    average: str | None = "macro",
    index_map: dict | None = None,
) -> Any:
    """Return the area under the curve of the greater of two labels.

    For more it is the mean, with average=None a dictionary by label; see `log_loss`.
    """
    _check_average(average, ("macro", None))
    areas = {label: curve.area for label, curve in _curves(targets, predictions, index_map).items()}
    return areas if average is None and len(areas) > 1 else float(np.mean(list(areas.values())))


@spoken
def rmse(targets: SArray, predictions: SArray) -> float:
    """Return the root of the mean squared error of numbers."""
    return float(np.sqrt(np.mean(_errors(targets, predictions) ** 2)))


@spoken
def max_error(targets: SArray, predictions: SArray) -> float:
    """Return the largest error of numbers."""
    return float(_errors(targets, predictions).max())


# --- what is asked for ----------------------------------------------------------------------------


def _check_columns(targets: Any, predictions: Any) -> None:
    for name, given in (("targets", targets), ("predictions", predictions)):
        if not isinstance(given, SArray):
            raise ToolkitError(f"Input {name} is not an SArray.")
    if len(targets) != len(predictions):
        raise ToolkitError("Input SArrays 'targets' and 'predictions' must be of the same length.")
    if not len(targets):
        raise ToolkitError("Input SArrays 'targets' and 'predictions' have no rows.")


def _check_labels(targets: Any, predictions: Any) -> None:
    _check_columns(targets, predictions)
    for name, given in (("targets", targets), ("predictions", predictions)):
        if given.dtype is float:
            raise TypeError(f"Input `{name}` cannot be an SArray of type float.")
    if targets.dtype is not predictions.dtype:
        raise TypeError("Inputs SArrays `targets` and `predictions` must be of the same type.")
    if targets.dtype not in (int, str):
        raise TypeError(
            "Inputs SArrays `targets` and `predictions` must be of integers or strings."
        )


def _check_average(average: Any, allowed: tuple) -> None:
    if (average is not None and not isinstance(average, str)) or average not in allowed:
        names = ", ".join(map(str, allowed))
        raise ToolkitError(
            f"{word(average)} is not a valid option for average.  Expected one of: {names}"
        )


def _confusion(
    targets: Any, predictions: Any, average: Any, allowed: tuple = AVERAGES
) -> Confusion:
    _check_labels(targets, predictions)
    _check_average(average, allowed)
    columns = listing(targets.column), listing(predictions.column)
    labels = _ordered({*columns[0], *columns[1]})
    places = {label: place for place, label in enumerate(labels)}
    true, predicted = ([places[label] for label in column] for column in columns)
    return Confusion.of(labels, np.array(true, np.int64), np.array(predicted, np.int64))


def _ordered(labels: set) -> list:
    """Return labels in their order, a missing one first."""
    return sorted(labels, key=lambda label: (label is not None, label))


def _probabilities(targets: Any, predictions: Any, index_map: Any) -> tuple[dict, np.ndarray]:
    """Return the places of the labels, and a probability for each row and place."""
    _check_columns(targets, predictions)
    _check_index_map(index_map)
    if predictions.dtype not in (int, float, array, np.ndarray):
        raise TypeError(
            "Input `predictions` must be of numeric type (for binary classification) or array (of "
            "probability vectors) for multiclass classification."
        )
    if targets.dtype not in (int, str):
        raise TypeError("Input `targets` must be an SArray of integers or strings.")
    if is_missing(predictions.column).any():
        raise ToolkitError(
            "Prediction scores/probabilities cannot contain missing values (i.e None values). Try "
            "removing them with 'dropna'."
        )
    labels = _ordered(set(listing(targets.column)))
    places = index_map or {label: place for place, label in enumerate(labels)}
    probabilities = _as_matrix(predictions, places)
    if not ((probabilities >= -MARGIN) & (probabilities <= 1 + MARGIN)).all():
        raise ToolkitError(
            "Prediction scores/probabilities are expected to be in the range [0, 1]. If they "
            "aren't, try normalizing them."
        )
    return places, probabilities


def _as_matrix(predictions: SArray, places: dict) -> np.ndarray:
    if predictions.dtype in (int, float):
        if len(places) != 2:
            raise ToolkitError(
                "For this evaluation metric, the input SArray `predictions` can be of type float "
                "only when the number of classes is 2 (i.e binary classification). This dataset "
                f"has {len(places)} classes."
            )
        greater = predictions.column.values.astype(np.float64)
        return np.column_stack([1 - greater, greater])
    rows = [np.ravel(row) for row in predictions.column.values]
    wrong = next((len(row) for row in rows if len(row) != len(places)), None)
    if wrong is not None:
        raise ToolkitError(
            f"Size of prediction probability vector({wrong}) != number of classes({len(places)})."
        )
    return np.array(rows)


def _check_index_map(index_map: Any) -> None:
    if index_map is None:
        return
    if not isinstance(index_map, dict):
        raise TypeError(
            "Input `index_map` must be a dict mapping target label to prediction-vector index."
        )
    indices = list(index_map.values())
    if len(set(map(str, indices))) != len(indices) or set(indices) != set(range(len(indices))):
        raise ToolkitError(
            "Invalid index_map: each target label must map to a distinct index into the "
            "prediction vector."
        )


def _curves(targets: Any, predictions: Any, index_map: Any) -> dict[Any, Curve]:
    places, probabilities = _probabilities(targets, predictions, index_map)
    true = np.array([places.get(label, -1) for label in listing(targets.column)])
    known = true >= 0
    wanted = {label: code for label, code in places.items() if len(places) != 2 or code == 1}
    return {
        label: Curve.of(true[known] == code, probabilities[known, code])
        for label, code in sorted(wanted.items(), key=lambda item: item[1])
    }


def _errors(targets: Any, predictions: Any) -> np.ndarray:
    _check_columns(targets, predictions)
    for name, given in (("targets", targets), ("predictions", predictions)):
        if given.dtype not in (int, float) or is_missing(given.column).any():
            raise ToolkitError(f"Input {name} must be numbers, without missing values.")
    return np.abs(targets.column.values - predictions.column.values)
