"""The notebooks as they are stored: run from top to bottom, and free of their machine.

nbval reruns them; it says nothing about cells whose outputs were removed, so this file does.
"""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path
from typing import Callable

import nbformat
import pandas as pd
import pytest

from tests.places import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BROKEN = ROOT / "tests" / "notebooks" / "broken"
MOST_LINES = 8  # of a code cell, without empty ones
MOST_WORDS = 25  # of a sentence; the rule is 20
PATHS_OF_A_MACHINE = re.compile(
    rf"/home/|/root/|/Users/|/tmp/|/var/|\bC:\\|{re.escape(str(ROOT))}|{re.escape(sys.prefix)}"
)


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
    shows = re.compile(r"^\s*(print|show_\w+|check_answer|plt\.show)\(", re.M)
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
        "00a-image-classification",
        "00b-image-retrieval",
        "06-pandas-scikit-learn",
        "07-how-many-neighbors",
        "08-outgrowing-memory-and-machine",
        "09-your-own-pictures",
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
        cells = code_cells(read(path))
        for cell, following in zip(cells, [*cells[1:], None]):
            if any("image/png" in output.get("data", {}) for output in cell.outputs):
                assert prints(cell) or (following and prints(following)), cell.source

    def test_links_only_to_notebooks_that_are_there(self, path):
        text = "".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
        links = re.findall(r"\]\(([\w-]+\.ipynb)\)", text)
        assert [link for link in links if not (path.parent / link).exists()] == []

    def test_has_code_cells_of_a_few_lines(self, path):
        sources = [cell.source for cell in code_cells(read(path))]
        assert [s for s in sources if len(re.findall(r"^.*\S", s, re.M)) > MOST_LINES] == []

    def test_is_written_in_short_sentences(self, path):
        cells = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
        assert [s for cell in cells for s in sentences(cell) if len(s.split()) > MOST_WORDS] == []

    def test_ends_with_questions_whose_answers_are_folded(self, path):
        asked = read(path).cells[-2].source.partition("## Questions\n")[2]
        questions = re.findall(r"^\*\*\d\. .*\*\*$", asked, re.M)
        answers = re.findall(
            r"<details><summary>Answer</summary>\n\n.+?\n\n</details>", asked, re.S
        )
        assert 2 <= len(questions) == len(answers) <= 3

    def test_lists_its_sections(self, path):
        text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
        sections = [title.replace(" ", "-") for title in re.findall(r"^## (.*)$", text, re.M)]
        assert re.findall(r"\]\(#(.*?)\)(?: ·|\n)", text) == sections

    def test_closes_with_what_was_done(self, path):
        assert "In this notebook we " in read(path).cells[-1].source


def sentences(text: str) -> list[str]:
    """Return the sentences of a markdown text, without headings, contents, code and addresses."""
    text = re.sub(r"^(#|\*\*Contents).*$", "", text, flags=re.M)
    text = re.sub(r"</?\w+>", "\n\n", text)
    text = re.sub(r"\]\([^)]*\)|\*", "", re.sub(r"`[^`]*`", "code", text))
    return re.split(r"(?<=[.?!:])\s+|\n\s*\n|\n(?=- )|\|", text)


def prints(cell) -> bool:
    return any(output.output_type == "stream" for output in cell.outputs)


def test_the_picture_in_the_readme_is_an_output_of_a_notebook():
    cells = code_cells(read(ROOT / "notebooks" / "03-single-image-queries.ipynb"))
    pictures = [o.data.get("image/png") for cell in cells for o in cell.outputs if "data" in o]
    shown = (ROOT / "docs" / "nearest-cats.png").read_bytes()
    assert shown in [base64.b64decode(picture) for picture in pictures if picture]


def test_a_long_sentence_is_noticed():
    text = f"## A heading\n\nShort. `f(a b c)` is [a *link*](to-it). {'word ' * 26}ends."
    assert [len(s.split()) for s in sentences(text) if s] == [1, 4, 27]


def test_a_stripped_notebook_is_noticed():
    assert "a cell was not run" in problems(read(BROKEN / "outputs-stripped.ipynb"))


def test_cells_run_out_of_order_are_noticed():
    assert problems(read(BROKEN / "cells-out-of-order.ipynb")) == ["cells were not run in order"]


def function_of_a_notebook(name: str, **known) -> Callable:
    """Return a function as notebook 5 defines it."""
    notebook = read(ROOT / "notebooks" / "05-nearest-neighbor-accuracy.ipynb")
    (cell,) = [c for c in code_cells(notebook) if c.source.startswith(f"def {name}(")]
    exec(cell.source, known)
    return known[name]


@pytest.mark.parametrize("animal", ["dog", "cat"])
@pytest.mark.parametrize(
    "others", [[31, 40, 40], [30, 40, 40], [40, 30, 40], [40, 40, 30], [29] * 3]
)
def test_an_animal_is_correct_only_if_strictly_nearer_to_its_own_kind(animal, others):
    is_correct = function_of_a_notebook(f"is_{animal}_correct")
    names = [label for label in ("cat", "dog", "automobile", "bird") if label != animal]
    row = {f"{animal}-{name}": float(other) for name, other in zip(names, others)}
    assert is_correct({f"{animal}-{animal}": 30.0, **row}) == int(others == [31, 40, 40])


def test_a_row_of_any_category_is_correct_only_if_strictly_nearer_to_its_own():
    is_correct = function_of_a_notebook("is_correct")
    table = pd.DataFrame({"bird": [30.0] * 3, "cat": [31.0, 30.0, 29.0], "dog": [40.0] * 3})
    assert is_correct(table, "bird").tolist() == [True, False, False]
