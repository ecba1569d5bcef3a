"""Memory of batches is used again, and never while somebody holds a part of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from turilite.format import buffers
from turilite.format.buffers import KEPT, empty_matrix

ROWS, WIDTH = 250, 1000  # 2 MB


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffers, "_free", [])


def test_what_nobody_holds_is_used_again() -> None:
    place = empty_matrix(ROWS, WIDTH).ctypes.data
    again = empty_matrix(WIDTH, ROWS)
    assert (again.ctypes.data, again.shape, again.flags.writeable) == (place, (WIDTH, ROWS), True)


@pytest.mark.parametrize(
    "part", [lambda matrix: matrix[3:5].T[::2], memoryview, lambda matrix: matrix.view("u1")[0]]
)
def test_what_somebody_holds_a_part_of_is_not(part) -> None:
    matrix = empty_matrix(ROWS, WIDTH)
    matrix[:] = 7
    held = part(matrix)
    expected = np.array(held)
    del matrix
    empty_matrix(ROWS, WIDTH)[:] = 8
    np.testing.assert_array_equal(np.array(held), expected)
    assert not buffers._free or len(buffers._free) == 1


def test_what_is_small_or_very_large_or_of_another_size_is_new() -> None:
    for rows in (3, ROWS, ROWS + 1, 5000):
        empty_matrix(rows, WIDTH)
    assert [len(buffer) for buffer in buffers._free] == [8 * ROWS * WIDTH, 8 * (ROWS + 1) * WIDTH]


def test_no_more_is_kept_than_a_few_threads_use() -> None:
    for rows in range(ROWS, ROWS + 3 * KEPT):
        empty_matrix(rows, WIDTH)
    assert len(buffers._free) <= KEPT


def test_threads_never_share_a_matrix() -> None:
    def work(number: int) -> bool:
        matrix = empty_matrix(ROWS, WIDTH)
        matrix[:] = number
        return bool((matrix == number).all())

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))
