"""What the notebooks share: the engine, the data set, pictures, and answers that are checked.

from assignment import check_answer, load_images, show_images, tc

A name is imported when it is first asked for, so that no command waits for packages that it
doesn't need.
"""

from __future__ import annotations

import importlib
from typing import Any

from . import import_advice

import_advice.install()
MODULE_OF = {
    "Answer": "answers",
    "DataError": "errors",
    "EngineError": "errors",
    "LABELS": "data_sets",
    "OneLineError": "errors",
    "QUESTIONS": "answers",
    "WrongAnswer": "errors",
    "as_text": "answers",
    "check_answer": "answers",
    "data_dir": "data_sets",
    "data_name": "data_sets",
    "draw_bars": "pictures",
    "draw_curves": "pictures",
    "engine_name": "engine",
    "fill_in": "unanswered",
    "load_dataframes": "tables",
    "load_images": "data_sets",
    "show_confusion": "pictures",
    "show_images": "pictures",
}


def __getattr__(name: str) -> Any:
    if name == "tc":
        return importlib.import_module(".engine", __name__).engine()
    if name not in MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{MODULE_OF[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *MODULE_OF, "tc"])
