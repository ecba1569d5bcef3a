"""What a submission's kernel sends in place of the observer's notes is left out."""

from __future__ import annotations

import pytest

from grading.judge import judge
from grading.session import notes_of

from .small import OTHERS, cell, query, run_of, small_expected

TABLE = {"columns": ["id"], "rows": [[1]], "count": 1}
FORGED = {
    "no kind": {"kind": "other", "value": 1},
    "a kind that is no text": {"kind": ["number"], "value": 1},
    "a text as a number": {"kind": "number", "value": "1"},
    "a number of 400 digits": {"kind": "number", "value": 10**400},
    "a list of lists": {"kind": "numbers", "value": [[1]]},
    "pairs of three": {"kind": "mapping", "value": [[1, 2, 3]]},
    "a table without rows": {"kind": "table", "value": {"columns": []}},
    "rows that are too short": {"kind": "table", "value": {**TABLE, "rows": [[]]}},
    "a table that is a list": {"kind": "table", "value": [TABLE]},
}


def reply_of(**record) -> dict:
    entry = {"source": "grading", "record": {"values": [], "queries": [], "pictures": [], **record}}
    return {"status": "ok", "payload": [entry]}


@pytest.mark.parametrize("name", FORGED)
def test_a_value_is_left_out_that_has(name):
    forged = {"where": "display", "name": None, **FORGED[name]}
    assert notes_of(reply_of(values=[forged]))["values"] == []


@pytest.mark.parametrize(
    "change",
    [{"rows": [[0, 1]]}, {"rows": [[0, 1, "x", 1]]}, {"references": {"cat": "x"}}, {"features": 3}],
)
def test_a_query_is_left_out_that_is_forged(change):
    assert notes_of(reply_of(queries=[vars(query("cat", **change))]))["queries"] == []


def test_a_forged_entry_is_left_out_whole():
    for record in (None, [], {"values": 3}, {"values": [{"where": "display"}]}):
        reply = {"status": "ok", "payload": [{"source": "grading", "record": record}, None, 7]}
        assert notes_of(reply) == {"values": [], "queries": [], "pictures": []}


def test_what_the_observer_notes_is_kept_and_judged():
    made = {"where": "display", "name": None, "kind": "table", "value": TABLE}
    notes = notes_of(reply_of(values=[made], queries=[vars(query("cat"))]))
    assert (len(notes["values"]), len(notes["queries"])) == (1, 1)
    kept = cell("x", *notes["values"], queries=notes["queries"])
    assert judge([run_of(kept)], small_expected(), [OTHERS])
