"""What nbgrader is told to do with a notebook beyond what it does by itself."""

from __future__ import annotations

import json
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from .cells import (
    add_hidden_test,
    clear_solutions,
    import_fill_in,
    is_check,
    is_set_up,
    split_checks,
    without_answers,
    without_links_out,
)


class SplitChecks(NbGraderPreprocessor):
    """A check for each question, with a hidden test."""

    answers = Unicode(help="the file of sealed answers for the unseen data").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        nb.cells = split_checks(nb.cells)
        sealed = json.loads(Path(self.answers).read_text(encoding="utf-8"))
        for cell in filter(is_check, nb.cells):
            add_hidden_test(cell, sealed)
        return nb, resources


class ClearMarkedSolutions(NbGraderPreprocessor):
    """A place to write in place of each solution cell; no answers in the prose."""

    notebooks = Unicode(help="the folder of all notebooks of the edition").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = {path.stem for path in Path(self.notebooks).glob("*.ipynb")}
        clear_solutions(nb.cells)
        for cell in nb.cells:
            if is_set_up(cell):
                import_fill_in(cell)
            elif cell.cell_type == "markdown":
                cell.source = without_links_out(without_answers(cell.source), names)
        return nb, resources


class CheckSetUp(NbGraderPreprocessor):
    """No grade where a notebook could not start: it would be 0, whatever was handed in."""

    data_set = Unicode(help="the folder that notebooks are graded on").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        for cell in filter(is_set_up, nb.cells):
            errors = [output for output in cell.outputs if output.output_type == "error"]
            texts = "".join(output.get("text", "") for output in cell.outputs)
            if errors:
                raise self.failure(resources, f"{errors[0].ename}: {errors[0].evalue}")
            if Path(self.data_set).name not in texts.partition("\n")[0]:
                raise self.failure(resources, f"it did not load {self.data_set}")
        return nb, resources

    def failure(self, resources: dict, reason: str) -> NbGraderException:
        names = resources["nbgrader"]
        return NbGraderException(
            f"{names['notebook']} of {names['student']} is not graded, since its set-up cell "
            f"failed ({reason}): mend what it needs, or the notebook, and grade it again"
        )
