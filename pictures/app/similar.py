"""Which pictures of a data set are similar to a given one."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Sequence

import numpy as np
import PIL.Image

import turilite
from assignment.data_sets import PARTS, load_part, path_of_part
from assignment.errors import DataError

from ..features import deep_features
from ..network import WIDTH

COLUMNS = ("id", "image", "label", "deep_features")
SOURCE = "source"  # of a folder's pictures: the file of each, with its place in the folder
PROBES = 200  # pictures whose nearest neighbors tell which distance is usual
NEARLY_THE_SAME = 0.5  # of the usual distance; notebook 9 says why
TOLERANCE = 1e-3  # between deep features that were computed on different machines


@dataclass(frozen=True)
class Found:
    """Pictures of a data set, the nearest to a given one first: row numbers, distances, labels."""

    rows: np.ndarray  # (n,) of int
    distances: np.ndarray  # (n,) of float64
    labels: np.ndarray  # (n,) of str

    def nearest(self, k: int, label: str | None = None) -> Found:
        """Return the k nearest, of one label where one is given; fewer where there are fewer."""
        chosen = slice(None) if label is None else np.flatnonzero(self.labels == label)
        return Found(*(column[chosen][:k] for column in (self.rows, self.distances, self.labels)))

    def mean_distances(self, k: int) -> dict[str, float]:
        """Return the mean distance to the k nearest of each label, the smallest first."""
        nearest: dict[str, list[float]] = {}
        for label, distance in zip(self.labels.tolist(), self.distances.tolist()):
            of_label = nearest.setdefault(label, [])
            if len(of_label) < k:
                of_label.append(distance)
        means = {label: sum(some) / len(some) for label, some in nearest.items()}
        return dict(sorted(means.items(), key=lambda item: item[1]))

    def vote(self, k: int) -> list[tuple[str, int]]:
        """Return how many of the k nearest have each label, the most first.

        Where two are as many, the one whose picture is nearest comes first.
        """
        return Counter(self.labels[:k].tolist()).most_common()


class PictureSet:
    """All pictures of a data set, and one nearest-neighbors model over their deep features.

    In memory are the features as float32 (n x 5 KB); pictures are read when they are shown.
    """

    def __init__(self, images: turilite.SFrame) -> None:
        self.labels = np.array([str(label) for label in images["label"]], dtype=object)
        self.ids = list(images["id"])
        known = SOURCE in images.column_names()
        self.sources = list(images[SOURCE]) if known else [None] * len(images)
        self._images = images["image"]
        self._features = images["deep_features"]
        self._model = turilite.nearest_neighbors.create(
            images, features=["deep_features"], verbose=False
        )

    def __len__(self) -> int:
        return len(self.labels)

    def pixels(self, row: int) -> np.ndarray:
        """Return the picture of a row, (height, width, 3) of uint8."""
        return in_color(self._images[row])

    def like_row(self, row: int) -> Found:
        """Return all other pictures, those most similar to the picture of a row first."""
        found = self._find(self._features[row])
        others = np.flatnonzero(found.rows != row)
        return Found(found.rows[others], found.distances[others], found.labels[others])

    def like(self, pixels: np.ndarray) -> Found:
        """Return all pictures, those most similar to a new one first; its shape as in `pixels`."""
        return self._find(array("d", deep_features([pixels])[0]))

    def _find(self, features: Sequence[float]) -> Found:
        query = turilite.SFrame({"deep_features": [features]})
        found = self._model.query(query, k=None, verbose=False)
        rows = found["reference_label"].to_numpy().astype(int)
        return Found(rows, found["distance"].to_numpy(), self.labels[rows])

    def is_nearly_the_same(self, distance: float) -> bool:
        """Return whether two pictures at this distance are one, or two shots of one moment."""
        return distance <= NEARLY_THE_SAME * self.usual_distance

    @cached_property
    def usual_distance(self) -> float:
        """The median distance from a picture to its nearest other one, of `PROBES` of them."""
        step = max(1, len(self) // PROBES)
        queries = turilite.SFrame({"deep_features": self._features[::step]})
        found = self._model.query(queries, k=2, verbose=False)
        return float(np.median(found["distance"].to_numpy()[found["rank"].to_numpy() == 2]))


def in_color(image: turilite.Image) -> np.ndarray:
    """Return the pixels of an image, (height, width, 3) of uint8, whatever its channels are."""
    return np.asarray(PIL.Image.fromarray(image.pixel_data).convert("RGB"))


def load_images_of_network() -> turilite.SFrame:
    """Return the pictures of both parts of the chosen data set, with this network's features.

    Raise DataError where it can't be used: `load_part` says how, or its deep features are not
    those that a new picture would get.
    """
    train, test = (load_part(name, turilite, any_labels=True) for name in PARTS)
    columns = [*COLUMNS, *([SOURCE] if has_sources(train) and has_sources(test) else [])]
    train, test = train[columns], test[columns]
    for name, part in zip(PARTS, (train, test)):
        check_features(part, name)
    return train.append(test)


def has_sources(images: turilite.SFrame) -> bool:
    return dict(zip(images.column_names(), images.column_types())).get(SOURCE) is str


def check_features(images: turilite.SFrame, name: str) -> None:
    """Raise DataError unless the first picture of a part has the deep features of this network."""
    stored = np.asarray(images["deep_features"][0])
    computed = deep_features([in_color(images["image"][0])])[0]
    if len(stored) != WIDTH or not np.allclose(stored, computed, rtol=0, atol=TOLERANCE):
        raise DataError(
            f"the deep features in {path_of_part(name)} are of another network, so a new "
            f"picture can't be compared with them: take DATA_DIR=data/sample, or a data set that "
            f"`make pictures` or `make data ARGS=--rebuild` made"
        )
