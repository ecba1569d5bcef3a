"""Pictures of the data set with captions."""

from __future__ import annotations

import math
from typing import Iterable, Sequence

import matplotlib.pyplot as plt


def show_images(rows: Iterable[dict], columns: int = 6) -> None:
    """Draw the images of some rows, `columns` side by side, each above its caption, and print them.

    A row is one of the data set or of a join with it: with `image`, `label`, `id` (or
    `reference_label`) and perhaps `distance`. The caption is made of the same row as the picture,
    so that the two can't be mixed up. Pixels are drawn as squares: 32x32 of them smoothed to this
    size would only look blurred.
    """
    rows = list(rows)
    captions = [caption_of(row) for row in rows]
    if rows:
        draw_images([row["image"] for row in rows], captions, columns)
    for start in range(0, len(rows), columns):
        print(" | ".join(captions[start : start + columns]))


def caption_of(row: dict) -> str:
    name = f"{row['label']} {row.get('id', row.get('reference_label'))}"
    return f"{name} at {row['distance']:.2f}" if "distance" in row else name


def draw_images(images: Sequence, captions: Sequence[str], columns: int) -> None:
    lines = math.ceil(len(images) / columns)
    figure, axes = plt.subplots(
        lines, columns, squeeze=False, figsize=(1.6 * columns, 1.85 * lines), dpi=110
    )
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[], frame_on=False)
    for axis, image, caption in zip(axes.flat, images, captions):
        axis.imshow(image.pixel_data, interpolation="nearest")
        axis.set_xlabel(caption, fontsize=9)
    figure.tight_layout(pad=0.6)
    plt.show()
