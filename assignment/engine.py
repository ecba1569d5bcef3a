"""The engine that a notebook runs on, and the Jupyter kernel that has it."""

from __future__ import annotations

import atexit
import importlib
import os
import sys
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType

from .errors import EngineError

ENGINES = ("turicreate", "turilite")


def engine_name() -> str:
    """Return the engine of this kernel: Turi Create where it is installed, else turilite.

    `ENGINE=turilite` takes turilite beside an installed Turi Create, too.
    """
    beside = os.environ.get("ENGINE") == "turilite"
    return "turicreate" if is_turicreate_here() and not beside else "turilite"


@lru_cache(maxsize=None)
def engine() -> ModuleType:
    """Return the engine, imported when it is first asked for: Turi Create takes seconds."""
    atexit.register(stop_turicreate)
    return importlib.import_module(engine_name())


def stop_turicreate() -> None:
    """End the threads of Turi Create where it is imported, so that the process can end.

    It does this itself when the last reference to its server goes. Where one is left, as by an
    error that is kept with its frames, the process would wait at its end for ever.
    """
    main = sys.modules.get("turicreate._connect.main")
    if main is not None and main.get_server() is not None:
        main.get_server().stop()


def chosen_engine() -> str:
    """Return the engine that notebooks are to run on, be it in this kernel or in another.

    `ENGINE` chooses, else it is Turi Create where it is set up. Raises EngineError where `ENGINE`
    is no engine, or Turi Create and that isn't set up.
    """
    can_have_turicreate = is_turicreate_here() or has_turicreate_kernel()
    chosen = os.environ.get("ENGINE") or ("turicreate" if can_have_turicreate else "turilite")
    if chosen not in ENGINES:
        raise EngineError(f"ENGINE={chosen} is no engine: set it to {' or '.join(ENGINES)}")
    if chosen == "turicreate" and not can_have_turicreate:
        raise EngineError("Turi Create is not set up here: run `make setup ENGINE=turicreate`")
    return chosen


def kernel_name() -> str:
    """Return the Jupyter kernel to start for `chosen_engine()`; raise EngineError as that does.

    Turi Create is a kernel of its own, or in this environment where all was installed by pip.
    """
    own_kernel = chosen_engine() == "turicreate" and has_turicreate_kernel()
    return "turicreate" if own_kernel else "python3"


def is_turicreate_here() -> bool:
    return PathFinder.find_spec("turicreate") is not None  # past the advice on its import


def has_turicreate_kernel() -> bool:
    """Return whether the setup has registered Turi Create's kernel in this environment."""
    return Path(sys.prefix, "share", "jupyter", "kernels", "turicreate", "kernel.json").exists()
