"""Distances between all pairs of vectors, by plain NumPy: what answers are computed with anew."""

from __future__ import annotations

import numpy as np

CLOSE = 1e-6  # of the longest vector: distances this near to the lowest are computed by differences


def euclidean(queries: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Return euclidean distances, queries x references; by differences where two are close.

    The product of matrices is fast and exact to some 1e-12; which of two equal ones is nearer, it
    can't tell.
    """
    squares = (queries**2).sum(axis=1)[:, None] + (references**2).sum(axis=1)
    found = np.sqrt(np.maximum(squares - 2 * queries @ references.T, 0))
    bound = found.min(axis=1, keepdims=True) + CLOSE * np.sqrt(squares.max())
    for query, reference in zip(*np.nonzero(found <= bound)):
        found[query, reference] = np.sqrt(((queries[query] - references[reference]) ** 2).sum())
    return found
