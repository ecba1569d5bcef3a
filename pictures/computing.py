"""Every file of a folder looked at: its picture and features computed, or the reason why not."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, Sequence

from assignment.course_data.download import progress

from .errors import PictureError
from .features import deep_features
from .folder import File, LeftOut
from .journal import Journal, status
from .loading import Picture, load_picture, read_bytes

BATCH = 32  # files that are computed, and then written down, together
WORKERS = min(4, os.cpu_count() or 1)  # each may hold a large picture: 1 GB at most


class Taken(NamedTuple):
    """A file whose picture is computed: the hashes of its bytes and of the picture's pixels."""

    file: File
    content: str
    pixels: str


@dataclass
class Outcome:
    """What became of the files."""

    taken: list[Taken] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    computed: int = 0  # pictures, in this run


class Seen(NamedTuple):
    """A file that was read: its status before, the hash of its bytes, its picture if new."""

    status: str
    content: str
    picture: Picture | None


def compute(files: Sequence[File], journal: Journal) -> Outcome:
    """Bring the files' pictures into the journal, batch by batch; return what became of each."""
    outcome = Outcome()
    with progress("pictures", len(files), unit=" files") as bar, ThreadPoolExecutor(
        WORKERS
    ) as pool:
        for start in range(0, len(files), BATCH):
            batch = files[start : start + BATCH]
            with journal.connection:
                compute_batch(batch, journal, pool, outcome)
            bar.update(len(batch))
    return outcome


def compute_batch(
    files: Sequence[File], journal: Journal, pool: ThreadPoolExecutor, outcome: Outcome
) -> None:
    """Look at some files, compute the new pictures together, and note all of it."""
    seen = list(pool.map(partial(look_at, journal), files))
    new = {one.content: one.picture for one in seen if isinstance(one, Seen) and one.picture}
    for (content, picture), features in zip(new.items(), deep_features(new.values())):
        journal.add(content, picture, features)
    outcome.computed += len(new)
    for file, one in zip(files, seen):
        if isinstance(one, LeftOut):
            outcome.left_out.append(one)
        else:
            journal.note(file.path, one.status, one.content)
            outcome.taken.append(Taken(file, one.content, journal.pixels[one.content]))


def look_at(journal: Journal, file: File) -> Seen | LeftOut:
    """Return what a file holds, decoded unless it is known; or why it can't be taken."""
    try:
        now = status(file.path)
        content = journal.known(file.path, now)
        if content in journal.pixels:
            return Seen(now, content, None)
        data = read_bytes(file.path)
        content = hashlib.sha256(data).hexdigest()
        return Seen(now, content, None if content in journal.pixels else load_picture(data))
    except PictureError as error:
        return LeftOut(file.source, str(error))
    except OSError as error:
        return LeftOut(file.source, f"it can't be read ({error.strerror})")
