"""Every call of the API table comes to what Turi Create makes of it, or the table says why not."""

from __future__ import annotations

import json
from typing import Any

import pytest

import turilite
from tests.places import ROOT
from tests.turilite.tables.api_table import CALLS, DIFFERENT, ELSEWHERE, OTHER_WORDS
from tests.turilite.tables.outcomes import outcome
from tests.turilite.tables.record_api import RESULTS

RECORDED = json.loads(RESULTS.read_text(encoding="utf-8"))
ALIKE = [name for name in CALLS if name not in DIFFERENT and name not in OTHER_WORDS]
OFFERED = {
    "SArray": turilite.SArray,
    "SFrame": turilite.SFrame,
    "Image": turilite.Image,
    "Sketch": turilite.Sketch,
    "aggregate": turilite.aggregate,
    "NearestNeighborsModel": turilite.nearest_neighbors.NearestNeighborsModel,
    "LogisticClassifier": turilite.logistic_classifier.LogisticClassifier,
}


@pytest.mark.parametrize("name", ALIKE)
def test_it_comes_to_what_turi_create_makes_of(name: str) -> None:
    assert outcome(CALLS[name], turilite) == RECORDED[name]


@pytest.mark.parametrize("name", sorted(OTHER_WORDS))
def test_the_error_is_of_the_same_type_in_other_words_for(name: str) -> None:
    found, recorded = outcome(CALLS[name], turilite), RECORDED[name]
    assert found["error"] == recorded["error"]
    assert found["text"] != recorded["text"]


@pytest.mark.parametrize("name", sorted(DIFFERENT))
def test_it_differs_as_the_table_says_for(name: str) -> None:
    assert outcome(CALLS[name], turilite) != RECORDED[name]


def test_every_call_is_recorded_and_nothing_else() -> None:
    assert list(RECORDED) == list(CALLS)


def test_what_differs_is_in_the_table() -> None:
    assert {*DIFFERENT, *OTHER_WORDS} <= set(CALLS)
    assert not OTHER_WORDS.intersection(DIFFERENT)


@pytest.mark.parametrize("owner", OFFERED)
def test_every_public_name_is_called(owner: str) -> None:
    called = {name.split()[0] for name in CALLS}
    names = {f"{owner}.{name}" for name in public_names(OFFERED[owner])}
    assert names - called == {name for name in ELSEWHERE if name.startswith(f"{owner}.")}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_it_is_called_elsewhere(name: str) -> None:
    method = name.split(".")[1]
    assert f".{method}" in (ROOT / "tests" / ELSEWHERE[name]).read_text(encoding="utf-8")


def public_names(owner: Any) -> list[str]:
    names = getattr(owner, "__all__", dir(owner))
    return [name for name in names if not name.startswith("_")]
