"""Notebook 9 on a data set of one's own photographs; `make run` runs it, and no other, there."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import nbformat
import pytest

pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")

from assignment.engine import kernel_name
from assignment.rerun.execute import execute
from tests.pictures import album
from tests.places import ROOT

# What the notebook has found, told to this test by the notebook itself.
TELL = """
import json
near = [pair for pair in closest if pairs[pair] < usual / 2]
print(json.dumps([[images[int(row)]["source"] for row in pair] for pair in near]))
"""


@pytest.fixture(scope="module")
def notebook(made):
    notebook = nbformat.read(ROOT / "notebooks" / "09-your-own-pictures.ipynb", 4)
    notebook.cells.append(nbformat.v4.new_code_cell(TELL))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(made[1]))
        assert execute(notebook, ROOT / "notebooks", kernel_name()) is None
    return notebook


def test_the_planted_near_duplicates_are_among_those_found(notebook):
    found = [set(pair) for pair in json.loads(notebook.cells[-1].outputs[0].text)]
    for number in range(album.NEAR):
        copies = [pair for pair in found if any(f"copy of {number}.jpg" in one for one in pair)]
        names = {f"IMG {number:04}.jpg", "again 0.jpg", f"copy of {number}.jpg"}
        assert copies
        assert {one.rsplit("/")[-1] for pair in copies for one in pair} <= names


def test_every_label_is_shown(notebook):
    printed = "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])
    )
    for label in album.LABELS:
        assert f"\n{label}" in printed


def test_a_run_is_of_the_notebooks_for_any_labels_and_ends_well(made, tmp_path):
    run = subprocess.run(
        [sys.executable, ROOT / "scripts" / "run_notebooks.py", "--build", tmp_path / "build"],
        env={**os.environ, "DATA_DIR": str(made[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "not those of the assignment: of 11 notebooks only 09-your-own-pictures" in run.stdout
    assert "1 answer, none checked: the answers of this data set are not known" in run.stdout
    assert [path.name for path in (tmp_path / "build").glob("*.ipynb")] == [
        "09-your-own-pictures.ipynb"
    ]
