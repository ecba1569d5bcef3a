"""A position in bytes that never moves past their end."""

from __future__ import annotations


class Reader:
    """Bytes, taken one after the other; ValueError if there are fewer than asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position, self.end = 0, len(data)

    @property
    def left(self) -> int:
        return self.end - self.position

    def take(self, size: int) -> bytes:
        self.skip(size)
        return self.data[self.position - size : self.position]

    def skip(self, size: int) -> None:
        if size > self.left:
            at = self.position
            raise ValueError(f"{size} bytes expected at {at}, but only {self.left} are there")
        self.position += size

    def byte(self) -> int:
        if self.position >= self.end:
            raise ValueError(f"a byte expected at {self.position}, but the data end there")
        self.position += 1
        return self.data[self.position - 1]

    def number(self) -> int:
        """Take an unsigned 64-bit number."""
        return int.from_bytes(self.take(8), "little")

    def count(self, least: int) -> int:
        """Take a number of items that take at least `least` bytes each, and so must fit."""
        items = self.number()
        if items * least > self.left:
            raise ValueError(f"{items} items can't be in the {self.left} bytes that are left")
        return items

    def finish(self) -> None:
        if self.left:
            raise ValueError(f"{self.left} bytes too many")
