"""What is recorded of the API table is what Turi Create gives, where it is installed."""

from __future__ import annotations

import json

import pytest

from tests.turilite.tables.api_table import CALLS, OTHER_WORDS
from tests.turilite.tables.outcomes import outcome
from tests.turilite.tables.record_api import RESULTS

turicreate = pytest.importorskip("turicreate")
RECORDED = json.loads(RESULTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CALLS)
def test_turi_create_gives_what_is_recorded_for(name: str) -> None:
    found, recorded = outcome(CALLS[name], turicreate), RECORDED[name]
    if name in OTHER_WORDS:  # some of them name columns in any order
        found, recorded = ({"error": either["error"]} for either in (found, recorded))
    assert found == recorded
