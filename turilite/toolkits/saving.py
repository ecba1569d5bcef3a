"""Models as directories: a table for each part, and a small file with the class and the fields.

That file is replaced when all else is written, so a model is always the old one or the new one.
"""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from ..tables.sframe import SFrame, load_sframe

MODEL_FILE = "model.json"
FORMAT = {"format": "turilite model", "version": 2}
NEIGHBORS_FORMAT = {"format": "turilite nearest neighbors model", "version": 1}
"""What version 1 wrote: the name of the one table in the place of class and tables."""
STAMP = re.compile("-[0-9a-f]{32}")  # in the names of all that one save writes


class Stored(NamedTuple):
    """What the file of a model says; `tables` are names of directories beside it."""

    path: Path
    kind: str
    tables: dict[str, str]
    fields: dict[str, Any]

    def table(self, name: str) -> SFrame:
        """Return a table of the model. Raises OSError where it can't be read."""
        return load_sframe(str(self.path.with_name(self.tables[name])))

    def damaged(self, reason: str) -> OSError:
        """Return the error that says what is wrong with the file."""
        return OSError(f"{self.path} is damaged: {reason}.")


def write_model(
    location: str | PathLike, kind: str, tables: Mapping[str, SFrame], fields: dict[str, Any]
) -> None:
    """Write a model of the class `kind` to a new directory, or over the model in an old one.

    Raises OSError, and writes nothing, where anything but a model is.
    """
    folder = Path(location).expanduser()
    is_free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    if not is_free and not (folder / MODEL_FILE).exists():
        raise OSError(f"{folder} holds something else than a model: choose another name.")
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"-{uuid.uuid4().hex}"
    for name, table in tables.items():
        table.save(folder / f"{name}{stamp}")
    draft = folder / f"model{stamp}.json"
    names = {name: f"{name}{stamp}" for name in tables}
    stored = {**FORMAT, "class": kind, "tables": names, "fields": fields}
    draft.write_text(json.dumps(stored), encoding="utf-8")
    draft.replace(folder / MODEL_FILE)
    for old in folder.iterdir():  # with what killed saves left
        if STAMP.search(old.name) and stamp not in old.name:
            shutil.rmtree(old) if old.is_dir() else old.unlink()


def read_model(location: str | PathLike) -> Stored:
    """Return what `write_model` wrote. Raises OSError where there is no intact model."""
    path = Path(location).expanduser() / MODEL_FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        version = {name: stored[name] for name in FORMAT}
        fields = dict(stored["fields"])
        if version == NEIGHBORS_FORMAT:
            kind, tables = "NearestNeighborsModel", {"reference": stored["reference"]}
        elif version == FORMAT:
            kind, tables = str(stored["class"]), dict(stored["tables"])
        else:
            raise OSError(f"{path} is {version}, which this turilite can't read.")
        names = {name: Path(folder).name for name, folder in tables.items()}
    except FileNotFoundError:
        raise OSError(f"There is no model at {location}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise OSError(f"{path} is damaged: {error!r}.") from error
    return Stored(path, kind, names, fields)
