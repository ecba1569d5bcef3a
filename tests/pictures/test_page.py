"""The page of a data set: which examples of a label it shows, and that they are examples."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")

from pictures.choice import Row
from pictures.loading import load_picture
from pictures.page import section
from tests.pictures import album

PICTURE = load_picture(album.encoded(album.scene(1), "PNG"))
JOURNAL = SimpleNamespace(read=lambda contents: ([PICTURE] * len(contents), None, None))


def section_of(number: int, examples: int) -> str:
    """Return the section of a label that has this number of pictures."""
    rows = [Row(id, "cat", f"cat/{id}.jpg", str(id), False) for id in range(number)]
    return section(0, "cat", rows, JOURNAL, examples)


@pytest.mark.parametrize("number", [1, 2, 11, 12, 13, 23, 24, 25, 1000])
def test_a_label_has_as_many_examples_as_there_may_be(number):
    assert section_of(number, 12).count("<figure") == min(number, 12)


def test_examples_are_evenly_spaced():
    shown = [id for id in range(13) if f'<figure title="cat/{id}.jpg">' in section_of(13, 4)]
    assert shown == [0, 3, 6, 9]


def test_what_is_shown_is_counted_where_it_is_not_all():
    assert "<p>12 of 13 shown</p>" in section_of(13, 12)
    assert "shown</p>" not in section_of(12, 12)
