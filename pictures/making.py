"""From a folder of pictures to a data set in its place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

from assignment.course_data.fetch import facts_of
from assignment.course_data.place import (
    Place,
    locked,
    read_stamp,
    refuse_target,
    settle,
    swap,
    write_stamp,
)

from .choice import Row, choose
from .computing import compute
from .data_set import Rows, write_part
from .folder import LeftOut, look_through
from .journal import Journal, opened
from .page import write_page

PAGE = "index.html"
PARTS = {"image_train_data": False, "image_test_data": True}  # by name: is it the test?


@dataclass(frozen=True)
class Made:
    """What a run has made: the rows, what it left out, how many pictures it computed."""

    folder: Path
    rows: Sequence[Row]
    left_out: Sequence[LeftOut]
    computed: int

    def count(self, is_test: bool) -> int:
        return sum(row.is_test is is_test for row in self.rows)

    @property
    def labels(self) -> Counter:
        return Counter(row.label for row in self.rows)


def make_data_set(folder: Path, place: Place) -> Made:
    """Make the data set of a folder's pictures in a place; where none could be taken, nothing.

    Raise `FetchError` where the place holds something else, OSError where it can't be written to.
    """
    refuse_target(place, own_files(place))
    with locked(place), opened(journal_of(place)) as journal:
        contents = look_through(folder)
        outcome = compute(contents.files, journal)
        rows, copies = choose(outcome.taken)
        left_out = sorted([*contents.left_out, *outcome.left_out, *copies])
        made = Made(folder, rows, left_out, outcome.computed)
        if rows:
            try:
                write(made, journal, place)
            finally:
                settle(place)
            journal.keep_only(one.content for one in outcome.taken)
    return made


def journal_of(place: Place) -> Path:
    return place.lock.with_name(f".{place.target.name}-journal")


def own_files(place: Place) -> list[str]:
    """Return the files of a data set that was made here earlier; of any other none."""
    names = list(read_stamp(place.target))
    return names if PAGE in names else []


def write(made: Made, journal: Journal, place: Place) -> None:
    """Write the data set beside the place, then put it there by a rename."""
    new = place.new / "data"
    new.mkdir(parents=True)
    for name, is_test in PARTS.items():
        rows = [row for row in made.rows if row.is_test is is_test]
        pictures, features, pixels = journal.read([row.content for row in rows])
        ids, labels, sources = ([row[i] for row in rows] for i in (0, 1, 2))
        more = {"source": sources}
        write_part(new / name, Rows(ids, pictures, labels, features, pixels, more))
    write_page(new / PAGE, made, journal)
    write_stamp(new, facts_of(new))
    swap(new, place, own_files(place))
