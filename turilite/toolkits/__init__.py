"""The models: nearest neighbors and the logistic classifier; evaluation, texts and distances."""

from __future__ import annotations

import importlib
from types import ModuleType

# Imported when they are first used: SciPy, which most need, takes half as long as all the rest.
TOOLKITS = (
    "distances",
    "evaluation",
    "logistic_classifier",
    "nearest_neighbors",
    "text_analytics",
)


def __getattr__(name: str) -> ModuleType:
    if name in TOOLKITS:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
