"""Pictures made of vectors of pixels."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np

from .column import Column
from .image import Image, from_pixels
from .selecting import take
from .values import pack

TESTED = 10  # rows whose numbers are looked at, as in Turi Create


def check_pixels(column: Column, allow_rounding: bool) -> None:
    """Raise ValueError where the first vectors hold something else than integers up to 255."""
    if column.dtype is not array:
        raise TypeError("array_to_img expects SArray of arrays as input SArray")
    rows = [row for row in take(column, slice(0, TESTED)).values if row is not None]
    tested = np.concatenate(rows or [np.zeros(0)])
    if (tested % 1).any() and not allow_rounding:
        raise ValueError(
            "There are non-integer values in the array data. Images only support integer data "
            "values between 0 and 255. To permit rounding, set the 'allow_rounding' parameter "
            "to 1."
        )
    if ((tested < 0) | (tested > 255)).any():
        raise ValueError(
            "There are values outside the range of 0 to 255. Images only support integer data "
            "values between 0 and 255."
        )


def pictures(column: Column, shape: tuple[int, int, int], undefined_on_failure: bool) -> Column:
    """Return pictures of height x width x channels pixels; ValueError (or missing) if too few."""

    def picture(row: Any) -> Image | None:
        wrong = row is None or (len(row) != np.prod(shape) and undefined_on_failure)
        return None if wrong else from_pixels(row.reshape(shape).astype(np.uint8))

    return pack([picture(row) for row in column.values], Image)
