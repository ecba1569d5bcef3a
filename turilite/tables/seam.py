"""The one way from SArray to SFrame.

An SFrame is made of SArrays and imports them. Where an SArray gives an SFrame, it asks here for
the class, which `sframe.py` hands in when it is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..columns.column import Column
from .extent import KNOWN, Extent

if TYPE_CHECKING:
    from .sframe import SFrame

_classes: list[type[SFrame]] = []


def frame_class(cls: type[SFrame]) -> type[SFrame]:
    """Register the class of tables (a decorator)."""
    _classes[:] = [cls]
    return cls


def frame_of(columns: Mapping[str, Column], extent: Extent = KNOWN) -> SFrame:
    """Return the SFrame of these columns."""
    return _classes[0]._wrap(columns, extent)
