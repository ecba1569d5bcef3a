"""Fetch the course's two SFrames into data/course: download, verify, unpack, or say why not.

The sources are tried in the order of data/course_registry.json. Every file is checked by size and
SHA-256 while it is written, so a source that serves anything else is left for the next. The
finished data set appears by one rename; place.py says how that survives a kill.

Exit codes: 0 the data are there and verified, 1 they could not be had (with --check: are not
right), 2 wrong usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stdout, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Sequence

import pooch

from .content import ContentError, check_sframe, load_engine
from .download import ATTEMPTS, Net, say
from .parts import NoSourceError, gather, in_order
from .place import (
    Place,
    differences,
    locked,
    read_stamp,
    record,
    refuse_target,
    settle,
    strangers,
    swap,
    write_stamp,
)
from .registry import Fact, FetchError, Part, Source, load_registry

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "data" / "course_registry.json"
INSTALL_DEV = ["-m", "pip", "install", "--no-deps", "-r", "requirements-dev.txt"]
ENDINGS = {"zip": ".zip", "directory": "", "csv": ".csv"}  # of a part's address on a mirror

EXAMPLES = """examples:
  python scripts/fetch_data.py              fetch the SFrames into data/course
  python scripts/fetch_data.py --check      hash the files that are there again
  python scripts/fetch_data.py --from-zip image_train_data.zip image_test_data.zip
                                            take what was downloaded by hand
  python scripts/fetch_data.py --csv        fetch the CSV files, for pandas, into data/course-csv
  python scripts/fetch_data.py --source https://example.org/course/
                                            try this mirror first: a folder with the two zips, or
                                            the two folders unzipped, or the two CSV files

exit codes:
  0 there and verified   1 could not be had, or not right   2 wrong usage   130 stopped by Ctrl-C"""

BY_HAND = """To go on without them, download by hand
  {files}
from the course page (Machine Learning Foundations: A Case Study Approach, week 6, the reading of
the assignment "Deep features for image retrieval"), then run in the project's folder, {paths},
  {command}"""


def run(args: argparse.Namespace) -> None:
    """Do what the command line asks for. Raises FetchError, ContentError or OSError."""
    default = ROOT / "data" / ("course-csv" if args.csv else "course")
    place = Place(Path(args.dest) if args.dest else default)
    if place.unsettled:
        with locked(place):
            pass
    if args.check:
        check(args.parts, place.target, args.csv)
        return
    if args.force or not is_complete(args.parts, place.target, args.csv):
        refuse_target(place, known_facts(args.parts, place.target, args.csv))
        if args.csv and find_spec("pyarrow") is None:
            raise FetchError(
                "--csv needs pyarrow: use `make data ARGS=--csv`, or first run\n  "
                + command_line(sys.executable, *INSTALL_DEV)
            )
        with locked(place):
            if args.force or not is_complete(args.parts, place.target, args.csv):
                fetch(args, place)
    if args.csv:
        say(f"Next: pandas.read_parquet('{place.target / args.parts[0].name}.parquet')")
        say("The notebooks need the SFrames as well: make data")
    else:
        elsewhere = f" DATA_DIR={command_line(str(place.target))}" if args.dest else ""
        say(f"Next: make run{elsewhere}")


def fetch(args: argparse.Namespace, place: Place) -> None:
    """Bring the data set into the place, whose lock is held."""
    say(f"Fetching the course data into {place.target}")
    folder = place.new / "data"
    try:
        folder.mkdir(parents=True)
        gather(args.parts, choose_sources(args), folder, Net(args.timeout, args.retry_delay))
        if args.csv:
            write_stamp(folder, {path.name: fact_of(path) for path in folder.iterdir()})
        else:
            check_content(args.parts, folder)
            write_stamp(folder, known_facts(args.parts, folder, csv=False))
        swap(folder, place, known_facts(args.parts, folder, args.csv))
    finally:
        settle(place)
    say(f"{place.target} is complete and verified.")


def choose_sources(args: argparse.Namespace) -> list[Source]:
    """The sources that the command line asks for, in the order in which to try them."""
    names = [part.name for part in args.parts]
    if args.from_zip:
        return [Source("own zip", dict(zip(names, in_order(args.from_zip, args.parts))))]
    if args.from_dir:
        kind = "own csv" if args.csv else "own directory"
        return [Source(kind, dict.fromkeys(names, args.from_dir))]
    kinds = ["csv"] if args.csv else ["zip", "directory"]
    mirrors = [
        Source(kind, {name: f"{args.source.rstrip('/')}/{name}{ENDINGS[kind]}" for name in names})
        for kind in kinds
        if args.source
    ]
    return mirrors + [source for source in args.published if source.kind in kinds]


def check_content(parts: Sequence[Part], folder: Path) -> None:
    """Open the SFrames with the engine at hand; ContentError unless they show the course's data."""
    engine = load_engine()
    if engine is None:
        say("Neither Turi Create nor turilite can be imported: the SFrames were not opened.")
        return
    for part in parts:
        check_sframe(engine, folder / part.name, part.content)
    say(f"Opened with {engine.__name__}: columns, rows, labels and first rows are right.")


def check(parts: Sequence[Part], target: Path, csv: bool) -> None:
    """Hash every file again; FetchError with a line for each that is missing, wrong or added."""
    if not target.is_dir():
        raise FetchError(f"{target} is not there: fetch it first")
    facts = known_facts(parts, target, csv)
    found = differences(target, facts, stamp={})
    found += [f"{name} does not belong there" for name in strangers(target, facts)]
    if found:
        raise FetchError("\n  ".join([f"{target} is not as it should be:", *found]))
    say(f"{target} is complete: its {len(facts)} files have the right size and SHA-256.")


