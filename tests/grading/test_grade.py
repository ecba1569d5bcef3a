"""The grading loses nothing: results come in one by one, and the next run goes on."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import lru_cache

import pytest

from grading import grade as grading
from grading.expected import read_rows
from grading.grade import GradingError, Settings, grade
from grading.record import Value
from grading.sandbox import Limits
from grading.session import Outcome
from grading.submissions import SubmissionsError
from tests.places import ROOT, SAMPLE

from .make_submissions import notebook

NAMES = ("anna", "Björn Größe", "carl")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def settings(tmp_path, cache, monkeypatch):
    """Return settings for three submissions; running a cell takes no kernel."""
    folder = tmp_path / "submissions"
    folder.mkdir()
    for name in NAMES:
        put(folder, name, ["x = f()"])
    monkeypatch.setattr(grading.session, "run", ran(tmp_path))
    monkeypatch.setattr(grading.session, "how_protected", lambda engine: "nothing")
    monkeypatch.setattr(grading.session, "prepare", lambda engine, data: None)
    monkeypatch.setattr(grading, "read_rows", rows_of_folder)
    return Settings(folder, SAMPLE, "turilite", tmp_path / "build", cache, Limits())


@lru_cache(maxsize=None)
def rows_of_folder(folder):
    return read_rows(folder)


def put(folder, name, cells, **more) -> None:
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook(cells, **more)), encoding="utf-8")


def ran(tmp_path):
    """Return what stands for a session: it logs each run, and does what a cell's source says."""

    def run(cells, engine, data, limits, *, folder=None, place="."):
        with (tmp_path / "log").open("a") as log:
            log.write(cells[0].source + "\n" if cells else "\n")
        sources = [cell.source for cell in cells]
        if "die" in sources:
            os._exit(7)
        if "wait" in sources:
            time.sleep(60)
        if "fail" in sources:
            raise OSError("no space")
        if sources[:1] == ["late"]:
            cells[0].status, cells[0].error = "error", ["NameError", "x"]
            return Outcome(list(cells))
        value = Value("display", None, "truth", True)
        return Outcome([replace(cell, status="ok", values=[value]) for cell in cells])

    return run


def runs_in(tmp_path) -> int:
    path = tmp_path / "log"
    return len(path.read_text().splitlines()) if path.exists() else 0


