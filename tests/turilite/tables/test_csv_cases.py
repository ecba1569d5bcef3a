"""Every text of the CSV cases is read as Turi Create reads it, or the cases say why not."""

from __future__ import annotations

import json

import pytest

import turilite
from tests.turilite.tables.csv_cases import BY_DESIGN, CASES, OTHER_WORDS
from tests.turilite.tables.outcomes import outcome
from tests.turilite.tables.record_csv import RESULTS

RECORDED = json.loads(RESULTS.read_text(encoding="utf-8"))
ALIKE = [name for name in CASES if name not in BY_DESIGN and name not in OTHER_WORDS]
try:
    import turicreate
except ImportError:
    turicreate = None

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


@pytest.mark.parametrize("name", ALIKE)
def test_it_is_read_as_turi_create_reads(name: str) -> None:
    assert outcome(CASES[name], turilite) == RECORDED[name]


@pytest.mark.parametrize("name", sorted(OTHER_WORDS))
def test_it_is_the_same_error_in_other_words_for(name: str) -> None:
    found = outcome(CASES[name], turilite)
    assert found["error"] == RECORDED[name]["error"]
    assert found["text"] != RECORDED[name]["text"]


@pytest.mark.parametrize("name", BY_DESIGN)
def test_it_differs_as_the_cases_say_for(name: str) -> None:
    found = outcome(CASES[name], turilite)
    assert found != RECORDED[name]
    assert found.get("result", found.get("error")) == BY_DESIGN[name][0]


def test_every_case_is_recorded_and_nothing_else() -> None:
    assert list(RECORDED) == list(CASES)


@pytest.mark.skipif(turicreate is None, reason="Turi Create is not installed")
@pytest.mark.parametrize("name", [name for name in CASES if name not in OTHER_WORDS])
def test_turi_create_gives_what_is_recorded_for(name: str) -> None:
    assert outcome(CASES[name], turicreate) == RECORDED[name]
