"""Deep features: what EfficientNet-Lite0, trained on ImageNet, makes of pictures.

Of a picture the largest square in its middle is brought to 224x224 by bicubic interpolation. The
1,280 outputs of the network's head, averaged over all positions, are its deep features. The
embedded sample, pictures of one's own and rebuilt course data have them by this one definition.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import Any, Iterable, Iterator

import numpy as np
import onnxruntime
import PIL.Image

from .network import SIDE, WIDTH, network

BATCH = 16  # pictures at a time: 0.2 GB of memory, and larger ones are no faster


def deep_features(pictures: Iterable[Any]) -> np.ndarray:
    """Return the deep features of pictures, (n, 1280) of float32.

    A picture is an array, (height, width, 3) of uint8, or something that has such `pixel_data`: a
    `Picture`, or an image of a data set. They are asked for batch by batch, so a generator of any
    length will do, and a tqdm shows how far it is. Raise `NetworkError` where the network can't be
    used, ValueError for an array of another form.
    """
    parts = [np.empty((0, WIDTH), np.float32)]
    for batch in batches(pictures):
        parts.append(run(np.stack([network_input(picture) for picture in batch])))
    return np.concatenate(parts)


def batches(pictures: Iterable[Any]) -> Iterator[list]:
    rest = iter(pictures)
    while batch := list(islice(rest, BATCH)):
        yield batch


def run(inputs: np.ndarray) -> np.ndarray:
    """Return the network's output, (n, 1280), for (n, 224, 224, 3) of uint8."""
    return session().run(None, {"pixels": inputs})[0]


@lru_cache(maxsize=1)
def session() -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(network(), providers=["CPUExecutionProvider"])


def network_input(picture: Any) -> np.ndarray:
    """Return a picture as the network sees it, (224, 224, 3) of uint8."""
    pixels = middle_square(pixels_of(picture))
    if pixels.shape[0] == SIDE:
        return pixels
    size = (SIDE, SIDE)
    return np.asarray(PIL.Image.fromarray(pixels).resize(size, PIL.Image.Resampling.BICUBIC))


def pixels_of(picture: Any) -> np.ndarray:
    """Return a picture's pixels; raise ValueError unless they are (height, width, 3) of uint8."""
    pixels = picture if isinstance(picture, np.ndarray) else picture.pixel_data
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or not pixels.size:
        raise ValueError(
            f"a picture is height x width x 3 of uint8, not {pixels.shape} of {pixels.dtype}: "
            f"`load_picture` makes one of any file"
        )
    return pixels


def middle_square(pixels: np.ndarray) -> np.ndarray:
    """Return the largest square in the middle of a picture."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]
