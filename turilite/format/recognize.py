"""What a path leads to where a stored SFrame was expected, told by its first bytes, in words."""

from __future__ import annotations

import re
from pathlib import Path

ARCHIVE = "dir_archive.ini"
HEAD = 4096  # bytes; enough for every signature and for a line of text
DEPTHS = ("*", "*/*")  # how far below a folder SFrames are looked for
# The beginning of a file that is something else beyond doubt, and what to do with it.
SIGNATURES = (
    (
        rb"version https://git-lfs\.",
        "this is a Git LFS pointer, not the data: run `git lfs pull`, or download the file itself",
    ),
    (
        rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml)",
        "this is an HTML page, not the data: download the file again",
    ),
    (rb"PK(\x03\x04|\x05\x06)", "this is a zip file: unpack it, and give the path of the folder"),
    (rb"\x1f\x8b", "this is a gzip file: unpack it first"),
    (rb"BZh\d|\xfd7zXZ\0|7z\xbc\xaf|Rar!", "this is a packed file: unpack it first"),
    (rb"PAR1", "this is a Parquet file: read it with format='parquet'"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8", "this is a picture: read it with `Image`"),
)


def foreign(path: Path) -> str | None:
    """Return what a file is by its signature and what to do, or None where it has none."""
    return by_signature(head_of(path))


def by_signature(head: bytes) -> str | None:
    """Return what a file is that begins with these bytes and what to do, or None."""
    return next((words for start, words in SIGNATURES if re.match(start, head, re.I)), None)


def what_is(path: Path) -> str:
    """Return what is at `path`, which is no stored SFrame or SArray, and what to do."""
    if path.is_dir():
        return what_folder_is(path)
    if not path.exists():
        return "there is no such file or folder"
    return foreign(path) or what_file_is(path)


def what_file_is(path: Path) -> str:
    """Return what a file without a signature is: part of an SFrame, empty, CSV, text or other."""
    head = head_of(path)
    if (path.parent / ARCHIVE).is_file():
        return f"this is a file of what is stored in {path.parent}: give the path of that folder"
    if not head:
        return "this file is empty: download or copy it again"
    try:
        first, *more = head[: head.rfind(b"\n") + 1 or None].decode().splitlines() or [""]
    except UnicodeDecodeError:
        return "this is a file, and what is stored is a folder: unpack it, or give the folder"
    if re.match(r"\s*[\[{]", first):
        return "this is a JSON file: read it with `SFrame.read_json`"
    if more and re.search("[,;\t]", first):
        return "this is a CSV file: read it with `SFrame.read_csv`"
    return "this is a text file: read it with `SArray` or `SFrame.read_csv`"


def what_folder_is(path: Path) -> str:
    """Return what is in a folder that is no stored SFrame: some of them, files, or nothing."""
    try:
        found = stored_below(path)
        names = sorted(entry.name for entry in path.iterdir())
    except OSError as error:
        return f"this folder can't be read ({error.strerror})"
    if len(found) == 1:
        return f"what is stored is in {found[0]}: give that path"
    if found:
        listed = " or ".join(folder.relative_to(path).as_posix() for folder in found[:3])
        return f"this folder holds {len(found)} stored SFrames: give the path of one, as {listed}"
    for end, words in {
        ".frame_idx": f"it has no {ARCHIVE}: copy it again, or give the path of its {{}}",
        ".zip": "it holds the zip file {}: unpack that",
        ".csv": "it holds the CSV file {}: read that with `SFrame.read_csv`",
    }.items():
        name = next((name for name in names if name.endswith(end)), None)
        if name:
            return "this is no stored sframe, " + words.format(name)
    if not names:
        return "this folder is empty"
    return f"this is no stored sframe, it has no {ARCHIVE}"


def stored_below(path: Path) -> list[Path]:
    """Return the folders of stored SFrames at most two levels below a folder."""
    for depth in DEPTHS:
        found = sorted(file.parent for file in path.glob(f"{depth}/{ARCHIVE}"))
        if found:
            return found
    return []


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file, none where it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""
