"""The bound on the estimates; that it holds, test_exact.py shows on any numbers."""

from __future__ import annotations

import numpy as np

from turilite.search.bounds import open_pairs
from turilite.search.points import Points


def test_the_screen_leaves_few_candidates_open():
    """What the speed rests on: of 500 references all but a few are ruled out by the estimate."""
    random = np.random.default_rng(8)
    queries, reference = Points(random.random((100, 4096))), Points(random.random((500, 4096)))
    still_open = open_pairs(slice(0, 100), queries, reference, k=1, within=np.full(100, np.inf))
    assert still_open.sum() < 150
