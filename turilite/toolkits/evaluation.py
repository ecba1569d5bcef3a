"""How well classes are predicted: Turi Create's metrics, measured by scikit-learn."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
import sklearn.metrics

from ..columns.aggregators import COUNT
from ..columns.column import Column
from ..tables.sframe import SFrame

THRESHOLDS = np.arange(1001) / 1000


class Predictions:
    """The true classes of n rows beside the probabilities (n x classes) that were predicted."""

    def __init__(self, classes: list, true: np.ndarray, scores: np.ndarray) -> None:
        self.classes = classes
        self.true = true
        self.scores = scores
        self.predicted = np.array(classes)[scores.argmax(axis=1)]
        self.is_binary = len(classes) == 2


def _accuracy(of: Predictions) -> float:
    return float((of.true == of.predicted).mean())


def _auc(of: Predictions) -> float:
    each = [
        sklearn.metrics.roc_auc_score(of.true == label, of.scores[:, code])
        for code, label in enumerate(of.classes)
    ]
    return float(each[1] if of.is_binary else np.mean(each))


def _confusion_matrix(of: Predictions) -> SFrame:
    pairs = SFrame({"target_label": of.true, "predicted_label": of.predicted})
    counts = pairs.groupby(pairs.column_names(), {"count": COUNT()})
    return counts[["target_label", "predicted_label", "count"]]


def _log_loss(of: Predictions) -> float:
    return float(sklearn.metrics.log_loss(of.true, of.scores, labels=of.classes))


def _per_class(measure: Callable[..., float]) -> Callable[[Predictions], float]:
    """Return a measure of the second of two classes, or the mean over more."""

    def measured(of: Predictions) -> float:
        average = {"pos_label": of.classes[1]} if of.is_binary else {"average": "macro"}
        return float(measure(of.true, of.predicted, zero_division=0, **average))

    return measured


def _roc_curve(of: Predictions) -> SFrame:
    """Return rates of true and false positives at 1001 thresholds, per class if more than two."""
    out = SFrame()
    for code in [1] if of.is_binary else range(len(of.classes)):
        here = of.true == of.classes[code]
        part = SFrame._wrap({
            "threshold": Column(float, THRESHOLDS),
            "fpr": Column(float, _rates(of.scores[~here, code])),
            "tpr": Column(float, _rates(of.scores[here, code])),
        })  # fmt: skip
        part["p"], part["n"] = int(here.sum()), int((~here).sum())
        if not of.is_binary:
            part["class"] = code
        out = out.append(part)
    return out


def _rates(scores: np.ndarray) -> np.ndarray:
    """Return the share of `scores` at or above each threshold; 1 where there are none."""
    return 1 - np.searchsorted(np.sort(scores), THRESHOLDS) / max(1, len(scores))


EVALUATIONS: dict[str, Callable[[Predictions], Any]] = {
    "accuracy": _accuracy,
    "auc": _auc,
    "confusion_matrix": _confusion_matrix,
    "f1_score": _per_class(sklearn.metrics.f1_score),
    "log_loss": _log_loss,
    "precision": _per_class(sklearn.metrics.precision_score),
    "recall": _per_class(sklearn.metrics.recall_score),
    "roc_curve": _roc_curve,
}
"""What `evaluate` measures, by Turi Create's names."""
