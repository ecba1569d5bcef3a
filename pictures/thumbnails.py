"""Pictures small enough for a page of many, as addresses that hold all their bytes."""

from __future__ import annotations

import base64
import io

import numpy as np
import PIL.Image

from .loading import EXACT_SIDE

SIDE = 160  # pixels of a picture on a page, whose frame is half as wide


def data_url(pixels: np.ndarray) -> str:
    """Return the address of a picture, (height, width, 3) of uint8, reduced to `SIDE` pixels."""
    image = PIL.Image.fromarray(pixels)
    kind = "PNG" if max(image.size) <= EXACT_SIDE else "JPEG"
    image.thumbnail((SIDE, SIDE))
    data = io.BytesIO()
    image.save(data, kind, quality=80, optimize=True)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(data.getvalue()).decode()}"
