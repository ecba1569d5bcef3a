"""The fast search against the plain one: every distance in float64, from differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from turilite.search import points
from turilite.search.blocks import Neighbors
from turilite.search.exact import DISTANCES, k_nearest
from turilite.search.points import Points

SQUARED = ["euclidean", "squared_euclidean", "gaussian_kernel"]


def plain(queries, reference, k=None, *, distance="euclidean", radius=None, skip_self=False):
    """Return what k_nearest promises, found one query at a time."""
    if distance == "cosine":
        queries = Points(queries).query_directions.rows
        reference = Points(reference).reference_directions.rows
    found = []
    for i, query in enumerate(queries):
        with np.errstate(all="ignore"):
            rows = np.broadcast_to(query, reference.shape)
            distances = DISTANCES[distance].finish(
                DISTANCES[distance].compare(rows, reference.copy())
            )
        order = np.argsort(distances, kind="stable")
        order = order[order != i] if skip_self else order
        order = order if radius is None else order[distances[order] <= radius]
        found += [(i, j, distances[j], rank) for rank, j in enumerate(order[:k], 1)]
    return Neighbors(*np.array(found, dtype=float).reshape(-1, 4).T)


class Stored:
    """Rows that are not in memory, given in batches of three, the last ones first."""

    def __init__(self, rows):
        self.rows, self.shape = rows, rows.shape

    def __getitem__(self, rows):
        return self.rows[rows].copy()

    def batches(self):
        for start in reversed(range(0, len(self.rows), 3)):
            numbers = np.arange(start, min(start + 3, len(self.rows)))[::-1]
            yield numbers, self[numbers]


def kept(rows):
    """Return stored rows of which float32 copies fit into the budget."""
    return Points(Stored(rows))


def streamed(rows):
    """Return stored rows that don't fit into the budget."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(points, "budget", lambda: 0)
        return Points(Stored(rows))


def assert_equals_plain(queries, reference, **options):
    expected = plain(queries, reference, **options)
    for prepared in (Points, kept, streamed):
        found = k_nearest(prepared(queries), prepared(reference), **options)
        for name, got, right in zip(found._fields, found, expected):
            np.testing.assert_array_equal(got, right, err_msg=f"{name}, {prepared.__name__}")


magnitudes = st.sampled_from([0.0, 5e-324, 1e-200, 1e-20, 1e-3, 1.0, 3e7, 1e19, 1e160, 1e308])
numbers = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(allow_nan=False, allow_infinity=False),
    st.builds(lambda a, b: a * b, magnitudes, st.sampled_from([-1, 1, 1 + 2**-52, 1 + 2**-24])),
    st.sampled_from([np.nan, np.inf, -np.inf]),
)


@st.composite
def rows(draw, elements=numbers):
    """Draw queries and references of one width, from few distinct rows, so that many are equal."""
    width = draw(st.integers(0, 5))
    pool = draw(arrays(float, (draw(st.integers(1, 8)), width), elements=elements))
    pick = st.lists(st.integers(0, len(pool) - 1), max_size=9)
    return pool[draw(pick)], pool[draw(pick)]


@settings(max_examples=300, deadline=None)
@given(
    rows(),
    st.none() | st.integers(1, 10),
    st.sampled_from(sorted(DISTANCES)),
    st.none() | st.floats(0, 10),
    st.booleans(),
)
def test_any_numbers_give_what_the_plain_search_gives(pair, k, distance, radius, skip_self):
    assert_equals_plain(*pair, k=k, distance=distance, radius=radius, skip_self=skip_self)


@settings(max_examples=100, deadline=None)
@given(rows(st.floats(-1e3, 1e3)), st.integers(1, 5), st.floats(-1e9, 1e9), st.integers(-40, 40))
def test_an_offset_and_a_scale_change_nothing(pair, k, offset, exponent):
    queries, reference = ((part + offset) * 2.0**exponent for part in pair)
    assert_equals_plain(queries, reference, k=k)


@pytest.mark.parametrize("k", [1, 5, 60, 199, 200, 1000, None])
@pytest.mark.parametrize("width", [1, 3, 300, 4096])
def test_random_rows_give_what_the_plain_search_gives(width, k):
    random = np.random.default_rng(width)
    reference, queries = random.random((200, width)), random.random((20, width))
    for distance in SQUARED:
        assert_equals_plain(queries, reference, k=k, distance=distance)


@pytest.mark.parametrize("step", [2.0**-52, 2.0**-45, 2.0**-30, 2.0**-24, 2.0**-20, 2.0**-12])
def test_near_ties_are_told_apart(step):
    """References that differ from each other by a few units in the last place, and some equal."""
    random = np.random.default_rng(0)
    base = random.random(500)
    reference = base + step * random.integers(-1, 2, (300, 500))
    reference[200:] = reference[random.integers(0, 200, 100)]
    queries = np.concatenate([random.random((10, 500)), reference[:10], base[None]])
    for k in (1, 5, 100):
        assert_equals_plain(queries, reference, k=k)


