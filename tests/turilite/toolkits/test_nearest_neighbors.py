"""Models as Turi Create offers them; beside it, where it is installed, with the same results."""

from __future__ import annotations

from array import array

import numpy as np
import pytest

import turilite
from tests.places import CIFAR4
from tests.turilite.toolkits.tables import vectors
from turilite.toolkits.nearest_neighbors import create


def rows_of(result):
    return list(zip(*(list(result[name]) for name in result.column_names())))


# --- results ----------------------------------------------------------------------------------


def test_query_gives_labels_distances_and_ranks_ties_in_reference_order(model, table):
    result = model.query(table[:2], k=2)
    assert result.column_names() == ["query_label", "reference_label", "distance", "rank"]
    assert result.column_types() == [int, int, float, int]
    assert rows_of(result) == [
        (0, 10, 0.0, 1),
        (0, 30, 0.0, 2),
        (1, 20, 0.0, 1),
        (1, 10, np.sqrt(8), 2),
    ]


def test_query_label_names_the_rows_of_the_result(model, table):
    result = model.query(table, label="name", k=1)
    assert rows_of(result[["query_label", "reference_label"]]) == [
        ("a", 10),
        ("b", 20),
        ("c", 10),
        ("d", 40),
    ]


def test_without_label_references_are_row_numbers(table):
    result = create(table, features=["v"]).query(table[:1], k=1)
    assert rows_of(result) == [(0, 0, 0.0, 1)]


def test_five_neighbors_by_default_and_no_more_than_there_are(table):
    assert len(create(vectors(np.eye(9)), features=["v"]).query(vectors(np.eye(9)))) == 45
    assert len(create(table, features=["v"]).query(table)) == 16


def test_k_none_gives_all_and_radius_leaves_out_the_far_ones(model, table):
    assert len(model.query(table, k=None)) == 16
    assert rows_of(model.query(table[:1], k=None, radius=np.sqrt(5)))[-1] == (0, 40, np.sqrt(5), 3)
    assert rows_of(model.query(table[:1], k=1, radius=2)) == [(0, 10, 0.0, 1)]
    nothing = model.query(vectors([[100, 100]]), radius=1)
    assert len(nothing) == 0
    assert nothing.column_types() == [int, int, float, int]


def test_columns_of_numbers_are_joined(table):
    model = create(table, label="name", features=["x", "y", "v"], distance="manhattan")
    assert model.features == ["x", "y", "v"]
    assert model.unpacked_features == ["x", "y", "v[0]", "v[1]"]
    assert rows_of(model.query(table[:1], k=2)) == [(0, "a", 0.0, 1), (0, "c", 3.0, 2)]


def test_a_missing_query_value_counts_as_the_mean_of_the_references(table):
    model = create(table, features=["x", "y"])
    found = model.query(turilite.SFrame({"x": [None, 1.0], "y": [1, None]}), k=1)
    assert list(found["distance"]) == [np.hypot(0.5, 1), np.hypot(1, 0.5)]
    model = create(table, features=["v"])
    missing = turilite.SFrame({"v": turilite.SArray([None, array("d", [1, 2])], array)})
    assert list(model.query(missing, k=1)["distance"]) == [0.25, 0.0]


def test_a_filtered_table_can_be_the_reference_or_the_query(table):
    model = create(table[table["y"] > 2], label="name", features=["v"])
    assert list(model.query(table[table["x"] == 1.0], k=1)["reference_label"]) == ["c"]


def test_similarity_graph_leaves_out_each_row_itself(model):
    table = model.similarity_graph(k=1, output_type="SFrame")
    assert list(table["query_label"]) == [10, 20, 30, 40]
    assert list(table["reference_label"]) == [30, 10, 10, 10]
    both = model.similarity_graph(k=1, output_type="SFrame", include_self_edges=True)
    assert list(both["reference_label"]) == [10, 20, 10, 40]
    graph = model.similarity_graph(k=1)
    assert repr(graph) == "SGraph({'num_edges': 4, 'num_vertices': 4})"
    assert graph.edges.column_names() == ["__src_id", "__dst_id", "distance", "rank"]
    assert sorted(graph.vertices["__id"]) == [10, 20, 30, 40]


# --- what a model says of itself --------------------------------------------------------------


def test_the_method_changes_only_what_the_model_says(table):
    answers = []
    for method in ("auto", "ball_tree", "brute_force", "lsh"):
        model = create(table, features=["v"], distance="euclidean", method=method)
        assert model.method == ("ball_tree" if method == "auto" else method)
        answers.append(rows_of(model.query(table)))
    assert all(answer == answers[0] for answer in answers)


def test_auto_is_brute_force_beyond_200_numbers_a_row():
    methods = [create(vectors(np.zeros((2, n))), features=["v"]).method for n in (200, 201)]
    assert methods == ["ball_tree", "brute_force"]


def test_a_model_describes_itself(capsys):
    model = create(vectors(np.zeros((3, 300))), features=["v"], verbose=False)
    assert model.summary() is None
    assert capsys.readouterr().out == str(model) + "\n"
    time = round(model.training_time, 4)
    assert repr(model) == (
        "Class                          : NearestNeighborsModel\n\n"
        "Attributes\n----------\n"
        "Method                         : brute_force\n"
        "Number of distance components  : 1\n"
        "Number of examples             : 3\n"
        "Number of feature columns      : 1\n"
        "Number of unpacked features    : 300\n"
        "Distance                       : euclidean\n"
        f"Total training time (seconds)  : {time}\n"
    )


# --- beside Turi Create -----------------------------------------------------------------------

DISTANCES = ["euclidean", "squared_euclidean", "cosine", "manhattan", "transformed_dot_product"]


