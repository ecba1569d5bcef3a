"""Distances of strings."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist


class Strings:
    """Strings to be compared: as Turi Create does, byte by byte in UTF-8."""

    def __init__(self, rows: Iterable[str | bytes]) -> None:
        self.rows = [row if isinstance(row, bytes) else row.encode() for row in rows]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, part: slice) -> Strings:
        return Strings(self.rows[part])


def _levenshtein(queries: Strings, reference: Strings) -> np.ndarray:
    """Return how many bytes are to be inserted, deleted or replaced (queries x references)."""
    counts = cdist(queries.rows, reference.rows, scorer=Levenshtein.distance, dtype=np.int32)
    return counts.astype(np.float64)


DISTANCES = {"levenshtein": _levenshtein}
"""Distances by Turi Create's names and definitions."""
