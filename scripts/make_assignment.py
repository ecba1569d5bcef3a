"""Make the students' edition, and the nbgrader course that grades it.

    python scripts/make_assignment.py [--course FOLDER] [--build FOLDER] [--seed N]

Into build/: assignment/ and assignment.zip for the students, course/ for the instructor. In a
course that is there what was submitted and graded stays, and so do the data it is graded on.
Exit code 0 where both were made, 1 where not, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path

import own_packages  # noqa: F401 - first of all

from assignment.errors import OneLineError
from grading.edition.course import ASSIGNMENT, make_course
from grading.edition.release import make_release

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    options = read_options()
    try:
        course, build = options.course.resolve(), options.build.resolve()
        released = make_course(course, ROOT / "notebooks", ROOT / "data" / "sample", options.seed)
        archive = make_release(ROOT, released, build / "assignment")
    except (OneLineError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"for students:   {relative(archive)}, unpacked {relative(build / 'assignment')}")
    print(f"for instructors: {relative(course)}, an nbgrader course; its assignment: {ASSIGNMENT}")
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    build = ROOT / "build"
    parser.add_argument(
        "--course",
        type=Path,
        default=build / "course",
        metavar="FOLDER",
        help="default: build/course, which `make clean` removes",
    )
    parser.add_argument(
        "--build", type=Path, default=build, metavar="FOLDER", help="default: build"
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=secrets.randbelow(10**9),
        help="of the data to grade with; default: another one for each new course",
    )
    return parser.parse_args()


def relative(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()


if __name__ == "__main__":
    sys.exit(main())
