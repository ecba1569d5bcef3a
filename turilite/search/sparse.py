"""Exact k-nearest-neighbor search on dictionaries and lists, as sparse rows of numbers.

A dictionary is a row with a number for each of its keys, a list of strings a row with a 1 for each
of them, whatever their order and number. Distances are float64 throughout: for the sizes that such
data have, sparse products are fast enough.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable

import numpy as np
from scipy import sparse
from sklearn.metrics.pairwise import manhattan_distances

from .blocks import Neighbors, asked, in_blocks, ranked


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


def k_nearest(
    queries: Bags,
    reference: Bags,
    k: int | None = None,
    *,
    distance: str = "jaccard",
    radius: float | None = None,
    skip_self: bool = False,
) -> Neighbors:
    """Return the k nearest references of each query, as `turilite.search.exact.k_nearest` does.

    Two empty rows have no Jaccard distance: it is NaN, as in Turi Create, and ranks last. Raises
    KeyError for a distance not in DISTANCES.
    """
    wanted = asked(len(reference), k, skip_self)

    def of_block(part: slice) -> Neighbors:
        with np.errstate(all="ignore"):
            distances = DISTANCES[distance](queries[part], reference)
        near = np.ones(distances.shape, bool)
        if wanted < len(reference):
            near = ~(distances > np.partition(distances, wanted - 1)[:, wanted - 1 : wanted])
        query, candidate = np.nonzero(near)
        pairs = Neighbors(query + part.start, candidate, distances[near], query)
        return ranked(pairs, wanted, radius)

    return in_blocks(of_block, (len(queries), len(reference)), k, skip_self)


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


def _jaccard(queries: Bags, reference: Bags) -> np.ndarray:
    ones = [
        sparse.csr_matrix(
            (np.ones_like(b.rows.data), b.rows.indices, b.rows.indptr), shape=b.rows.shape
        )
        for b in (queries, reference)
    ]
    both = (ones[0] @ ones[1].T).toarray()
    return 1 - both / (queries.sizes[:, None] + reference.sizes - both)


DISTANCES = {
    "euclidean": lambda queries, reference: np.sqrt(_squared(queries, reference)),
    "squared_euclidean": _squared,
    "cosine": _cosine,
    "manhattan": lambda queries, reference: manhattan_distances(queries.rows, reference.rows),
    "transformed_dot_product": lambda q, r: np.logaddexp(0, -_dots(q, r)),
    "jaccard": _jaccard,
}
"""Distances by Turi Create's names and definitions."""
