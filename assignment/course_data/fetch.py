"""From the wish to the data set in its place: what is there, from where to get it, what it shows.

`args` is the command line as `command_line.parse` returns it.
"""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Callable, Mapping, Sequence

import pooch

from .advice import install_pyarrow, next_step
from .content import check_sframe, load_engine
from .download import Net, say
from .parts import gather, in_order
from .place import (
    Place,
    differences,
    locked,
    needed,
    read_stamp,
    record,
    refuse_target,
    settle,
    strangers,
    swap,
    write_stamp,
)
from .registry import ROOT, Fact, FetchError, Part, Source

ENDINGS = {"zip": ".zip", "directory": "", "csv": ".csv"}  # of a part's address on a mirror


def run(args: argparse.Namespace) -> None:
    """Do what the command line asks for; raise FetchError, ContentError or OSError."""
    place = place_of(args, "course-csv" if args.csv else "course")

    def known() -> dict[str, Fact | None]:
        return known_facts(args.parts, place.target, args.csv)

    bring_about(args, place, known, fetch)


def place_of(args: argparse.Namespace, name: str) -> Place:
    """Return the place that the command line names, or that in `data`."""
    dest = os.path.expanduser(args.dest) if args.dest else ROOT / "data" / name  # noqa: PTH111
    return Place(Path(dest))


def bring_about(
    args: argparse.Namespace,
    place: Place,
    known: Callable[[], dict[str, Fact | None]],
    make: Callable[[argparse.Namespace, Place], None],
) -> None:
    """Check a data set, or make it unless it is there, each file being as is `known`."""
    if place.unsettled:
        with locked(place):
            pass
    if args.check:
        check(place.target, known())
        return
    if args.force or not is_complete(place.target, known()):
        refuse_target(place, known())
        if args.csv and find_spec("pyarrow") is None:
            raise FetchError(install_pyarrow())
        with locked(place):
            if args.force or not is_complete(place.target, known()):
                make(args, place)
    for line in next_step(args, place.target):
        say(line)


def fetch(args: argparse.Namespace, place: Place) -> None:
    """Bring the data set into the place, whose lock is held."""
    say(f"Fetching the course data into {place.target}")
    folder = place.new / "data"
    try:
        folder.mkdir(parents=True)
        gather(args.parts, choose_sources(args), folder, Net(args.timeout, args.retry_delay))
        if args.csv:
            write_stamp(folder, facts_of(folder))
        else:
            check_content(args.parts, folder)
            write_stamp(folder, known_facts(args.parts, folder, csv=False))
        swap(folder, place, known_facts(args.parts, folder, args.csv))
    finally:
        settle(place)
    say(f"{place.target} is complete and verified.")


def choose_sources(args: argparse.Namespace) -> list[Source]:
    """Return the sources that the command line asks for, in the order in which to try them."""
    names = [part.name for part in args.parts]
    if args.from_zip:
        zips = [os.path.expanduser(path) for path in args.from_zip]  # noqa: PTH111 (never fails)
        return [Source("own zip", dict(zip(names, in_order(zips, args.parts))))]
    if args.from_dir:
        kind = "own csv" if args.csv else "own directory"
        return [Source(kind, dict.fromkeys(names, os.path.expanduser(args.from_dir)))]  # noqa: PTH111
    kinds = ["csv"] if args.csv else ["zip", "directory"]
    mirrors = [
        Source(kind, {name: f"{args.source.rstrip('/')}/{name}{ENDINGS[kind]}" for name in names})
        for kind in kinds
        if args.source
    ]
    return mirrors + [source for source in args.published if source.kind in kinds]


def check_content(parts: Sequence[Part], folder: Path) -> None:
    """Open the SFrames with the engine at hand.

    Raise ContentError unless they show the course's data.
    """
    engine = load_engine()
    if engine is None:
        say("Neither Turi Create nor turilite can be imported: the SFrames were not opened.")
        return
    for part in parts:
        check_sframe(engine, folder / part.name, part.content)
    say(f"Opened with {engine.__name__}: columns, rows, labels and first rows are right.")


def check(target: Path, facts: Mapping[str, Fact | None]) -> None:
    """Hash every file again; raise FetchError with a line for each missing, wrong or added one."""
    if not target.is_dir():
        raise FetchError(f"{target} is not there: fetch it first")
    facts = needed(target, facts)
    found = differences(target, facts, stamp={})
    found += [f"{name} does not belong there" for name in strangers(target, facts)]
    if found:
        raise FetchError("\n  ".join([f"{target} is not as it should be:", *found]))
    say(f"{target} is complete: its {len(facts)} files have the right size and SHA-256.")


def is_complete(target: Path, facts: Mapping[str, Fact | None]) -> bool:
    """Tell whether the data set is there and right; renew a stamp that a copy made useless."""
    stamp = read_stamp(target)
    make_empty_files(target, facts)
    facts = needed(target, facts)
    if differences(target, facts, stamp):
        return False
    if any(stamp.get(name) != record(target / name, fact) for name, fact in facts.items()):
        with suppress(OSError):  # a read-only data set is as good
            write_stamp(target, facts)
    say(f"{target} is already there and verified.")
    return True


def make_empty_files(target: Path, facts: Mapping[str, Fact | None]) -> None:
    """Make what is missing of the empty files: nothing has to be fetched for them."""
    for name, fact in facts.items():
        path = target / name
        if fact and not fact.bytes and path.parent.is_dir() and not path.exists():
            with suppress(OSError):  # a read-only data set does without
                path.touch()


def known_facts(parts: Sequence[Part], target: Path, csv: bool) -> dict[str, Fact | None]:
    """Return what is known of each file of the data set, by its name within the target.

    Of SFrames the registry knows it, of CSV files the stamp, made when their content was verified.
    """
    if not csv:
        return {f"{part.name}/{name}": fact for part in parts for name, fact in part.files.items()}
    stamp = read_stamp(target)
    names = [f"{part.name}{ending}" for part in parts for ending in (".csv", ".parquet")]
    known = {name: Fact(entry.get("bytes"), entry.get("sha256")) for name, entry in stamp.items()}
    return {name: known.get(name) for name in names}


def facts_of(folder: Path) -> dict[str, Fact]:
    """Return what each file of a folder is now, by its name within it."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): fact_of(path) for path in files}


def fact_of(path: Path) -> Fact:
    """Return what a file is now."""
    return Fact(path.stat().st_size, pooch.file_hash(str(path)))
