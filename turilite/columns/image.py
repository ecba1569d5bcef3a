"""A picture with the attributes of `turicreate.Image`, decoded by Pillow when it is looked at."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import PIL.Image

from ..arguments import all_spoken
from ..missing_api import Answers

JPG, PNG, RAW, UNDEFINED = range(4)
FORMATS = {"JPEG": JPG, "PNG": PNG}
MODES = {1: "L", 3: "RGB", 4: "RGBA"}


@all_spoken
class Image(Answers):
    """An encoded (JPG, PNG) or raw picture.

    `path` is a file; `format` ('auto', 'JPG', 'PNG') is accepted for Turi Create's sake, the
    file itself says what it is. Without a path the attributes can be given one by one
    (`_image_data`, `_height`, `_width`, `_channels`, `_format_enum`), which is how they
    are stored in an SFrame. Raises OSError where the file isn't a picture.
    """

    def __init__(self, path: str | None = None, format: str = "auto", **attributes: Any) -> None:
        self._image_data = b""
        self._height = self._width = self._channels = self._image_data_size = 0
        self._version = 0
        self._format_enum = UNDEFINED
        if path is not None:
            attributes = _read(path)
        self.__dict__.update(attributes)

    @property
    def height(self) -> int:
        return self._height

    @property
    def width(self) -> int:
        return self._width

    @property
    def channels(self) -> int:
        return self._channels

    @property
    def pixel_data(self) -> np.ndarray:
        """Height x width x channels of uint8; height x width where there is one channel."""
        shape = (self._height, self._width, self._channels)
        if self._format_enum == RAW:
            pixels = np.frombuffer(bytes(self._image_data), np.uint8).reshape(shape)
        else:
            pixels = np.asarray(self._decoded().convert(MODES[self._channels])).reshape(shape)
        return pixels[:, :, 0].copy() if self._channels == 1 else pixels.copy()

    def _decoded(self) -> Any:
        return PIL.Image.open(io.BytesIO(bytes(self._image_data)))

    def _to_pil_image(self) -> Any:
        return PIL.Image.fromarray(self.pixel_data)

    def save(self, filename: str) -> None:
        """Write the picture to a file, in the format that its extension names."""
        if not self._image_data:
            raise OSError("The picture is empty: there is nothing to save.")
        self._to_pil_image().save(filename)

    def show(self) -> None:
        """Display the picture in a notebook, elsewhere in the system's viewer."""
        try:
            get_ipython  # type: ignore[name-defined] # noqa: B018 - set by IPython
        except NameError:
            self._to_pil_image().show()
        else:
            from IPython.display import display  # noqa: PLC0415 - heavy, only in notebooks

            display(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Image) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Height: {self._height}px\nWidth: {self._width}px\nChannels: {self._channels}\n"

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        png = io.BytesIO()
        self._to_pil_image().save(png, format="png")
        size = {"Height": self._height, "Width": self._width, "Channels: ": self._channels}
        return png.getvalue(), {name: str(value) for name, value in size.items()}


def _read(path: str) -> dict[str, Any]:
    """Return the attributes of the picture in a file; other formats than JPG and PNG become raw."""
    with open(path, "rb") as file:  # noqa: PTH123
        data = file.read()
    picture = PIL.Image.open(io.BytesIO(data))
    format_enum = FORMATS.get(picture.format, RAW)
    if format_enum == RAW or picture.mode not in MODES.values():
        picture = picture.convert("RGB")
        format_enum, data = RAW, picture.tobytes()
    return attributes_of(data, picture.height, picture.width, len(picture.getbands()), format_enum)


def attributes_of(
    data: bytes, height: int, width: int, channels: int, format_enum: int
) -> dict[str, Any]:
    return {
        "_image_data": data,
        "_image_data_size": len(data),
        "_height": height,
        "_width": width,
        "_channels": channels,
        "_format_enum": format_enum,
    }


def from_pixels(pixels: np.ndarray) -> Image:
    """Return a raw picture of height x width (x channels) uint8 values."""
    pixels = np.atleast_3d(pixels)
    return Image(**attributes_of(pixels.tobytes(), *pixels.shape, RAW))
