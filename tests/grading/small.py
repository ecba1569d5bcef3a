"""A small data set made of numbers, and records of runs written by hand."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from assignment.data_sets import LABELS
from grading.expected import Expected, Part, Rows, expected_answers, measured
from grading.record import Cell, Picture, Query, Run, Value

OTHERS = {"nearest_cat": 16289, "nearest_dog": 16976, "mean_distance_cats": 36.15573070978294}
OTHERS |= {"mean_distance_dogs": 37.77071136184157, "closer_to": "cat", "dog_accuracy": 0.678}
OTHERS |= {"dog_correct": 678, "cat_correct": 548, "least_common_label": "bird"}


@lru_cache(maxsize=None)
def small_rows(seed: int = 3) -> Rows:
    """Return 90 training and 60 test images of 6 features; categories overlap."""
    chance = np.random.RandomState(seed)
    centers = dict(zip(LABELS, chance.normal(size=(4, 6))))

    def part(counts: list[int], start: int) -> Part:
        labels = np.repeat(LABELS, counts)
        chance.shuffle(labels)
        features = np.array([centers[label] for label in labels]) + chance.normal(
            size=(len(labels), 6)
        )
        pixels = chance.randint(0, 256, size=(len(labels), 12)).astype(float)
        ids = np.sort(chance.choice(np.arange(start, 10 * start), len(labels), replace=False))
        return Part(ids, labels, features, pixels)

    return measured(part([25, 24, 20, 21], 10_000), part([14, 15, 16, 17], 1_000))


@lru_cache(maxsize=None)
def small_expected() -> Expected:
    return expected_answers(small_rows())


def run_of(*cells: Cell, **more: Any) -> Run:
    """Return a run of these cells, numbered in their order."""
    for number, cell in enumerate(cells, start=1):
        cell.number = number
    return Run("somebody", "notebook.ipynb", "turilite", cells=list(cells), **more)


def cell(source: str, *values: Value, printed: str = "", **more: Any) -> Cell:
    return Cell(0, source, **{"status": "ok", "values": list(values), "printed": printed, **more})


def shown(value: Any, **more: Any) -> Value:
    return Value("display", None, kind_of(value), value, **more)


def named(name: str, value: Any, **more: Any) -> Value:
    return Value("name", name, kind_of(value), value, **more)


def kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "truth"
    kinds = {str: "text", list: "numbers", dict: "table"}
    return kinds.get(type(value), "number")


def table(rows: list[list], *columns: str, count: int | None = None) -> Value:
    content = {"columns": list(columns), "rows": rows, "count": count or len(rows)}
    return Value("display", None, "table", content)


def ranking_rows(label: str, k: int = 5) -> list[list]:
    """Return the rows of the right one-image query for a category."""
    ranking = small_expected().rankings[label]
    pairs = zip(ranking.ids[:k], ranking.distances[:k])
    return [[0, number, distance, rank] for rank, (number, distance) in enumerate(pairs, start=1)]


def query(category: str, **changes: Any) -> Query:
    """Return the right one-image query for a category, with changes."""
    expected = small_expected()
    right = {
        "references": {category: expected.label_counts[category]},
        "label": category,
        "reference_hash": "",
        "named_by": "id",
        "features": ["deep_features"],
        "distance": None,
        "query_ids": [expected.first_id],
        "query_count": 1,
        "query_part": "test",
        "k": 5,
        "rows": ranking_rows(category),
    }
    return Query(**{**right, **changes})


def picture(label: str, rank: int = 1) -> Picture:
    return Picture("train", small_expected().rankings[label].ids[rank - 1], label)
