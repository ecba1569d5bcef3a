"""The notebooks as they are stored: run from top to bottom, and free of their machine.

nbval reruns them; it says nothing about cells whose outputs were removed, so this file does.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path

import nbformat
import pytest

from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BROKEN = ROOT / "tests" / "broken"
PATHS_OF_A_MACHINE = re.compile(r"(/home/|/root/|/Users/|/tmp/|/var/|\bC:\\)")


def read(path: Path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def problems(notebook) -> list[str]:
    """Return what shows that a notebook was not run from top to bottom, or lost its outputs."""
    cells = code_cells(notebook)
    found = []
    if any(cell.execution_count is None for cell in cells):
        found.append("a cell was not run")
    elif [cell.execution_count for cell in cells] != list(range(1, len(cells) + 1)):
        found.append("cells were not run in order")
    if not any(cell.outputs for cell in cells):
        found.append("no outputs")
    shows = re.compile(r"^\s*(print|show_images|check_answer|plt\.show)\(", re.M)
    if any(shows.search(cell.source) and not cell.outputs for cell in top_level(cells)):
        found.append("a cell that shows something has no output")
    if any(output.output_type == "error" for cell in cells for output in cell.outputs):
        found.append("an error output")
    return found


def top_level(cells: list) -> list:
    """Return the cells that do more than define a function."""
    return [cell for cell in cells if not cell.source.startswith("def ") or "\n\n\n" in cell.source]


def test_there_are_the_five_notebooks_of_the_assignment():
    steps = [path.stem for path in NOTEBOOKS if re.match("0[1-5]", path.stem)]
    assert steps == [
        "01-sketch-summary",
        "02-category-models",
        "03-single-image-queries",
        "04-mean-distance",
        "05-nearest-neighbor-accuracy",
    ]


def test_the_others_stand_before_and_after_them_in_reading_order():
    others = [path.stem for path in NOTEBOOKS if not re.match("0[1-5]", path.stem)]
    assert others == [
        "00-image-classification",
        "00-image-retrieval",
        "06-pandas-scikit-learn",
        "07-how-many-neighbors",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestEachNotebook:
    def test_was_run_from_top_to_bottom_and_kept_its_outputs(self, path):
        assert problems(read(path)) == []

    def test_holds_no_path_of_a_machine(self, path):
        assert not PATHS_OF_A_MACHINE.search(path.read_text(encoding="utf-8"))

    def test_was_run_on_the_sample(self, path):
        outputs = [output.get("text", "") for output in code_cells(read(path))[0].outputs]
        assert "data set: data/sample" in "".join(outputs)

    def test_opens_with_the_plain_python_kernel(self, path):
        assert read(path).metadata.kernelspec.name == "python3"

    def test_prints_a_fact_beside_every_picture(self, path):
        for cell in code_cells(read(path)):
            pictures = [o for o in cell.outputs if "image/png" in o.get("data", {})]
            facts = [o for o in cell.outputs if o.output_type == "stream" or "text/html" in o.data]
            following = cells_after(read(path), cell)
            assert not pictures or facts or following, cell.source

    def test_links_only_to_notebooks_that_are_there(self, path):
        text = "".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
        links = re.findall(r"\]\(([\w-]+\.ipynb)\)", text)
        assert [link for link in links if not (path.parent / link).exists()] == []

    def test_closes_with_what_was_done(self, path):
        assert "In this notebook we " in read(path).cells[-1].source


def cells_after(notebook, cell) -> list:
    """Return the text outputs of the code cell next to a given one, on either side."""
    cells = code_cells(notebook)
    at = next(i for i, other in enumerate(cells) if other.id == cell.id)
    beside = cells[max(at - 1, 0) : at] + cells[at + 1 : at + 2]
    return [o for other in beside for o in other.outputs if o.output_type == "stream"]


def test_the_picture_in_the_readme_is_an_output_of_a_notebook():
    cells = code_cells(read(ROOT / "notebooks" / "03-single-image-queries.ipynb"))
    pictures = [o.data.get("image/png") for cell in cells for o in cell.outputs if "data" in o]
    shown = (ROOT / "docs" / "nearest-cats.png").read_bytes()
    assert shown in [base64.b64decode(picture) for picture in pictures if picture]


def test_a_stripped_notebook_is_noticed():
    assert "a cell was not run" in problems(read(BROKEN / "outputs-stripped.ipynb"))


def test_cells_run_out_of_order_are_noticed():
    assert problems(read(BROKEN / "cells-out-of-order.ipynb")) == ["cells were not run in order"]


@pytest.mark.parametrize(
    ("row", "correct"),
    [
        ({"dog-dog": 30.0, "dog-cat": 31.0, "dog-automobile": 40.0, "dog-bird": 40.0}, 1),
        ({"dog-dog": 30.0, "dog-cat": 30.0, "dog-automobile": 40.0, "dog-bird": 40.0}, 0),
        ({"dog-dog": 30.0, "dog-cat": 40.0, "dog-automobile": 30.0, "dog-bird": 40.0}, 0),
        ({"dog-dog": 30.0, "dog-cat": 40.0, "dog-automobile": 40.0, "dog-bird": 30.0}, 0),
        ({"dog-dog": 30.0, "dog-cat": 40.0, "dog-automobile": 40.0, "dog-bird": 29.9}, 0),
    ],
)
def test_a_dog_is_correct_only_if_strictly_nearer_to_dogs(row, correct):
    notebook = read(ROOT / "notebooks" / "05-nearest-neighbor-accuracy.ipynb")
    cell = next(c for c in code_cells(notebook) if c.source.startswith("def is_dog_correct"))
    namespace: dict = {}
    exec(cell.source, namespace)
    assert namespace["is_dog_correct"](row) == correct
