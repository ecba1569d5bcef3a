"""The page of a data set: what was taken, with examples, and what was not, with the reasons."""

from __future__ import annotations

import html
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Iterable, Sequence

from .choice import Row
from .folder import LeftOut
from .journal import Journal
from .loading import Picture
from .thumbnails import data_url

if TYPE_CHECKING:
    from .making import Made

EXAMPLES = 12  # pictures that are shown of a label
MOST_EXAMPLES = 600  # of all: of many labels fewer are shown
STYLE = Path(__file__).with_name("page.css")
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Pictures of {name}</title>
<style>
{style}</style>
<h1>Pictures of {name}</h1>
<p>{taken} were taken: {training} for training, {test} for the test. {left_out} were not.</p>
<ul class="contents">{contents}<li><a href="#left-out">not taken</a> {number_out}</ul>
{sections}
<h2 id="left-out">Not taken: {left_out}</h2>
{reasons}
</html>
"""


def write_page(path: Path, made: Made, journal: Journal) -> None:
    groups = defaultdict(list)
    for row in sorted(made.rows, key=lambda row: row.source):
        groups[row.label].append(row)
    examples = max(1, min(EXAMPLES, MOST_EXAMPLES // len(groups)))
    sections = [
        section(number, label, rows, journal, examples)
        for number, (label, rows) in enumerate(sorted(groups.items()))
    ]
    contents = [
        f'<li><a href="#label-{number}">{html.escape(label)}</a> {len(rows):,}'
        for number, (label, rows) in enumerate(sorted(groups.items()))
    ]
    text = PAGE.format(
        name=html.escape(made.folder.name),
        style=STYLE.read_text(encoding="utf-8"),
        taken=count(len(made.rows), "picture"),
        training=f"{made.count(False):,}",
        test=f"{made.count(True):,}",
        left_out=count(len(made.left_out), "file or folder", "files and folders"),
        number_out=f"{len(made.left_out):,}",
        contents="".join(contents),
        sections="\n".join(sections),
        reasons=reasons(made.left_out),
    )
    path.write_text(text, encoding="utf-8", errors="backslashreplace")


def count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def section(number: int, label: str, rows: Sequence[Row], journal: Journal, examples: int) -> str:
    """Return the part of the page on a label: examples, evenly spaced, then the names of all."""
    number_shown = min(examples, len(rows))
    shown = [rows[i * len(rows) // number_shown] for i in range(number_shown)]
    pictures, _, _ = journal.read([row.content for row in shown])
    figures = "".join(map(figure, shown, pictures))
    some = f"<p>{len(shown)} of {len(rows):,} shown</p>\n" if len(shown) < len(rows) else ""
    test = sum(row.is_test for row in rows)
    names = listing(
        f"{row.source} ({'test' if row.is_test else 'training'}, id {row.id})" for row in rows
    )
    return (
        f'<h2 id="label-{number}">{html.escape(label)}: {count(len(rows), "picture")}, '
        f"{test:,} for the test</h2>\n{some}<div class=pictures>{figures}</div>\n"
        f"<details><summary>All {len(rows):,} by name</summary>{names}</details>"
    )


def figure(row: Row, picture: Picture) -> str:
    """Return a picture with its id and its file, whose full name shows on pointing at it."""
    source = html.escape(row.source)
    short = html.escape(row.source.rsplit("/", 1)[-1])
    return (
        f'<figure title="{source}"><img src="{data_url(picture.pixel_data)}" alt="{source}">'
        f"<figcaption><b>{row.id}</b> {short}</figcaption></figure>"
    )


def reasons(left_out: Iterable[LeftOut]) -> str:
    """Return what was not taken, by reason, a detail in brackets beside the name."""
    groups = defaultdict(list)
    for one in left_out:
        reason, _, detail = one.reason.partition(" (")
        groups[reason].append(f"{one.source} ({detail}" if detail else one.source)
    parts = [
        f"<details{' open' if len(names) <= EXAMPLES else ''}><summary>{html.escape(reason)}: "
        f"{len(names):,}</summary>{listing(names)}</details>"
        for reason, names in sorted(groups.items(), key=lambda item: -len(item[1]))
    ]
    return "\n".join(parts) or "<p>Nothing was left out.</p>"


def listing(names: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{html.escape(name)}" for name in names) + "</ul>"
