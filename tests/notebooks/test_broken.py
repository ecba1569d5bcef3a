"""Wrong solutions are caught: each notebook in broken/ says in its name what is wrong with it."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from tests.places import ROOT

BROKEN = ROOT / "tests" / "notebooks" / "broken"
# What must be said of each: a wrong solution that fails for another reason proves nothing.
CAUGHT_BY = {
    "bird-neighbors-in-dog-cat-column": "WrongAnswer: Dogs in the test data that come out right",
    "first-row-skipped": "WrongAnswer: Dogs in the test data that come out right",
    "neighbors-1-to-6": "WrongAnswer: Mean distance to its 5 nearest cats",
    "bird-model-queried-for-dogs": "WrongAnswer: Nearest dog to the first test image",
    "tie-counted-as-correct": "mismatch 'stdout'",
    "committed-output-changed": "mismatch 'stdout'",
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory) -> dict:
    """Rerun the broken notebooks, and one that is right, from elsewhere: {name: message}."""
    folder = tmp_path_factory.mktemp("broken")
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider"]
    command += [f"--junitxml={report}"]
    command += [str(BROKEN / f"{name}.ipynb") for name in [*CAUGHT_BY, "nothing-wrong"]]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("classname", "").split(".")[-2]
        found[name] = found.get(name, "") + "".join(
            f"{f.get('message')} {f.text}" for f in case.iter("failure")
        )
    return found


def test_the_same_solution_with_nothing_wrong_passes(failures):
    assert failures["nothing-wrong"] == ""


@pytest.mark.parametrize("name", CAUGHT_BY)
def test_is_caught(name, failures):
    assert CAUGHT_BY[name] in failures[name]


def test_every_broken_notebook_is_tested():
    structural = {"outputs-stripped", "cells-out-of-order"}  # in test_stored.py
    names = {path.stem for path in BROKEN.glob("*.ipynb")}
    assert names == {*CAUGHT_BY, *structural, "nothing-wrong"}
