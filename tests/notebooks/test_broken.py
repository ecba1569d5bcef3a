"""Wrong solutions are caught: each notebook in broken/ says in its name what is wrong with it."""

from __future__ import annotations

import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from tests.places import ROOT, SAMPLE

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
    """Rerun the broken notebooks, and one that is right, as `make test` does: {name: message}."""
    report = tmp_path_factory.mktemp("broken") / "report.xml"
    names = [*CAUGHT_BY, "nothing-wrong"]
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q"]
    command += ["--nbval-cell-timeout", "120", "-p", "no:cacheprovider", f"--junitxml={report}"]
    command += ["--nbval-sanitize-with", str(ROOT / "tests" / "nbval_sanitize.cfg")]
    command += [str(BROKEN / f"{name}.ipynb") for name in names]
    environment = {**os.environ, "DATA_DIR": str(SAMPLE)}
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
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
    structural = {"outputs-stripped", "cells-out-of-order"}  # in test_notebooks.py
    names = {path.stem for path in BROKEN.glob("*.ipynb")}
    assert names == {*CAUGHT_BY, *structural, "nothing-wrong"}
