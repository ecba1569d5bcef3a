"""What a folder of pictures holds: files that may be pictures, and what is left out unseen."""

from __future__ import annotations

import os
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

# What systems and programs put into folders: thumbnails, settings, copies of a disk's metadata.
SYSTEM = {"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r", "__macosx", "@eadir"}


class File(NamedTuple):
    """A file that may be a picture."""

    path: Path
    source: str  # its place within the folder, with "/" between names
    label: str | None  # the first folder on the way to it, None where there is none


class LeftOut(NamedTuple):
    """What was not taken, and why: in words, perhaps with a detail in brackets."""

    source: str
    reason: str


@dataclass
class Contents:
    """What a folder holds, in the order of the names."""

    files: list[File] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def look_through(folder: Path) -> Contents:
    """Return what a folder and those below it hold.

    Links are followed, but no folder is looked into twice.
    """
    contents, seen = Contents(), set()
    waiting = [(folder, ())]
    while waiting:
        here, names = waiting.pop()
        source = source_of(names)
        if os.path.realpath(here) in seen:
            contents.left_out.append(
                LeftOut(f"{source}/", "a link to a folder that is in it already")
            )
            continue
        seen.add(os.path.realpath(here))
        try:
            entries = sorted(os.scandir(here), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            contents.left_out.append(LeftOut(f"{source}/", f"can't be opened ({error.strerror})"))
            continue
        folders = [entry for entry in entries if add(entry, names, contents)]
        waiting += [(Path(entry.path), (*names, entry.name)) for entry in reversed(folders)]
    contents.files.sort(key=lambda file: file.source)
    return contents


def add(entry: os.DirEntry, names: tuple[str, ...], contents: Contents) -> bool:
    """Add a file to the contents; return whether it is a folder to look into."""
    source = source_of((*names, entry.name))
    reason = reason_not_to_open(entry)
    if reason:
        contents.left_out.append(LeftOut(source, reason))
    elif entry.is_dir():
        return True
    else:
        label = source_of(names[:1]) if names else None
        contents.files.append(File(Path(entry.path), source, label))
    return False


def reason_not_to_open(entry: os.DirEntry) -> str | None:
    """Return why something is no picture whatever it holds, or None."""
    if entry.name.startswith(".") or entry.name.lower() in SYSTEM:
        return "hidden, or made by a system or program"
    try:
        mode = entry.stat().st_mode
    except OSError as error:
        words = "a link that leads nowhere" if entry.is_symlink() else "can't be read"
        return f"{words} ({error.strerror})"
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        return "no file, but a pipe, socket or device"
    return None


def source_of(names: tuple[str, ...]) -> str:
    """Return names as text: composed, as all systems but one write them, and printable."""
    text = "/".join(os.fsencode(name).decode("utf-8", "backslashreplace") for name in names)
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        repr(letter)[1:-1] if unicodedata.category(letter) == "Cc" else letter
        for letter in composed
    )
