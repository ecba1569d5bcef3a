"""Make a data set of a folder of pictures; its subfolders are the labels.

Exit codes: 0 made, 1 no picture could be taken or the data set not be made, 2 wrong usage, 130
stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from pathlib import Path
from typing import Sequence

from assignment.course_data.advice import shell_line
from assignment.course_data.place import Place
from assignment.course_data.registry import ROOT, FetchError
from assignment.errors import OneLineError

from .making import PAGE, Made, journal_of, make_data_set
from .page import count

DEFAULT = ROOT / "data" / "pictures"
MOST_LINES = 10  # of reasons on the terminal


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit code."""
    folder, place = parse(argv)
    try:
        made = make_data_set(folder, place)
    except KeyboardInterrupt:
        print("\nmake_pictures: stopped; the next run goes on from here", file=sys.stderr)
        return 130
    except (FetchError, OneLineError) as error:
        problem = str(error)
    except sqlite3.Error as error:
        problem = f"{journal_of(place)} can't be used ({error}): free some space, or remove it"
    except OSError as error:
        problem = f"{error.filename or place.target}: {error.strerror or error}"
    else:
        report(made, place)
        return 0 if made.rows else 1
    print(f"make_pictures: {problem}", file=sys.stderr)
    return 1


def parse(argv: Sequence[str] | None) -> tuple[Path, Place]:
    """Return the folder of pictures and the place of the data set; exit with 2 on wrong usage."""
    parser = argparse.ArgumentParser(
        description="Make a data set of a folder of pictures; its subfolders are the labels.",
        epilog="exit codes: 0 made, 1 nothing could be taken, 2 wrong usage, 130 Ctrl-C",
    )
    parser.add_argument("folder", nargs="?", help="the pictures; with make: PICTURES=folder")
    parser.add_argument(
        "--to", metavar="FOLDER", default=DEFAULT, help="the data set; default: data/pictures"
    )
    options = parser.parse_args(argv)
    if not options.folder:
        parser.error("which pictures? make pictures PICTURES=folder")
    folder = Path(os.path.expanduser(options.folder))  # noqa: PTH111 (never fails)
    place = Place(Path(os.path.expanduser(options.to)), "TO=folder")  # noqa: PTH111
    if not folder.is_dir():
        parser.error(f"{folder} is no folder" if folder.exists() else f"there is no {folder}")
    pictures = folder.resolve()
    if pictures == place.target or pictures in place.target.parents:
        parser.error(f"{place.target} lies in the folder of pictures: choose another TO=folder")
    if place.target in pictures.parents:
        parser.error(f"{folder} lies in {place.target}, to be replaced: choose another TO=folder")
    return pictures, place


def report(made: Made, place: Place) -> None:
    """Say what was made, what was left out, and how to go on."""
    for one in made.left_out[:MOST_LINES]:
        print(f"  not taken: {one.source}: {one.reason}")
    if len(made.left_out) > MOST_LINES:
        on_page = ", all on the page" if made.rows else ""
        print(f"  and {len(made.left_out) - MOST_LINES:,} more{on_page}")
    taken, left_out = count(len(made.rows), "picture"), count(len(made.left_out), "file")
    if not made.rows:
        sentence = f"no picture could be taken from {made.folder}, {left_out} not; "
        print(f"make_pictures: {sentence}nothing was made", file=sys.stderr)
        return
    print(
        f"{taken} taken ({made.count(False):,} training, {made.count(True):,} test, "
        f"{count(len(made.labels), 'label')}), {left_out} not; "
        f"features newly computed for {count(made.computed, 'file')}"
    )
    print(f"data set: {relative(place.target)}   page: {relative(place.target / PAGE)}")
    target = shell_line(f"DATA_DIR={relative(place.target)}")
    print(f"Next: make run {target}   or: make app {target}")


def relative(path: Path) -> str:
    """Return a path as people write it: within the project's folder relative to that."""
    return path.relative_to(ROOT).as_posix() if ROOT in path.parents else str(path)
