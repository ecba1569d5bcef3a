"""Feature columns as rows of numbers."""

from __future__ import annotations

import gc

import numpy as np

import turilite
from turilite.toolkits import features
from turilite.toolkits.nearest_neighbors import create


def vectors(rows):
    return turilite.SFrame({"v": turilite.SArray(np.asarray(rows, dtype=float))})


def test_a_query_set_is_prepared_once_and_forgotten_with_its_table():
    table = vectors([[1, 2], [3, 4], [1, 2], [0, 0]])
    queries = vectors(np.random.default_rng(0).random((5, 2)))
    models = [create(table[part], features=["v"]) for part in (slice(0, 2), slice(2, 4))]
    gc.collect()
    before = len(features._prepared)
    for model in models:
        model.query(queries)
    assert len(features._prepared) == before + 1
    del queries
    gc.collect()
    assert len(features._prepared) == before
