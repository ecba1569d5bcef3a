"""The part of Turi Create's API that the assignment uses, on NumPy, pandas and scikit-learn.

See README.md in this folder for what is offered and what differs.
"""

from __future__ import annotations

import importlib
from typing import Any

from . import aggregate, canvas, config, product_key, toolkits, visualization
from .arguments import spoken
from .columns.image import Image
from .config import get_runtime_config, set_runtime_config
from .missing_api import missing
from .tables.sarray import SArray
from .tables.sframe import SFrame, load_sframe
from .tables.sketch import Sketch
from .toolkits import TOOLKITS
from .visualization import show

__version__ = version = "1.0"
__all__ = [
    "Image",
    "SArray",
    "SFrame",
    "Sketch",
    "aggregate",
    "canvas",
    "config",
    "distances",
    "evaluation",
    "get_runtime_config",
    "load_model",
    "load_sarray",
    "load_sframe",
    "logistic_classifier",
    "nearest_neighbors",
    "product_key",
    "set_runtime_config",
    "show",
    "text_analytics",
    "version",
    "visualization",
]


@spoken
def load_sarray(filename: str) -> SArray:
    """Return the SArray in a directory."""
    return SArray(filename)


@spoken
def load_model(location: str) -> Any:
    """Return the model that `save` of a turilite model wrote to `location`.

    For the network of the course, whose name is `imagenet_model`, it is one that gives the
    features in the column `deep_features`.
    """
    return importlib.import_module(".toolkits.models", __name__).load_model(location)


def __getattr__(name: str) -> Any:
    if name in TOOLKITS:
        return getattr(toolkits, name)
    raise missing("turilite", name, [*__all__, "toolkits"])
