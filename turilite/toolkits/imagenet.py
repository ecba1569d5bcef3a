"""The network of the course, which is not there: its results are in the course's data."""

from __future__ import annotations

import re
from typing import Any

from ..errors import ToolkitError
from ..tables.sarray import SArray
from .model import Model, check_sframe

COLUMN = "deep_features"
NAME = re.compile(r"imagenet_model\w*/*$")


def is_imagenet(location: Any) -> bool:
    """Return whether this is the address or the folder of the course's network."""
    return NAME.search(str(location)) is not None


class ImageNetModel(Model):
    """What the notebooks of the course load as their network: it gives the stored features."""

    def __init__(self, location: str) -> None:
        super().__init__({"location": str(location), "features": [COLUMN]})

    def extract_features(self, dataset: Any, *_: Any, **__: Any) -> SArray:
        """Return the column `deep_features`, which the network made of the pictures.

        Raises ToolkitError where `dataset` is no SFrame, or has no such column.
        """
        check_sframe(dataset)
        if COLUMN not in dataset.column_names():
            raise ToolkitError(
                "turilite can't run the network: it takes its results from the column "
                f"{COLUMN!r}, which the course's data have and this SFrame has not."
            )
        return dataset[COLUMN]
