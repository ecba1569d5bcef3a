"""`evaluate` measures what Turi Create does, whichever classes have rows or are predicted."""

from __future__ import annotations

import functools
import importlib
import json
from typing import Any

import pytest

from tests.turilite.toolkits.evaluation_cases import CASES, LABELS, evaluated, model
from tests.turilite.toolkits.record_evaluations import RESULTS

RECORDED = json.loads(RESULTS.read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=None)
def known_model(engine: str, trained: int, kind: str) -> Any:
    return model(importlib.import_module(engine), trained, kind)


def found(engine: str, name: str, kind: str) -> dict[str, Any]:
    case = CASES[name]
    return evaluated(
        importlib.import_module(engine), known_model(engine, case.trained, kind), case, kind
    )


def test_every_case_is_recorded_and_nothing_else() -> None:
    assert list(RECORDED) == list(CASES)


SOME = list(CASES)[::7]


@pytest.mark.parametrize(
    ("name", "kind"), [*((name, "str") for name in CASES), *((name, "int") for name in SOME)]
)
def test_it_is_what_turi_create_measures_with(name: str, kind: str) -> None:
    measured = found("turilite", name, kind)
    assert measured.keys() == RECORDED[name].keys()
    for metric, value in RECORDED[name].items():
        assert measured[metric] == approximately(value), metric


@pytest.mark.parametrize("kind", LABELS)
def test_turi_create_measures_what_is_recorded(kind: str) -> None:
    pytest.importorskip("turicreate")
    for name in SOME:
        assert found("turicreate", name, kind) == RECORDED[name], name


def approximately(value: Any) -> Any:
    return pytest.approx(value, abs=2e-7) if isinstance(value, float) else value
