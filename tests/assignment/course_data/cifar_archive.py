"""A small archive of the form of CIFAR-10's, as its publishers' Python 2 wrote it."""

from __future__ import annotations

import io
import pickle
import struct
import tarfile
from typing import Any, ClassVar

import numpy as np

from assignment.course_data.cifar10 import BATCHES, CLASSES, FOLDER

ROWS = 60  # of a batch: six of each class


class OldPickler(pickle._Pickler):
    """A pickler whose output is that of Python 2 with NumPy 1: plain strings, old module names."""

    dispatch: ClassVar = dict(pickle._Pickler.dispatch)

    def save_bytes(self, data: bytes) -> None:
        self.write(pickle.BINSTRING + struct.pack("<i", len(data)) + data)

    def save_global(self, function: Any, name: str | None = None) -> None:
        module = function.__module__.replace("numpy._core", "numpy.core")
        self.write(f"c{module}\n{name or function.__qualname__}\n".encode())

    dispatch[bytes] = save_bytes
    dispatch[type] = save_global
    dispatch[type(np.empty)] = save_global


def old_pickle(value: Any) -> bytes:
    data = io.BytesIO()
    OldPickler(data, protocol=2).dump(value)
    return data.getvalue()


def batch(seed: int) -> dict[bytes, Any]:
    """Return a batch: classes in a mixed order, and pixels that no other picture has."""
    chance = np.random.default_rng(seed)
    labels = chance.permutation(np.arange(ROWS) % len(CLASSES)).tolist()
    coarse = chance.integers(0, 256, (ROWS, 3, 4, 4), dtype=np.uint8)
    pixels = coarse.repeat(8, axis=2).repeat(8, axis=3).reshape(ROWS, -1)
    names = [f"{CLASSES[label]}_{row}.png".encode() for row, label in enumerate(labels)]
    return {
        b"batch_label": b"a batch",
        b"labels": labels,
        b"data": pixels,
        b"filenames": names,
    }


def archive_of(batches: dict[str, bytes]) -> bytes:
    """Return a tar.gz that holds pickled batches by their names."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, content in {**batches, "readme.html": b"<meta>"}.items():
            member = tarfile.TarInfo(f"{FOLDER}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return data.getvalue()


NAMES = [name for names in BATCHES.values() for name in names]
BATCH = {name: batch(seed) for seed, name in enumerate(NAMES)}
PICKLED = {name: old_pickle(content) for name, content in BATCH.items()}
ARCHIVE = archive_of(PICKLED)
# As many of each label as a small data set has.
COUNTS = {
    "image_train_data": {"automobile": 9, "cat": 9, "dog": 9, "bird": 7},
    "image_test_data": {"automobile": 6, "cat": 6, "dog": 6, "bird": 6},
}
