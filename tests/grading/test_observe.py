"""What the observer notes on each engine's kernel: values, queries, pictures, and old names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from grading.values import literals_of, value_of
from tests.places import SAMPLE
from turilite import SFrame

LIMITS = {"cell_seconds": 100, "total_seconds": 300}
LOAD = """
import graphlab
image_train = graphlab.SFrame('/Users/somebody/Downloads/image_train_data/')
image_test = graphlab.SFrame({windows!r})
"""
WINDOWS = r"C:\Users\me\image_test_data\m_1ce96d9d245ca490.frame_idx"
QUERY = """
import turicreate as tc
cats = image_train[image_train['label'] == 'cat']
model = tc.nearest_neighbors.create(cats, features=['deep_features'], label='id', verbose=False)
found = model.query(image_test[0:1], verbose=False)
found
"""
OLD_NAMES = """
graphlab.canvas.set_target('ipynb')
graphlab.product_key.set_product_key('x')
counts = image_train.groupby(key_columns='label', operations={'n': graphlab.aggregate.COUNT()})
columns = image_train.num_cols()
image_train.add_column(image_train['id'], name='again')
names = 'again' in image_train.column_names()
deep = graphlab.load_model('http://s3.amazonaws.com/GraphLab-Datasets/imagenet_model_iter45')
features = deep.extract_features(image_test)
same = list(features[0]) == list(image_test[0]['deep_features'])
model.show()
image_train['image'][0:2].show(view='Images')
print('all')
"""


def values_of(cell) -> dict:
    return {value.name or value.where: value.value for value in cell.values}


def nearest_cats() -> tuple[list[int], float]:
    """Return the ids of the five cats nearest to the first test image, and their mean distance."""
    train, test = (SFrame(str(SAMPLE / f"image_{part}_data")) for part in ("train", "test"))
    cats = train[train["label"] == "cat"]
    vectors = np.array([list(row) for row in cats["deep_features"]])
    distances = np.linalg.norm(vectors - np.array(test["deep_features"][0]), axis=1)
    first = np.argsort(distances, kind="stable")[:5]
    return [cats["id"][int(row)] for row in first], float(distances[first].mean())


def test_an_old_notebook_is_noted_as_it_runs(run_cells, engine_here):
    cells = run_cells(
        LOAD.format(windows=WINDOWS),
        QUERY,
        "mean = found['distance'].mean()\nmean",
        OLD_NAMES,
        "import matplotlib.pyplot as plt\nplt.imshow(image_test[1]['image'].pixel_data)",
        engine=engine_here,
        **LIMITS,
    ).cells
    assert [cell.error for cell in cells] == [None] * 5
    (query,) = cells[1].queries
    assert (query.label, query.named_by, query.k) == ("cat", "id", 5)
    assert (query.query_count, query.query_ids, query.query_part) == (1, [0], "test")
    assert [row[1] for row in query.rows] == nearest_cats()[0]
    assert values_of(cells[1])["display"]["count"] == 5
    assert values_of(cells[2])["mean"] == pytest.approx(nearest_cats()[1], rel=1e-9)
    assert values_of(cells[2])["display"] == values_of(cells[2])["mean"]
    noted = values_of(cells[3])
    assert (noted["names"], noted["same"], noted["columns"]) == (True, True, 5)
    assert cells[3].printed.endswith("all\n")
    assert [picture.id for picture in cells[3].pictures][:1] == [1]
    assert [(picture.part, picture.id) for picture in cells[4].pictures] == [("test", 2)]


def test_the_assignments_own_functions_use_the_copy_whatever_is_set(run_cells):
    cells = run_cells(
        "import os\nos.environ['DATA_DIR'] = '/home/me/data'",
        "from assignment.data_sets import load_images\nimage_train, image_test = load_images()",
        "len(image_test)",
        **LIMITS,
    ).cells
    assert values_of(cells[2])["display"] == 52


CSV_COPIES = """
import graphlab, numpy as np, pandas as pd
from pandas import read_csv
tables = [pd.read_csv('/Users/me/image_test_data.csv'), read_csv('image_test_data.csv.zip'),
          pd.read_csv(filepath_or_buffer='own/image_test_data.csv'),
          graphlab.SFrame.read_csv('image_test_data.csv', verbose=False),
          graphlab.SFrame('C:/me/image_test_data.csv')]
