"""Each submission of `make_submissions.py` gets the verdicts that `verdicts.py` promises it.

One run for all, two at a time, in short limits; some once more, one by one.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys

import pytest

from tests.places import ROOT, SAMPLE

from .make_submissions import make
from .verdicts import NOT_JUDGED, VERDICTS, agrees

pytestmark = pytest.mark.skipif(
    "GRADING_PROOF" not in os.environ, reason="takes many minutes: set GRADING_PROOF=1 to run it"
)
LIMITS = ["--cell-seconds", "60", "--total-seconds", "300", "--memory", "2", "--output", "5"]
LIMITS += ["--processes", "60", "--disk", "200"]
ONE_BY_ONE = ["right-loops", "typed-in", "calls-exit", "not-json", "Größe mit Leerzeichen"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("submissions")
    make(place)
    return place


def graded(folder, build, jobs: int) -> tuple[int, list[dict]]:
    """Return the exit code of the command, and its table."""
    command = [sys.executable, str(ROOT / "scripts" / "grade.py"), str(folder), *LIMITS]
    command += ["--build", str(build), "--data", str(SAMPLE), "--jobs", str(jobs)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
    with (build / "grades.csv").open(encoding="utf-8") as file:
        return done.returncode, list(csv.DictReader(file))


@pytest.fixture(scope="module")
def grades(folder, tmp_path_factory):
    return graded(folder, tmp_path_factory.mktemp("grades"), jobs=2)


def verdicts_of(rows: list[dict], name: str) -> list[str]:
    return [row["verdict"] for row in rows if row["submission"] == name]


@pytest.mark.parametrize("name", VERDICTS)
def test_the_verdicts_are_those_of(name, grades):
    found = verdicts_of(grades[1], name)
    assert len(found) == len(VERDICTS[name])
    assert [
        (got, wanted) for got, wanted in zip(found, VERDICTS[name]) if not agrees(got, wanted)
    ] == []


def test_every_submission_is_in_the_table_and_the_exit_code_tells_of_the_others(grades):
    code, rows = grades
    assert {row["submission"] for row in rows} == set(VERDICTS)
    assert code == (1 if NOT_JUDGED else 0)


def test_one_by_one_the_grades_are_the_same(folder, grades, tmp_path):
    some = tmp_path / "some"
    some.mkdir()
    for name in ONE_BY_ONE:
        shutil.copy(folder / f"{name}.ipynb", some)
    build = tmp_path / "build"
    build.mkdir()
    _, rows = graded(some, build, jobs=1)
    assert rows == [row for row in grades[1] if row["submission"] in ONE_BY_ONE]
