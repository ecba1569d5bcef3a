"""Errors that a notebook shows as one sentence."""

from __future__ import annotations


class OneLineError(Exception):
    """An error that the notebook shows as one sentence, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class DataError(OneLineError):
    """The data set is missing, incomplete or damaged."""


class EngineError(OneLineError):
    """The engine that is asked for is none, or is not set up."""


class WrongAnswer(OneLineError):  # noqa: N818 (a verdict, not a fault of the program)
    """An answer differs from the one known for the data set."""
