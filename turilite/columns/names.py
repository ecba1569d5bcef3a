"""Names of columns."""

from __future__ import annotations

from collections.abc import Collection


def unused(name: str, taken: Collection[str]) -> str:
    """Return `name`, or with .1, .2 and so on the first that isn't taken."""
    names = [name, *(f"{name}.{number}" for number in range(1, len(taken) + 1))]
    return next(candidate for candidate in names if candidate not in taken)
