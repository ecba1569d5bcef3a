"""Distances of dictionaries and lists, as sparse rows of numbers.

A dictionary is a row with a number for each of its keys, a list of strings a row with a 1 for each
of them, whatever their order and number. Distances are float64 throughout: for the sizes that such
data have, sparse products are fast enough.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse


class Bags:
    """Sparse rows (scipy CSR) with what searches need of them. A stored 0 is a key like others."""

    def __init__(self, rows: sparse.csr_matrix) -> None:
        self.rows = rows
        self.squared_norms = np.asarray(rows.multiply(rows).sum(axis=1), dtype=float).ravel()
        self.sizes = np.diff(rows.indptr)

    def __len__(self) -> int:
        return self.rows.shape[0]

    def __getitem__(self, part: slice) -> Bags:
        return Bags(self.rows[part])


def to_rows(
    values: Iterable[dict | list | None], keys: dict[object, int], grow: bool
) -> sparse.csr_matrix:
    """Return rows of dictionaries or lists; None is an empty one.

    `keys` gives each key its column, and gets the new ones if `grow`; otherwise new keys are left
    out. Raises ValueError, with the key, for a value that is not a number.
    """
    from scipy import sparse  # noqa: PLC0415 (a fourth of turilite's start; vectors don't need it)

    columns: list[int] = []
    data: list[float] = []
    starts = [0]
    for value in values:
        items = value if isinstance(value, dict) else dict.fromkeys(value or (), 1)
        for key, number in items.items():
            if not isinstance(number, numbers.Real):
                raise ValueError(key)
            if grow:
                keys.setdefault(key, len(keys))
            if key in keys:
                columns.append(keys[key])
                data.append(number)
        starts.append(len(columns))
    shape = (len(starts) - 1, max(1, len(keys)))  # scikit-learn refuses rows of no numbers
    rows = sparse.csr_matrix((np.array(data, float), columns, starts), shape=shape)
    rows.sort_indices()
    return rows


def beside(rows: list[sparse.csr_matrix]) -> sparse.csr_matrix:
    """Return rows joined to longer ones."""
    from scipy import sparse  # noqa: PLC0415 (as above)

    return sparse.hstack(rows, format="csr")


def _dots(queries: Bags, reference: Bags) -> np.ndarray:
    return (queries.rows @ reference.rows.T).toarray()


def _squared(queries: Bags, reference: Bags) -> np.ndarray:
    norms = queries.squared_norms[:, None] + reference.squared_norms
    squared = norms - 2 * _dots(queries, reference)
    near = np.nonzero(squared <= 1e-6 * norms)  # rounding would show: from differences instead
    difference = queries.rows[near[0]] - reference.rows[near[1]]
    squared[near] = np.asarray(difference.multiply(difference).sum(axis=1)).ravel()
    return squared


def _cosine(queries: Bags, reference: Bags) -> np.ndarray:
    norms = np.sqrt(np.outer(queries.squared_norms, reference.squared_norms))
    distances = 1 - _dots(queries, reference) / np.maximum(norms, 1e-300)
    return np.where(np.abs(distances) < 1e-15, 0, distances)


def _manhattan(queries: Bags, reference: Bags) -> np.ndarray:
    # It takes longer to import than all the rest of turilite, and few need it.
    from sklearn.metrics.pairwise import manhattan_distances  # noqa: PLC0415

    return manhattan_distances(queries.rows, reference.rows)


def _jaccard(queries: Bags, reference: Bags) -> np.ndarray:
    ones = [bags.rows.copy() for bags in (queries, reference)]
    for rows in ones:
        rows.data[:] = 1
    both = (ones[0] @ ones[1].T).toarray()
    return 1 - both / (queries.sizes[:, None] + reference.sizes - both)


def _weighted_jaccard(queries: Bags, reference: Bags) -> np.ndarray:
    """Return 1 - sum of minima / sum of maxima; a key of one row only is in the maxima as it is."""
    by_key = reference.rows.tocsc()
    sums = _sums(by_key, by_key.data)
    return np.array([_of_one_row(row, by_key, sums) for row in queries.rows])


def _of_one_row(row: sparse.csr_matrix, by_key: sparse.csc_matrix, sums: np.ndarray) -> np.ndarray:
    """Return the weighted Jaccard distances of a row to references, which have these `sums`.

    All sums are in the order of the keys: equal rows are at exactly 0.
    """
    shared = by_key[:, row.indices]
    own = np.repeat(row.data, np.diff(shared.indptr))
    minima = _sums(shared, np.minimum(own, shared.data))
    total = np.bincount(np.zeros(row.nnz, int), weights=row.data, minlength=1)
    rest = (total - _sums(shared, own)) + (sums - _sums(shared, shared.data))
    return 1 - minima / (rest + _sums(shared, np.maximum(own, shared.data)))


def _sums(by_key: sparse.csc_matrix, data: np.ndarray) -> np.ndarray:
    """Return the sum of each row, if `data` were its numbers."""
    return np.bincount(by_key.indices, weights=data, minlength=by_key.shape[0])


DISTANCES = {
    "euclidean": lambda queries, reference: np.sqrt(_squared(queries, reference)),
    "squared_euclidean": _squared,
    "cosine": _cosine,
    "manhattan": _manhattan,
    "transformed_dot_product": lambda q, r: np.logaddexp(0, -_dots(q, r)),
    "gaussian_kernel": lambda q, r: -np.expm1(-_squared(q, r)),
    "jaccard": _jaccard,
    "weighted_jaccard": _weighted_jaccard,
}
"""Distances by Turi Create's names and definitions, of all pairs: queries x references.

Two empty rows have no Jaccard distance: it is NaN, as in Turi Create.
"""
