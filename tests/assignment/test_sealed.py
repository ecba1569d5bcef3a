"""Sealed answers: checked without being readable."""

from __future__ import annotations

import pytest

from assignment.sealed import is_sealed, opens, seal


@pytest.mark.parametrize("answer", ["bird", 79, 0, 10.746759541703934, 0.0, 1.0])
def test_a_sealed_answer_opens_by_the_answer(answer):
    assert is_sealed(seal(answer))
    assert opens(seal(answer), answer)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("bird", "cat"), ("bird", None), (79, 78), (79, 79.0), (79, "79"), (1, True),
        (10.7468, 10.7472), (10.7468, 10.7464), (10.7468, float("nan")), (10.7468, "10.7468"),
        (10.7468, float("inf")), (10.7468, None), (1.0, True),
    ],
)  # fmt: skip
def test_nothing_else_opens_it(answer, value):
    assert not opens(seal(answer), value)


@pytest.mark.parametrize("value", [10.7468, 10.74684, 10.7467, 10.7469])
def test_a_float_opens_it_within_its_fourth_decimal(value):
    assert opens(seal(10.7468), value)


def test_the_same_answer_is_never_sealed_the_same():
    assert seal(79) != seal(79)


def test_what_is_sealed_does_not_show():
    assert "79" not in seal(79).split(":")[:2]
    assert not is_sealed("bird")
    assert not is_sealed(79)
