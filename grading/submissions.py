"""The submissions in a folder, and copies of their folders."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

from assignment.errors import OneLineError

MOST_SKIPPED = 20  # names of files left out that a remark lists


class SubmissionsError(OneLineError):
    """The folder of submissions can't be used."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in: notebooks, in order of name, and the folder around them."""

    name: str
    folder: Path | None  # None where a notebook alone was handed in
    notebooks: list[Path] = field(default_factory=list)  # none: the problem says why
    problem: str | None = None


def find_submissions(folder: Path) -> list[Submission]:
    """Return the submissions in a folder: each `name.ipynb`, and each folder of a student.

    What is hidden and any other file is no submission. Raises SubmissionsError where there is no
    such folder or nothing in it.
    """
    if not folder.is_dir():
        raise SubmissionsError(f"there is no folder {folder}: set SUBMISSIONS to that of notebooks")
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise SubmissionsError(f"the folder {folder} can't be read ({error.strerror})") from None
    found = [submission for entry in entries for submission in submission_of(entry, folder)]
    if not found:
        raise SubmissionsError(
            f"there is no submission in {folder}: put a notebook or a folder there per student"
        )
    return with_own_names(found)


def submission_of(entry: Path, folder: Path) -> Iterator[Submission]:
    is_notebook = entry.suffix.lower() == ".ipynb"
    if leads_out(entry, folder):
        if is_notebook or not entry.suffix:
            yield Submission(entry.stem if is_notebook else entry.name, None, problem=OUT)
    elif entry.is_dir():
        notebooks = notebooks_in(entry)
        yield Submission(entry.name, entry, notebooks, None if notebooks else NO_NOTEBOOK)
    elif is_notebook:
        problem = None if entry.is_file() else "it is no file"
        yield Submission(entry.stem, None, [] if problem else [entry], problem)


OUT = "it is a link out of the folder of submissions, which is not followed"
NO_NOTEBOOK = "there is no notebook in the folder"


def notebooks_in(folder: Path) -> list[Path]:
    """Return the notebooks below a folder in order of name, without hidden ones and links out."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        for name in names:
            path = Path(place, name)
            if is_notebook_file(path) and not leads_out(path, folder):
                found.append(path)
    return sorted(found, key=lambda path: (path.name, path))


def is_notebook_file(path: Path) -> bool:
    named = path.suffix.lower() == ".ipynb" and not path.name.startswith(".")
    return named and path.is_file()


def leads_out(path: Path, folder: Path) -> bool:
    """Return whether a link leads to what isn't below the folder, or nowhere."""
    if not path.is_symlink():
        return False
    target, root = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    return not target.exists() or root not in target.parents


def with_own_names(found: list[Submission]) -> list[Submission]:
    """Return the submissions, those of equal names told apart: `name` and `name.ipynb`."""
    taken: set[str] = set()
    named = []
    for submission in sorted(found, key=lambda one: (one.name, one.folder is None)):
        name, number = submission.name, 1
        if name in taken and submission.folder is None:
            name = f"{submission.name}.ipynb"
        while name in taken:
            number += 1
            name = f"{submission.name} ({number})"
        taken.add(name)
        named.append(Submission(name, submission.folder, submission.notebooks, submission.problem))
    return named


def copy_folder(source: Path, target: Path, most_bytes: int, most_files: int) -> list[str]:
    """Copy a folder into an existing one and return remarks on what was left out.

    Links inside the folder become copies of files, or stay links where they lead to folders; links
    out of it, devices and pipes are left out, and so is what goes beyond the bounds.
    """
    out, special, too_much = [], [], []
    size = files = 0
    for place, folders, names in os.walk(source):
        inside = target / os.path.relpath(place, source)
        for name in list(folders):
            path = Path(place, name)
            if path.is_symlink():
                folders.remove(name)
                out.append(path.relative_to(source))
                continue
            (inside / name).mkdir(exist_ok=True)
        for name in sorted(names):
            path = Path(place, name)
            relative = path.relative_to(source)
            if leads_out(path, source):
                out.append(relative)
            elif not path.is_file():
                special.append(relative)
            elif files >= most_files or size + path.stat().st_size > most_bytes:
                too_much.append(relative)
            else:
                files, size = files + 1, size + path.stat().st_size
                copy_file(path, inside / name, special)
    return [
        *remark("a link out of the folder is not followed", out),
        *remark("left out, it can't be read as a file", special),
        *remark("left out, the folder is too large", too_much),
    ]


def copy_file(source: Path, target: Path, unreadable: list[Path]) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError:
        unreadable.append(Path(source.name))


def remark(reason: str, paths: list[Path]) -> list[str]:
    """Return a line that names the paths, the first of them where they are many."""
    if not paths:
        return []
    names = ", ".join(str(path) for path in paths[:MOST_SKIPPED])
    more = len(paths) - MOST_SKIPPED
    return [f"{reason}: {names}" + (f" and {more} more" if more > 0 else "")]
