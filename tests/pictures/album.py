"""Pictures of every kind that people's folders hold, and files that are none, made by Pillow.

All show four quarters: red, green above blue, yellow. So a test sees whether one was turned,
mirrored, or had its colors confused.
"""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Callable

import numpy as np
import pytest

pytest.importorskip("pillow_heif", reason="needs requirements-pictures.txt: make pictures")

import PIL.Image
import PIL.ImageDraw
import pillow_heif

pillow_heif.register_heif_opener()
QUARTERS = {
    "red": (220, 30, 30),
    "green": (30, 160, 60),
    "blue": (40, 60, 200),
    "yellow": (240, 210, 40),
}
SIZE = (120, 80)
ORIENTATION = 0x0112  # of EXIF
# How a camera holds what is upright: what undoes each orientation, in reverse.
TURNED = {
    1: None,
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_90,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_270,
}


def photo(number: int = 0, size: tuple[int, int] = SIZE) -> PIL.Image.Image:
    """Return the four quarters with a pattern that no other number has."""
    width, height = size
    pixels = np.zeros((height, width, 3), np.float64)
    for place, color in enumerate(QUARTERS.values()):
        rows = slice(height // 2, None) if place > 1 else slice(height // 2)
        columns = slice(width // 2, None) if place % 2 else slice(width // 2)
        pixels[rows, columns] = color
    waves = np.sin(np.arange(width) * (0.05 + 0.013 * number)) * 20
    pixels += waves[None, :, None] * (number > 0)
    return PIL.Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def quarters(pixels: np.ndarray) -> list[str]:
    """Return the names of the colors in the middle of each quarter, row by row."""
    height, width = pixels.shape[:2]
    seen = [pixels[y * height // 4, x * width // 4].astype(int) for y in (1, 3) for x in (1, 3)]
    return [min(QUARTERS, key=lambda name: np.abs(color - QUARTERS[name]).sum()) for color in seen]


def encoded(image: PIL.Image.Image, kind: str, **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def held(orientation: int) -> bytes:
    """Return a JPEG as a camera that was held otherwise stores it."""
    turn, exif = TURNED[orientation], PIL.Image.Exif()
    exif[ORIENTATION] = orientation
    image = photo() if turn is None else photo().transpose(turn)
    return encoded(image, "JPEG", exif=exif, quality=95)


def damaged_exif() -> bytes:
    good = held(1)
    place = good.index(b"Exif\0\0") + 6
    return good[:place] + b"\xff" * 12 + good[place + 12 :]


def see_through() -> PIL.Image.Image:
    """Return the photo with black under a wholly transparent frame."""
    image = photo().convert("RGBA")
    pixels = np.array(image)
    for edge in (np.s_[:8], np.s_[-8:], np.s_[:, :8], np.s_[:, -8:]):
        pixels[edge] = 0
    return PIL.Image.fromarray(pixels)


def sixteen_bits() -> PIL.Image.Image:
    ramp = np.linspace(0, 65535, SIZE[0]).astype(np.uint16)
    return PIL.Image.fromarray(np.tile(ramp, (SIZE[1], 1)))


def animation() -> bytes:
    more = [photo(number).rotate(180) for number in (1, 2)]
    return encoded(photo(), "GIF", save_all=True, append_images=more)


def from_phone() -> bytes:
    """Return what Pillow calls MPO: a JPEG with a second one behind it."""
    return encoded(photo(), "MPO", save_all=True, append_images=[photo(1).rotate(180)])


COLORED: dict[str, Callable[[], bytes]] = {
    **{f"JPEG, EXIF orientation {n}": (lambda n=n: held(n)) for n in TURNED},
    "JPEG, damaged EXIF": damaged_exif,
    "JPEG, CMYK": lambda: encoded(photo().convert("CMYK"), "JPEG"),
    "JPEG, progressive": lambda: encoded(photo(), "JPEG", progressive=True),
    "JPEG, larger than is stored": lambda: encoded(photo(size=(3000, 2000)), "JPEG"),
    "JPEG, two in one, of a phone": from_phone,
    "PNG": lambda: encoded(photo(), "PNG"),
    "PNG, transparent": lambda: encoded(see_through(), "PNG"),
    "PNG, palette": lambda: encoded(photo().quantize(16), "PNG"),
    "PNG, palette, transparent": lambda: encoded(photo().quantize(16), "PNG", transparency=255),
    "PNG, small": lambda: encoded(photo(size=(30, 20)), "PNG"),
    "WebP": lambda: encoded(photo(), "WEBP"),
    "WebP, transparent": lambda: encoded(see_through(), "WEBP", lossless=True),
    "GIF, animated": animation,
    "HEIC": lambda: encoded(photo(), "HEIF"),
    "AVIF": lambda: encoded(photo(), "AVIF"),
    "TIFF": lambda: encoded(photo(), "TIFF"),
    "BMP": lambda: encoded(photo(), "BMP"),
}
GREY: dict[str, Callable[[], bytes]] = {
    "PNG, 16 bits": lambda: encoded(sixteen_bits(), "PNG"),
    "TIFF, 16 bits": lambda: encoded(sixteen_bits(), "TIFF"),
    "JPEG, grey": lambda: encoded(from_16(sixteen_bits()), "JPEG"),
    "PNG, grey, transparent": lambda: encoded(from_16(sixteen_bits()).convert("LA"), "PNG"),
}


def from_16(image: PIL.Image.Image) -> PIL.Image.Image:
    return PIL.Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def white_png(width: int, height: int) -> bytes:
    """Return a white PNG of 1 bit for each pixel, which is small however large the picture is."""
    squeezed = zlib.compressobj(9)
    rows = [squeezed.compress(b"\0" + b"\xff" * -(-width // 8)) for _ in range(height)]
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", b"".join(rows) + squeezed.flush())]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def fractions() -> bytes:
    return encoded(PIL.Image.fromarray(np.linspace(0, 1, 64, dtype=np.float32)[None]), "TIFF")


# What no picture can be made of, and a word of the reason.
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "it is empty"),
    "text": (lambda: b"Not a picture at all. " * 40, "no picture of a kind that is read"),
    "HTML": (lambda: b"<!doctype html><html><body>404</body></html>", "no picture"),
    "PostScript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture"),
    "AppleDouble": (lambda: b"\0\x05\x16\x07\0\x02\0\0Mac OS X" + bytes(80), "no picture"),
    "JPEG, cut": (lambda: cut(encoded(photo(), "JPEG")), "it is cut short or damaged"),
    "PNG, cut": (lambda: cut(encoded(photo(3), "PNG")), "it is cut short or damaged"),
    "WebP, cut": (lambda: cut(encoded(photo(), "WEBP")), "it is cut short or damaged"),
    "HEIC, cut": (lambda: cut(encoded(photo(), "HEIF")), "it is "),
    "JPEG, its first bytes": (lambda: encoded(photo(), "JPEG")[:20], "it is "),
    "PNG, 144 megapixels": (lambda: white_png(12000, 12000), "it has 144 megapixels, more than"),
    "PNG, a bomb": (lambda: white_png(60000, 10000), "megapixels, more than the 120 that are read"),
    "TIFF, fractions": (fractions, "its pixels are fractions"),
}


PHOTOGRAPH = (480, 360)


def scene(number: int, size: tuple[int, int] = (96, 72)) -> PIL.Image.Image:
    """Return a picture of colored shapes; another number gives other ones."""
    chance = np.random.default_rng(number)
    image = PIL.Image.new("RGB", size, tuple(chance.integers(0, 256, 3).tolist()))
    draw = PIL.ImageDraw.Draw(image)
    for _ in range(6):
        x, y = (int(chance.integers(0, side)) for side in size)
        across = int(chance.integers(8, 40))
        color = tuple(chance.integers(0, 256, 3).tolist())
        shape = draw.ellipse if chance.random() < 0.5 else draw.rectangle
        shape((x, y, x + across, y + across), fill=color)
    return image


LABELS = ["Boot", "猫", "grüne Äpfel", "дом"]
NEAR = 3  # photographs that are there twice, the second time smaller and squeezed


def fill(folder: Path, photographs: int = 160) -> None:
    """Fill a folder with subfolders, photographs, and all that people's folders hold besides."""
    for number in range(photographs):
        place = folder / LABELS[number % 4] / f"IMG {number:04}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(encoded(scene(number, PHOTOGRAPH), "JPEG", quality=92))
    for number in range(NEAR):
        small = scene(number, PHOTOGRAPH).resize((400, 300))
        (folder / LABELS[number % 4] / f"copy of {number}.jpg").write_bytes(
            encoded(small, "JPEG", quality=60)
        )
    kinds = folder / LABELS[0] / "kinds"
    kinds.mkdir()
    for number, make in enumerate([*COLORED.values(), *GREY.values()]):
        (kinds / f"{number:02}.jpg").write_bytes(make())  # many have the wrong ending
    bad = folder / LABELS[1] / "bad"
    bad.mkdir()
    for number, (make, _) in enumerate(BAD.values()):
        (bad / f"{number:02}.jpg").write_bytes(make())
    for number in range(5):
        (folder / LABELS[2] / f"again {number}.jpg").write_bytes(
            encoded(scene(2, PHOTOGRAPH), "PNG")
        )
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (folder / "notes.txt").write_text("which camera was it?")
