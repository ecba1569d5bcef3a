"""Loading saved models, of whichever toolkit."""

from __future__ import annotations

import re
from pathlib import Path

from .imagenet import ImageNetModel, is_imagenet
from .logistic_classifier import LogisticClassifier
from .model import Model
from .nearest_neighbors import NearestNeighborsModel
from .saving import read_model

MODELS = {model.__name__: model for model in (NearestNeighborsModel, LogisticClassifier)}
"""The models that can be saved, by the name of the class in their file."""


def load_model(location: str) -> Model:
    """Return the model that `save` wrote to `location`, or the one for the course's network.

    Raises NotImplementedError for a model of GraphLab Create or Turi Create, OSError where there
    is none.
    """
    if is_imagenet(location):
        return ImageNetModel(location)
    folder = Path(location).expanduser()
    if not folder.exists():
        raise OSError(f"There is no model at {location}.")
    _refuse_archive(folder, location)
    stored = read_model(location)
    if stored.kind not in MODELS:
        raise OSError(
            f"{stored.path} is of the class {stored.kind}, which this turilite can't read."
        )
    try:
        return MODELS[stored.kind]._restored(stored)
    except (ValueError, KeyError, TypeError) as error:
        raise stored.damaged(repr(error)) from error


def _refuse_archive(folder: Path, location: str) -> None:
    """Raise the error that says why an archive of Turi Create can't be loaded as a model."""
    archive = folder / "dir_archive.ini"
    if not archive.is_file():
        return
    if not re.search(r"contents\s*=\s*model", archive.read_text(errors="replace")):
        raise OSError(f"{location} holds no model.")
    raise NotImplementedError(
        f"{location} is a model of GraphLab Create or Turi Create, which only they can run; "
        "what the assignment takes from it, the deep features, is already in the column "
        "deep_features of its image data."
    )