def both(turicreate, columns):
    return [
        engine.SFrame({name: engine.SArray(values) for name, values in columns.items()})
        for engine in (turicreate, turilite)
    ]


@pytest.fixture(scope="module")
def turicreate():
    return pytest.importorskip("turicreate")


def assert_alike(theirs, ours):
    assert ours.column_names() == theirs.column_names()
    assert ours.column_types() == theirs.column_types()
    for name in ("query_label", "reference_label", "rank"):
        assert list(ours[name]) == list(theirs[name]), name
    # 1e-11: Turi Create's own error between near rows, as it subtracts squared norms
    np.testing.assert_allclose(
        list(ours["distance"]), list(theirs["distance"]), rtol=1e-9, atol=1e-11
    )


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("count", [3, 40])  # Turi Create computes otherwise above 20 queries
@pytest.mark.parametrize("width", [3, 100])
def test_results_are_those_of_turi_create(turicreate, distance, count, width):
    random = np.random.default_rng(width)
    reference = both(turicreate, {"v": random.random((60, width)), "id": np.arange(60) * 7})
    queries = both(turicreate, {"v": random.random((count, width))})
    for k in (1, 5, 60, None):
        results = []
        for engine, r, q in zip((turicreate, turilite), reference, queries):
            model = engine.nearest_neighbors.create(
                r, "id", ["v"], distance, "brute_force", verbose=False
            )
            results.append(model.query(q, k=k, verbose=False))
        assert_alike(*results)


@pytest.mark.parametrize("method", ["auto", "brute_force", "ball_tree"])
def test_columns_labels_graphs_and_text_are_those_of_turi_create(turicreate, method):
    random = np.random.default_rng(1)
    columns = {
        "x": random.random(50),
        "y": random.integers(0, 10, 50),
        "name": [f"row {i}" for i in range(50)],
    }
    models, tables = [], both(turicreate, columns)
    for engine, table in zip((turicreate, turilite), tables):
        models.append(
            engine.nearest_neighbors.create(
                table, "name", distance="euclidean", method=method, verbose=False
            )
        )
    assert_alike(*(m.query(t, "name", 3, 0.8, verbose=False) for m, t in zip(models, tables)))
    for arguments in ((2, None, False), (2, 0.5, True)):
        graphs = [m.similarity_graph(*arguments, "SFrame", verbose=False) for m in models]
        assert_alike(*(g.sort(["query_label", "rank"]) for g in graphs))  # a tree has its own order
    texts = [repr(m).replace(str(round(m.training_time, 4)), "TIME") for m in models]
    assert texts[0] == texts[1]
    assert models[0]._list_fields() == models[1]._list_fields()
    for field in set(models[0]._list_fields()) - {"training_time"}:
        theirs, ours = (m._get(field) for m in models)
        if field.endswith("features") and isinstance(ours, list):
            theirs, ours = sorted(theirs), sorted(ours)  # Turi Create's come in any order
        assert ours == theirs, field


@pytest.mark.parametrize("distance", [None, "jaccard", "cosine", "euclidean", "manhattan"])
def test_dictionaries_are_searched_as_by_turi_create(turicreate, distance):
    values = [{"a": 1, "b": 2.0}, {"a": 1}, {"c": 3, "a": 1}, {"a": 2, "b": 1}, {"b": 5}]
    queries = [{"a": 1, "b": 2.5}, {"q": 5, "c": 1}, None]
    results = []
    for engine, table, asked in zip(
        (turicreate, turilite), both(turicreate, {"d": values}), both(turicreate, {"d": queries})
    ):
        model = engine.nearest_neighbors.create(table, distance=distance, verbose=False)
        assert model.method == "brute_force"
        assert model.num_unpacked_features == 3
        result = model.query(asked, k=None, verbose=False)
        results.append(result.sort(["query_label", "reference_label"]))  # ties come in any order
    theirs, ours = results
    np.testing.assert_allclose(list(ours["distance"]), list(theirs["distance"]), rtol=1e-9)


def test_lists_of_strings_are_sets(turicreate):
    for engine, table in zip(
        (turicreate, turilite), both(turicreate, {"words": [["a", "b"], ["b", "b", "c"], ["d"]]})
    ):
        model = engine.nearest_neighbors.create(table, verbose=False)
        result = model.query(table[:1], k=None, verbose=False)
        np.testing.assert_allclose(list(result["distance"]), [0, 2 / 3, 1])


def test_missing_and_nan_queries_are_treated_as_by_turi_create(turicreate):
    reference = both(turicreate, {"x": [1.0, 2.0, 4.0], "v": [[1.0, 2], [5, 6], [2, 1]]})
    values = {"x": [None, float("nan"), 3.0], "v": [[1.0, 1], None, [float("nan"), 2]]}
    queries = both(turicreate, values)
    results = [
        engine.nearest_neighbors.create(
            r, features=["x", "v"], distance="euclidean", method="brute_force", verbose=False
        ).query(q, k=None, verbose=False)
        for engine, r, q in zip((turicreate, turilite), reference, queries)
    ]
    assert_alike(*results)


def test_the_assignments_answers_are_those_of_turi_create(turicreate):
    path = CIFAR4
    if not path.exists():
        pytest.skip("shared/cifar4 is not beside this checkout")
    results = []
    for engine in (turicreate, turilite):
        train, test = (
            engine.SFrame(str(path / f"image_{name}_data")) for name in ("train", "test")
        )
        model = engine.nearest_neighbors.create(
            train[train["label"] == "cat"], "id", ["deep_features"], verbose=False
        )
        dogs = test[test["label"] == "dog"]
        results.append([model.query(dogs, "id", k, verbose=False) for k in (1, 5)])
    for theirs, ours in zip(*results):
        assert_alike(theirs, ours)
