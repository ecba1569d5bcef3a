"""The minimum of Turi Create's objective for a logistic classifier.

The objective is Turi Create's (`logistic_regression.cpp`): the log loss with the first class as
reference, plus `l2_penalty` times the squared coefficients of features scaled to unit mean
square, the intercepts left out. scikit-learn's own classifier penalizes all classes alike, which
is another objective; so Newton's method or SciPy's L-BFGS minimizes this one.

Rows are a matrix of NumPy or of SciPy (CSR).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import scipy.optimize
import scipy.sparse
import scipy.special

FEW_COEFFICIENTS = 500
"""Up to so many coefficients Turi Create uses Newton's method."""
MOST_COEFFICIENTS = 10_000
"""With more coefficients it refuses to."""
SMALLEST_SQUARE = 1e-10
OPTIMAL = "SUCCESS: Optimal solution found."
STOPPED = "Completed (Iteration limit reached)."
FAILED = "TERMINATED: Terminated due to numerical difficulties."


class Settings(NamedTuple):
    """What Turi Create's arguments of these names say."""

    l2_penalty: float
    feature_rescaling: bool
    convergence_threshold: float
    lbfgs_memory_level: int
    max_iterations: int
    solver: str = "auto"


class Fit(NamedTuple):
    """What was found: a row of coefficients and the intercept for each class but the first.

    `errors` are the standard errors of the coefficients; None where there are none.
    """

    coefficients: np.ndarray
    errors: np.ndarray | None
    loss: float
    iterations: int
    solver: str
    status: str


