"""What has been computed of each picture, kept beside the data set: a stopped run goes on there.

An SQLite file holds, by the hash of a file's bytes, the picture as it is stored and its features.
A file whose size and time are those of the last run is not read again.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Iterable, Iterator, Sequence

import numpy as np

from . import loading, network
from .data_set import PIXELS, small_pixels
from .loading import Picture

TABLES = """
create table if not exists file (path blob primary key, status text, content text);
create table if not exists picture (
    content text primary key, kind text, height int, width int, encoded blob, pixels text,
    features blob, small blob
);
"""
# What decides the result: another makes all of them anew.
RECIPE = (1, network.SHA256, loading.LONGEST_SIDE, loading.EXACT_SIDE, loading.JPEG_QUALITY)


class Journal:
    """An open journal; what is noted in a `with` of its connection is written at the end of it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        files = connection.execute("select path, status, content from file")
        self.files = {path: (status, content) for path, status, content in files}
        # The hash of a picture's pixels by that of the bytes of its file.
        self.pixels = dict(connection.execute("select content, pixels from picture"))

    def known(self, path: Path, now: str) -> str | None:
        """Return the hash of a file's bytes, if it was read and has the same status since."""
        before, content = self.files.get(key(path), ("", None))
        return content if before == now else None

    def note(self, path: Path, before: str, content: str) -> None:
        """Note the hash of a file that had this status before it was read."""
        if self.files.get(key(path)) != (before, content):
            self.files[key(path)] = before, content
            row = (key(path), before, content)
            self.connection.execute("insert or replace into file values (?, ?, ?)", row)

    def add(self, content: str, picture: Picture, features: np.ndarray) -> None:
        """Add a picture with its features, (1280,)."""
        self.pixels[content] = pixel_hash(picture)
        row = (
            content,
            picture.kind,
            picture.height,
            picture.width,
            picture.encoded,
            self.pixels[content],
            np.asarray(features, "<f4").tobytes(),
            small_pixels(picture).tobytes(),
        )
        places = ", ".join("?" * len(row))
        self.connection.execute(f"insert or replace into picture values ({places})", row)

    def read(self, contents: Sequence[str]) -> tuple[list[Picture], np.ndarray, np.ndarray]:
        """Return pictures, features, (n, 1280), and small pixels, (n, 3072), in this order."""
        query = (
            "select encoded, kind, height, width, features, small from picture where content = ?"
        )
        rows = [self.connection.execute(query, (content,)).fetchone() for content in contents]
        features = np.frombuffer(b"".join(row[4] for row in rows), "<f4")
        pixels = np.frombuffer(b"".join(row[5] for row in rows), np.uint8)
        return (
            [Picture(*row[:4]) for row in rows],
            features.reshape(len(rows), network.WIDTH),
            pixels.reshape(len(rows), PIXELS),
        )

    def keep_only(self, contents: Iterable[str]) -> None:
        """Forget what belongs to other files: a journal is no larger than its data set."""
        with self.connection:
            self.connection.execute("create temporary table kept (content text primary key)")
            rows = [(content,) for content in set(contents)]
            self.connection.executemany("insert into kept values (?)", rows)
            for table in ("file", "picture"):
                self.connection.execute(
                    f"delete from {table} where content not in (select content from kept)"
                )
            self.connection.execute("drop table kept")


@contextmanager
def opened(path: Path) -> Iterator[Journal]:
    """Open a journal; begin anew where it is damaged or of another recipe."""
    connection = connected(path)
    try:
        yield Journal(connection)
    finally:
        connection.close()


def connected(path: Path) -> sqlite3.Connection:
    digest = hashlib.sha256(repr(RECIPE).encode()).digest()
    version = int.from_bytes(digest[:3], "big") + 1
    with suppress(sqlite3.DatabaseError):
        connection = sqlite3.connect(path)
        if connection.execute("pragma user_version").fetchone()[0] == version:
            connection.executescript(TABLES)
            return connection
        connection.close()
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(TABLES + f"pragma user_version = {version};")
    return connection


def key(path: Path) -> bytes:
    return os.fsencode(os.path.abspath(path))  # noqa: PTH100 (links stay)


def status(path: Path) -> str:
    """Return what changes when a file is written: its size, time and number; OSError if gone."""
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"


def pixel_hash(picture: Picture) -> str:
    """Return a hash by which copies of a picture are known, whatever their files' names and kinds.

    Of the pixels as they are stored.
    """
    size = f"{picture.height} {picture.width} ".encode()
    return hashlib.sha256(size + picture.pixel_data.tobytes()).hexdigest()
