"""What an engine does in the kernel, noted: its queries, and the pictures that are shown.

A note never disturbs what it watches: where one can't be made, the call goes on without it.
"""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from types import ModuleType
from typing import Any, Callable

import numpy as np

from .record import MOST_ROWS, Picture, Query, hash_of_ids
from .values import plain

MOST_NOTES = 100  # of queries or pictures, of one cell
MOST_PICTURES = 20  # of one table


class Images:
    """The images of the data set: what an id or pixels stand for.

    `rows` are [part, id, label, hash of the pixels].
    """

    def __init__(self, rows: list[list]) -> None:
        self.by_id: dict[int, list] = {}
        self.by_pixels: dict[str, Picture] = {}
        for part, number, label, pixels in rows:
            self.by_id.setdefault(number, []).append((part, label))
            self.by_pixels.setdefault(pixels, Picture(part, number, label))

    def labels_of(self, ids: list[int]) -> list[str]:
        """Return the labels of the ids that are in the data set."""
        return [self.by_id[number][0][1] for number in ids if number in self.by_id]

    def part_of(self, ids: list[int]) -> str | None:
        """Return the part that holds all the ids and no other does, or None."""
        parts = [{part for part, _ in self.by_id.get(number, [])} for number in ids]
        common = set.intersection(*parts) if parts else set()
        return common.pop() if len(common) == 1 else None

    def picture(self, pixels: Any) -> Picture | None:
        return self.by_pixels.get(hash_of_pixels(pixels))


def hash_of_pixels(pixels: Any) -> str:
    """Return a short name for pixels: bytes, or numbers of 0 to 1 or 0 to 255, in any shape."""
    array = np.asarray(pixels)
    if array.dtype.kind == "f":
        array = np.rint(array * 255 if array.size and array.max() <= 1 else array)
    return hashlib.sha256(np.ascontiguousarray(array.astype(np.uint8)).tobytes()).hexdigest()[:16]


class Watch:
    """The notes of a cell, and the calls of an engine that make them."""

    def __init__(self, images: Images) -> None:
        self.images = images
        self.queries: list[Query] = []
        self.pictures: list[Picture] = []

    def take(self) -> tuple[list[Query], list[Picture]]:
        """Return the notes made since this was last called."""
        notes = self.queries[:MOST_NOTES], self.pictures[:MOST_NOTES]
        self.queries, self.pictures = [], []
        return notes

    def watch_engine(self, engine: ModuleType) -> None:
        before(engine.Image, "show", lambda image, *_, **__: self.note_pixels(image.pixel_data))
        for table in (engine.SArray, engine.SFrame):
            for name in ("show", "explore"):
                before(table, name, lambda thing, *_, **__: self.note_shown(thing))

    def watch_models(self, models: ModuleType) -> None:
        after(models, "create", self.note_model)
        after(models.NearestNeighborsModel, "query", self.note_query)

    def watch_plots(self, axes: ModuleType) -> None:
        before(axes.Axes, "imshow", lambda _, pixels, *__, **___: self.note_shown(pixels))

    # --- queries --------------------------------------------------------------------------------

    def note_model(self, model: Any, dataset: Any, label: Any = None, *_: Any, **options: Any):
        distance = options.get("distance", _[1] if len(_) > 1 else None)
        model.__dict__["_references"] = {
            **self.references_of(dataset),
            "named_by": label,
            "features": [str(name) for name in model.features],
            "distance": distance if isinstance(distance, str) else None,
        }

    def references_of(self, dataset: Any) -> dict:
        ids = ids_of(dataset)
        is_labelled = "label" in dataset.column_names()
        labels = list(dataset["label"]) if is_labelled else self.images.labels_of(ids)
        counts = Counter(str(label) for label in labels)
        return {
            "references": dict(sorted(counts.items())[:MOST_ROWS]),
            "label": next(iter(counts)) if len(counts) == 1 else None,
            "reference_hash": hash_of_ids(ids) if ids else "",
        }

    def note_query(self, found: Any, model: Any, dataset: Any, *given: Any, **options: Any):
        asked = dict(zip(("label", "k", "radius"), given), **options)
        ids, count = ids_of(dataset), len(dataset)
        names = ["query_label", "reference_label", "distance", "rank"]
        first = found.head(MOST_ROWS)
        rows = zip(*(list(first[name]) for name in names)) if count == 1 else []
        unknown = {
            "references": {},
            "label": None,
            "reference_hash": "",
            "named_by": None,
            "features": [],
            "distance": None,
        }
        self.queries.append(
            Query(
                **model.__dict__.get("_references", unknown),
                query_ids=ids[:MOST_ROWS],
                query_count=count,
                query_part=self.images.part_of(ids[:MOST_ROWS]),
                k=asked.get("k", 5),
                radius=asked.get("radius"),
                rows=[[plain(value) for value in row] for row in rows],
            )
        )

    # --- pictures -------------------------------------------------------------------------------

    def note_pixels(self, pixels: Any) -> None:
        picture = self.images.picture(pixels)
        if picture:
            self.pictures.append(picture)

    def note_shown(self, thing: Any) -> None:
        """Note the pictures in what is shown: an image, pixels, or the first rows of a table."""
        if hasattr(thing, "pixel_data"):
            self.note_pixels(thing.pixel_data)
        elif hasattr(thing, "column_names"):
            for name, kind in zip(thing.column_names(), thing.column_types()):
                if is_picture_type(kind):
                    self.note_column(thing[name])
        elif is_picture_type(getattr(thing, "dtype", None)):
            self.note_column(thing)
        elif isinstance(thing, np.ndarray) or type(thing).__module__.startswith("PIL."):
            self.note_pixels(thing)

    def note_column(self, column: Any) -> None:
        for image in column.head(MOST_PICTURES):
            if image is not None:
                self.note_pixels(image.pixel_data)


def is_picture_type(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "pixel_data")


def ids_of(dataset: Any) -> list[int]:
    """Return the values of column `id`, where there is one of whole numbers."""
    if "id" not in dataset.column_names() or dataset["id"].dtype is not int:
        return []
    return [number for number in dataset["id"] if number is not None]


def before(owner: Any, name: str, note: Callable) -> None:
    """Have `note` called with the arguments of `owner.name`, ahead of it."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def noted(*given: Any, **options: Any) -> Any:
        quietly(note, *given, **options)
        return original(*given, **options)

    setattr(owner, name, noted)


def after(owner: Any, name: str, note: Callable) -> None:
    """Have `note` called with the result and the arguments of `owner.name`, after it."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def noted(*given: Any, **options: Any) -> Any:
        result = original(*given, **options)
        quietly(note, result, *given, **options)
        return result

    setattr(owner, name, noted)


def quietly(note: Callable, *given: Any, **options: Any) -> None:
    try:
        note(*given, **options)
    except Exception:  # whatever a submission made of its objects: it is its run that counts
        return
