"""Which references may be among the nearest, told by one float32 product and a proven bound.

The estimate. For any points m and c (here: rough means of queries and references), with
a = q - m, b = r - c and v = c - m,

    |q - r|^2 = (|b|^2 + 2 b.v + |v|^2 - 2 a.b) + (|a|^2 - 2 a.v),

so each side is converted to float32 about its own center, once, for all searches that it takes
part in. Small |a| and |b| make the error small. The last bracket is the same for all references.

The bound. In float32 (unit roundoff u = 2^-24), with d terms added in any order,
|fl(x.y) - x.y| <= d u / (1 - d u) |x| |y| (Higham, Accuracy and Stability of Numerical
Algorithms, 2nd ed., section 3.1), which for d u <= 0.005 is below 1.01 d u |x| |y|. What
conversion to float32 and centering there shift a row by, `_Size.shift` bounds. Float32's other
roundings, float64's own and underflow have terms of their own in `_errors`. If every estimate is
within e of its distance (but for what is the same for all references of a query), the estimates
of the k nearest are at most 2 e above the k-th smallest estimate. All this holds for a BLAS that
computes float32 products in float32, as those that NumPy comes with do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .points import Points

UNIT_SINGLE = 2.0**-24
UNIT_DOUBLE = 2.0**-53
MAX_WIDTH = int(0.005 / UNIT_SINGLE)
MAX_NORM = 2.0**60
"""Beyond it a squared distance might overflow float32; such rows are compared in float64 only."""


def open_pairs(
    part: slice, queries: Points, reference: Points, k: int, within: np.ndarray
) -> np.ndarray:
    """Return which references may be among the k nearest of a query, as far as estimates tell.

    The result is a mask, a row for each query in `part` and a column for each reference.
    References whose squared distance is above `within`, which has a number for each query, are
    ruled out too. A NaN or infinite estimate or bound leaves its pairs open.
    """
    a, b = queries.single(part), reference.single()
    shift = np.subtract(reference.center, queries.center, dtype=np.float64)
    v, v_norm = shift.astype(np.float32), np.linalg.norm(shift)

    estimates = a.rows @ b.rows.T
    estimates *= -2
    estimates += (b.norms**2 + 2 * (b.rows @ v) + v_norm**2).astype(np.float32)
    error, error_same_for_all = _errors(
        len(v),
        _size(a.norms, queries.center),
        _size(b.norms.max(initial=0), reference.center),
        _size(v_norm, np.zeros(1)),
    )

    limits = np.full(len(a.norms), np.inf)
    if k < len(reference):
        limits = np.partition(estimates, k - 1)[:, k - 1] if k > 1 else estimates.min(axis=1)
        limits = limits + 2 * error
    if np.isfinite(within).any():
        same_for_all = a.norms**2 - 2 * (a.rows @ v)
        limits = np.fmin(limits, within - same_for_all + error_same_for_all + error)
    limits = np.nextafter(limits.astype(np.float32), np.float32(np.inf))
    too_far = estimates > limits[:, None]
    return np.logical_not(too_far, out=too_far)


class _Size(NamedTuple):
    """Upper bounds for rows about a center: of their norm, and of what float32 shifts them by."""

    norm: np.ndarray
    shift: np.ndarray


def _size(norms: np.ndarray, center: np.ndarray) -> _Size:
    """Return the bounds that follow from norms in float32.

    These are within 1 % (or, if their squares underflowed, below 2^-54). A number x has become
    fl(fl(x) - c): off by u |x| + u |x - c|, nearly, and |x| <= |x - c| + |c|.
    """
    norm = 1.01 * norms + 2.0**-54
    return _Size(norm, UNIT_SINGLE * (3 * norm + 2 * np.linalg.norm(center.astype(np.float64))))


def _errors(width: int, a: _Size, b: _Size, v: _Size) -> tuple[np.ndarray, np.ndarray]:
    """Return bounds on |estimate - computed distance|: of what differs by reference, and the rest.

    They are infinite for rows too wide or too large to be estimated.
    """

    def product(x: _Size, y: _Size) -> np.ndarray:
        rounding = 1.01 * width * UNIT_SINGLE * x.norm * y.norm
        return rounding + x.shift * y.norm + (x.norm + x.shift) * y.shift

    reach = sum(part for size in (a, b, v) for part in size)
    other_roundings = (8 * UNIT_SINGLE + 4 * (width + 8) * UNIT_DOUBLE) * reach**2
    underflow = 2.0**-116 * (width + 1) * (1 + reach) ** 2
    usable = (reach <= MAX_NORM) & (width <= MAX_WIDTH)
    by_reference = 2 * product(a, b) + 2 * product(b, v) + product(b, b)
    return (
        np.where(usable, by_reference + other_roundings + underflow, np.inf),
        2 * product(a, v) + product(a, a),
    )
