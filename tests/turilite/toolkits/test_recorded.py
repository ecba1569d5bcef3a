"""Texts, distances and neighbors come to what Turi Create made of them, errors to its types."""

from __future__ import annotations

import json

import pytest

import turilite
from tests.turilite.tables.outcomes import Outcome, outcome
from tests.turilite.toolkits.record_table import RESULTS
from tests.turilite.toolkits.recorded_table import BY_DESIGN, CALLS

RECORDED = json.loads(RESULTS.read_text(encoding="utf-8"))


def what_counts(result: Outcome) -> str:
    """Return a result, or the type of an error: its words are turilite's own."""
    return result.get("result") or result["error"]


@pytest.mark.parametrize("name", [name for name in CALLS if name not in BY_DESIGN])
def test_it_comes_to_what_turi_create_makes_of(name: str) -> None:
    assert what_counts(outcome(CALLS[name], turilite)) == what_counts(RECORDED[name])


@pytest.mark.parametrize("name", sorted(BY_DESIGN))
def test_it_differs_as_the_table_says_for(name: str) -> None:
    assert what_counts(outcome(CALLS[name], turilite)) != what_counts(RECORDED[name])


def test_every_call_is_recorded_and_nothing_else() -> None:
    assert list(RECORDED) == list(CALLS)
