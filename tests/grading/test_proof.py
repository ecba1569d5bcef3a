"""The proof of the grader: submissions of every kind get their verdicts, and leave nothing behind.

On each engine all of `make_submissions.py` are graded two at a time, in small limits; some of each
kind once more, one by one. Between the looks before and after lies the whole of it.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assignment.engine import has_turicreate_kernel
from tests.places import ROOT, SAMPLE

from .machine import Machine
from .make_submissions import make
from .verdicts import NOT_JUDGED, VERDICTS, agrees, verdicts_on

session = pytest.importorskip("grading.session", reason="drives the kernels: requirements.txt")
pytestmark = [
    pytest.mark.skipif(
        not session.how_protected("turilite").startswith("bubblewrap"),
        reason="needs bubblewrap: these submissions do harm",
    ),
    pytest.mark.timeout(1800),  # all submissions are one fixture: minutes, more on a busy machine
]
# Turi Create takes some seconds to start and to apply a function, more on a busy machine.
LIMITS = ["--cell-seconds", "30", "--total-seconds", "200", "--memory", "2", "--output", "5"]
LIMITS += ["--processes", "60", "--disk", "200"]
# One of each kind: right, wrong, typed in, shown as a picture; out of order, of several notebooks,
# with a name that needs care; what ends the kernel, what passes a limit, what can't be judged.
ONE_BY_ONE = ["right-loops", "wrong-neighbors-1-to-6", "typed-in", "only-as-pictures"]
ONE_BY_ONE += ["run-out-of-order", "several-notebooks", "Größe mit Leerzeichen"]
ONE_BY_ONE += ["calls-exit", "1-gb-in-one-print", "not-json"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with submissions and with a home and a folder for temporary files."""
    place = tmp_path_factory.mktemp("p")  # short: the paths of sockets have an end
    make(place / "submissions")
    for name in ("home", "tmp"):
        (place / name).mkdir()
    (place / "home" / "notes.txt").write_text("mine", encoding="utf-8")
    # The one cache outside this project: the converter's, of Python 2's grammar.
    home = {**os.environ, "HOME": str(place / "home")}
    subprocess.run([sys.executable, "-c", "import grading.convert"], check=True, env=home)
    return place


def graded(place: Path, submissions: Path, build: Path, engine: str, jobs: int) -> Graded:
    """Grade submissions with the command, as a grader does."""
    command = [sys.executable, str(ROOT / "scripts" / "grade.py"), str(submissions), *LIMITS]
    command += ["--build", str(build), "--data", str(SAMPLE), "--jobs", str(jobs)]
    environment = {**os.environ, "HOME": str(place / "home"), "TMPDIR": str(place / "tmp")}
    done = subprocess.run(
        [*command, "--engine", engine], check=False, env=environment, stdout=subprocess.DEVNULL
    )
    return Graded(done.returncode, build / "grades.csv")


class Graded:
    """What a grading left: its exit code, and the rows of its table by submission."""

    def __init__(self, code: int, table: Path) -> None:
        self.code = code
        self.rows: dict[str, list[dict]] = {}
        with table.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                self.rows.setdefault(row["submission"], []).append(row)


ENGINES = [
    "turilite",
    pytest.param(
        "turicreate",
        marks=pytest.mark.skipif(not has_turicreate_kernel(), reason="needs Turi Create's kernel"),
    ),
]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def looks(place, engine):
    """Return the state of the machine before and after the grading, and its grades."""
    for name in (".ipython", ".jupyter"):  # tests that run beside this one make them, too
        (Path.home() / name).mkdir(exist_ok=True)
    watched = [place / "submissions", place / "home", place / "tmp", SAMPLE, Path.home()]
    before = Machine.now(watched)
    found = graded(place, place / "submissions", place / f"grades-{engine}", engine, jobs=2)
    return before, Machine.now(watched), found


@pytest.fixture(scope="module")
def grades(looks):
    return looks[2]


@pytest.mark.parametrize("name", VERDICTS)
def test_the_verdicts_are_those_of(name, grades, engine):
    got = [row["verdict"] for row in grades.rows[name]]
    wanted = verdicts_on(engine)[name]
    assert len(got) == len(wanted)
    assert [pair for pair in zip(got, wanted) if not agrees(*pair)] == []


def test_every_submission_is_in_the_table_and_the_exit_code_tells_of_the_others(grades):
    assert set(grades.rows) == set(VERDICTS)
    assert grades.code == (1 if NOT_JUDGED else 0)


def test_one_by_one_the_grades_are_the_same(place, grades, engine):
    some = place / f"some-{engine}"
    some.mkdir()
    for name in ONE_BY_ONE:
        source = place / "submissions" / name
        if source.is_dir():
            shutil.copytree(source, some / name)
        else:
            shutil.copy(source.with_name(f"{name}.ipynb"), some)
    again = graded(place, some, place / f"again-{engine}", engine, jobs=1)
    assert again.rows == {name: grades.rows[name] for name in sorted(ONE_BY_ONE)}


@pytest.mark.parametrize("what", ["processes", "files", "ports"])
def test_the_machine_is_as_it_was(what, looks):
    before, after, _ = looks
    assert getattr(after, what) == getattr(before, what)


def test_no_temporary_file_is_left_and_of_the_home_only_a_cache(place, looks):
    assert list((place / "tmp").iterdir()) == []
    made = {path.relative_to(place / "home").parts[:2] for path in (place / "home").rglob("*")}
    assert made == {("notes.txt",), (".cache",), (".cache", "fissix")}
