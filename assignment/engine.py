"""The engine that a notebook runs on: Turi Create or turilite."""

from __future__ import annotations

import importlib
import importlib.util
import os
from functools import lru_cache
from types import ModuleType


def engine_name() -> str:
    """Return `ENGINE` if it is set, else Turi Create where it is installed, else turilite."""
    installed = importlib.util.find_spec("turicreate") is not None
    return os.environ.get("ENGINE") or ("turicreate" if installed else "turilite")


@lru_cache(maxsize=None)
def engine() -> ModuleType:
    """Return the engine, imported when it is first asked for: Turi Create takes seconds."""
    return importlib.import_module(engine_name())
