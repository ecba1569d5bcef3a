"""GraphLab Create's Canvas: where pictures appear. Here that is the notebook, always."""

from __future__ import annotations

from .missing_api import names_of_module
from .visualization import set_target

__all__ = ["set_target", "show"]


def show(*_: object) -> None:
    """Do nothing: `show()` of a column or a table draws it."""


__getattr__ = names_of_module(__name__, __all__)
