"""Turi Create's run-time settings, for notebooks that set some: none has a meaning here."""

from __future__ import annotations

from typing import Any


def set_runtime_config(name: str, value: Any) -> None:
    """Do nothing: there are no worker processes or caches to set up."""


def get_runtime_config() -> dict[str, Any]:
    """Return the settings: none."""
    return {}
