"""Pictures of columns, drawn by matplotlib where Turi Create opens a window."""

from __future__ import annotations

from typing import Any

from .arguments import shown
from .missing_api import names_of_module
from .tables import pair_plots
from .tables.sarray import SArray

TARGETS = ("auto", "browser", "gui", "none", "ipynb", "headless")
"""Where Turi Create and GraphLab Create draw; here it is the notebook, whatever is chosen."""
__all__ = ["set_target", "show"]


def set_target(target: str = "auto", *_: Any, **__: Any) -> None:
    """Do nothing but check the name: pictures appear in the notebook. Further arguments: a port."""
    if target not in TARGETS:
        raise ValueError(f"There is no target {target!r}: {', '.join(TARGETS)}.")


def show(x: SArray, y: SArray, xlabel: Any = None, ylabel: Any = None, title: Any = None) -> None:
    """Draw two columns of numbers or strings against each other.

    Raises ValueError for anything but SArrays, ToolkitError (a RuntimeError) where they are of
    other types, empty, or not of one length.
    """
    for name, column in (("x", x), ("y", y)):
        if not isinstance(column, SArray):
            raise ValueError(f"{name} should be an SArray, not {shown(column)}.")
    pair_plots.show_pair(x.column, y.column, xlabel, ylabel, title)


__getattr__ = names_of_module(__name__, __all__)
