"""What one run of a submission left behind: its cells, with the values and queries of each.

The running half writes a record, the judging half reads it; in between it is JSON. This module
is imported by the kernels too, so it needs nothing but Python 3.8.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

OK, ERROR, LIMIT, NOT_RUN = "ok", "error", "limit", "not run"
MOST_NUMBERS = 5  # of a list: what is longer is no answer
MOST_ROWS = 10  # of a table or of a one-image query's result


@dataclass
class Value:
    """Something a cell showed, printed or gave a name.

    By `kind` the value is
    `number`, an int or a float (NumPy's unwrapped, one-row columns and one-cell tables too);
    `truth`, True or False;
    `text`, a str;
    `numbers`, a list of 2 to 5 ints, floats or strs (of a list, tuple, array or column);
    `table`, {"columns": names, "rows": the first 10 as lists, "count": rows in all}, and
    `mapping`, a list of [key, value] pairs, at most 10.
    """

    where: str  # "display", "name" or "print"
    name: str | None  # with "name": the variable, or `name.attribute`; else None
    kind: str
    value: Any
    decimals: int | None = None  # of a printed number: how many digits stand behind its point
    literal: bool = False  # it stands as a literal in the cell that made it


@dataclass
class Query:
    """A `query` of a nearest neighbors model, as the engine saw it.

    Rows are those of a query with one image, the nearest first, at most 10 of them:
    [query_label, reference_label, distance, rank].
    """

    references: dict[str, int]  # how many images of each label the model searches
    label: str | None  # that of all references, or None where they are of several
    reference_hash: str  # of the references' ids in order: `hash_of_ids`
    named_by: str | None  # the column of `label=` at create: None where row numbers are ids
    features: list[str]  # the columns of the distance, e.g. ["deep_features"]
    distance: str | None  # as asked for at create: None or "auto" is the engine's choice
    query_ids: list[int]  # the ids of the images asked about, at most 10
    query_count: int
    query_part: str | None  # "train" or "test" where all images asked about are of that part
    k: int | None
    radius: float | None = None
    rows: list[list] = field(default_factory=list)


@dataclass
class Picture:
    """An image of the data set that a cell drew, known by its pixels."""

    part: str  # "train" or "test"
    id: int
    label: str


@dataclass
class Cell:
    """A code cell: what was run and what came of it; before the run all but its source is empty."""

    number: int  # among the code cells of its notebook, from 1
    source: str
    stored_count: int | None = None  # the execution count in the file as it was handed in
    status: str = NOT_RUN  # "ok", "error", "limit" or "not run"
    error: list[str] | None = None  # [name, message]; ["DeadKernel", why] where the kernel ended
    limit: str | None = None  # the one passed, e.g. "time: 60 s for a cell", "memory: 4 GB"
    values: list[Value] = field(default_factory=list)
    printed: str = ""
    queries: list[Query] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Run:
    """One run of one notebook of a submission."""

    submission: str
    notebook: str  # the file's name
    engine: str
    converted: list[str] = field(default_factory=list)  # what was changed to make it run
    cells: list[Cell] = field(default_factory=list)
    ended: str | None = None  # why the rest was not run, in a sentence's words, or None
    remarks: list[str] = field(default_factory=list)  # of the folder: links out of it, size


def as_json(run: Run) -> dict:
    """Return a run as dicts and lists that JSON can hold."""
    return asdict(run)


def from_json(record: dict) -> Run:
    """Return the run that `as_json` made a record of."""
    return Run(**dict(record, cells=[cell_from_json(cell) for cell in record["cells"]]))


def cell_from_json(record: dict) -> Cell:
    parts = {"values": Value, "queries": Query, "pictures": Picture}
    made = {name: [kind(**part) for part in record[name]] for name, kind in parts.items()}
    return Cell(**dict(record, **made))


def hash_of_ids(ids: list[int]) -> str:
    """Return a short name for ids in their order, the same on both sides."""
    return hashlib.sha256(",".join(str(int(number)) for number in ids).encode()).hexdigest()[:16]
