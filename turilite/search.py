"""Exact k-nearest-neighbor search on rows of numbers, at about the cost of one float32 product.

A float32 matrix product estimates all squared distances; a proven bound on its error leaves a
few candidates per query; only for these is the distance computed in float64, from differences.
The result is, bit for bit, that of computing every distance in float64 from differences: equal
rows are at exactly 0.0, and ties are ranked in the order of the references.

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
of the k nearest are at most 2 e above the k-th smallest estimate.
"""

from __future__ import annotations

from functools import cached_property
from typing import Callable, NamedTuple

import numpy as np

BLOCK_PAIRS = 1 << 22
"""(query, reference) pairs estimated at a time; bounds the memory, whatever the number of rows."""
CHUNK_NUMBERS = 1 << 17
"""Float64 numbers in work at a time: 1 MB, about a processor's cache."""
KEPT_NUMBERS = 1 << 27
"""Float32 copies of up to so many numbers (512 MB) are kept, larger ones made block by block."""

UNIT_SINGLE = 2.0**-24
UNIT_DOUBLE = 2.0**-53
MAX_WIDTH = int(0.005 / UNIT_SINGLE)
MAX_NORM = 2.0**60
"""Beyond it a squared distance might overflow float32; such rows are compared in float64 only."""


class Neighbors(NamedTuple):
    """Found pairs by query, then rank (1 is the nearest): four arrays of one length."""

    query: np.ndarray
    reference: np.ndarray
    distance: np.ndarray
    rank: np.ndarray


class Single(NamedTuple):
    """Rows relative to a center in float32, and the norm of each as float32 gives it."""

    rows: np.ndarray
    norms: np.ndarray


class Task(NamedTuple):
    """What a block of queries is asked."""

    k: int
    metric: Metric
    radius: float | None


