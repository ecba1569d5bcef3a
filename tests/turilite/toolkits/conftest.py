"""A table and a model of it, for the tests of nearest neighbors."""

from __future__ import annotations

import pytest

from tests.turilite.toolkits.tables import vectors
from turilite.toolkits.nearest_neighbors import create


@pytest.fixture
def table():
    return vectors(
        [[1, 2], [3, 4], [1, 2], [0, 0]],
        id=[10, 20, 30, 40],
        name=["a", "b", "c", "d"],
        x=[1.0, 2.0, 2.0, 5.0],
        y=[1, 2, 3, 4],
    )


@pytest.fixture
def model(table):
    return create(table, label="id", features=["v"], verbose=False)
