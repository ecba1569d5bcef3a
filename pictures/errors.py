"""What stands in the way of a picture, a folder of pictures, or the network."""

from __future__ import annotations

from assignment.errors import OneLineError


class PictureError(OneLineError):
    """A file that can't be taken, and why, as a clause that begins with "it"."""


class NetworkError(OneLineError):
    """The network can't be used."""
