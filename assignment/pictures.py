"""Pictures: images of the data set with captions, confusion matrices, curves and bars.

All are drawn small and with large letters: on a phone's screen, some 360 pixels wide, they are
scaled down and still readable.
"""

from __future__ import annotations

import math
from typing import Iterable, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

IMAGE_SIZE = (1.4, 1.9)  # inches, with the two lines of its caption
CHART_SIZE = (5, 3.3)  # inches
# Told apart in print without colors: by marker and dashes.
CURVES = [("o-", "#1a5fb4"), ("s--", "#77767b"), ("^:", "black")]
BARS = ["#c0bfbc", "#1a5fb4"]


def show_images(rows: Iterable[dict], columns: int = 3) -> None:
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
    """Return the label and the id of a row, and its distance if it has one."""
    name = f"{row['label']} {row.get('id', row.get('reference_label'))}"
    return f"{name} at {row['distance']:.2f}" if "distance" in row else name


def draw_images(images: Sequence, captions: Sequence[str], columns: int) -> None:
    """Draw images in rows of `columns`, a caption with a distance in two lines."""
    lines = math.ceil(len(images) / columns)
    width, height = IMAGE_SIZE
    figure, axes = plt.subplots(
        lines, columns, squeeze=False, figsize=(width * columns, height * lines), dpi=110
    )
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[], frame_on=False)
    for axis, image, caption in zip(axes.flat, images, captions):
        axis.imshow(image.pixel_data, interpolation="nearest")
        axis.set_xlabel(caption.replace(" at ", "\nat "), fontsize=10)
    figure.tight_layout(pad=0.6)
    plt.show()


def show_confusion(matrix: pd.DataFrame, title: str, xlabel: str) -> None:
    """Draw a confusion matrix, counts by true category (row) and guessed one (column)."""
    counts = np.asarray(matrix)
    figure, axis = plt.subplots(figsize=(5, 4), dpi=100)
    axis.imshow(counts, cmap="Greys", vmin=0, vmax=2 * counts.sum(axis=1).max())
    for (i, j), count in np.ndenumerate(counts):
        axis.text(j, i, count, ha="center", va="center", fontsize=12)
    axis.set(title=title, xlabel=xlabel, ylabel="true category")
    axis.set_xticks(range(counts.shape[1]))
    axis.set_xticklabels(matrix.columns)
    axis.set_yticks(range(counts.shape[0]))
    axis.set_yticklabels(matrix.index)
    figure.tight_layout()
    plt.show()


def draw_curves(table: pd.DataFrame, xlabel: str) -> Axes:
    """Draw the columns of a table, up to three, over its index; return the axes to add to."""
    _, axis = plt.subplots(figsize=CHART_SIZE, dpi=100)
    for (name, values), (style, color) in zip(table.items(), CURVES):
        axis.plot(table.index, values, style, color=color, label=name)
    axis.set_xlabel(xlabel)
    axis.legend(frameon=False)
    return axis


def draw_bars(table: pd.DataFrame, ylabel: str) -> Axes:
    """Draw a group of bars, up to two, for each row of a table; return the axes to add to."""
    axis = table.plot.bar(figsize=CHART_SIZE, width=0.85, rot=0, color=BARS)
    for bars in axis.containers:
        axis.bar_label(bars, fmt="%.2f", padding=2, fontsize=9)
    axis.set_ylabel(ylabel)
    axis.legend(frameon=False, ncol=2, loc="upper left")
    return axis
