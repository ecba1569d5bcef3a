"""What a run leaves on disk: a folder of results, or renewed notebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping, Sequence

import nbformat

from assignment.data_sets import data_name
from assignment.engine import chosen_engine
from assignment.errors import OneLineError

from .notebooks import Notebooks
from .pages import write_pages

MADE = "made-by-run.txt"  # names the files that a run has made, so that the next one removes them
STORED_METADATA = {  # the same from every machine and engine
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class StoreError(OneLineError):
    """The folder for the results can't be used."""


def write_results(
    folder: Path,
    notebooks: Notebooks,
    answers: Sequence[dict],
    failures: Mapping[str, str],
    missing: Sequence[str],
) -> None:
    """Write the executed notebooks, the answers and the pages into a folder made for them."""
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    record = {
        "data_set": data_name(),
        "engine": chosen_engine(),
        "answers": answers,
        "not_answered": missing,
        "failures": failures,
    }
    (folder / "answers.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    write_pages(notebooks, folder, answers, failures)


def make_empty(folder: Path, names: Sequence[str], ours: bool = False) -> None:
    """Make a folder for the files `names`, and remove from it what an earlier run made there.

    What else is in it stays. Raises StoreError where that has one of the `names`, unless the
    folder is `ours`, or where the folder can't be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = files_made(folder)
        foreign = [name for name in names if (folder / name).exists() and name not in made]
        if foreign and not ours:
            raise StoreError(f"{folder} holds {foreign[0]}, which no run here made: name another")
        for name in {*made, *foreign}:
            (folder / name).unlink(missing_ok=True)
        (folder / MADE).write_text("\n".join(names) + "\n", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{folder} can't be written to ({reason}): name another") from error


def files_made(folder: Path) -> list[str]:
    """Return the files that an earlier run made in a folder; no path that leads out of it."""
    path = folder / MADE
    names = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [name for name in names if Path(name).name == name not in ("", "..")]


def files_of(notebooks: Notebooks, endings: Sequence[str]) -> list[str]:
    return [f"{name}{ending}" for name in notebooks for ending in endings]


def renew_stored(folder: Path, notebooks: Notebooks) -> None:
    """Write notebooks with their new outputs over those stored in a folder, each at one stroke."""
    for name, notebook in notebooks.items():
        notebook.metadata = STORED_METADATA
        path = folder / f"{name}.ipynb"
        partial = path.with_suffix(".partial")
        nbformat.write(notebook, partial)
        partial.replace(path)
