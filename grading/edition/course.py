"""The instructor's side: an nbgrader course folder made of the project's notebooks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from assignment.errors import OneLineError

from .hidden import answers_beside, make_hidden_data

ASSIGNMENT = "deep-features"
STEPS = ["01", "02", "03", "04", "05"]  # the notebooks of the assignment
CONFIG = '''"""The settings of this course; they stand in the project that made it."""

try:
    from grading.edition.settings import configure
except ImportError as error:
    raise SystemExit(f"nbgrader: {{error}}. Run the project's own: {nbgrader}") from None

configure(get_config(), __file__)
'''


class CourseError(OneLineError):
    """A course folder can't be made or used."""


def hidden_data(course: Path) -> Path:
    return course / "hidden" / "unseen"


def make_course(course: Path, notebooks: Path, sample: Path, seed: int) -> Path:
    """Bring a course folder up to date with the notebooks; return the folder of the release.

    What was submitted and graded stays, as does the data that it was graded on. Raises CourseError
    where nbgrader fails.
    """
    source = course / "source" / ASSIGNMENT
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for step in STEPS:
        for path in notebooks.glob(f"{step}-*.ipynb"):
            shutil.copy(path, source)
    if not answers_beside(hidden_data(course)).exists():
        make_hidden_data(sample, hidden_data(course), seed)
    config = CONFIG.format(nbgrader=Path(sys.executable).with_name("nbgrader"))
    (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
    call_nbgrader(course, "generate_assignment", ASSIGNMENT, "--force")
    return course / "release" / ASSIGNMENT


def call_nbgrader(course: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"nbgrader {arguments[0]} failed in {course}:\n{done.stderr.strip()}")
