"""What a run leaves on disk: a folder of results, or renewed notebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping, Sequence

import nbformat

from assignment.data_sets import data_name
from assignment.engine import chosen_engine

from .answers_table import missing_questions
from .notebooks import Notebooks
from .pages import write_pages

STORED_METADATA = {  # the same from every machine and engine
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def write_results(
    folder: Path, notebooks: Notebooks, answers: Sequence[dict], failures: Mapping[str, str]
) -> None:
    """Write the executed notebooks, their pages and the answers into a folder."""
    write_pages(notebooks, folder, answers, failures)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    record = {
        "data_set": data_name(),
        "engine": chosen_engine(),
        "answers": answers,
        "not_answered": missing_questions(answers),
        "failures": failures,
    }
    (folder / "answers.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def renew_stored(folder: Path, notebooks: Notebooks) -> None:
    """Write notebooks with their new outputs over those stored in a folder, each at one stroke."""
    for name, notebook in notebooks.items():
        notebook.metadata = STORED_METADATA
        path = folder / f"{name}.ipynb"
        partial = path.with_suffix(".partial")
        nbformat.write(notebook, partial)
        partial.replace(path)
