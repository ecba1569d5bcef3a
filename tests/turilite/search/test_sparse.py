"""The search on dictionaries and lists against plain Python."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turilite.search import blocks
from turilite.search.pairs import Summand, k_nearest
from turilite.search.sparse import DISTANCES, Bags, to_rows


def dot(a, b):
    return sum(a[key] * b[key] for key in a if key in b)


def difference(a, b):
    return [a.get(key, 0) - b.get(key, 0) for key in {**a, **b}]


def jaccard(a, b):
    return 1 - len(set(a) & set(b)) / len(set(a) | set(b)) if a or b else math.nan


def weighted_jaccard(a, b):
    """Keys that one lacks count as they are, below 0 too: so Turi Create does."""
    shared = sum(min(a[key], b[key]) for key in a if key in b)
    largest = sum(a.values()) + sum(b.values()) - shared
    with np.errstate(all="ignore"):
        return 1 - np.float64(shared) / largest


def gaussian_kernel(a, b):
    return 1 - math.exp(-sum(x * x for x in difference(a, b)))


PLAIN = {
    "euclidean": lambda a, b: math.sqrt(sum(x * x for x in difference(a, b))),
    "squared_euclidean": lambda a, b: sum(x * x for x in difference(a, b)),
    "manhattan": lambda a, b: sum(map(abs, difference(a, b))),
    "cosine": lambda a, b: 1 - dot(a, b) / (math.sqrt(dot(a, a) * dot(b, b)) or 1),
    "transformed_dot_product": lambda a, b: float(np.logaddexp(0, -dot(a, b))),
    "jaccard": jaccard,
    "weighted_jaccard": weighted_jaccard,
    "gaussian_kernel": gaussian_kernel,
}

bags = st.dictionaries(st.sampled_from("abcdef"), st.integers(-3, 3).map(float), max_size=4)


def prepared(queries, references):
    keys = {}
    reference = Bags(to_rows(references, keys, grow=True))
    return Bags(to_rows(queries, keys, grow=False)), reference


@settings(max_examples=150, deadline=None)
@given(
    st.lists(bags, min_size=1, max_size=6),
    st.lists(bags, min_size=1, max_size=6),
    st.sampled_from(sorted(DISTANCES)),
    st.none() | st.integers(1, 7),
)
def test_dictionaries_give_what_plain_python_gives(queries, references, distance, k):
    known = {key for row in references for key in row}
    queries = [{key: row[key] for key in row if key in known} for row in queries]
    found = k_nearest([Summand(*prepared(queries, references), distance)], k)
    for i, query in enumerate(queries):
        expected = np.array([PLAIN[distance](query, row) for row in references])
        own = found.query == i
        np.testing.assert_allclose(found.distance[own], np.sort(expected)[:k], atol=1e-12)
        np.testing.assert_allclose(expected[found.reference[own]], found.distance[own], atol=1e-12)
        assert found.rank[own].tolist() == list(range(1, own.sum() + 1))


@pytest.mark.parametrize("distance", sorted(set(DISTANCES) - {"transformed_dot_product"}))
def test_equal_rows_are_at_exactly_zero_in_reference_order(distance):
    random = np.random.default_rng(0)
    rows = [dict(zip("abcdefgh", random.random(8))) for _ in range(20)]
    found = k_nearest([Summand(*prepared(rows, rows + rows), distance)], 2)
    zero = found.distance == 0.0
    assert zero.all()
    if distance != "jaccard":  # there all rows are equal
        expected = [[i, i + 20] for i in range(20)]
        assert found.reference.reshape(20, 2).tolist() == expected


def test_near_rows_keep_their_distance():
    found = k_nearest([Summand(*prepared([{"a": 1e6}], [{"a": 1e6 + 1e-6}]), "euclidean")], 1)
    np.testing.assert_allclose(found.distance, [(1e6 + 1e-6) - 1e6], rtol=1e-12)


def test_keys_that_no_reference_has_are_left_out():
    found = k_nearest([Summand(*prepared([{"a": 1.0, "new": 9.0}], [{"a": 1.0}]), "euclidean")], 1)
    assert found.distance.tolist() == [0.0]


def test_a_value_that_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="key"):
        to_rows([{"key": "text"}], {}, grow=True)


def test_blocks_radius_and_skip_self_work_as_for_dense_rows(monkeypatch):
    rows = [{"a": float(i)} for i in range(9)]
    queries, reference = prepared(rows, rows)
    monkeypatch.setattr(blocks, "BLOCK_PAIRS", 20)
    found = k_nearest([Summand(queries, reference, "euclidean")], radius=1.0, skip_self=True)
    assert list(zip(found.query, found.reference))[:5] == [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3)]
    assert found.rank.tolist() == [1] + [1, 2] * 7 + [1]
