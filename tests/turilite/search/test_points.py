"""Rows prepared for searches."""

from __future__ import annotations

import numpy as np
import pytest

from turilite.search.points import Points


def test_rows_need_not_be_contiguous_or_float64():
    wide = np.arange(600, dtype=np.float32).reshape(30, 20)
    points = Points(wide[::2, ::2])
    assert points.rows.dtype == np.float64
    np.testing.assert_array_equal(points.rows, wide[::2, ::2])


def test_rows_in_order_are_not_copied():
    rows = np.ones((3, 2))
    assert Points(rows).rows is rows


def test_what_is_no_matrix_is_refused():
    with pytest.raises(ValueError, match=r"of shape \(3,\)"):
        Points(np.ones(3))


def test_float32_copies_are_the_same_kept_or_made_for_a_part():
    rows = np.random.default_rng(0).random((200, 7)) + 5
    kept, fresh = Points(rows), Points(rows)
    kept.prepare()
    for got, expected in zip(kept.single(slice(20, 60)), fresh.single(slice(20, 60))):
        np.testing.assert_array_equal(got, expected)
