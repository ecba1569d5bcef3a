"""Models kept in directories: whole, whatever happens, and refused where they are not."""

from __future__ import annotations

import json

import pytest

import turilite
from turilite.toolkits.model import Model
from turilite.toolkits.nearest_neighbors import create


@pytest.fixture
def table():
    return turilite.SFrame({
        "v": turilite.SArray([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [0.0, 0.0]]),
        "id": [10, 20, 30, 40],
        "name": ["a", "b", "c", "d"],
        "x": [1.0, 2.0, 2.0, 5.0],
    })  # fmt: skip


@pytest.fixture
def model(table):
    return create(table, label="id", features=["v"])


def rows_of(result):
    return list(zip(*(list(result[name]) for name in result.column_names())))


def test_a_saved_model_comes_back_the_same(model, table, tmp_path):
    model.save(tmp_path / "model")
    loaded = turilite.load_model(str(tmp_path / "model"))
    assert repr(loaded) == repr(model)
    assert {f: loaded._get(f) for f in loaded._list_fields()} == model._fields
    assert rows_of(loaded.query(table)) == rows_of(model.query(table))


def test_saving_again_replaces_the_model_and_leaves_nothing_behind(model, table, tmp_path):
    model.save(tmp_path)
    create(table, label="name", features=["x"]).save(tmp_path)
    assert turilite.load_model(tmp_path).label == "name"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_save_that_fails_leaves_the_old_model_and_the_next_one_clears_up(model, table, tmp_path):
    model.save(tmp_path)
    other = create(table, features=["x"])
    other._fields["features"] = [object()]  # fails when the references are written already
    with pytest.raises(TypeError):
        other.save(tmp_path)
    assert len(list(tmp_path.iterdir())) > 2
    assert turilite.load_model(tmp_path).features == ["v"]
    model.save(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_of_something_else_is_not_written_to(model, table, tmp_path):
    table.save(str(tmp_path / "table"))
    before = sorted((tmp_path / "table").iterdir())
    with pytest.raises(OSError, match="something else"):
        model.save(tmp_path / "table")
    (tmp_path / "file").write_text("kept")
    with pytest.raises(OSError, match="something else"):
        model.save(tmp_path / "file")
    assert sorted((tmp_path / "table").iterdir()) == before
    assert (tmp_path / "file").read_text() == "kept"


def test_what_is_not_a_model_is_an_os_error(model, tmp_path):
    with pytest.raises(OSError, match="no model"):
        turilite.load_model(tmp_path / "none")
    with pytest.raises(OSError, match="no model"):
        turilite.load_model(tmp_path)
    model.save(tmp_path)
    path = tmp_path / "model.json"
    stored = json.loads(path.read_text())
    for wrong in ("", "[]", "{}", path.read_text()[:-20], json.dumps({**stored, "fields": {}})):
        path.write_text(wrong)
        with pytest.raises(OSError, match="damaged"):
            turilite.load_model(tmp_path)
    path.write_text(json.dumps({**stored, "version": 99}))
    with pytest.raises(OSError, match="version"):
        turilite.load_model(tmp_path)
    path.write_text(json.dumps({**stored, "tables": {"reference": "../elsewhere"}}))
    with pytest.raises(OSError):
        turilite.load_model(tmp_path)


def test_the_file_names_the_class_that_loads_it(model, tmp_path):
    model.save(tmp_path)
    path = tmp_path / "model.json"
    stored = json.loads(path.read_text())
    assert stored["class"] == "NearestNeighborsModel"
    path.write_text(json.dumps({**stored, "class": "Oracle"}))
    with pytest.raises(OSError, match="of the class Oracle, which this turilite can't read"):
        turilite.load_model(tmp_path)


def test_models_of_other_columns_than_their_fields_are_damaged(model, table, tmp_path):
    model.save(tmp_path)
    stored = json.loads((tmp_path / "model.json").read_text())
    table[["v"]].save(str(tmp_path / stored["tables"]["reference"]))
    with pytest.raises(OSError, match=r"damaged: reference-\w+ has the columns \['v'\]"):
        turilite.load_model(tmp_path)


def test_a_model_of_the_first_version_is_loaded_and_replaced(model, table, tmp_path):
    table[["v", "id"]].save(str(tmp_path / f"reference-{32 * 'a'}"))
    (tmp_path / "model.json").write_text(
        json.dumps({
            "format": "turilite nearest neighbors model",
            "version": 1,
            "reference": f"reference-{32 * 'a'}",
            "fields": model._fields,
        })
    )  # fmt: skip
    assert rows_of(turilite.load_model(tmp_path).query(table)) == rows_of(model.query(table))
    model.save(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    assert json.loads((tmp_path / "model.json").read_text())["version"] == 2


def test_a_model_that_can_not_be_saved_says_so(tmp_path):
    with pytest.raises(AttributeError, match=r"does not offer Model\.save"):
        Model({}).save(tmp_path / "model")
    assert not (tmp_path / "model").exists()
