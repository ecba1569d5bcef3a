"""The minimum of Turi Create's objective for a logistic classifier.

The objective is Turi Create's (`logistic_regression.cpp`): the log loss with the first class as
reference, plus `l2_penalty` times the squared coefficients of features scaled to unit mean
square, the intercepts left out. scikit-learn's own classifier penalizes all classes alike, which
is another objective; so SciPy's L-BFGS minimizes this one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import scipy.optimize
import scipy.special

FEW_COEFFICIENTS = 500
"""Up to so many coefficients Turi Create uses Newton's method, which ends at the minimum."""


class Settings(NamedTuple):
    """What Turi Create's arguments of these names say."""

    l2_penalty: float
    feature_rescaling: bool
    convergence_threshold: float
    lbfgs_memory_level: int
    max_iterations: int


class Fit(NamedTuple):
    """What was found: a row of coefficients and the intercept for each class but the first."""

    coefficients: np.ndarray
    loss: float
    iterations: int


def fit(rows: np.ndarray, codes: np.ndarray, weights: np.ndarray, settings: Settings) -> Fit:
    """Return the coefficients for `rows` (n x d) of the classes `codes`, each of a weight."""
    scale = _scale(rows) if settings.feature_rescaling else 1.0
    others = codes.max()
    few = others * (rows.shape[1] + 1) <= FEW_COEFFICIENTS
    options = {
        "maxiter": 10_000 if few else settings.max_iterations,
        "maxcor": settings.lbfgs_memory_level,
        "gtol": 1e-9 if few else settings.convergence_threshold,
        "ftol": 1e-15,
    }
    found = _minimize(rows / scale, codes, weights, settings.l2_penalty, options)
    coefficients = found.x.reshape(others, -1)
    coefficients[:, :-1] /= scale
    return Fit(coefficients, float(found.fun), found.nit)


def _minimize(
    rows: np.ndarray, codes: np.ndarray, weights: np.ndarray, penalty: float, options: dict
) -> Any:
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
    """Return the root of the mean square of each feature, its variance being the sample's."""
    variance = rows.var(axis=0, ddof=1) if len(rows) > 1 else 0.0
    return np.sqrt(np.maximum(rows.mean(axis=0) ** 2 + variance, 1e-10))
