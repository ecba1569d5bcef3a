"""Rates of true and false positives by threshold, and the area under their curve.

As in Turi Create probabilities are counted in 1000 bins, and the area is that between the lowest
and the highest bin: what is in the highest one adds nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

BINS = 1000
THRESHOLDS = np.arange(BINS + 1) / BINS
LOWEST_PROBABILITY = 1e-15  # what the logarithm is taken of where a probability is 0


class Curve(NamedTuple):
    """How many rows of a class, and how many others, have at least each threshold's probability.

    Both have a last 0, for the threshold 1.
    """

    positives: np.ndarray
    negatives: np.ndarray

    @classmethod
    def of(cls, is_positive: np.ndarray, probabilities: np.ndarray) -> Curve:
        bins = np.clip(np.nan_to_num(probabilities) * BINS, 0, BINS - 1).astype(np.int64)
        return cls(_at_least(bins[is_positive]), _at_least(bins[~is_positive]))

    @property
    def rates(self) -> tuple[np.ndarray, np.ndarray]:
        """The rates of false and of true positives; NaN, but for the last, where there are none."""
        return _rates(self.negatives), _rates(self.positives)

    @property
    def area(self) -> float:
        """The area under the curve; NaN without positives, 0 without negatives."""
        if not self.negatives[0]:
            return 0.0
        steps = -np.diff(self.negatives[:-1])
        middles = (self.positives[:-2] + self.positives[1:-1]) / 2
        with np.errstate(invalid="ignore"):
            parts = middles[steps > 0] * steps[steps > 0] / np.float64(self.positives[0])
        return float(parts.sum() / self.negatives[0])


def _at_least(bins: np.ndarray) -> np.ndarray:
    counts = np.bincount(bins, minlength=BINS + 1)
    return counts[::-1].cumsum()[::-1]


def _rates(counts: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        rates = counts / np.float64(counts[0])
    rates[-1] = 0.0
    return rates


def log_loss(probabilities: np.ndarray, lowest: float = LOWEST_PROBABILITY) -> float:
    """Return the mean negative logarithm of the probabilities that the true classes were given."""
    return float(-np.log(np.clip(probabilities, lowest, 1 - lowest)).mean())
