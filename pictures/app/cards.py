"""What the page shows, as HTML: pictures with captions, distances by label, the vote."""

from __future__ import annotations

import html
from typing import Sequence

import numpy as np

from ..loading import EXACT_SIDE
from ..page import count
from ..thumbnails import data_url
from .similar import Found, PictureSet

MOST_LABELS = 12  # whose mean distances are shown


def query_card(pixels: np.ndarray, name: str, source: str | None = None) -> str:
    """Return the picture that is asked about, above its name and, of a data set, its file."""
    caption = f"<figcaption>{text(name)}{file_name(source)}</figcaption>"
    return f'<figure class="query">{image(pixels, name)}{caption}</figure>'


def problem_sentence(name: str, reason: str) -> str:
    """Return why a file can't be asked about; its name may be written from right to left."""
    return f'<p class="problem" role="alert"><b>{text(name)}</b>: {text(reason)}.</p>'


def neighbor_cards(pictures: PictureSet, found: Found) -> str:
    """Return the pictures that were found, each above its label, id, distance and file."""
    cards = (card(pictures, int(row), far) for row, far in zip(found.rows, found.distances))
    return f'<div class="neighbors">{"".join(cards)}</div>'


def card(pictures: PictureSet, row: int, distance: float) -> str:
    label, number = pictures.labels[row], pictures.ids[row]
    same = (
        '<br><em class="same">nearly the same</em>' if pictures.is_nearly_the_same(distance) else ""
    )
    return (
        f"<figure>{image(pictures.pixels(row), f'{label} {number}')}"
        f"<figcaption><b>{text(label)}</b> {number}"
        f"<br>at {distance:.2f}{same}{file_name(pictures.sources[row])}</figcaption></figure>"
    )


def file_name(source: str | None) -> str:
    """Return the name of a file, whose place shows on pointing at it; nothing without one."""
    if not source:
        return ""
    return f'<span class="file" title="{text(source)}">{text(source.rsplit("/", 1)[-1])}</span>'


def image(pixels: np.ndarray, name: str) -> str:
    """Return an image; one of few pixels shows them as squares, enlarged they would only blur."""
    kind = ' class="small"' * (max(pixels.shape[:2]) <= EXACT_SIDE)
    return f'<img{kind} src="{data_url(pixels)}" alt="{text(name)}">'


def vote_sentence(votes: Sequence[tuple[str, int]]) -> str:
    """Return what the nearest pictures say: the label that most of them have."""
    (winner, most), number = votes[0], sum(many for _, many in votes)
    tied = [label for label, many in votes if many == most]
    if number == 1:
        reason = "the label of the nearest picture"
    elif len(tied) > 1:
        reason = f"{most} of {number} each for {listed(tied)}, and the nearest picture decides"
    else:
        reason = f"{most} of the {number} nearest pictures"
    return f'<p class="vote" role="status">The vote is <b>{text(winner)}</b>: {text(reason)}.</p>'


def distance_sentence(nearest: float, usual: float) -> str:
    """Return how near the nearest picture is: a vote among pictures far away says little."""
    return f"<p>The nearest picture is at {nearest:.2f}. In this data set {usual:.2f} is usual.</p>"


def listed(labels: Sequence[str]) -> str:
    return f"{', '.join(labels[:-1])} and {labels[-1]}"


def distance_table(means: dict[str, float], k: int) -> str:
    """Return the mean distances by label, the nearest first, with a bar for each."""
    longest = max(means.values()) or 1
    rows = "".join(
        f'<tr><th scope="row">{text(label)}<td>{mean:.2f}'
        f'<td class="bar"><span style="width: {100 * mean / longest:.0f}%"></span>'
        for label, mean in list(means.items())[:MOST_LABELS]
    )
    hidden = len(means) - MOST_LABELS
    more = f"<p>and {count(hidden, 'more label')}, further away</p>" if hidden > 0 else ""
    what = "nearest picture" if k == 1 else f"{k} nearest pictures"
    return f"<table><caption>mean distance to the {what} of a label</caption>{rows}</table>{more}"


def text(words: str) -> str:
    return html.escape(str(words))
