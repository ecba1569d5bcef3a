"""Run-time settings: turilite's own is TURILITE_MEMORY; those of Turi Create change nothing."""

from __future__ import annotations

from typing import Any

from .memory import SETTING, budget, set_budget
from .missing_api import names_of_module

__all__ = ["get_runtime_config", "set_runtime_config"]


def set_runtime_config(name: str, value: Any) -> None:
    """Set how much memory large tables may take: TURILITE_MEMORY, in bytes or as '2 GB'.

    None is the default, a quarter of the machine's memory. Settings of Turi Create are accepted
    without effect: there are no worker processes or caches to set up. Raises ValueError for what
    is no size.
    """
    if name == SETTING:
        set_budget(value)


def get_runtime_config() -> dict[str, Any]:
    """Return the settings: TURILITE_MEMORY, in bytes."""
    return {SETTING: budget()}


__getattr__ = names_of_module(__name__, __all__)
