"""The data that the course grades with, which no student has seen, and its sealed answers."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from assignment.data_sets import LABELS
from assignment.sealed import seal
from grading.expected import Expected, Rows, correct_count, read_part, read_rows
from grading.variant import Plan, plan_variant, published_answers, write_variant

ONE_OF_TWO = ("closer_to",)  # may be the answer of another data set, too


def make_hidden_data(source: Path, folder: Path, seed: int) -> None:
    """Write a variant of a data set and, beside it, its answers, sealed."""
    published = published_answers()
    rows = read_rows(source)
    for number in count(seed):
        plan, expected = plan_variant(rows, number, published)
        answers = answers_of(rows, plan, expected)
        if not any(shares_an_answer(answers, known) for known in published):
            break
    write_variant(source, plan, folder)
    answers["own_neighbors"] = own_neighbors(folder)
    write_sealed(answers, answers_beside(folder))


def shares_an_answer(answers: dict, known: dict) -> bool:
    return any(known.get(key) == value for key, value in answers.items() if key not in ONE_OF_TWO)


def answers_beside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.answers.json")


def write_sealed(answers: dict[str, Any], path: Path) -> None:
    sealed = {key: seal(answer) for key, answer in answers.items()}
    path.write_text(json.dumps(sealed, indent=1) + "\n", encoding="utf-8")


def answers_of(rows: Rows, plan: Plan, expected: Expected) -> dict[str, Any]:
    """Return the answers to all questions of the notebooks but for `own_neighbors`."""
    picked = rows.pick(plan.train, plan.test, (plan.train_ids, plan.test_ids))
    right = sum(correct_count(picked, label) for label in LABELS)
    return {
        **expected.right,
        "dog_correct": expected.dog_correct,
        "accuracy": right / len(picked.test_ids),
    }


def own_neighbors(folder: Path) -> int:
    """Return how many training images are the first of all that equal them, in their category."""
    part = read_part(folder / "image_train_data")
    found = 0
    for label in LABELS:
        found += len(np.unique(part.features[part.labels == label], axis=0))
    return found
