"""Notebooks in memory: reading them, their code cells and their titles."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping

import nbformat
from nbformat import NotebookNode

Notebooks = Mapping[str, NotebookNode]  # by the name of the file, without .ipynb, in reading order


def read_notebooks(folder: Path) -> Notebooks:
    """Return the notebooks of a folder by name, in order."""
    return {path.stem: nbformat.read(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))}


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs_of(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def title_of(notebook: NotebookNode) -> str:
    return notebook.cells[0].source.splitlines()[0].lstrip("# ")
