"""The table of answers, and when a run is well."""

from __future__ import annotations

import pytest

pytest.importorskip("nbformat", reason="notebooks are rerun from the other environment")

from assignment.answers import QUESTIONS
from assignment.rerun.answers_table import (
    as_table,
    is_well,
    missing_questions,
    print_report,
    summary_of,
)


def answer(key: str, verdict: str = "right") -> dict:
    return {
        "notebook": "01-sketch-summary",
        "key": key,
        "question": QUESTIONS[key],
        "value": 1,
        "expected": None if verdict == "not checked" else 1,
        "verdict": verdict,
    }


ALL = [answer(key) for key in QUESTIONS]


def test_a_run_is_well_where_every_question_has_an_answer_and_none_is_wrong():
    assert is_well(ALL, {}, [])
    assert is_well([answer(key, "not checked") for key in QUESTIONS], {}, [])


def test_a_run_is_not_well_with_a_wrong_answer_a_missing_one_or_a_failure():
    assert not is_well([*ALL[:-1], answer(list(QUESTIONS)[-1], "wrong")], {}, [])
    assert not is_well(ALL[:-1], {}, missing_questions(ALL[:-1]))
    assert not is_well(ALL, {"01-sketch-summary": "the kernel died"}, [])


def test_missing_is_what_was_asked_and_not_answered():
    keys = list(QUESTIONS)
    assert missing_questions(ALL) == []
    assert missing_questions(ALL[1:-1]) == [QUESTIONS[keys[0]], QUESTIONS[keys[-1]]]
    assert missing_questions([], asked=keys[:1]) == [QUESTIONS[keys[0]]]
    assert missing_questions(ALL[:1], asked=keys[:1]) == []


def test_the_table_has_a_line_per_answer_below_its_header():
    lines = as_table([answer("closer_to", "not checked")]).splitlines()
    assert lines[0].split() == ["notebook", "question", "answer", "expected", "verdict"]
    assert set(lines[1]) == {"-", " "}
    assert lines[2].split()[0] == "01"
    assert lines[2].endswith("not checked")
    assert len(lines) == 3


def test_the_summary_says_where_no_answer_is_known():
    unknown, known = answer("closer_to", "not checked"), answer("nearest_cat")
    assert summary_of([unknown]) == (
        "1 answer, none checked: the answers of this data set are not known"
    )
    assert summary_of([unknown, known]) == "2 answers, 1 checked and right"
    assert summary_of([]) == "0 answers, 0 checked and right"


def test_the_report_ends_with_what_is_missing_and_what_failed(capsys):
    missing = missing_questions(ALL[1:])
    print_report(ALL[1:], {"01-sketch-summary": "cell 2 of 5: the kernel died"}, missing)
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"not answered: {missing[0]}",
        "failed: 01-sketch-summary, cell 2 of 5: the kernel died",
    ]
