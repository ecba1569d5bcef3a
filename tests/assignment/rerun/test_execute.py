"""Notebooks that are executed: their outputs, and in one line where they failed."""

from __future__ import annotations

import nbformat
import pytest

pytest.importorskip("nbclient", reason="notebooks are rerun from the other environment")

from assignment.rerun import execute as module
from assignment.rerun.execute import execute, execute_all


def notebook_of(*sources: str):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A"), *cells])


def test_old_outputs_go_and_new_ones_come(tmp_path):
    notebook = notebook_of("print(6 * 7)")
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="old")]
    assert execute(notebook, tmp_path, "python3") is None
    assert [output.text for output in notebook.cells[1].outputs] == ["42\n"]


def test_a_notebook_runs_in_the_folder_that_is_given(tmp_path):
    notebook = notebook_of("import os; print(os.getcwd())")
    execute(notebook, tmp_path, "python3")
    assert notebook.cells[1].outputs[0].text == f"{tmp_path}\n"


def test_an_error_is_told_in_a_line_with_its_cell(tmp_path):
    notebook = notebook_of("1", "raise ValueError('one\\ntwo')", "3")
    assert execute(notebook, tmp_path, "python3") == "cell 2 of 3: ValueError: one two"


def test_a_kernel_that_dies_is_told(tmp_path):
    notebook = notebook_of("1", "import os; os._exit(1)")
    assert execute(notebook, tmp_path, "python3") == "cell 2 of 2: the kernel died"


def test_a_cell_that_takes_too_long_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CELL_TIMEOUT", 1)
    notebook = notebook_of("import time; time.sleep(60)")
    assert execute(notebook, tmp_path, "python3") == "cell 1 of 1: no result within 1 s"


def test_all_are_executed_and_those_that_fail_are_returned_with_the_reason(tmp_path, capsys):
    notebooks = {"a": notebook_of("1"), "b": notebook_of("1 / 0")}
    failures = execute_all(notebooks, tmp_path, "python3")
    assert failures == {"b": "cell 1 of 1: ZeroDivisionError: division by zero"}
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [["a", "ok"], ["b", "FAILED"]]
