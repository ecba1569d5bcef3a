"""Importing this makes `import turicreate` and `import graphlab` give turilite."""

from __future__ import annotations

import sys

import turilite

for alias in ("turicreate", "graphlab"):
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == turilite.__name__:
            sys.modules[alias + name[len(turilite.__name__) :]] = module
