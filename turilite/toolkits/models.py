"""Loading saved models."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any


def load_model(location: str) -> Any:
    """The nearest neighbors model that ``save`` wrote to ``location``.

    Raises NotImplementedError for a model of GraphLab Create or Turi Create, OSError where there
    is none.
    """
    folder = Path(location).expanduser()
    if not folder.exists():
        raise OSError(f"There is no model at {location}.")
    archive = folder / "dir_archive.ini"
    if archive.is_file():
        if not re.search(r"contents\s*=\s*model", archive.read_text(errors="replace")):
            raise OSError(f"{location} holds no model.")
        raise NotImplementedError(
            f"{location} is a model of GraphLab Create or Turi Create, which only they can run; "
            "what the assignment takes from it, the deep features, is already in the column "
            "deep_features of its image data."
        )
    from .nearest_neighbors import load_model as load  # noqa: PLC0415

    return load(location)
