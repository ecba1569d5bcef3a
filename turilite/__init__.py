"""The part of Turi Create's API that the assignment uses, on NumPy, pandas and scikit-learn.

See README.md in this folder for what is offered and what differs.
"""

from __future__ import annotations

import importlib
from typing import Any

from . import aggregate, config
from .arguments import spoken
from .columns.image import Image
from .missing_api import refuse
from .tables import plots
from .tables.sarray import SArray
from .tables.sframe import SFrame, load_sframe
from .tables.sketch import Sketch

__version__ = "1.0"
__all__ = [
    "Image",
    "SArray",
    "SFrame",
    "Sketch",
    "aggregate",
    "config",
    "evaluation",
    "load_model",
    "load_sarray",
    "load_sframe",
    "logistic_classifier",
    "nearest_neighbors",
    "show",
]

# Imported when they are first used: SciPy, which they need, takes as long as all the rest.
TOOLKITS = ("evaluation", "logistic_classifier", "nearest_neighbors")


@spoken
def load_sarray(filename: str) -> SArray:
    """Return the SArray in a directory."""
    return SArray(filename)


@spoken
def load_model(location: str) -> Any:
    """Return the model that `save` of a turilite model wrote to `location`."""
    return importlib.import_module(".toolkits.models", __name__).load_model(location)


@spoken
def show(x: SArray, y: SArray, xlabel: Any = None, ylabel: Any = None, title: Any = None) -> None:
    """Draw two columns of numbers against each other (matplotlib)."""
    if not all(isinstance(column, SArray) for column in (x, y)):
        raise ValueError(plots.ONLY_NUMBERS)
    plots.show_points(x.column, y.column, xlabel, ylabel, title)


def __getattr__(name: str) -> Any:
    if name in TOOLKITS:
        return importlib.import_module(f".toolkits.{name}", __name__)
    raise refuse(f"turilite.{name}", name, AttributeError)
