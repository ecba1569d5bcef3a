"""Names that are not there are answered with what to write."""

from __future__ import annotations

import copy
import importlib
import json
import pickle
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import turilite as tc
from tests.places import ROOT
from turilite.missing_api import HABITS, NOT_OFFERED

PUBLIC = json.loads((ROOT / "tests/turilite/public_names.json").read_text(encoding="utf-8"))
"""The public names of Turi Create 6.4.1, by what has them."""
OWNERS: dict[str, Any] = {"SFrame": tc.SFrame, "SArray": tc.SArray, "turilite": tc}
MODULES = ("aggregate", "config", "distances", "text_analytics", "visualization")
OWNERS.update({name: getattr(tc, name) for name in MODULES})
EVERY = [(owner, name) for owner in OWNERS for name in PUBLIC[owner]]
PETS = tc.SFrame({"label": ["cat", "dog"], "age": [1, 2]})
INSTANCES = {"SFrame": PETS, "SArray": PETS["age"]}


def answer(owner: Any, name: str) -> str:
    """Return what is said of a name that is not there."""
    with pytest.raises(AttributeError) as raised:
        getattr(owner, name)
    return str(raised.value)


def slips(name: str) -> set[str]:
    """Return a name with a letter left out, doubled, swapped with the next, or in other case."""
    dropped = {name[:i] + name[i + 1 :] for i in range(1, len(name))}
    doubled = {name[:i] + name[i] + name[i:] for i in range(len(name))}
    swapped = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(1, len(name) - 1)}
    cased = {name.upper(), name.title().replace("_", ""), name.swapcase()}
    return {slip for slip in dropped | doubled | swapped | cased if len(slip) > 2} - {name}


@pytest.mark.parametrize(("owner", "name"), EVERY)
def test_each_public_name_of_turi_create_is_offered_or_refused_with_advice(owner, name):
    if hasattr(OWNERS[owner], name):
        assert name not in NOT_OFFERED.get(owner, {})
        return
    said = answer(OWNERS[owner], name)
    assert re.fullmatch(rf"turilite does not offer [\w.]*\b{name}\. Use \S.*\.", said)


@pytest.mark.parametrize(("owner", "name"), EVERY)
def test_a_slip_of_the_pen_is_answered_with_the_name(owner, name):
    for slip in slips(name):
        is_known = slip in PUBLIC[owner] or slip in HABITS.get(owner, {})
        if not is_known and not hasattr(OWNERS[owner], slip):
            assert re.search(rf"\b{name}\b", answer(OWNERS[owner], slip)), slip


@pytest.mark.parametrize(
    ("owner", "name"), [(owner, name) for owner in HABITS for name in HABITS[owner]]
)
def test_a_habit_from_pandas_is_answered_with_what_to_write(owner, name):
    asked = INSTANCES.get(owner, tc)
    if name not in NOT_OFFERED[owner]:
        assert f"has no attribute {name!r}: write {HABITS[owner][name]}." in answer(asked, name)


@pytest.mark.parametrize("owner", ["SFrame", "SArray"])
def test_a_class_answers_as_its_instances_do(owner):
    for name in [*NOT_OFFERED[owner], *HABITS[owner], "hed", "colum_names"]:
        assert answer(OWNERS[owner], name) == answer(INSTANCES[owner], name)


def test_a_column_is_no_attribute():
    assert answer(PETS, "label") == "SFrame has no attribute 'label': a column is sf['label']."
    assert "sf['label']" in answer(PETS, "labels")


def test_what_is_like_nothing_is_said_to_be_unknown():
    assert answer(PETS, "qqqqqq").startswith("SFrame has no attribute 'qqqqqq'. turilite/README")


@pytest.mark.parametrize(
    "name",
    ["_repr_png_", "_repr_svg_", "_ipython_display_", "__array_interface__", "__getstate_of__"],
)
def test_a_probe_is_answered_plainly(name):
    for owner in (PETS, PETS["age"], tc.SFrame, tc.SArray, tc, tc.distances):
        assert not hasattr(owner, name)
        assert answer(owner, name).endswith(f"has no attribute {name!r}.")