def is_complete(parts: Sequence[Part], target: Path, csv: bool) -> bool:
    """Whether the data set is there and right; renews a stamp that lost touch, as after a copy."""
    facts, stamp = known_facts(parts, target, csv), read_stamp(target)
    if differences(target, facts, stamp):
        return False
    if any(stamp.get(name) != record(target / name, fact) for name, fact in facts.items()):
        with suppress(OSError):  # a read-only data set is as good
            write_stamp(target, facts)
    say(f"{target} is already there and verified.")
    return True


def known_facts(parts: Sequence[Part], target: Path, csv: bool) -> dict[str, Fact | None]:
    """What is known of each file of the data set, by its name within the target.

    Of SFrames the registry knows it, of CSV files the stamp, made when their content was verified.
    """
    if not csv:
        return {f"{part.name}/{name}": fact for part in parts for name, fact in part.files.items()}
    stamp = read_stamp(target)
    names = [f"{part.name}{ending}" for part in parts for ending in (".csv", ".parquet")]
    known = {name: Fact(entry.get("bytes"), entry.get("sha256")) for name, entry in stamp.items()}
    return {name: known.get(name) for name in names}


def fact_of(path: Path) -> Fact:
    """What a file is now."""
    return Fact(path.stat().st_size, pooch.file_hash(str(path)))


def by_hand(args: argparse.Namespace) -> str:
    """How to go on when no server could be used."""
    files = [part.name + (".csv" if args.csv else ".zip") for part in args.parts]
    python = Path(sys.executable)  # the one that has the packages, which `python` may not be
    python = python.relative_to(ROOT) if ROOT in python.parents else python
    command = [str(python), "scripts/fetch_data.py"]
    command += ["--csv", "--from-dir", "FOLDER"] if args.csv else ["--from-zip", *files]
    command += ["--dest", args.dest] if args.dest else []
    paths = "FOLDER being where they are" if args.csv else "with the paths of the two files"
    return BY_HAND.format(files=" and ".join(files), paths=paths, command=command_line(*command))


def command_line(*words: str) -> str:
    """Words as the user's shell wants them."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line, with the registry's `parts` and `published` sources; exits 2 if wrong."""
    parser = argparse.ArgumentParser(
        description="Fetch the course's two SFrames into data/course, every file verified.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--dest", metavar="DIR", help="where to put the data set, instead of data/course")
    add("--csv", action="store_true", help="fetch the CSV files, and write Parquet files of them")
    add("--check", action="store_true", help="hash what is there, name each file that differs")
    add("--force", action="store_true", help="fetch again what is there")
    add("--quiet", action="store_true", help="say nothing but what went wrong")
    add(
        "--timeout",
        type=duration,
        default=30,
        metavar="S",
        help="seconds to wait for an answer (default 30)",
    )
    add(
        "--retry-delay",
        type=duration,
        default=1,
        metavar="S",
        help=f"seconds before the second of {ATTEMPTS} attempts, doubled for the third (default 1)",
    )
    add(
        "--registry",
        type=Path,
        default=REGISTRY,
        metavar="FILE",
        help="other hashes and addresses, for mirrors and tests",
    )
    origin = parser.add_mutually_exclusive_group()
    origin.add_argument(
        "--from-zip",
        nargs=2,
        metavar=("TRAIN", "TEST"),
        help="take these zip files, use no network",
    )
    origin.add_argument(
        "--from-dir",
        metavar="DIR",
        help="take the unzipped folders (or CSV files) in DIR, use no network",
    )
    origin.add_argument(
        "--source", metavar="URL", help="try this mirror first (default: $COURSE_DATA_SOURCE)"
    )
    args = parser.parse_args(argv)
    if args.csv and args.from_zip:
        parser.error("--csv takes no zip files: use --from-dir with the folder of the CSV files")
    if args.check and (args.force or args.from_zip or args.from_dir or args.source):
        parser.error("--check only looks at what is there: it takes no source and no --force")
    args.source = args.source or os.environ.get("COURSE_DATA_SOURCE")
    if args.source and not re.match("https?://", args.source):
        parser.error(f"a source is an http or https address, not {args.source!r}; see --from-dir")
    try:
        args.parts, args.published = load_registry(args.registry)
    except ValueError as error:
        parser.error(str(error))
    return args


def duration(text: str) -> float:
    """A number of seconds, at most a day's; ValueError otherwise, as argparse wants it."""
    value = float(text)
    if not 0 < value <= 86400:
        raise ValueError(text)
    return value


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit code."""
    args = parse(argv)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(
        nowhere if args.quiet else sys.stdout
    ):
        try:
            run(args)
            return 0
        except KeyboardInterrupt:
            code, problem = 130, "stopped; nothing is left half done"
        except NoSourceError as error:
            offline = args.from_zip or args.from_dir
            code, problem = 1, str(error) if offline else f"{error}\n{by_hand(args)}"
        except (FetchError, ContentError) as error:
            code, problem = 1, str(error)
        except NotImplementedError as error:  # from filelock
            code, problem = 1, f"the file system has no locks: {error}"
        except OSError as error:
            where = error.filename or args.dest or ROOT / "data"
            code, problem = 1, f"{where}: {error.strerror or error}"
    print(f"fetch_data: {problem}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
