"""The settings of nbgrader for a course of this project."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment

from . import preprocessors as own
from .course import ASSIGNMENT, hidden_data
from .hidden import answers_beside

ROOT = Path(__file__).resolve().parents[2]
CELL_TIMEOUT = 300  # seconds


def configure(config: Any, file: str) -> None:
    """Set up nbgrader for the course of a configuration file, or end it with a sentence.

    Notebooks must find the data and the project's packages, not what was handed in beside them:
    otherwise all get 0 points, the right ones too.
    """
    course = Path(file).resolve().parent
    data = hidden_data(course)
    complain_about(data)
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.course_id = ASSIGNMENT
    config.GenerateAssignment.preprocessors = [
        own.SplitChecks,
        own.ClearMarkedSolutions,
        *(p for p in GenerateAssignment.preprocessors.default() if p.__name__ != "ClearSolutions"),
    ]
    first, *others = Autograde.autograde_preprocessors.default()
    config.Autograde.autograde_preprocessors = [first, own.CheckSetUp, *others]
    config.SplitChecks.answers = str(answers_beside(data))
    config.ClearMarkedSolutions.notebooks = str(course / "source" / ASSIGNMENT)
    config.CheckSetUp.data_set = str(data)
    config.Execute.timeout = CELL_TIMEOUT
    os.environ.update(environment(data))
    os.environ.pop("MPLBACKEND", None)


def environment(data: Path) -> dict[str, str]:
    """Return the variables of the kernels that grade."""
    programs = Path(sys.executable).parent
    return {
        "DATA_DIR": str(data),
        "ENGINE": "turilite",
        "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": str(ROOT),  # before the folder of the notebook
    }


def complain_about(data: Path) -> None:
    """End nbgrader where the data that it grades with, or an answer, is not there."""
    parts = [data / f"image_{part}_data" / "dir_archive.ini" for part in ("train", "test")]
    missing = [path for path in (*parts, answers_beside(data)) if not path.is_file()]
    if missing:
        sys.exit(
            f"nbgrader: there is no {missing[0]}, so nothing can be graded: make the course again "
            f"with `make assignment`, or put back the folder {data.parent}"
        )
    try:
        json.loads(answers_beside(data).read_text(encoding="utf-8"))
    except ValueError:
        sys.exit(f"nbgrader: {answers_beside(data)} is damaged: put back the folder {data.parent}")