def test_two_references_one_unit_in_the_last_place_apart_are_ranked_right():
    reference = np.zeros((2, 1000))
    reference[0, 0], reference[1, 0] = np.nextafter(1, 2), 1
    found = k_nearest(Points(np.zeros((1, 1000))), Points(reference), 1)
    assert found.reference.tolist() == [1]
    assert found.distance.tolist() == [1.0]


def test_a_query_equal_to_a_reference_is_at_exactly_zero():
    random = np.random.default_rng(1)
    reference = random.random((50, 700)) * 1e3
    for distance in ["euclidean", "squared_euclidean", "cosine", "manhattan"]:
        found = k_nearest(Points(reference), Points(reference), 1, distance=distance)
        assert (found.distance == 0.0).all()
        assert (found.reference == np.arange(50)).all()


@pytest.mark.parametrize("k", [1, 3, 5])
def test_ties_are_ranked_in_the_order_of_the_references(k):
    reference = np.tile([[1.0, 2.0], [3.0, 4.0]], (4, 1))
    found = k_nearest(Points(np.array([[3.0, 4.0]])), Points(reference), k)
    assert found.reference.tolist() == [1, 3, 5, 7, 0][:k]


def test_one_far_reference_does_not_blur_the_others():
    random = np.random.default_rng(2)
    reference = random.random((100, 50))
    for outlier in (1e6, 1e30, 1e200, np.inf, np.nan):
        reference[40] = outlier
        assert_equals_plain(random.random((30, 50)), reference, k=2)


def test_nan_distances_rank_last():
    found = k_nearest(Points(np.array([[1.0]])), Points(np.array([[np.nan], [5.0]])))
    assert found.reference.tolist() == [1, 0]


@pytest.mark.parametrize("distance", sorted(DISTANCES))
def test_radius_is_inclusive(distance):
    random = np.random.default_rng(3)
    reference, queries = random.random((80, 20)), random.random((15, 20))
    everything = k_nearest(Points(queries), Points(reference), distance=distance)
    radius = np.sort(everything.distance)[300]
    for k in (None, 4):
        found = k_nearest(Points(queries), Points(reference), k, distance=distance, radius=radius)
        keep = everything.distance <= radius
        keep &= everything.rank <= (k or len(reference))
        for got, expected in zip(found, everything):
            np.testing.assert_array_equal(got, expected[keep])


def test_cosine_is_one_minus_the_normalized_dot_product():
    random = np.random.default_rng(4)
    reference, queries = random.standard_normal((90, 30)), random.standard_normal((12, 30))
    queries[0] *= 1e200
    unit = [rows / np.abs(rows).max() for rows in queries], reference
    unit = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in unit]
    found = k_nearest(Points(queries), Points(reference), 7, distance="cosine")
    expected = 1 - unit[0] @ unit[1].T
    np.testing.assert_array_equal(
        found.reference.reshape(-1, 7), np.argsort(expected, axis=1)[:, :7]
    )
    np.testing.assert_allclose(found.distance.reshape(-1, 7), np.sort(expected)[:, :7], rtol=1e-12)


def test_a_row_of_zeros_is_at_cosine_distance_one_from_everything():
    reference = Points(np.array([[1.0, 2.0], [0.0, 0.0], [-1.0, 0.5]]))
    found = k_nearest(Points(np.array([[0.0, 0.0], [2.0, 4.0]])), reference, distance="cosine")
    np.testing.assert_allclose(found.distance, [1, 1, 1, 0, 1, 1], rtol=1e-15)


def test_skip_self_leaves_out_the_row_itself_even_among_equal_rows():
    same = Points(np.ones((4, 3)))
    found = k_nearest(same, same, 2, skip_self=True)
    assert found.reference.reshape(4, 2).tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]
    assert found.rank.tolist() == [1, 2] * 4


def test_no_queries_or_no_references_give_no_neighbors():
    for queries, reference in [((0, 3), (4, 3)), ((4, 3), (0, 3)), ((0, 0), (0, 0))]:
        found = k_nearest(Points(np.empty(queries)), Points(np.empty(reference)), 1)
        assert all(len(values) == 0 for values in found)


def test_rows_of_no_numbers_are_all_at_distance_zero():
    found = k_nearest(Points(np.empty((2, 0))), Points(np.empty((3, 0))), 2)
    assert found.reference.tolist() == [0, 1, 0, 1]
    assert found.distance.tolist() == [0.0] * 4


def test_different_widths_are_refused():
    with pytest.raises(ValueError, match="3 numbers each, references 2"):
        k_nearest(Points(np.empty((1, 3))), Points(np.empty((1, 2))), 1)


def test_a_radius_whose_square_overflows_leaves_everything_in():
    found = k_nearest(Points(np.zeros((2, 3))), Points(np.ones((4, 3))), radius=1e200)
    assert len(found.rank) == 8
