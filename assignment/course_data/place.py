"""The target folder: the lock, the swap, and what is there already.

Half a data set never appears. All work is done in `.course-new` beside the target `course`, hence
on the same file system, and ends in one rename. Where a data set is replaced there are two renames:
`course` becomes `.course-old`, then the finished folder becomes `course`. A run that is killed,
even between the two, leaves these names behind; the next run, whichever it is, first puts
`.course-old` back if `course` is missing, and removes what is left (`settle`). That can't disturb
a run at work, because both hold the lock: `.course-lock`, an empty file that stays. A target that
is a symbolic link is followed first, so these names stand beside the folder that it points to.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Dict, Iterable, Iterator, Mapping, Optional

import filelock
import pooch

from .download import say
from .parts import JUNK
from .registry import Fact, FetchError

STAMP = "fetched.json"  # in the data set: each file's size, time and hash when it was verified
Facts = Mapping[str, Optional[Fact]]  # by name within the target; None where nothing is known
Stamp = Dict[str, Dict[str, Any]]


class Place:
    """The target folder, and the names beside it that belong to this script.

    `option` is what the user writes to choose another one.
    """

    def __init__(self, target: Path, option: str = "--dest") -> None:
        self.target, self.option = Path(os.path.realpath(str(target))), option
        beside = f"{self.target.parent}/.{self.target.name}"
        self.new, self.old, self.lock = (
            Path(f"{beside}-{role}") for role in ("new", "old", "lock")
        )

    @property
    def unsettled(self) -> bool:
        """Tell whether a run is at work here, or was killed."""
        return self.new.exists() or self.old.exists()


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Hold the place's lock, once no other run has it, and settle what a killed run left."""
    place.lock.parent.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(str(place.lock))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        say(f"Another run is at work on {place.target}: waiting for its end")
        lock.acquire()
    try:
        settle(place)
        yield
    finally:
        lock.release()


def settle(place: Place) -> None:
    """Put things right at whatever moment the last run ended; needs the lock."""
    if place.old.exists() and not place.target.exists():
        place.old.rename(place.target)
    for leftover in (place.new, place.old):
        if leftover.exists():
            shutil.rmtree(leftover)


def swap(folder: Path, place: Place, names: Iterable[str]) -> None:
    """Put the finished folder in place; when only half of it succeeds, `settle` undoes that."""
    refuse_target(place, names)  # once more: since the start somebody may have added a file
    if place.target.exists():
        place.target.rename(place.old)
    folder.rename(place.target)


def refuse_target(place: Place, names: Iterable[str]) -> None:
    """Raise FetchError where the target is something that must not be replaced."""
    target, elsewhere = place.target, f"choose another {place.option}"
    if target.is_symlink():
        raise FetchError(f"{target} is a link that leads in a circle: {elsewhere}")
    if not target.exists():
        return
    if not target.is_dir():
        raise FetchError(f"{target} is not a folder: move it away or {elsewhere}")
    if os.path.ismount(target):
        raise FetchError(f"{target} is a mount point and can't be replaced: choose a folder in it")
    for name in strangers(target, names):
        raise FetchError(
            f"{target} holds {name}, which does not belong there and would be lost:"
            f" move it away or {elsewhere}"
        )
    folders = [target, *(path for path in target.iterdir() if path.is_dir())]
    if not all(os.access(folder, os.W_OK) for folder in folders):
        raise FetchError(f"{target} is read-only: make it writable or {elsewhere}")


def strangers(target: Path, names: Iterable[str]) -> list[str]:
    """Return what the target holds besides the files `names`; look into no unknown folder."""
    files = {STAMP, *names}
    folders = {PurePosixPath(name).parent.as_posix() for name in files}
    present = {
        path.relative_to(target).as_posix()
        for folder in folders
        if (target / folder).is_dir()
        for path in (target / folder).iterdir()
        if path.name not in JUNK
    }
    return sorted(present - files - folders)


def needed(target: Path, facts: Facts) -> Facts:
    """Return the facts of the files that must be there or are: an empty one may be missing."""
    return {
        name: fact
        for name, fact in facts.items()
        if fact is None or fact.bytes or (target / name).exists()
    }


def differences(target: Path, facts: Facts, stamp: Stamp) -> list[str]:
    """Return one line for each file that is missing or wrong, none when all is right.

    A file that has the size and time that the stamp gives for its right content isn't read.
    """
    found = []
    for name, fact in facts.items():
        path = target / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif fact is None:
            found.append(f"{name} was never verified")
        elif stamp.get(name) != record(path, fact):
            if path.stat().st_size != fact.bytes:
                found.append(f"{name} has {path.stat().st_size} bytes, not {fact.bytes}")
            elif pooch.file_hash(str(path)) != fact.sha256:
                found.append(f"{name} has the right size but a wrong SHA-256")
    return found


def record(path: Path, fact: Fact) -> dict[str, Any]:
    """Return what the stamp says of a file that is as `fact` says."""
    status = path.stat()
    return {"bytes": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": fact.sha256}


def read_stamp(target: Path) -> Stamp:
    """Return the target's stamp; an empty one where there is none or it is damaged."""
    try:
        stamp = json.loads((target / STAMP).read_text(encoding="utf-8"))
        return {name: dict(entry) for name, entry in stamp.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_stamp(target: Path, facts: Mapping[str, Fact]) -> None:
    """Note each file's size, time and hash; all have just been verified."""
    stamp = {name: record(target / name, fact) for name, fact in facts.items()}
    (target / STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")
