"""Which notebooks a data set is for: the assignment's need its four labels, some run on any."""

from __future__ import annotations

from typing import Collection

import turilite
from assignment.answers import OF_ANY_LABELS, QUESTIONS
from assignment.data_sets import LABELS, PARTS, listed, path_of_part, read_checked
from assignment.errors import DataError

from .notebooks import Notebooks, code_cells

RUNS_ON_ANY = "any_labels=True"  # how a notebook loads the images that needs no certain labels


def suited(notebooks: Notebooks) -> tuple[Notebooks, Collection[str]]:
    """Return the notebooks that the chosen data set is for, and the keys of what they ask.

    Where its labels are not the assignment's, say so. A data set that can't be read is for all:
    each tells why it fails.
    """
    try:
        _, labels = read_checked(path_of_part(PARTS[0]), turilite, with_vectors=False)
    except DataError:
        labels = LABELS
    if labels == LABELS:
        return notebooks, tuple(QUESTIONS)
    chosen = {name: notebook for name, notebook in notebooks.items() if runs_on_any(notebook)}
    print(
        f"The labels are {listed(labels)}, not those of the assignment: of {len(notebooks)} "
        f"notebooks only {listed(list(chosen))} can run."
    )
    return chosen, OF_ANY_LABELS


def runs_on_any(notebook: dict) -> bool:
    return any(RUNS_ON_ANY in cell.source for cell in code_cells(notebook))
