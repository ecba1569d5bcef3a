"""Sums of distances of vectors, bags and strings, against their parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turilite.search import exact, sparse, strings
from turilite.search.pairs import Summand, k_nearest
from turilite.search.points import Points
from turilite.search.sparse import Bags, to_rows
from turilite.search.strings import Strings

WORDS = ["", "cat", "cart", "ä", "ö", "日本", "category"]


def edits(a: bytes, b: bytes) -> int:
    """Return the Levenshtein distance by its definition."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=8), min_size=1), st.lists(st.text(max_size=8), min_size=1))
def test_strings_are_as_far_apart_as_edits_of_their_bytes(queries, references):
    found = strings.DISTANCES["levenshtein"](Strings(queries), Strings(references))
    expected = [[edits(q.encode(), r.encode()) for r in references] for q in queries]
    assert found.tolist() == expected


@pytest.mark.parametrize("distance", exact.DISTANCES)
def test_all_pairs_of_vectors_are_those_of_the_search(distance):
    rng = np.random.default_rng(0)
    queries, reference = Points(rng.normal(size=(5, 3))), Points(rng.normal(size=(7, 3)))
    found = exact.k_nearest(queries, reference, distance=distance)
    pairs = exact.all_pairs(queries, reference, slice(1, 4), distance)
    for query, row, expected in zip(found.query, found.reference, found.distance):
        if 1 <= query < 4:
            assert pairs[query - 1, row] == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 8), st.none() | st.integers(1, 9), st.none() | st.floats(0, 9), st.booleans())
def test_the_nearest_are_those_by_the_weighted_sum(count, k, radius, skip_self):
    rng = np.random.default_rng(count)
    points = Points(rng.integers(0, 3, size=(count, 2)).astype(float))
    keys: dict = {}
    bags = Bags(to_rows([{"a": 1.0, str(i % 3): 2.0} for i in range(count)], keys, grow=True))
    words = Strings([WORDS[i % len(WORDS)] for i in range(count)])
    summands = [
        Summand(points, points, "euclidean", 2.0),
        Summand(bags, bags, "jaccard", 0.5),
        Summand(words, words, "levenshtein"),
    ]
    found = k_nearest(summands, k, radius=radius, skip_self=skip_self)
    total = (
        2 * exact.all_pairs(points, points, slice(None), "euclidean")
        + 0.5 * sparse.DISTANCES["jaccard"](bags, bags)
        + strings.DISTANCES["levenshtein"](words, words)
    )
    for query in range(count):
        order = np.argsort(total[query], kind="stable")
        expected = [row for row in order if radius is None or total[query, row] <= radius]
        expected = [row for row in expected if not (skip_self and row == query)][:k]
        assert found.reference[found.query == query].tolist() == expected
