"""Whether the notes of a cell are such as the observer makes: they come from a submission's kernel.

A submission can put anything in their place. What is not sound is left out, before it is judged.
"""

from __future__ import annotations

from typing import Any, Callable

from .record import Picture, Query, Value

LARGEST = 10**300  # a whole number that is larger is nobody's answer, and no float


def is_number(thing: Any) -> bool:
    if isinstance(thing, bool):
        return False
    return isinstance(thing, float) or (isinstance(thing, int) and abs(thing) < LARGEST)


def is_scalar(thing: Any) -> bool:
    return thing is None or isinstance(thing, (str, bool)) or is_number(thing)


def is_text(thing: Any) -> bool:
    return isinstance(thing, str)


def is_text_or_none(thing: Any) -> bool:
    return thing is None or isinstance(thing, str)


def list_of(is_right: Callable, length: int | None = None) -> Callable:
    """Return a check for lists of what is right, of this length."""
    return lambda things: (
        isinstance(things, list)
        and (length is None or len(things) == length)
        and all(map(is_right, things))
    )


def is_table(thing: Any) -> bool:
    if not isinstance(thing, dict) or set(thing) != {"columns", "rows", "count"}:
        return False
    is_named = list_of(is_text)(thing["columns"]) and is_number(thing["count"])
    return is_named and list_of(list_of(is_scalar, len(thing["columns"])))(thing["rows"])


KINDS = {
    "number": is_number,
    "truth": lambda thing: isinstance(thing, bool),
    "text": is_text,
    "numbers": list_of(is_scalar),
    "mapping": list_of(list_of(is_scalar, 2)),
    "table": is_table,
}
QUERY = {
    "references": lambda thing: (
        isinstance(thing, dict) and all(map(is_text, thing)) and all(map(is_number, thing.values()))
    ),
    "label": is_text_or_none,
    "named_by": is_text_or_none,
    "features": list_of(is_text),
    "distance": is_text_or_none,
    "query_ids": list_of(is_number),
    "query_count": is_number,
    "query_part": is_text_or_none,
}


def is_sound_value(value: Value) -> bool:
    is_right = KINDS.get(value.kind) if is_text(value.kind) else None
    return (
        is_right is not None
        and is_right(value.value)
        and is_text_or_none(value.name)
        and value.where in ("display", "name")
    )


def is_sound_query(query: Query) -> bool:
    """Return whether a query is sound; its rows are a query label, an id, a distance, a rank."""
    return (
        all(is_right(getattr(query, name)) for name, is_right in QUERY.items())
        and list_of(list_of(is_scalar, 4))(query.rows)
        and all(is_number(row[2]) for row in query.rows)
    )


def is_sound_picture(picture: Picture) -> bool:
    return is_number(picture.id) and is_text(picture.part) and is_text(picture.label)


SOUND = {"values": is_sound_value, "queries": is_sound_query, "pictures": is_sound_picture}
