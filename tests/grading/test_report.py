"""Grades are safe to open, whatever a student called a file or printed."""

from __future__ import annotations

import csv
import io

import pytest

from grading.expected import JUDGED
from grading.judge import Verdict
from grading.report import (
    COLUMNS,
    CellLine,
    Graded,
    as_table,
    feedback_page,
    grades_csv,
    index_page,
    page_names,
    write,
)


def graded(name: str = "anna", verdict: str = "right", **more) -> Graded:
    fields = {"answer": "16289", "expected": "16289", "notebook": "a.ipynb", "cell": 3}
    verdicts = [Verdict(key, verdict, **{**fields, **more}) for key in JUDGED]
    return Graded(name, verdicts, cells={"a.ipynb": [CellLine(1, "ok", 0.1, "x = 1")]})


def rows_of(text: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_has_a_line_per_question():
    rows = rows_of(grades_csv([graded(), graded("bob", "wrong")]))
    assert tuple(rows[0]) == COLUMNS
    assert [row["question"] for row in rows[:8]] == list(JUDGED)
    assert [row["points"] for row in rows[6:8]] == ["1", "0"]  # the last question is an extra
    assert [row["max_points"] for row in rows[6:8]] == ["1", "0"]
    assert {row["verdict"] for row in rows[8:]} == {"wrong"}
    assert rows[0]["cell"] == "3"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n@x"])
def test_no_text_is_taken_for_a_formula(text):
    rows = rows_of(grades_csv([graded(text, answer=text, remark=text)]))
    for column in ("submission", "answer", "remark"):
        assert not rows[0][column].lstrip().startswith(("=", "+", "-", "@"))


def test_a_line_break_in_a_name_breaks_no_line():
    text = grades_csv([graded('a\nb"c,d')])
    assert len(text.splitlines()) == 1 + len(JUDGED)
    assert rows_of(text)[0]["submission"] == 'a b"c,d'


HOSTILE = "<script>alert(1)</script>\"'&"


def test_pages_show_names_and_answers_as_text():
    one = graded(HOSTILE, answer=HOSTILE, remark=HOSTILE)
    one = Graded(
        HOSTILE,
        one.verdicts,
        problem=HOSTILE,
        changes=[HOSTILE],
        remarks=[HOSTILE],
        cells={HOSTILE: [CellLine(1, "error", 0.1, HOSTILE, HOSTILE)]},
    )
    for page in (feedback_page(one), index_page([one], page_names([HOSTILE]), [HOSTILE])):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_names_that_no_file_can_have_get_files_of_their_own():
    names = [
        "index",
        "a/b",
        "a_b",
        "..",
        "",
        "Größe mit Leerzeichen",
        "x" * 300,
        "A_B",
        "a\nb",
        "%41",
    ]
    pages = page_names(names)
    assert len({page.lower() for page in pages.values()}) == len(names)
    assert "index.html" not in pages.values()
    assert pages["Größe mit Leerzeichen"] == "Größe mit Leerzeichen.html"
    for page in pages.values():
        assert not set(page) & set('/\\<>:"|?*\n%#')
        assert len(page) < 100
        assert not page.startswith(".")


def test_the_index_links_each_page():
    page = index_page([graded("Größe #1")], page_names(["Größe #1"]), [])
    assert 'href="Gr%C3%B6%C3%9Fe%20_1.html"' in page


def test_the_terminal_shows_a_line_per_submission_and_obeys_no_escape():
    table = as_table([graded(), graded("evil\x1b[2J\nname", "wrong: bird neighbors")])
    lines = table.splitlines()
    assert len(lines) == 5
    assert "\x1b" not in table
    assert "7 of 7" in lines[2]
    assert "0 of 7" in lines[3]


def test_the_terminal_and_the_index_say_what_their_marks_mean():
    page = index_page([graded()], page_names(["anna"]), [])
    for shown in (as_table([graded()]), page):
        assert "* for no points; - not computed: no cell shows this answer" in shown


def test_each_wrong_answer_gets_a_hint_and_a_right_one_none():
    assert feedback_page(graded(verdict="wrong")).count("Query the cat model") == 1
    assert "Query the cat model" not in feedback_page(graded())


def test_a_file_is_written_whole(tmp_path):
    path = tmp_path / "a.txt"
    write(path, "one")
    write(path, "two \ud800")
    assert path.read_text(encoding="utf-8") == "two ?"
    assert list(tmp_path.iterdir()) == [path]
