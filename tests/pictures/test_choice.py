"""Which pictures make a data set, and which of them are for the test."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("pillow_heif", reason="needs requirements-pictures.txt: make pictures")

from pictures.choice import UNLABELED, choose
from pictures.computing import Taken
from pictures.folder import File


def taken(label: str | None, name: str, shows: object) -> Taken:
    source = f"{label}/{name}" if label else name
    pixels = hashlib.sha256(str(shows).encode()).hexdigest()
    return Taken(File(Path(source), source, label), f"bytes of {source}", pixels)


def some(label: str | None, count: int) -> list[Taken]:
    return [taken(label, f"{number}.jpg", (label, number)) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "test"), [(1, 0), (2, 1), (5, 1), (7, 1), (8, 2), (10, 2), (100, 20), (1004, 201)]
)
def test_a_fifth_of_each_label_is_for_the_test(count, test):
    rows, _ = choose([*some("a", count), *some("b", 50)])
    assert Counter(row.label for row in rows if row.is_test) == Counter(a=test, b=10)


def test_ids_ascend_from_0_and_labels_are_mixed():
    rows, _ = choose([*some("a", 50), *some("b", 50)])
    assert [row.id for row in rows] == list(range(100))
    assert sum(one.label != other.label for one, other in zip(rows, rows[1:])) > 25


def test_the_same_pictures_make_the_same_parts_in_any_order_and_under_any_name():
    pictures = [*some("a", 30), *some("b", 20)]
    shuffled = random.Random(1).sample(pictures, len(pictures))
    assert choose(shuffled) == choose(pictures)
    renamed = [
        one._replace(file=one.file._replace(source=f"{one.file.label}/new {number}"))
        for number, one in enumerate(pictures)
    ]
    parts = [{row.content: row.is_test for row in choose(them)[0]} for them in (pictures, renamed)]
    assert parts[0] == parts[1]


def test_a_picture_that_is_there_twenty_times_counts_once():
    copies = [taken("b", f"{number:02}.jpg", "one") for number in range(20)]
    rows, left_out = choose([*copies, *some("a", 9)])
    assert [row.source for row in rows if row.label == "b"] == ["b/00.jpg"]
    assert len(left_out) == 19
    assert {one.reason for one in left_out} == {"it is the same picture as another (b/00.jpg)"}


def test_a_copy_under_another_label_is_left_out_and_says_of_what():
    rows, left_out = choose([taken("a", "1.jpg", "one"), taken("b", "2.jpg", "one")])
    assert [row.source for row in rows] == ["a/1.jpg"]
    assert left_out == [("b/2.jpg", "it is the same picture as another (a/1.jpg)")]


def test_without_folders_all_have_one_label():
    rows, left_out = choose(some(None, 10))
    assert Counter(row.label for row in rows) == {UNLABELED: 10}
    assert left_out == []


def test_beside_folders_with_pictures_a_loose_one_has_no_label_and_is_left_out():
    rows, left_out = choose([*some("a", 3), taken(None, "loose.jpg", "loose")])
    assert len(rows) == 3
    assert left_out[0].source == "loose.jpg"
    assert "put it into one of them" in left_out[0].reason
