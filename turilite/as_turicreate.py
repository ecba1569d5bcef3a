"""Importing this makes `import turicreate` and `import graphlab` give turilite."""

from __future__ import annotations

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType
from typing import Any

import turilite

ALIASES = ("turicreate", "graphlab")


class Aliases(MetaPathFinder, Loader):
    """Finds the modules of turilite by their other names, each module once."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        is_alias = fullname.partition(".")[0] in ALIASES
        return spec_from_loader(fullname, self) if is_alias else None

    def exec_module(self, module: ModuleType) -> None:
        """Put the module of turilite in the place of the empty one of the other name."""
        name = module.__name__
        rest = name.partition(".")[2]
        known = getattr(turilite, rest, None) if rest else turilite  # toolkits are names of it
        if not isinstance(known, ModuleType):
            known = importlib.import_module(f"{turilite.__name__}.{rest}")
        sys.modules[name] = known


for alias in ALIASES:
    for name in [name for name in sys.modules if name.partition(".")[0] == alias]:
        del sys.modules[name]
    sys.modules[alias] = turilite
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "Aliases"]
sys.meta_path.insert(0, Aliases())
