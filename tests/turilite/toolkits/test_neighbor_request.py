"""What nearest neighbors models refuse, before anything is computed."""

from __future__ import annotations

from array import array

import pytest

import turilite
from tests.turilite.toolkits.tables import vectors
from turilite.errors import ToolkitError
from turilite.toolkits.nearest_neighbors import create


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"label": "none"}, ToolkitError, "no column 'none'"),
        ({"label": "x"}, TypeError, "integers or strings"),
        ({"label": 5}, TypeError, "name of a column"),
        ({"label": "y", "features": ["y"]}, ToolkitError, "no feature"),
        ({"features": []}, ToolkitError, "no feature"),
        ({"features": "v"}, TypeError, "list"),
        ({"features": ["none"]}, KeyError, "none"),
        ({"features": ["none"], "distance": "euclidean"}, RuntimeError, "no column 'none'"),
        ({"features": ["v"], "distance": "none"}, ValueError, "no distance 'none'"),
        ({"features": ["v"], "distance": 5}, TypeError, "name"),
        ({"features": ["v"], "distance": []}, ValueError, "at least one"),
        ({"features": ["v"], "distance": "jaccard"}, ToolkitError, "can't be used"),
        ({"features": ["v"], "distance": "levenshtein"}, ToolkitError, "can't be used"),
        ({"features": ["name"], "distance": "euclidean"}, ToolkitError, "'levenshtein'"),
        ({"features": ["v"], "method": "none"}, ValueError, "no method 'none'"),
        ({"features": ["v"], "method": "ball_tree", "distance": "cosine"}, TypeError, "cosine"),
        ({"features": ["v"], "leaf": 1}, ToolkitError, "no option 'leaf'"),
        ({"features": ["v"], "method": "ball_tree", "leaf_size": -1}, ToolkitError, "leaf_size"),
        ({"distance": [[["x"], "euclidean", -1]]}, ValueError, "weight"),
        ({"distance": [[["name", "name"], "levenshtein", 2]]}, ValueError, "join strings"),
        ({"distance": [[["x"], max, 2]]}, RuntimeError, "turilite.distances"),
    ],
)
def test_wrong_arguments_of_create_are_refused(table, arguments, error, message):
    with pytest.raises(error, match=message):
        create(table, **arguments)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        *[({"k": k}, ValueError) for k in (0, -1, "a", 2.0)],
        *[({"radius": radius}, ValueError) for radius in (-1, "a", float("nan"))],
        ({"label": "none"}, ValueError),
        ({"label": "x"}, TypeError),
    ],
)
def test_wrong_arguments_of_query_are_refused(model, table, arguments, error):
    with pytest.raises(error):
        model.query(table, **arguments)


def test_references_with_missing_values_are_refused():
    for values in ([1, None], [1.0, None], [array("d", [1]), None]):
        with pytest.raises(ToolkitError, match="missing"):
            create(turilite.SFrame({"x": values}))


def test_vectors_of_unequal_lengths_are_refused(model):
    uneven = turilite.SFrame({"v": [array("d", [1]), array("d", [1, 2])]})
    with pytest.raises(ToolkitError, match="one length"):
        create(uneven)
    with pytest.raises(ToolkitError, match="one length"):
        model.query(vectors([[1, 2, 3]]))


def test_queries_of_other_columns_or_types_are_refused(table):
    model = create(table, features=["x"])
    with pytest.raises(ToolkitError, match="no columns"):
        model.query(table[["y"]])
    with pytest.raises(ToolkitError, match="of type int"):
        model.query(turilite.SFrame({"x": [1]}))
    with pytest.raises(ToolkitError, match="no rows"):
        model.query(table[:0])
    with pytest.raises(ToolkitError, match="must be an SFrame"):
        model.query([1.0])
