"""Grade a folder of submissions: rerun each in bounds, and judge what it computes.

    python scripts/grade.py FOLDER              on a variant of the data set that nobody has seen
    python scripts/grade.py FOLDER --as-is      on the data set itself
    python scripts/grade.py FOLDER --again      judge all again, also what was judged before

Exit code 0 where every submission was judged, whatever its grade; 1 where one could not be; 2
wrong usage.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import own_packages  # noqa: F401 - first of all

from assignment.data_sets import PARTS, data_dir, path_of_part
from assignment.engine import ENGINES, chosen_engine
from assignment.errors import OneLineError
from grading.grade import GradingError, Settings, grade
from grading.sandbox import Limits

ROOT = Path(__file__).resolve().parent.parent
GIGABYTE, MEGABYTE = 2**30, 2**20


def main() -> int:
    options = read_options()
    try:
        if options.submissions is None:
            raise GradingError("which submissions? make grade SUBMISSIONS=folder")
        for part in PARTS:
            path_of_part(part)
        return grade(settings_of(options))
    except OneLineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped: what is judged is kept, the next run goes on", file=sys.stderr)
        return 130


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add(
        "submissions",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="notebooks, or a folder per student; with make: SUBMISSIONS=folder",
    )
    add(
        "--data",
        metavar="FOLDER",
        help="the data set; default: DATA_DIR, else as for the notebooks",
    )
    add("--engine", choices=ENGINES, help="default: ENGINE, else Turi Create where it is set up")
    add(
        "--build",
        type=Path,
        default=ROOT / "build" / "grades",
        metavar="FOLDER",
        help="where the grades go; default: build/grades",
    )
    add("--as-is", action="store_true", help="run on the data set itself, not on a variant")
    add("--seed", type=int, default=1, help="of the variant; default: 1")
    add("--again", action="store_true", help="judge all again")
    add(
        "--jobs",
        type=positive,
        default=default_jobs(),
        metavar="N",
        help="submissions at a time; default: %(default)s",
    )
    add("--cell-seconds", type=positive, default=120, metavar="N", help="default: %(default)s")
    add("--total-seconds", type=positive, default=900, metavar="N", help="default: %(default)s")
    add("--memory", type=positive, default=4, metavar="GB", help="default: %(default)s")
    add("--output", type=positive, default=20, metavar="MB", help="of a cell; default: %(default)s")
    add("--disk", type=positive, default=1024, metavar="MB", help="default: %(default)s")
    add("--processes", type=positive, default=100, metavar="N", help="default: %(default)s")
    options = parser.parse_args()
    if options.data:
        os.environ["DATA_DIR"] = os.path.abspath(options.data)  # noqa: PTH100 (links stay)
    if options.engine:
        os.environ["ENGINE"] = options.engine
    return options


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 on")
    return number


def default_jobs() -> int:
    return max(1, (os.cpu_count() or 1) // 2)


def settings_of(options: argparse.Namespace) -> Settings:
    limits = Limits(
        cell_seconds=options.cell_seconds,
        total_seconds=options.total_seconds,
        memory=options.memory * GIGABYTE,
        output=options.output * MEGABYTE,
        disk=options.disk * MEGABYTE,
        processes=options.processes,
    )
    return Settings(
        submissions=options.submissions,
        data=data_dir(),
        engine=chosen_engine(),
        build=options.build,
        cache=ROOT / "build" / "variants",
        limits=limits,
        jobs=options.jobs,
        seed=options.seed,
        as_is=options.as_is,
        again=options.again,
    )


if __name__ == "__main__":
    sys.exit(main())
