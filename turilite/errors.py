"""The exceptions that Turi Create has no built-in type for."""

from __future__ import annotations

from os import PathLike


class SFrameFormatError(OSError):
    """What is stored at `path` is not an intact SFrame or SArray; `reason` says why.

    It is an OSError because Turi Create raises OSError when a directory can't be read.
    """

    def __init__(self, path: str | PathLike, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = str(path)
        self.reason = reason

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.path, self.reason)


class ToolkitError(RuntimeError):
    """What Turi Create's models raise for most wrong input."""
