"""A notebook runs whichever folder is the current one, as editors and nbconvert have it."""

from __future__ import annotations

import subprocess
import sys

import nbformat
import pytest

from assignment.engine import chosen_engine, kernel_name
from tests.places import ROOT


@pytest.mark.parametrize("folder", ["project", "elsewhere"])
def test_runs_by_nbconvert_from_another_folder(folder, tmp_path):
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute"]
    command += [f"--ExecutePreprocessor.kernel_name={kernel_name()}", f"--output-dir={tmp_path}"]
    command += [str(ROOT / "notebooks" / "01-sketch-summary.ipynb")]
    current = ROOT if folder == "project" else tmp_path
    done = subprocess.run(command, cwd=current, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(tmp_path / "01-sketch-summary.ipynb", as_version=4).cells
    first = next(cell for cell in cells if cell.cell_type == "code")
    assert f"engine: {chosen_engine()} " in first.outputs[0].text
