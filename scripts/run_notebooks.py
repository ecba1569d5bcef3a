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

from assignment.data_sets import data_name, path_of_part
from assignment.engine import chosen_engine, kernel_name
from assignment.errors import OneLineError
from assignment.rerun.answers_table import answers_of, is_well, print_problems, print_report
from assignment.rerun.execute import execute_all
from assignment.rerun.notebooks import Notebooks, read_notebooks
from assignment.rerun.pages import write_pages
from assignment.rerun.store import renew_stored, write_results

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C stops at once; kernels end by themselves
ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"


def main() -> int:
    options = read_options()
    notebooks = read_notebooks(NOTEBOOKS)
    if options.stored:
        write_pages(notebooks, options.build / "html", answers_of(notebooks), {})
        print(f"pages: {relative(options.build / 'html' / 'index.html')}")
        return 0
    try:
        failures = run(notebooks)
    except OneLineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    finish = renew if options.in_place else save
    return finish(options.build, notebooks, failures)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--in-place", action="store_true", help="renew the stored outputs")
    mode.add_argument("--stored", action="store_true", help="pages of the notebooks as stored")
    parser.add_argument(
        "--build", type=Path, default=ROOT / "build", metavar="FOLDER", help="default: build"
    )
    options = parser.parse_args()
    build = options.build.resolve()
    if build == NOTEBOOKS:
        parser.error("--build can't be notebooks/: use --in-place to renew what is stored there")
    there = next(path for path in (build, *build.parents) if path.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        parser.error(f"--build can't be {options.build}: {there} is no folder to write into")
    return options


def run(notebooks: Notebooks) -> dict[str, str]:
    """Execute the notebooks on the chosen engine; return {name: why it failed}.

    Raises DataError or EngineError where no notebook could run.
    """
    for part in ("image_train_data", "image_test_data"):  # the notebooks look closer
        path_of_part(part)
    print(f"data set: {data_name()}\nengine:   {chosen_engine()}\n", flush=True)
    return execute_all(notebooks, NOTEBOOKS, kernel_name())


def save(build: Path, notebooks: Notebooks, failures: dict[str, str]) -> int:
    answers = answers_of(notebooks)
    write_results(build, notebooks, answers, failures)
    print(f"\nanswers: {relative(build / 'answers.json')}", end="   ")
    print(f"pages: {relative(build / 'index.html')}")
    print_report(answers, failures)
    return 0 if is_well(answers, failures) else 1


def renew(_build: Path, notebooks: Notebooks, failures: dict[str, str]) -> int:
    """Store the outputs, unless a notebook failed: then nothing is changed."""
    answers = answers_of(notebooks)
    print_problems(answers, failures)
    if not is_well(answers, failures):
        print("no notebook was changed")
        return 1
    renew_stored(NOTEBOOKS, notebooks)
    print(f"renewed the outputs of {len(notebooks)} notebooks")
    return 0


def relative(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()


if __name__ == "__main__":
    sys.exit(main())
