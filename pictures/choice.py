"""Which of the pictures that could be taken make the data set, and in which part.

A picture that is there more than once counts once. Of each label a fifth is for the test: the
pictures whose hashes come first. So the same pictures make the same parts, in whatever order and
under whatever names they come, and no copy of a training picture is in the test.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Iterable, NamedTuple, Sequence

from .computing import Taken
from .folder import LeftOut

UNLABELED = "unlabeled"  # the label of all where there are no folders
TEST_SHARE = 5  # one of so many


class Row(NamedTuple):
    """A picture of the data set, and where what was computed of it is found."""

    id: int
    label: str
    source: str
    content: str
    is_test: bool


def choose(taken: Sequence[Taken]) -> tuple[list[Row], list[LeftOut]]:
    """Return the rows, ids ascending, and what else was left out.

    Rows come in the order of their hashes: labels are mixed.
    """
    once, left_out = without_copies(taken)
    test = {one.pixels for group in by_label(once).values() for one in test_part(group)}
    rows = [
        Row(number, label_of(one), one.file.source, one.content, one.pixels in test)
        for number, one in enumerate(sorted(once, key=lambda one: one.pixels))
    ]
    return rows, left_out


def without_copies(taken: Sequence[Taken]) -> tuple[list[Taken], list[LeftOut]]:
    """Return each picture once, the first by name, and the others with their reasons."""
    has_labels = any(one.file.label is not None for one in taken)
    first: dict[str, Taken] = {}
    left_out = []
    for one in sorted(taken, key=lambda one: one.file.source):
        source = one.file.source
        if has_labels and one.file.label is None:
            reason = "it lies beside the folders of the labels: put it into one of them"
            left_out.append(LeftOut(source, reason))
        elif first.setdefault(one.pixels, one) is not one:
            other = first[one.pixels].file.source
            left_out.append(LeftOut(source, f"it is the same picture as another ({other})"))
    return list(first.values()), left_out


def by_label(taken: Iterable[Taken]) -> dict[str, list[Taken]]:
    groups = defaultdict(list)
    for one in taken:
        groups[label_of(one)].append(one)
    return groups


def label_of(one: Taken) -> str:
    return UNLABELED if one.file.label is None else one.file.label


def test_part(group: Sequence[Taken]) -> list[Taken]:
    """Return a fifth of the pictures of a label; of two to seven one, of one none."""
    size = max(round(len(group) / TEST_SHARE), 1) if len(group) > 1 else 0
    return sorted(group, key=lambda one: one.pixels)[:size]
