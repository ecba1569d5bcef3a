"""Searching in blocks: the same result, in bounded memory."""

from __future__ import annotations

import tracemalloc

import numpy as np

from turilite.search import blocks, exact
from turilite.search.exact import k_nearest
from turilite.search.points import Points


def test_the_block_size_does_not_change_the_result(monkeypatch):
    random = np.random.default_rng(5)
    reference, queries = random.random((40, 6)), random.random((50, 6))
    whole = k_nearest(Points(queries), Points(reference), 3)
    monkeypatch.setattr(blocks, "BLOCK_PAIRS", 7 * 40)
    monkeypatch.setattr(blocks, "CHUNK_NUMBERS", 30)
    monkeypatch.setattr(exact, "KEPT_NUMBERS", 100)
    for got, expected in zip(k_nearest(Points(queries), Points(reference), 3), whole):
        np.testing.assert_array_equal(got, expected)


def test_the_memory_needed_does_not_grow_with_the_number_of_queries(monkeypatch):
    """Ten times as many blocks of queries need about the same, besides the result."""
    monkeypatch.setattr(blocks, "threads", lambda: 1)  # else the peak depends on their timing
    random = np.random.default_rng(6)
    reference = Points(random.random((20_000, 4)))
    reference.prepare()

    def peak(count):
        queries = Points(random.random((count * blocks.BLOCK_PAIRS // 20_000, 4)))
        tracemalloc.start()
        k_nearest(queries, reference, 1)
        result = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return result

    assert peak(20) < 1.5 * peak(2)
