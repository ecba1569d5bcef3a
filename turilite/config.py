"""Turi Create's run-time settings, for notebooks that set some: none has a meaning here."""

from __future__ import annotations

from typing import Any

from .missing_api import names_of_module

__all__ = ["get_runtime_config", "set_runtime_config"]


def set_runtime_config(name: str, value: Any) -> None:
    """Do nothing: there are no worker processes or caches to set up."""


def get_runtime_config() -> dict[str, Any]:
    """Return the settings: none."""
    return {}


__getattr__ = names_of_module(__name__, __all__)
