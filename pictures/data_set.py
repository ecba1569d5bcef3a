"""The parts of a data set, with the assignment's columns, as SFrames."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Mapping, NamedTuple, Sequence

import numpy as np
import PIL.Image

import turilite
from turilite.columns.column import Column, objects
from turilite.format.archive import write_sframe

from .features import middle_square
from .loading import Picture

PIXEL_SIDE = 32  # of the pictures in `image_array`, as in the course's data
PIXELS = PIXEL_SIDE * PIXEL_SIDE * 3
NOTHING: Mapping[str, Sequence[str]] = {}


class Rows(NamedTuple):
    """The rows of one part: n pictures, and the numbers that are made of each."""

    ids: Sequence[int]
    pictures: Sequence[Picture]
    labels: Sequence[str]
    features: np.ndarray  # (n, 1280)
    pixels: np.ndarray  # (n, 3072)
    more: Mapping[str, Sequence[str]] = NOTHING  # further columns, of text, by name


def write_part(folder: Path, rows: Rows) -> None:
    """Write the rows as the SFrame directory `folder`."""
    columns = {
        "id": Column(int, np.array(rows.ids, np.int64)),
        "image": Column(turilite.Image, objects([one.as_image() for one in rows.pictures])),
        "label": Column(str, objects(rows.labels)),
        "deep_features": Column(array, np.asarray(rows.features, np.float64)),
        "image_array": Column(array, np.asarray(rows.pixels, np.float64)),
        **{name: Column(str, objects(texts)) for name, texts in rows.more.items()},
    }
    write_sframe(folder, columns)


def small_pixels(picture: Picture) -> np.ndarray:
    """Return the pixels of a picture's middle square at 32x32, row by row, (3072,) of uint8."""
    square = middle_square(picture.pixel_data)
    if len(square) != PIXEL_SIDE:
        size = (PIXEL_SIDE, PIXEL_SIDE)
        resized = PIL.Image.fromarray(square).resize(size, PIL.Image.Resampling.LANCZOS)
        square = np.asarray(resized)
    return square.ravel()
