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
of the k nearest are at most 2 e above the k-th smallest estimate. All this holds for a BLAS that
computes float32 products in float32, as those that NumPy comes with do.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from threading import Lock
from typing import Any, Callable, NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

BLAS = ThreadpoolController().select(user_api="blas")
BLAS_LOCK = Lock()  # its number of threads is one for the whole process
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

    def of(self, part: slice) -> Single:
        return Single(self.rows[part], self.norms[part])


class Task(NamedTuple):
    """What a block of queries is asked."""

    k: int
    metric: Metric | None
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
        self._kept: Single | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def center(self) -> np.ndarray:
        """A rough mean, of some 64 rows, in float32; any point would do."""
        return self.rows[:: len(self) // 64 + 1].mean(axis=0).astype(np.float32)

    def prepare(self) -> None:
        """Make the float32 copy and keep it."""
        if self._kept is None:
            count = len(self)
            single = Single(np.empty(self.rows.shape, np.float32), np.empty(count))
            parts = _slices(count, -(-count // _threads()))
            in_threads(lambda part: self._convert(part, single.of(part)), parts)
            self._kept = single

    def single(self, part: slice = slice(None)) -> Single:
        """The rows in float32: of what is kept, otherwise converted now."""
        if self._kept is not None:
            return self._kept.of(part)
        shape = self.rows[part].shape
        return self._convert(part, Single(np.empty(shape, np.float32), np.empty(shape[0])))

    def _convert(self, part: slice, single: Single) -> Single:
        source = self.rows[part]
        with np.errstate(all="ignore"):
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
    task = Task(asked(len(reference), k, skip_self), metric, radius)
    can_estimate = metric.squared_within is not None and (
        task.k < len(reference) or radius is not None
    )
    if can_estimate:
        reference.prepare()
        if queries.rows.size <= KEPT_NUMBERS:
            queries.prepare()

    def of_block(part: slice) -> Neighbors:
        open_pairs = _open_pairs if can_estimate else _all_pairs
        with np.errstate(all="ignore"):
            pairs = np.flatnonzero(open_pairs(part, queries, reference, task))
            query, candidate = np.divmod(pairs, len(reference))  # faster than np.nonzero
            compared = _compare(queries.rows[part], reference.rows, query, candidate, metric)
            distances = metric.distance(compared)
        return ranked(Neighbors(query + part.start, candidate, distances, query), task)

    return in_blocks(of_block, (len(queries), len(reference)), k, skip_self)


def asked(references: int, k: int | None, skip_self: bool) -> int:
    """How many neighbors are to be found if k are wanted: one more where one is left out."""
    return references if k is None else k + skip_self


def in_blocks(
    of_block: Callable[[slice], Neighbors], shape: tuple[int, int], k: int | None, skip_self: bool
) -> Neighbors:
    """What `of_block` finds for all queries; `shape` is their number and that of references."""
    if not all(shape):
        return _NONE
    threads = _threads()
    block = max(1, min(BLOCK_PAIRS // (shape[1] * threads), -(-shape[0] // threads)))
    found = in_threads(of_block, _slices(shape[0], block))
    neighbors = Neighbors(*map(np.concatenate, zip(*found)))
    if not skip_self:
        return neighbors
    others = _taken(neighbors, neighbors.query != neighbors.reference)
    others = others._replace(rank=_ranks(others.query))
    return others if k is None else _taken(others, others.rank <= k)


def in_threads(work: Callable[[slice], Any], parts: list[slice]) -> list:
    """What `work` returns for each part, in as many threads as BLAS is set to use.

    BLAS itself computes in the calling thread meanwhile: all that is done for a part, not only its
    matrix product, is then spread over the processors.
    """
    if len(parts) == 1:
        return [work(parts[0])]
    threads = _threads()
    with BLAS_LOCK, BLAS.limit(limits=1), ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


def _threads() -> int:
    known = [library["num_threads"] for library in BLAS.info()]
    return max(known or [os.cpu_count() or 1])


def ranked(pairs: Neighbors, task: Task) -> Neighbors:
    """The nearest of `pairs`, which ascend by query and reference and are not ranked yet."""
    if task.radius is not None:
        pairs = _taken(pairs, pairs.distance <= task.radius)
    order = np.lexsort((pairs.distance, pairs.query))  # stable: ties stay in reference order
    pairs = _taken(pairs, order)._replace(rank=_ranks(pairs.query))
    return _taken(pairs, pairs.rank <= task.k)


def _all_pairs(part: slice, queries: Points, reference: Points, task: Task) -> np.ndarray:
    return np.ones((len(queries.rows[part]), len(reference)), bool)


def _open_pairs(
    part: slice,
    queries: Points,
    reference: Points,
    task: Task,
) -> np.ndarray:
    """Which references (columns) may be among the k nearest of a query, as far as estimates tell.

    A NaN or infinite estimate or bound leaves its pairs open.
    """
    k, metric, radius = task
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
    other_roundings = (8 * UNIT_SINGLE + 4 * (width + 8) * UNIT_DOUBLE) * reach**2
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
    metric: Metric,
) -> np.ndarray:
    result = np.empty(len(query))
    repeated = np.diff(query, prepend=-1) == 0  # the others are rows in sequence
    for pairs in (np.flatnonzero(~repeated), np.flatnonzero(repeated)):
        for chunk in _chunks(len(pairs), queries.shape[1]):
            these = pairs[chunk]
            result[these] = metric.compare(
                _rows(queries, query[these]), references[reference[these]]
            )
    return result


def _rows(matrix: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The rows of these numbers; no copy where they follow each other."""
    if (np.diff(numbers) == 1).all():
        return matrix[numbers[0] : numbers[-1] + 1]
    return matrix[numbers]


def _chunks(count: int, width: int) -> list[slice]:
    return _slices(count, CHUNK_NUMBERS // max(1, width))


def _slices(count: int, size: int) -> list[slice]:
    return [slice(start, start + max(1, size)) for start in range(0, count, max(1, size))]


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
    with np.errstate(all="ignore"):
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
    "cosine": Metric(_squared, lambda squared: squared / 2, lambda radius: 2 * radius),
    "manhattan": Metric(lambda q, r: np.abs(q - r).sum(axis=1), np.positive, None),
    "transformed_dot_product": Metric(
        lambda q, r: np.einsum("ij,ij->i", q, r), lambda dot: np.logaddexp(0, -dot), None
    ),
}
"""Distances by Turi Create's names and definitions."""
