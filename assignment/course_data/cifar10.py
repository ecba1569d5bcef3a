"""The pictures of CIFAR-10 that make a data set like the course's.

The course's pictures are CIFAR-10's: its test part all automobiles, birds, cats and dogs of
CIFAR-10's test set, its training part some of those of the training set; which ones, is not known.
So of each label the first ones are taken, as many as the course has. Format of the archive:
https://www.cs.toronto.edu/~kriz/cifar.html.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import pickle
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Mapping, NamedTuple, Sequence

import numpy as np

from .content import ContentError
from .download import Net, say
from .parts import gather
from .place import Place
from .registry import Fact, FetchError, Part, Source

CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
FOLDER = "cifar-10-batches-py"
BATCHES = {
    "image_train_data": [f"data_batch_{number}" for number in range(1, 6)],
    "image_test_data": ["test_batch"],
}
SIDE = 32  # pixels
RECONSTRUCT = np.empty(0).__reduce__()[0]  # how NumPy's pickles begin an array
# All that a pickle of arrays names, of NumPy before 2 and after.
KNOWN = {
    ("numpy.core.multiarray", "_reconstruct"): RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): RECONSTRUCT,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class Chosen(NamedTuple):
    """The pictures of one part: indices in CIFAR-10, labels, pixels (n, 32, 32, 3) of uint8."""

    ids: np.ndarray
    labels: list[str]
    pixels: np.ndarray


class ArrayReader(pickle.Unpickler):
    """An unpickler that knows NumPy arrays and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """Return what is known; raise ContentError for any other name."""
        if (module, name) not in KNOWN:
            raise ContentError(f"a batch of CIFAR-10 holds no {module}.{name}: nothing was loaded")
        return KNOWN[module, name]


# --- the archive ----------------------------------------------------------------------------------


def obtain(args: argparse.Namespace, place: Place) -> bytes:
    """Return the archive, its size and SHA-256 being right: the user's file, or downloaded.

    A downloaded one stays beside the place until `forget`, so that a run that was stopped later on
    needn't download it again. Raise NoSourceError or FetchError where it can't be had.
    """
    part, source = args.cifar10
    (name,) = part.files
    if args.from_cifar10:
        path = Path(os.path.expanduser(args.from_cifar10))  # noqa: PTH111 (never fails)
        return verified(path, part.files[name])
    kept = kept_archive(place)
    with suppress(FetchError, FileNotFoundError):
        data = verified(kept, part.files[name])
        say(f"{name} was downloaded by an earlier run.")
        return data
    mirror = [Source(source.kind, {part.name: args.source})] if args.source else []
    gather([part], [*mirror, source], place.new, Net(args.timeout, args.retry_delay))
    (place.new / part.name / name).replace(kept)
    return verified(kept, part.files[name])


def verified(path: Path, fact: Fact) -> bytes:
    """Return a file's bytes; raise FetchError unless they are what the registry says."""
    if path.stat().st_size != fact.bytes:
        size = f"{path.stat().st_size:,} bytes, not {fact.bytes:,}"
        raise FetchError(f"{path} is not CIFAR-10 for Python: it has {size}")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != fact.sha256:
        raise FetchError(f"{path} is not CIFAR-10 for Python: it has a wrong SHA-256")
    return data


def kept_archive(place: Place) -> Path:
    return place.lock.with_name(f".{place.target.name}-archive")


def forget(place: Place) -> None:
    """Remove the archive that was downloaded."""
    if kept_archive(place).exists():
        kept_archive(place).unlink()


# --- what is in it --------------------------------------------------------------------------------


def read_archive(data: bytes, parts: Sequence[Part]) -> dict[str, Chosen]:
    """Return the pictures for each part, as many of each label as its `content` says.

    The bytes have been verified. Raise ContentError where they hold something else all the same.
    """
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        return {part.name: choose(*read_part(archive, part.name), part.content) for part in parts}


def read_part(archive: tarfile.TarFile, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes (n) and the pixels (n, 3072), plane by plane, of a part's batches."""
    batches = [read_batch(archive, f"{FOLDER}/{batch}") for batch in BATCHES[name]]
    return tuple(np.concatenate(column) for column in zip(*batches))


def read_batch(archive: tarfile.TarFile, name: str) -> tuple[np.ndarray, np.ndarray]:
    try:
        file = archive.extractfile(name)
    except KeyError:
        file = None
    if file is None:
        raise ContentError(f"CIFAR-10's archive has no {name}")
    batch = ArrayReader(file, encoding="bytes").load()
    labels, pixels = np.array(batch[b"labels"]), np.asarray(batch[b"data"])
    if pixels.dtype != np.uint8 or pixels.shape != (len(labels), SIDE * SIDE * 3):
        raise ContentError(f"{name} holds {pixels.shape} of {pixels.dtype}, not pictures")
    return labels, pixels


def choose(classes: np.ndarray, pixels: np.ndarray, content: Mapping[str, Any]) -> Chosen:
    """Return of each label the first pictures, in their order."""
    ids = np.sort(
        np.concatenate([first(classes, label, n) for label, n in content["labels"].items()])
    )
    planes = pixels[ids].reshape(-1, 3, SIDE, SIDE)
    labels = [CLASSES[number] for number in classes[ids]]
    return Chosen(ids, labels, np.ascontiguousarray(planes.transpose(0, 2, 3, 1)))


def first(classes: np.ndarray, label: str, count: int) -> np.ndarray:
    found = np.flatnonzero(classes == CLASSES.index(label))[:count]
    if len(found) < count:
        raise ContentError(f"CIFAR-10 holds {len(found)} pictures of a {label}, not {count}")
    return found
