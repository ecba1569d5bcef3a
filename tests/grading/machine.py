"""What a grading could leave on a machine: processes, files, listening ports."""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence

import psutil

PR_SET_CHILD_SUBREAPER = 36  # prctl(2)


@dataclass(frozen=True)
class Machine:
    """Its state at a moment, as far as this process and its descendants can have changed it.

    `processes` are descendants, also those whose parents are gone. `ports` are what they listen
    on. `files` are sizes and times by path.
    """

    processes: frozenset[int]
    ports: frozenset[tuple]
    files: dict[str, tuple]

    @classmethod
    def now(cls, folders: Sequence[Path]) -> Machine:
        adopt()
        children = psutil.Process().children(recursive=True)
        found = frozenset(process.pid for process in children if is_alive(process))
        files = {path: state for folder in folders for path, state in states(folder)}
        return cls(found, frozenset(listened_on(found)), files)


def adopt() -> None:
    """Have this process become the parent of what descendants leave behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def is_alive(process: psutil.Process) -> bool:
    """Return whether a process still is: an adopted one stays a zombie, which init would reap."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def listened_on(processes: frozenset[int]) -> Iterator[tuple]:
    """Yield the addresses on which these processes listen, and those whose process is not told."""
    for one in psutil.net_connections(kind="inet"):
        if one.status == psutil.CONN_LISTEN and (one.pid is None or one.pid in processes):
            yield tuple(one.laddr)


def states(folder: Path) -> Iterator[tuple[str, tuple]]:
    """Yield each path in a folder with what changes with it; of the real home the top alone."""
    deep = folder != Path.home()
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(place, name)
            state = path.lstat()
            yield str(path), (state.st_mode, state.st_size, state.st_mtime_ns) if deep else ()
        if not deep:
            return