def test_copies_and_numpy_work():
    for each in (copy.copy(PETS), copy.deepcopy(PETS)):
        assert list(each["age"]) == [1, 2]
    assert np.asarray(PETS["age"]).tolist() == [1, 2]
    picture = tc.Image(_height=1, _width=1, _channels=1, _image_data=b"a")
    assert pickle.loads(pickle.dumps(picture)).height == 1
    model = tc.nearest_neighbors.create(PETS, "label")
    assert copy.copy(model).method == model.method
    assert "method" in answer(model, "metod")


# --- GraphLab Create's names ------------------------------------------------------------------


def test_calls_of_graphlab_notebooks_do_what_they_say_or_no_harm(tmp_path):
    tc.canvas.set_target("ipynb")
    tc.visualization.set_target("gui")
    tc.set_runtime_config("GRAPHLAB_DEFAULT_NUM_PYLAMBDA_WORKERS", 4)
    tc.product_key.set_product_key("0000")
    assert str(PETS["label"].sketch_summary()) == str(PETS["label"].summary())
    assert PETS.num_cols() == 2
    assert PETS["age"].size() == 2
    groups = PETS.groupby(key_columns="label", operations={"n": tc.aggregate.COUNT()})
    assert list(groups["n"]) == [1, 1]
    table = PETS.copy()
    table.add_column(tc.SArray([3, 4]), name="more")
    assert list(table["more"]) == [3, 4]
    model = tc.nearest_neighbors.create(PETS, "label")
    model.show(view="Evaluation")


def test_a_wrong_target_is_refused():
    with pytest.raises(ValueError, match="no target 'moon'"):
        tc.visualization.set_target("moon")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({}, "key_column_names"), ({"key_columns": "a"}, "operations"), ({"keys": "a"}, "keys")],
)
def test_groupby_says_which_argument_is_wrong(arguments, message):
    with pytest.raises(TypeError, match=message):
        PETS.groupby(**arguments)


ADDRESSES = [
    "imagenet_model",
    "./imagenet_model_iter45",
    "http://s3.amazonaws.com/GraphLab-Datasets/deeplearning/imagenet_model_iter45",
    "https://d396qusza40orc.cloudfront.net/phoenixassets/imagenet_model/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_network_of_the_course_gives_the_deep_features(address):
    model = tc.load_model(address)
    images = tc.SFrame({"deep_features": [[1.0, 2.0], [3.0, 4.0]]})
    assert list(map(list, model.extract_features(images))) == [[1, 2], [3, 4]]
    with pytest.raises(RuntimeError, match="column 'deep_features', which the course's data have"):
        model.extract_features(PETS)
    with pytest.raises(RuntimeError, match="must be an SFrame"):
        model.extract_features([1])


@pytest.mark.parametrize("name", ["turicreate", "graphlab"])
def test_modules_of_the_other_name_are_turilites_own(name):
    code = f"""
import {name}, {name}.aggregate as agg, {name}.toolkits.nearest_neighbors
from {name} import SFrame, text_analytics, distances
import turilite
assert {name} is turilite and agg is turilite.aggregate
assert {name}.toolkits.nearest_neighbors is turilite.nearest_neighbors
assert SFrame is turilite.SFrame and text_analytics is turilite.text_analytics
{name}.canvas.set_target("ipynb")
try:
    import {name}.nothing
except ModuleNotFoundError as error:
    print(error)
"""
    path = f"{ROOT}:{ROOT / 'turilite' / 'aliases'}"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "nothing" in ran.stdout


def test_as_turicreate_may_be_imported_twice():
    before = {name: sys.modules[name] for name in sys.modules}
    finders = list(sys.meta_path)
    try:
        importlib.reload(importlib.import_module("turilite.as_turicreate"))
        assert sum(type(finder).__name__ == "Aliases" for finder in sys.meta_path) == 1
    finally:
        sys.meta_path[:] = finders
        for name in set(sys.modules) - set(before):
            del sys.modules[name]
        sys.modules.update(before)  # Turi Create's own modules, where they were loaded
