"""GraphLab Create's product keys, for notebooks that set one: turilite needs none."""

from __future__ import annotations

from typing import Any

from .missing_api import names_of_module

__all__ = ["get_product_key", "set_product_key"]


def set_product_key(*_: Any, **__: Any) -> None:
    """Do nothing."""


def get_product_key(*_: Any, **__: Any) -> str:
    """Return the key: none."""
    return ""


__getattr__ = names_of_module(__name__, __all__)
