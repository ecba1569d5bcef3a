"""What runs in the kernel beside a submission: an IPython extension that notes what cells do.

After every cell it adds an entry to the reply's payload, where nothing printed or displayed gets
in its way: the values the cell showed or gave a name, its queries, the pictures it showed.
`GRADING_ROWS` is the file of the data set's images, `DATA_DIR` its copy, `ENGINE` the engine,
`GRADING_OUTPUT` how many characters a cell may print and display.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from .bounds import Bound, size_of
from .imports import Action, Aliases, Followers
from .old_names import ALIASES, add_model_names, fix_data_dir, prepare, redirect_csv
from .record import Value
from .values import is_scalar, kind_and_value, literals_of, value_of
from .watch import Images, Watch, quietly

SOURCE = "grading"  # of the payload's entry
MOST_VALUES = 200  # of one cell
MOST_BYTES = 500_000  # of one entry
MUTABLE = (list, dict, set, tuple)


def load_ipython_extension(shell: Any) -> None:
    """Have the engines prepared as they are imported, and note what the submission's cells do."""
    data = Path(os.environ["DATA_DIR"])
    rows = json.loads(Path(os.environ["GRADING_ROWS"]).read_text(encoding="utf-8"))
    watch = Watch(Images(rows))
    sys.meta_path.insert(0, Followers(followers(watch, data)))
    sys.meta_path.insert(0, Aliases(os.environ["ENGINE"], ALIASES))
    Observer(shell, watch, Bound(int(os.environ["GRADING_OUTPUT"]))).start()


def followers(watch: Watch, data: Path) -> dict[str, Action]:
    """Return what follows the import of each module that is prepared or watched."""

    def prepare_and_watch(engine: ModuleType) -> None:
        prepare(engine, data)
        watch.watch_engine(engine)

    turicreate, turilite = "turicreate.toolkits", "turilite.toolkits"
    return {
        "turicreate": prepare_and_watch,
        "turilite": prepare_and_watch,
        f"{turicreate}._model": add_model_names,
        f"{turilite}.model": add_model_names,
        f"{turicreate}.nearest_neighbors._nearest_neighbors": watch.watch_models,
        f"{turilite}.nearest_neighbors": watch.watch_models,
        "matplotlib.axes._axes": watch.watch_plots,
        "pandas": lambda pandas: redirect_csv(pandas, data),
        "assignment.data_sets": lambda data_sets: fix_data_dir(data_sets, data),
    }


class Observer:
    """The notes of the cell that runs."""

    def __init__(self, shell: Any, watch: Watch, bound: Bound) -> None:
        self.shell = shell
        self.watch = watch
        self.bound = bound
        self.write_payload = shell.payload_manager.write_payload
        self.streams = sys.stdout, sys.stderr
        self.forget()

    def forget(self) -> None:
        self.literals: list = []
        self.values: list[Value] = []
        self.marks: dict[str, Any] = {}
        self.bound.used = 0

    def start(self) -> None:
        for stream in self.streams:
            self.bound.hold(stream)
        self.shell.events.register("pre_run_cell", self.before_cell)
        self.shell.events.register("post_run_cell", self.after_cell)
        formatter = self.shell.display_formatter
        original = formatter.format

        def format_and_note(thing: Any, *given: Any, **options: Any) -> Any:
            quietly(self.note_display, thing)
            self.bound.takes(size_of(thing) if isinstance(thing, (str, bytes)) else 0)
            made = original(thing, *given, **options)
            self.bound.takes(size_of(made[0]))
            return made

        formatter.format = format_and_note

    def before_cell(self, info: Any) -> None:
        self.forget()
        self.watch.take()
        self.literals = literals_of(self.shell.transform_cell(info.raw_cell))
        self.marks = {name: mark_of(thing) for name, thing in self.names().items()}

    def after_cell(self, _: Any) -> None:
        sys.stdout, sys.stderr = self.streams  # without one no later cell gets an answer
        for name, thing in self.names().items():
            quietly(self.note_name, name, thing)
        queries, pictures = self.watch.take()
        record = {
            "values": [asdict(value) for value in self.values[-MOST_VALUES:]],
            "queries": [asdict(query) for query in queries],
            "pictures": [asdict(picture) for picture in pictures],
        }
        while len(json.dumps(record)) > MOST_BYTES and any(record.values()):
            record = {name: notes[len(notes) // 2 + 1 :] for name, notes in record.items()}
        entry = {"source": SOURCE, "record": record, "output_passed": self.bound.is_passed()}
        self.write_payload(entry, single=False)
        self.forget()

    def names(self) -> dict[str, Any]:
        """Return what the submission gave names to."""
        hidden = self.shell.user_ns_hidden
        names = list(self.shell.user_ns.items())
        return {
            name: thing
            for name, thing in names
            if isinstance(name, str) and not name.startswith("_") and name not in hidden
        }

    def note_name(self, name: str, thing: Any) -> None:
        if name in self.marks and self.marks[name] == mark_of(thing):
            return
        self.add(value_of(thing, "name", name, self.literals))

    def note_display(self, thing: Any) -> None:
        quietly(self.watch.note_shown, thing)
        self.add(value_of(thing, "display", None, self.literals))

    def add(self, value: Value | None) -> None:
        if value is not None:
            self.values.append(value)


def mark_of(thing: Any) -> Any:
    """Return what changes when a name gets another value, or its small value another content."""
    if isinstance(thing, (str, bytes, int)):
        return type(thing), hash(thing)  # a text of it could be as large as the thing
    if is_scalar(thing):
        return type(thing), repr(thing)
    if isinstance(thing, MUTABLE) and len(thing) <= 50:
        return id(thing), repr(kind_and_value(thing))
    return id(thing)
