"""Run the notebooks, in order, and check what they answer.

    python scripts/run_notebooks.py              into build/: notebooks, pages, answers.json
    python scripts/run_notebooks.py --in-place   renew the outputs stored in notebooks/
    python scripts/run_notebooks.py --stored     pages in build/html, nothing is run

Exit code 0 where everything ran and no known answer is wrong or missing, else 1; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

import own_packages  # noqa: F401 - first of all

from assignment.answers import known_answers
from assignment.data_sets import PARTS, data_name, path_of_part
from assignment.engine import chosen_engine, kernel_name
from assignment.errors import OneLineError
from assignment.rerun.answers_table import (
    answers_of,
    is_well,
    missing_questions,
    print_problems,
    print_report,
)
from assignment.rerun.execute import execute_all
from assignment.rerun.notebooks import Notebooks, read_notebooks
from assignment.rerun.pages import write_pages
from assignment.rerun.store import (
    StoreError,
    files_of,
    make_empty,
    renew_stored,
    write_results,
)
from assignment.rerun.suited import suited
from assignment.surroundings import keep_out_settings

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C stops at once; kernels end by themselves
ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
BUILD = ROOT / "build"


def main() -> int:
    options = read_options()
    keep_out_settings()
    notebooks = read_notebooks(NOTEBOOKS)
    try:
        return options.mode(options.build, notebooks)
    except StoreError as error:
        print(f"error: --build, in make BUILD=FOLDER: {error}", file=sys.stderr)
    except OneLineError as error:
        print(f"error: {error}", file=sys.stderr)
    return 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    mode = parser.add_mutually_exclusive_group()
    parser.set_defaults(mode=save)
    for option, function, text in (
        ("--in-place", renew, "renew the stored outputs"),
        ("--stored", show_stored, "pages of the notebooks as stored"),
    ):
        mode.add_argument(option, dest="mode", action="store_const", const=function, help=text)
    parser.add_argument(
        "--build", type=Path, default=BUILD, metavar="FOLDER", help="default: build"
    )
    options = parser.parse_args()
    options.build = Path(os.path.abspath(options.build.expanduser()))  # noqa: PTH100
    if options.build.resolve() == NOTEBOOKS:
        parser.error("--build can't be notebooks/: use --in-place to renew what is stored there")
    return options


def save(build: Path, notebooks: Notebooks) -> int:
    """Run the notebooks into a folder, which holds nothing of an earlier run from the start on."""
    names = [*files_of(notebooks, (".ipynb", ".html")), "index.html", "answers.json"]
    check_data_set()
    notebooks, asked = suited(notebooks)
    make_empty(build, names, ours=build == BUILD)
    failures = run(notebooks)
    answers = answers_of(notebooks)
    missing = missing_questions(answers, asked)
    write_results(build, notebooks, answers, failures, missing)
    print(f"\nanswers: {relative(build / 'answers.json')}", end="   ")
    print(f"pages: {relative(build / 'index.html')}")
    print_report(answers, failures, missing)
    return 0 if is_well(answers, failures, missing) else 1


def renew(_build: Path, notebooks: Notebooks) -> int:
    """Run the notebooks, and store the outputs unless one failed: then nothing is changed."""
    check_data_set()
    failures = run(notebooks)
    answers = answers_of(notebooks)
    missing = missing_questions(answers)
    print_problems(failures, missing)
    if not is_well(answers, failures, missing):
        print("no notebook was changed")
        return 1
    renew_stored(NOTEBOOKS, notebooks)
    print(f"renewed the outputs of {len(notebooks)} notebooks")
    return 0


def show_stored(build: Path, notebooks: Notebooks) -> int:
    """Make pages of the notebooks as they are stored."""
    folder = build / "html"
    make_empty(folder, [*files_of(notebooks, [".html"]), "index.html"], ours=build == BUILD)
    write_pages(notebooks, folder, answers_of(notebooks), {})
    print(f"pages: {relative(folder / 'index.html')}")
    return 0


def check_data_set() -> None:
    """Raise DataError or EngineError where no notebook could run, or no answer be judged."""
    for part in PARTS:  # the notebooks look closer
        path_of_part(part)
    known_answers()
    kernel_name()


def run(notebooks: Notebooks) -> dict[str, str]:
    """Execute the notebooks on the chosen engine; return {name: why it failed}."""
    print(f"data set: {data_name()}\nengine:   {chosen_engine()}\n", flush=True)
    return execute_all(notebooks, NOTEBOOKS, kernel_name())


def relative(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()


if __name__ == "__main__":
    sys.exit(main())