class Points:
    """Rows prepared for any number of searches, as queries or as references.

    `rows` is n x d. It is kept without a copy if it is float64 and C-contiguous, and must not
    change afterwards. What a search derives from it is kept for the next one.
    """

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = np.ascontiguousarray(rows, dtype=np.float64)
        if self.rows.ndim != 2:
            raise ValueError(f"rows must be a matrix, not an array of shape {self.rows.shape}")

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def center(self) -> np.ndarray:
        """A rough mean, of some 64 rows, in float32; any point would do."""
        return self.rows[:: len(self) // 64 + 1].mean(axis=0).astype(np.float32)

    def single(self, part: slice = slice(None)) -> Single:
        if self.rows.size > KEPT_NUMBERS:
            return self._converted(part)
        return Single(*(values[part] for values in self._kept_single))

    @cached_property
    def _kept_single(self) -> Single:
        return self._converted(slice(None))

    def _converted(self, part: slice) -> Single:
        source = self.rows[part]
        single = Single(np.empty(source.shape, np.float32), np.empty(len(source)))

        for chunk in _chunks(*source.shape):
            rows = single.rows[chunk]
            rows[:] = source[chunk]
            rows -= self.center
            single.norms[chunk] = np.sqrt(_squared_norms(rows))
        return single

    @cached_property
    def query_directions(self) -> Points:
        return Points(_directions(self.rows, zero_axis=0))

    @cached_property
    def reference_directions(self) -> Points:
        return Points(_directions(self.rows, zero_axis=1))


def k_nearest(
    queries: Points,
    reference: Points,
    k: int | None = None,
    *,
    distance: str = "euclidean",
    radius: float | None = None,
    skip_self: bool = False,
) -> Neighbors:
    """The k nearest references of each query, all of them if k is None.

    `radius` leaves out references further away than it. `skip_self` leaves out reference i of
    query i, for queries that are the references. Distances that are NaN (from NaN or infinities)
    rank last. Raises ValueError if the widths differ, KeyError for a distance not in METRICS.

    Time: one float32 product (queries x references x width), plus float64 work for about k pairs
    per query; float64 work for all pairs where no estimate can serve: 'manhattan',
    'gaussian_kernel' and 'transformed_dot_product', k None without a radius, magnitudes beyond
    float32.
    """
    if queries.rows.shape[1] != reference.rows.shape[1]:
        raise ValueError(
            f"queries have {queries.rows.shape[1]} numbers each, "
            f"references {reference.rows.shape[1]}: they must be equally many"
        )
    metric = METRICS[distance]
    if not len(queries) or not len(reference):
        return _NONE
    if distance == "cosine":
        queries, reference = queries.query_directions, reference.reference_directions
    task = Task(len(reference) if k is None else k + skip_self, metric, radius)
    block = max(1, BLOCK_PAIRS // max(1, len(reference)))
    found = [
        _nearest_of_block(slice(start, start + block), queries, reference, task)
        for start in range(0, len(queries), block)
    ]
    neighbors = Neighbors(*map(np.concatenate, zip(*found)))
    if not skip_self:
        return neighbors
    others = _taken(neighbors, neighbors.query != neighbors.reference)
    others = others._replace(rank=_ranks(others.query))
    return others if k is None else _taken(others, others.rank <= k)


def _nearest_of_block(
    part: slice,
    queries: Points,
    reference: Points,
    task: Task,
) -> Neighbors:
    rows = queries.rows[part]
    k, metric, radius = task
    with np.errstate(all="ignore"):
        pairs = np.flatnonzero(_open_pairs(part, queries, reference, task))
        query, candidate = np.divmod(pairs, max(1, len(reference)))  # faster than np.nonzero
        compared = _compare(rows, reference.rows, query, candidate, metric.compare)
        distances = metric.distance(compared)
    if radius is not None:
        near = distances <= radius
        query, candidate, distances = query[near], candidate[near], distances[near]
    order = np.lexsort((distances, query))  # stable: ties stay in the order of the references
    ranks = _ranks(query)
    neighbors = Neighbors(query + part.start, candidate[order], distances[order], ranks)
    return _taken(neighbors, ranks <= k)


def _open_pairs(
    part: slice,
    queries: Points,
    reference: Points,
    task: Task,
) -> np.ndarray:
    """Which references (columns) may be among the k nearest of a query, as far as estimates tell.

    A NaN or infinite estimate or bound leaves its pairs open.
    """
    count = len(queries.rows[part])
    k, metric, radius = task
    if metric.squared_within is None or (k >= len(reference) and radius is None):
        return np.ones((count, len(reference)), bool)
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

    limits = np.full(count, np.inf)
    if k < len(reference):
        limits = np.partition(estimates, k - 1)[:, k - 1] if k > 1 else estimates.min(axis=1)
        limits = limits + 2 * error
    if radius is not None:
        same_for_all = a.norms**2 - 2 * (a.rows @ v)
        within = metric.squared_within(radius) * (1 + 1e-9)  # 1e-9: rounding of the inverse
        limits = np.fmin(limits, within - same_for_all + error_same_for_all + error)
    limits = np.nextafter(limits.astype(np.float32), np.float32(np.inf))
    too_far = estimates > limits[:, None]
    return np.logical_not(too_far, out=too_far)


class _Size(NamedTuple):
    """Upper bounds for rows about a center: of their norm, and of what float32 shifts them by."""

    norm: np.ndarray
    shift: np.ndarray


def _size(norms: np.ndarray, center: np.ndarray) -> _Size:
    """From norms in float32, each within 1 % (or, if its squares underflowed, below 2^-54).

    A number x has become fl(fl(x) - c): off by u |x| + u |x - c|, nearly, and |x| <= |x - c| + |c|.
    """
    norm = 1.01 * norms + 2.0**-54
    return _Size(norm, UNIT_SINGLE * (3 * norm + 2 * np.linalg.norm(center.astype(np.float64))))


def _errors(width: int, a: _Size, b: _Size, v: _Size) -> tuple[np.ndarray, np.ndarray]:
    """Bounds on |estimate - computed distance|: of what differs by reference, and of the rest."""

    def product(x: _Size, y: _Size) -> np.ndarray:
        rounding = 1.01 * width * UNIT_SINGLE * x.norm * y.norm
        return rounding + x.shift * y.norm + (x.norm + x.shift) * y.shift

    reach = sum(part for size in (a, b, v) for part in size)
    other_roundings = (4 * UNIT_SINGLE + 4 * (width + 8) * UNIT_DOUBLE) * reach**2
    underflow = 2.0**-116 * (width + 1) * (1 + reach) ** 2
    usable = (reach <= MAX_NORM) & (width <= MAX_WIDTH)
    by_reference = 2 * product(a, b) + 2 * product(b, v) + product(b, b)
    return (
        np.where(usable, by_reference + other_roundings + underflow, np.inf),
        2 * product(a, v) + product(a, a),
    )


def _compare(
    queries: np.ndarray,
    references: np.ndarray,
    query: np.ndarray,
    reference: np.ndarray,
    compare: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> np.ndarray:
    result = np.empty(len(query))
    repeated = np.diff(query, prepend=-1) == 0  # the others are rows in sequence
    for pairs in (np.flatnonzero(~repeated), np.flatnonzero(repeated)):
        for chunk in _chunks(len(pairs), queries.shape[1]):
            these = pairs[chunk]
            result[these] = compare(_rows(queries, query[these]), references[reference[these]])
    return result


def _rows(matrix: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The rows of these numbers; no copy where they follow each other."""
    if (np.diff(numbers) == 1).all():
        return matrix[numbers[0] : numbers[-1] + 1]
    return matrix[numbers]


def _chunks(count: int, width: int) -> list[slice]:
    size = max(1, CHUNK_NUMBERS // max(1, width))
    return [slice(start, start + size) for start in range(0, count, size)]


def _squared_norms(rows: np.ndarray) -> np.ndarray:
    return np.einsum("ij,ij->i", rows, rows)


def _ranks(query: np.ndarray) -> np.ndarray:
    """1, 2, ... within each run of equal query numbers (which ascend)."""
    return np.arange(1, len(query) + 1) - np.searchsorted(query, query)


def _taken(neighbors: Neighbors, keep: np.ndarray) -> Neighbors:
    return Neighbors(*(values[keep] for values in neighbors))


_NONE = Neighbors(np.empty(0, int), np.empty(0, int), np.empty(0), np.empty(0, int))


def _directions(rows: np.ndarray, zero_axis: int) -> np.ndarray:
    """Rows of length 1, with two further numbers each.

    Half the squared distance of two such rows is their cosine distance. A row of zeros has no
    direction; on an axis of its own (another one in queries than in references) it is at distance
    1 from all rows.
    """
    largest = np.abs(rows).max(axis=1, initial=0)
    scaled = rows / np.where(largest > 0, largest, 1)[:, None]  # so that no square overflows
    norms = np.sqrt(_squared_norms(scaled))
    result = np.zeros((len(rows), rows.shape[1] + 2))
    result[:, :-2] = scaled / np.where(largest > 0, norms, 1)[:, None]
    result[largest == 0, -2 + zero_axis] = 1
    return result


class Metric(NamedTuple):
    """How two sets of rows are compared, and how a distance follows from that.

    `squared_within(radius)` is the squared Euclidean distance that a distance of `radius` stands
    for; None where estimates of squared distances can't tell near from far (a Gaussian kernel is
    1.0 for all that is far).
    """

    compare: Callable[[np.ndarray, np.ndarray], np.ndarray]
    distance: Callable[[np.ndarray], np.ndarray]
    squared_within: Callable[[float], float] | None


def _squared(queries: np.ndarray, references: np.ndarray) -> np.ndarray:
    references -= queries
    return _squared_norms(references)


METRICS = {
    "euclidean": Metric(_squared, np.sqrt, lambda radius: radius**2),
    "squared_euclidean": Metric(_squared, np.positive, lambda radius: radius),
    "gaussian_kernel": Metric(_squared, lambda squared: -np.expm1(-squared), None),
    "cosine": Metric(
        _squared,
        lambda squared: np.where(squared < 2e-15, 0, squared / 2),
        lambda radius: 2 * max(radius, 1e-15),
    ),
    "manhattan": Metric(lambda q, r: np.abs(q - r).sum(axis=1), np.positive, None),
    "transformed_dot_product": Metric(
        lambda q, r: np.einsum("ij,ij->i", q, r), lambda dot: np.logaddexp(0, -dot), None
    ),
}
"""Distances by Turi Create's names and definitions."""
