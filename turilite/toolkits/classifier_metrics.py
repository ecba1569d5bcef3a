"""How well a classifier predicts the classes of rows: what its `evaluate` measures.

A row may be of a class that was not trained. It counts as wrong, its class as one with the
probability 0; `auc` and `roc_curve` leave the row out.
"""

from __future__ import annotations

from typing import Any, Callable

import numpy as np

from ..columns.aggregators import COUNT
from ..columns.column import Column
from ..columns.values import make_column
from ..tables.sframe import SFrame
from .confusion import Confusion, f_scores, precisions, recalls, score
from .curves import THRESHOLDS, Curve, log_loss


class Predictions:
    """The true classes of n rows beside the predicted ones and all probabilities (n x trained).

    Classes are codes: places in `labels`, of which the first are those that were trained.
    """

    def __init__(
        self, classes: list, true: list, probabilities: np.ndarray, predicted: np.ndarray
    ) -> None:
        codes = {label: code for code, label in enumerate(classes)}
        self.true = np.array([codes.setdefault(label, len(codes)) for label in true])
        self.labels = list(codes)
        self.trained = len(classes)
        self.predicted = predicted
        self.probabilities = probabilities

    def named(self, codes: np.ndarray) -> Column:
        return make_column([self.labels[code] for code in codes])


def _accuracy(of: Predictions) -> float:
    return float((of.true == of.predicted).mean())


def _auc(of: Predictions) -> float:
    """Return the area under the curve of the second of two classes, or the mean over more."""
    return float(np.mean([curve.area for curve in _curves(of).values()]))


def _confusion_matrix(of: Predictions) -> SFrame:
    """Return how often each class is predicted as which; pairs that occur only."""
    pairs = SFrame._wrap({
        "target_label": of.named(of.true),
        "predicted_label": of.named(of.predicted),
    })  # fmt: skip
    counts = pairs.groupby(pairs.column_names(), {"count": COUNT()})
    return counts[["target_label", "predicted_label", "count"]]


def _log_loss(of: Predictions) -> float:
    untrained = np.zeros((len(of.true), len(of.labels) - of.trained))
    probabilities = np.column_stack([of.probabilities, untrained])
    return log_loss(probabilities[np.arange(len(of.true)), of.true])


def _scored(measure: Callable) -> Callable[[Predictions], Any]:
    return lambda of: score(Confusion.of(of.labels, of.true, of.predicted), measure)


def _roc_curve(of: Predictions) -> SFrame:
    """Return rates of true and false positives at 1001 thresholds, per class if more than two."""
    return roc_table(_curves(of), of.trained == 2)


def _curves(of: Predictions) -> dict[Any, Curve]:
    """Return the curve of the second of two trained classes, or of each of more, by its code."""
    known = of.true < of.trained
    wanted = [1] if of.trained == 2 else range(of.trained)
    return {
        code: Curve.of(of.true[known] == code, of.probabilities[known, code]) for code in wanted
    }


def roc_table(curves: dict[Any, Curve], is_binary: bool) -> SFrame:
    """Return the curves as one table; `class` tells them apart unless there is only one."""
    counts = [len(THRESHOLDS)] * len(curves)
    rates = np.array([curve.rates for curve in curves.values()])
    columns = {
        "threshold": Column(float, np.tile(THRESHOLDS, len(curves))),
        "fpr": Column(float, rates[:, 0].ravel()),
        "tpr": Column(float, rates[:, 1].ravel()),
        "p": Column(int, np.repeat([curve.positives[0] for curve in curves.values()], counts)),
        "n": Column(int, np.repeat([curve.negatives[0] for curve in curves.values()], counts)),
    }
    if not is_binary:
        labels = [label for label in curves for _ in THRESHOLDS]
        columns["class"] = make_column(labels)
    return SFrame._wrap(columns)


METRICS: dict[str, Callable[[Predictions], Any]] = {
    "accuracy": _accuracy,
    "auc": _auc,
    "confusion_matrix": _confusion_matrix,
    "f1_score": _scored(f_scores()),
    "log_loss": _log_loss,
    "precision": _scored(precisions),
    "recall": _scored(recalls),
    "roc_curve": _roc_curve,
}
"""What `evaluate` measures, by Turi Create's names."""