def table(settings) -> list[dict]:
    with (settings.build / "grades.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def names_in(settings) -> list[str]:
    return list(dict.fromkeys(row["submission"] for row in table(settings)))


def test_every_submission_is_graded_and_shown(settings, capsys):
    assert grade(settings) == 0
    assert names_in(settings) == sorted(NAMES)
    pages = {path.name for path in settings.build.glob("*.html")}
    assert pages == {"index.html", *(f"{name}.html" for name in NAMES)}
    told = capsys.readouterr().out
    assert told.startswith("protection: nothing\n")
    assert "3 of 3" in told
    assert "variant 1" in told


def test_what_all_runs_need_is_found_out_once_and_only_where_one_runs(settings, monkeypatch):
    asked = []
    monkeypatch.setattr(grading.session, "prepare", lambda engine, data: asked.append(engine))
    grade(settings)
    grade(settings)
    assert asked == ["turilite"]


def test_what_was_judged_is_not_run_again(settings, tmp_path):
    grade(settings)
    before = table(settings)
    grade(settings)
    assert runs_in(tmp_path) == 3
    assert table(settings) == before


def test_again_starts_over(settings, tmp_path):
    grade(settings)
    grade(replace(settings, again=True))
    assert runs_in(tmp_path) == 6


def test_a_changed_submission_is_judged_again(settings, tmp_path):
    grade(settings)
    put(settings.submissions, "anna", ["y = f()"])
    grade(settings)
    assert runs_in(tmp_path) == 4


@pytest.mark.parametrize("change", [{"seed": 2}, {"as_is": True}, {"engine": "turicreate"}])
def test_another_data_set_or_engine_judges_all_again(settings, tmp_path, change):
    grade(settings)
    grade(replace(settings, **change))
    assert runs_in(tmp_path) == 6


def test_a_removed_submission_leaves_the_grades_and_nothing_else_does(settings):
    grade(settings)
    (settings.build / "notes.html").write_text("mine")
    (settings.submissions / "carl.ipynb").unlink()
    grade(settings)
    assert names_in(settings) == sorted(NAMES[:2])
    assert not (settings.build / "carl.html").exists()
    assert (settings.build / "notes.html").read_text() == "mine"


def test_several_at_a_time_give_the_same_grades(settings, tmp_path):
    grade(settings)
    before = (settings.build / "grades.csv").read_bytes()
    grade(replace(settings, jobs=3, build=tmp_path / "other"))
    assert (tmp_path / "other" / "grades.csv").read_bytes() == before


CAN_NOT = {
    "not JSON": lambda folder: (folder / "dora.ipynb").write_text("{"),
    "a process that ends": lambda folder: put(folder, "dora", ["die"]),
    "a kernel that does not start": lambda folder: put(folder, "dora", ["fail"]),
    "a folder without a notebook": lambda folder: (folder / "dora").mkdir(),
}


@pytest.mark.parametrize("name", CAN_NOT)
def test_what_can_not_be_judged_costs_the_others_nothing(settings, capsys, name):
    CAN_NOT[name](settings.submissions)
    assert grade(settings) == 1
    assert names_in(settings) == sorted([*NAMES, "dora"])
    failed = [row for row in table(settings) if row["submission"] == "dora"]
    assert all(row["verdict"].startswith("failed: ") for row in failed)
    assert "could not be judged: dora: " in capsys.readouterr().out


def test_one_bad_notebook_of_several_is_told_and_the_others_count(settings):
    folder = settings.submissions / "dora"
    folder.mkdir()
    put(folder, "1", ["x"])
    (folder / "2.ipynb").write_text("{")
    assert grade(settings) == 1
    remarks = {row["remark"] for row in table(settings) if row["submission"] == "dora"}
    assert any("2.ipynb" in remark for remark in remarks)


def test_a_missing_name_leads_to_a_run_in_the_stored_order(settings, tmp_path):
    put(settings.submissions, "anna", ["late", "early"], counts=[2, 1])
    grade(settings)
    assert (tmp_path / "log").read_text().splitlines().count("early") == 1
    page = (settings.build / "anna.html").read_text(encoding="utf-8")
    assert "run twice" in page


def test_no_expected_answer_is_written_before_a_submission_runs(settings, cache):
    grade(settings)
    assert not [path for path in cache.rglob("*") if "answer" in path.name]


def test_no_folder_of_submissions_is_told_in_a_sentence(settings, tmp_path):
    with pytest.raises(SubmissionsError, match="nowhere"):
        grade(replace(settings, submissions=tmp_path / "nowhere"))


def test_a_folder_that_can_not_be_written_is_told_in_a_sentence(settings, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(GradingError, match="file"):
        grade(replace(settings, build=tmp_path / "file" / "grades"))


def test_a_stop_keeps_what_is_done_and_ends_what_runs(settings, tmp_path):
    put(settings.submissions, "zoe", ["wait"])
    child = os.fork()
    if child == 0:
        try:
            grade(settings)
        except BaseException:
            os._exit(9)
        os._exit(0)
    place = settings.build / "grades.csv"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (place.exists() and len(names_in(settings)) == 3):
        time.sleep(0.2)
    os.kill(child, signal.SIGTERM)
    _, status = os.waitpid(child, 0)
    assert os.WEXITSTATUS(status) == 9
    assert names_in(settings) == sorted(NAMES)
    put(settings.submissions, "zoe", ["x"])
    assert grade(settings) == 0
    assert len(names_in(settings)) == 4
    assert (tmp_path / "log").read_text().splitlines().count("x = f()") == 3


def test_a_stop_that_comes_while_a_process_is_forked_is_kept(settings, monkeypatch):
    original = grading.start

    def start_and_be_stopped(*given):
        started = original(*given)
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)
        except SystemExit:  # as Python does with what is raised in a hook of fork
            pass
        return started

    monkeypatch.setattr(grading, "start", start_and_be_stopped)
    with pytest.raises(SystemExit) as stopped:
        grade(settings)
    assert stopped.value.code == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    "given", [["nowhere"], [".", "--jobs", "0"], [".", "--engine", "x"], [".", "--data", "no"]]
)
def test_wrong_usage_has_exit_code_2_and_no_traceback(given, tmp_path):
    told = run_script(given, tmp_path)
    assert told.returncode == 2
    assert "Traceback" not in told.stderr
    assert told.stderr.strip()


def test_a_data_set_of_other_labels_is_told_in_one_line(folder_without_cats_in, tmp_path):
    given = [tmp_path, "--data", folder_without_cats_in("train"), "--build", tmp_path / "build"]
    (tmp_path / "anna.ipynb").write_text(json.dumps(notebook(["1"])), encoding="utf-8")
    told = run_script(given, tmp_path)
    assert told.returncode == 2
    assert told.stderr.startswith("error: the SFrame at ")
    assert told.stderr.count("\n") == 1
    assert not (tmp_path / "build").exists()


def test_missing_submissions_are_asked_for_in_one_line(tmp_path):
    told = run_script([], tmp_path)
    assert told.returncode == 2
    assert told.stderr == "error: which submissions? make grade SUBMISSIONS=folder\n"


def run_script(given, folder):
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "grade.py", *given],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
