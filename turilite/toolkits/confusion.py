"""Scores of predicted classes from how often each is taken for which, by Turi Create's rules.

The labels that count are those that occur, as the class of a row or as a prediction. With exactly
two of them a score is that of the greater one; otherwise it is the mean over those for which it
is defined, and None where it is for none. Turi Create's rules stand in
`toolkits/evaluation/evaluation_interface-inl.hpp`.
"""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

import numpy as np

Score = Any  # a number, or None where it is not defined


class Confusion(NamedTuple):
    """The labels that occur, in order, and how often each (row) is predicted as which (column)."""

    labels: list
    counts: np.ndarray

    @classmethod
    def of(cls, labels: list, true: np.ndarray, predicted: np.ndarray) -> Confusion:
        """Return the counts for codes, which are places in `labels`."""
        present = np.unique(np.concatenate([true, predicted]))
        counts = np.zeros((len(present), len(present)), np.int64)
        np.add.at(counts, (np.searchsorted(present, true), np.searchsorted(present, predicted)), 1)
        return cls([labels[code] for code in present], counts)

    @property
    def right(self) -> np.ndarray:
        """How often each label is predicted for its own rows."""
        return np.diag(self.counts)

    @property
    def rows(self) -> np.ndarray:
        """How many rows are of each label."""
        return self.counts.sum(axis=1)

    @property
    def predictions(self) -> np.ndarray:
        """How often each label is predicted."""
        return self.counts.sum(axis=0)


Measure = Callable[[np.ndarray, np.ndarray, np.ndarray], list]
"""Scores from how often labels are right, of how many rows, of how many predictions."""


def precisions(right: np.ndarray, rows: np.ndarray, predictions: np.ndarray) -> list:
    """Return the share of the predictions of each label that is right; None without any."""
    return _shares(right, predictions)


def recalls(right: np.ndarray, rows: np.ndarray, predictions: np.ndarray) -> list:
    """Return the share of the rows of each label that is found; None without any."""
    return _shares(right, rows)


def f_scores(beta: float = 1.0) -> Measure:
    """Return the measure that weighs recall `beta` times as much as precision.

    Where one of them is not defined it is the other one.
    """

    def measured(right: np.ndarray, rows: np.ndarray, predictions: np.ndarray) -> list:
        pairs = zip(_shares(right, predictions), _shares(right, rows))
        return [_f_score(*pair, beta) for pair in pairs]

    return measured


def _f_score(precision: Score, recall: Score, beta: float) -> Score:
    if precision is None or recall is None:
        return recall if precision is None else precision
    weight = beta * beta
    return (1 + weight) * precision * recall / max(1e-20, weight * precision + recall)


def _shares(parts: np.ndarray, wholes: np.ndarray) -> list:
    pairs = zip(parts.tolist(), wholes.tolist())
    return [part / whole if whole else None for part, whole in pairs]


def score(confusion: Confusion, measure: Measure, average: str | None = "macro") -> Any:
    """Return the score of the greater of two labels, or what `average` makes of those of all.

    'macro' is the mean, 'micro' the score of all labels taken together, None a dictionary.
    """
    parts = confusion.right, confusion.rows, confusion.predictions
    scores = measure(*parts)
    if len(scores) == 2:
        return scores[-1]
    if average is None:
        return dict(zip(confusion.labels, scores))
    if average == "micro":
        return measure(*(np.array([part.sum()]) for part in parts))[0]
    return mean_of_defined(scores)


def mean_of_defined(scores: list) -> Score:
    """Return the mean of those that are not None; None where all are."""
    known = [value for value in scores if value is not None]
    return sum(known) / len(known) if known else None
