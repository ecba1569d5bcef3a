"""A picture as Turi Create stores it: encoded bytes with their dimensions."""

from __future__ import annotations


class Image:
    """Encoded picture. Format: 0 JPG, 1 PNG, 2 RAW (height x width x channels), 3 UNDEFINED."""

    def __init__(self, **attributes: object) -> None:
        self._image_data = b""
        self._height = self._width = self._channels = self._image_data_size = 0
        self._format_enum = 3
        self._version = 0
        for name, value in attributes.items():
            setattr(self, name, value)