sizes = {len(table) for table in tables}
text = tables[0]['deep_features'][0].strip('[]').split()
same = np.array(text, dtype=float).tolist() == list(image_test[0]['deep_features'])
image_test[0:3].save('image_test_data.csv', format='csv')
other = pd.read_csv('mine.csv').shape[0]
"""


def test_csv_copies_of_the_data_are_the_data_and_other_tables_are_not(
    run_cells, engine_here, tmp_path
):
    (tmp_path / "mine.csv").write_text("a\n1\n2\n")
    (tmp_path / "image_test_data.csv").write_text("a\n1\n")
    cells = run_cells(
        LOAD.format(windows=WINDOWS), CSV_COPIES, engine=engine_here, folder=tmp_path, **LIMITS
    ).cells
    assert [cell.error for cell in cells] == [None, None]
    noted = values_of(cells[1])
    assert (noted["sizes"], noted["same"], noted["other"]) == (52, True, 2)


def test_only_what_a_cell_changed_is_noted(run_cells):
    cells = run_cells(
        "a = 1\nb = [1, 2]\nc = 'kept'",
        "a = 2",
        "b.append(3)",
        "a = 2",
        "1 / 0",
        "z = 5\n1 / 0",
        **LIMITS,
    ).cells
    noted = [values_of(cell) for cell in cells]
    assert noted == [
        {"a": 1, "b": [1, 2], "c": "kept"},
        {"a": 2},
        {"b": [1, 2, 3]},
        {},
        {},
        {"z": 5},
    ]


def test_large_texts_and_numbers_cost_nothing_and_hide_no_others(run_cells):
    few = {**LIMITS, "memory": 2**30}
    cells = run_cells("a = 'x' * 3 * 10**8\nb = 10**5000\nc = [1, b]", "d = 4", **few).cells
    assert [cell.status for cell in cells] == ["ok", "ok"]
    assert values_of(cells[0])["c"] == [1, None]
    assert values_of(cells[1]) == {"d": 4}


# --- values ---------------------------------------------------------------------------------------


def noted(thing, source: str = ""):
    value = value_of(thing, "name", "x", literals_of(source))
    return value and (value.kind, value.value, value.literal)


def test_scalars_are_plain_numbers_texts_and_truths():
    assert noted(np.float32(0.5)) == ("number", 0.5, False)
    assert noted(np.int64(3)) == ("number", 3, False)
    assert noted(np.bool_(True)) == ("truth", True, False)
    assert noted(np.array([[7.0]])) == ("number", 7.0, False)
    assert noted("cat") == ("text", "cat", False)
    assert noted(None) is None


def test_tables_and_columns_of_pandas_are_small_summaries():
    assert noted(pd.Series([4, 5])) == ("numbers", [4, 5], False)
    assert noted(pd.Series({"cat": 4, "dog": 5})) == ("mapping", [["cat", 4], ["dog", 5]], False)
    assert noted(pd.DataFrame({"a": [1.5]})) == ("number", 1.5, False)
    kind, table, _ = noted(pd.DataFrame({"a": range(50), "b": ["x"] * 50}))
    assert (kind, table["columns"], table["count"], len(table["rows"])) == (
        "table",
        ["a", "b"],
        50,
        10,
    )
    assert table["rows"][1] == [1, "x"]


def test_what_is_longer_is_no_answer():
    assert noted(list(range(6))) is None
    assert noted(np.zeros(1000)) is None
    assert noted(object()) is None
    assert noted({}) is None


@pytest.mark.parametrize(
    ("thing", "source"),
    [
        (36.5, "x = 36.5"),
        (-2, "x = -2"),
        ("cat", "x = 'cat'"),
        (36.5, "x = float('36.5')"),
        ([1, 2.5], "x = [y, 2.5]"),
    ],
)
def test_a_value_that_stands_in_the_source_is_a_literal(thing, source):
    assert value_of(thing, "name", "x", literals_of(source)).literal


@pytest.mark.parametrize(
    ("thing", "source"),
    [(36.5, "x = f(36)"), (1, "x = True"), ("cat", "cat"), (3, "not Python 3 3")],
)
def test_a_value_that_was_computed_is_none(thing, source):
    assert not value_of(thing, "name", "x", literals_of(source)).literal