class Objective:
    """The loss of coefficients (classes - 1 x numbers of a row + 1) and its derivatives."""

    def __init__(self, rows: Any, codes: np.ndarray, weights: np.ndarray, penalty: float) -> None:
        self.rows = _with_ones(rows)
        self.codes = codes
        self.weights = weights
        self.others = int(codes.max())
        self.penalties = np.full(self.rows.shape[1], penalty)
        self.penalties[-1] = 0
        self.wanted = np.eye(self.others + 1)[codes]

    @property
    def size(self) -> int:
        """The number of coefficients."""
        return self.others * self.rows.shape[1]

    def logs(self, flat: np.ndarray) -> np.ndarray:
        """Return the logarithms of the probabilities, n x classes."""
        coefficients = flat.reshape(self.others, -1)
        margins = np.column_stack([np.zeros(self.rows.shape[0]), self.rows @ coefficients.T])
        return scipy.special.log_softmax(margins, axis=1)

    def loss(self, logs: np.ndarray) -> float:
        """Return the log loss, without the penalty."""
        return -(self.weights * logs[np.arange(len(logs)), self.codes]).sum()

    def gradient(self, flat: np.ndarray, logs: np.ndarray) -> np.ndarray:
        """Return the derivatives of the loss and the penalty."""
        residuals = self.weights[:, None] * (np.exp(logs) - self.wanted)[:, 1:]
        coefficients = flat.reshape(self.others, -1)
        return (residuals.T @ self.rows + 2 * self.penalties * coefficients).ravel()

    def loss_and_gradient(self, flat: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the loss with the penalty, and its derivatives."""
        logs = self.logs(flat)
        penalty = (self.penalties * flat.reshape(self.others, -1) ** 2).sum()
        return self.loss(logs) + penalty, self.gradient(flat, logs)

    def curvature(self, logs: np.ndarray) -> np.ndarray:
        """Return the second derivatives of the loss, without the penalty."""
        shares = np.exp(logs)[:, 1:]
        width = self.rows.shape[1]
        out = np.empty((self.size, self.size))
        for one in range(self.others):
            for other in range(one + 1):
                weights = self.weights * shares[:, one] * ((one == other) - shares[:, other])
                block = self.rows.T @ (scipy.sparse.diags(weights) @ self.rows)
                block = block.toarray() if scipy.sparse.issparse(block) else block
                places = slice(one * width, (one + 1) * width), slice(other * width, None)
                out[places[0], other * width : (other + 1) * width] = block
                out[other * width : (other + 1) * width, places[0]] = block.T
        return out


def fit(rows: Any, codes: np.ndarray, weights: np.ndarray, settings: Settings) -> Fit:
    """Return the coefficients for `rows` (n x d) of the classes `codes`, each of a weight."""
    scale = _scale(rows) if settings.feature_rescaling else np.ones(rows.shape[1])
    scaled = rows @ scipy.sparse.diags(1 / scale) if scipy.sparse.issparse(rows) else rows / scale
    solver = settings.solver
    if solver == "auto":
        size = codes.max() * (rows.shape[1] + 1)
        solver = "newton" if size <= FEW_COEFFICIENTS else "lbfgs"
    penalty = settings.l2_penalty
    if solver == "newton":  # whose result has all the digits of Turi Create's, with its 32 bits
        penalty = float(np.float32(penalty))
    objective = Objective(scaled, codes, weights, penalty)
    found = SOLVERS[solver](objective, settings)
    divisors = np.append(scale, 1.0)
    coefficients = found.coefficients.reshape(objective.others, -1) / divisors
    errors = found.errors
    if errors is not None:
        errors = errors.reshape(objective.others, -1) / divisors
    return found._replace(coefficients=coefficients, errors=errors, solver=solver)


def _newton(objective: Objective, settings: Settings) -> Fit:
    """Return what Newton's method finds, which stops where Turi Create's does."""
    point = np.zeros(objective.size)
    penalties = np.diag(np.tile(2 * objective.penalties, objective.others))
    iterations, status = 0, OPTIMAL
    logs = objective.logs(point)
    gradient = objective.gradient(point, logs)
    curvature = objective.curvature(logs)
    while np.abs(gradient).max() >= settings.convergence_threshold:
        if iterations == settings.max_iterations:
            status = STOPPED
            break
        step = _solved(curvature + penalties, -gradient, settings.convergence_threshold)
        if step is None:
            status = FAILED
            break
        point = point + step
        iterations += 1
        logs = objective.logs(point)
        gradient = objective.gradient(point, logs)
        curvature = objective.curvature(logs)
    errors = _errors(curvature) if len(logs) > objective.size else None
    return Fit(point, errors, float(objective.loss(logs)), iterations, "newton", status)


def _solved(matrix: np.ndarray, right: np.ndarray, tolerance: float) -> np.ndarray | None:
    """Return the solution of a system of equations; None where there is none."""
    try:
        solution = np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        return None
    error = np.linalg.norm(matrix @ solution - right)
    return solution if error <= tolerance * max(np.linalg.norm(right), SMALLEST_SQUARE) else None


def _errors(curvature: np.ndarray) -> np.ndarray:
    """Return the standard errors of the coefficients; infinite where they can be anything."""
    try:
        with np.errstate(invalid="ignore"):
            return np.sqrt(np.diag(np.linalg.inv(curvature)))
    except np.linalg.LinAlgError:
        return np.full(len(curvature), np.inf)


def _lbfgs(objective: Objective, settings: Settings) -> Fit:
    """Return what SciPy's L-BFGS finds in `max_iterations`."""
    found = scipy.optimize.minimize(
        objective.loss_and_gradient,
        np.zeros(objective.size),
        jac=True,
        method="L-BFGS-B",
        options={
            "maxiter": settings.max_iterations,
            "maxcor": settings.lbfgs_memory_level,
            "gtol": settings.convergence_threshold,
            "ftol": 1e-15,
        },
    )
    status = OPTIMAL if found.success else STOPPED
    loss = float(objective.loss(objective.logs(found.x)))
    return Fit(found.x, None, loss, int(found.nit), "lbfgs", status)


SOLVERS = {"newton": _newton, "lbfgs": _lbfgs, "fista": _lbfgs}
"""Solvers by Turi Create's names; without an L1 penalty 'fista' has the same minimum."""


def _with_ones(rows: Any) -> Any:
    ones = np.ones((rows.shape[0], 1))
    if scipy.sparse.issparse(rows):
        return scipy.sparse.hstack([rows, ones], format="csr")
    return np.column_stack([rows, ones])


def _scale(rows: Any) -> np.ndarray:
    """Return the root of the mean square of each feature, its variance being the sample's."""
    count = rows.shape[0]
    if scipy.sparse.issparse(rows):
        means = np.asarray(rows.mean(axis=0)).ravel()
        squares = np.asarray(rows.multiply(rows).sum(axis=0)).ravel()
        variance = np.maximum(squares - count * means**2, 0) / max(1, count - 1)
    else:
        means = rows.mean(axis=0)
        variance = rows.var(axis=0, ddof=1) if count > 1 else 0.0
    return np.sqrt(np.maximum(means**2 + variance, SMALLEST_SQUARE))
