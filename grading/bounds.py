"""The bound of what a cell prints and displays, kept in the kernel itself.

Outside, a message is counted once it is made: one of a gigabyte takes the kernel's memory first.
"""

from __future__ import annotations

import functools
import threading
from typing import Any


class OutputLimitError(Exception):
    """A cell printed or displayed more than it may."""


class Bound:
    """How much of its output a cell has used."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.used = 0

    def is_passed(self) -> bool:
        return self.used > self.most

    def takes(self, size: int) -> bool:
        """Count so many characters; return whether they are to be shown.

        Raises OutputLimitError where the cell itself shows too much. In other threads, as in the
        one that reads what programs print, too much is dropped: an error would end their reading.
        """
        self.used += size
        if self.is_passed() and threading.current_thread() is threading.main_thread():
            raise OutputLimitError(f"more output than the {self.most} characters of a cell")
        return not self.is_passed()

    def hold(self, stream: Any) -> None:
        """Have a stream write no more than the bound."""
        original = stream.write

        @functools.wraps(original)
        def write(text: str) -> Any:
            return original(text) if self.takes(size_of(text)) else len(text)

        stream.write = write


def size_of(thing: Any) -> int:
    """Return the size of a text or bytes, or of all that a display offers; 0 of anything else."""
    if isinstance(thing, dict):
        return sum(map(size_of, thing.values()))
    return len(thing) if isinstance(thing, (str, bytes)) else 0
