"""From a file to a picture as data sets store it, or the reason why that can't be.

What a file is, its content says, not its name. A picture is turned upright, its first frame taken,
transparent parts are white, all else becomes RGB of 8 bits. It is reduced to `LONGEST_SIDE` pixels
and stored as JPEG, or as it is, as PNG, where its longer side has at most `EXACT_SIDE`.
"""

from __future__ import annotations

import io
import os
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import PIL.Image
import pillow_heif
from PIL import ImageOps

import turilite
from turilite.columns.image import FORMATS, attributes_of

from .errors import PictureError

LONGEST_SIDE = 256  # pixels: the network looks at 224, and 20,000 such pictures take 0.3 GB
EXACT_SIDE = 64  # pixels
JPEG_QUALITY = 90
MOST_PIXELS = 120_000_000  # the largest cameras have 108 of them; 1 GB of memory to decode
MOST_BYTES = 250_000_000
# What a decoder is tried for: no PostScript, which is a program, and nothing exotic.
KINDS = ("JPEG", "PNG", "GIF", "WEBP", "HEIF", "AVIF", "TIFF", "BMP")

pillow_heif.register_heif_opener()
# Pillow's own limit warns at fewer pixels; what is too large is refused here.
warnings.simplefilter("ignore", PIL.Image.DecompressionBombWarning)


class Picture(NamedTuple):
    """A picture as it is stored, encoded: decoded thousands would fill the memory."""

    encoded: bytes
    kind: str  # "PNG" or "JPEG"
    height: int
    width: int

    @property
    def pixel_data(self) -> np.ndarray:
        """Decode the picture; return its pixels, (height, width, 3) of uint8."""
        return np.asarray(PIL.Image.open(io.BytesIO(self.encoded)).convert("RGB"))

    def as_image(self) -> turilite.Image:
        """Return what stands in the column `image` of a data set."""
        shape = (self.height, self.width, 3)
        return turilite.Image(**attributes_of(self.encoded, *shape, FORMATS[self.kind]))


def load_picture(source: str | os.PathLike | bytes) -> Picture:
    """Return the picture in a file, or in its bytes; raise PictureError with the reason if none."""
    data = source if isinstance(source, bytes) else read_bytes(Path(source))
    check_length(len(data))
    try:
        with PIL.Image.open(io.BytesIO(data), formats=KINDS) as image:
            check_size(*image.size)
            return stored(decoded(image))
    except PictureError:
        raise
    except PIL.UnidentifiedImageError:
        raise PictureError(f"it is no picture of a kind that is read: {', '.join(KINDS)}") from None
    except PIL.Image.DecompressionBombError:
        raise PictureError(too_large("several hundred")) from None
    except MemoryError:
        raise PictureError("there is not enough memory to decode it") from None
    except Exception as error:  # decoders raise whatever they stumble over
        raise PictureError(f"it is cut short or damaged ({reason_of(error)})") from None


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; raise PictureError where it can't be read, or is none."""
    try:
        if path.exists() and not path.is_file():
            raise PictureError("it is no file")
        check_length(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise PictureError(f"it can't be read ({error.strerror})") from None


def check_length(size: int) -> None:
    """Raise PictureError where a file is empty or has more bytes than are read."""
    if size == 0:
        raise PictureError("it is empty")
    if size > MOST_BYTES:
        raise PictureError(
            f"it has {size / 1e6:,.0f} MB, more than the {MOST_BYTES / 1e6:.0f} read"
        )


def check_size(width: int, height: int) -> None:
    """Raise PictureError where a picture has more pixels than are read: it might be a bomb."""
    if width * height > MOST_PIXELS:
        raise PictureError(too_large(f"{width * height / 1e6:.0f}"))


def too_large(megapixels: str) -> str:
    return f"it has {megapixels} megapixels, more than the {MOST_PIXELS / 1e6:.0f} that are read"


def reason_of(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def decoded(image: PIL.Image.Image) -> PIL.Image.Image:
    """Return the first frame in RGB, reduced and upright.

    Of a large JPEG only every second, fourth or eighth pixel is computed: by its own transform.
    """
    image.draft(None, (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
    small = in_color(image)
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), PIL.Image.Resampling.LANCZOS, reducing_gap=3)
    if small.mode == "RGBA":
        white = PIL.Image.new("RGBA", small.size, "white")
        white.info = small.info
        small = PIL.Image.alpha_composite(white, small).convert("RGB")
    return upright(small)


def in_color(image: PIL.Image.Image) -> PIL.Image.Image:
    """Return an image as RGB, or as RGBA where it is transparent somewhere."""
    if image.mode == "I" or image.mode.startswith("I;16"):
        return from_16_bits(image)
    if image.mode == "F":
        raise PictureError("its pixels are fractions, and nothing says which of them is white")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def from_16_bits(image: PIL.Image.Image) -> PIL.Image.Image:
    """Return a grey image with the higher 8 of its 16 bits: Pillow would cut off at 255."""
    grey = np.asarray(image)
    if grey.size and (grey.min() < 0 or grey.max() > 65535):
        raise PictureError("its pixels have more than 16 bits")
    return PIL.Image.fromarray((grey >> 8).astype(np.uint8)).convert("RGB")


def upright(image: PIL.Image.Image) -> PIL.Image.Image:
    """Turn an image as its EXIF says; where that is damaged, leave it."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # a picture is more than its EXIF
        return image


def stored(image: PIL.Image.Image) -> Picture:
    """Encode a reduced image."""
    kind = "PNG" if max(image.size) <= EXACT_SIDE else "JPEG"
    data = io.BytesIO()
    PIL.Image.fromarray(np.asarray(image)).save(data, kind, quality=JPEG_QUALITY, optimize=True)
    return Picture(data.getvalue(), kind, image.height, image.width)


def from_pixels(pixels: np.ndarray) -> Picture:
    """Return the picture of given pixels, (height, width, 3) of uint8, reduced like a file's."""
    image = PIL.Image.fromarray(pixels)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), PIL.Image.Resampling.LANCZOS)
    return stored(image)
