"""What graders and students see: the table on the terminal, grades.csv, the feedback pages."""

from __future__ import annotations

import csv
import html
import io
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable, Sequence
from urllib.parse import quote

from assignment.answers import QUESTIONS

from .judge import PICTURE, RIGHT, TYPED_IN, Verdict

COLUMNS = ("submission", "question", "points", "max_points", "answer", "expected")
COLUMNS += ("verdict", "cell", "remark")
SHORT = {
    "least_common_label": "least common",
    "nearest_cat": "nearest cat",
    "nearest_dog": "nearest dog",
    "mean_distance_cats": "mean, cats",
    "mean_distance_dogs": "mean, dogs",
    "closer_to": "closer to",
    "dog_accuracy": "dogs right",
    "cat_correct": "cats right*",
}
ASKED = dict(QUESTIONS, dog_accuracy="Dogs in the test data that come out right, or their accuracy")
HINTS = {
    "least_common_label": "Count the labels of the training data, for example with the sketch "
    "summary of its column label.",
    "nearest_cat": "Make a model of the training images of cats, with label='id' and the deep "
    "features. Query it with the first test image, a slice: image_test[0:1].",
    "nearest_dog": "Make a model of the training images of dogs, with label='id' and the deep "
    "features. Query it with the first test image, a slice: image_test[0:1].",
    "mean_distance_cats": "Query the cat model with the first test image. Take the mean of the "
    "column distance over the five nearest, ranks 1 to 5.",
    "mean_distance_dogs": "Query the dog model with the first test image. Take the mean of the "
    "column distance over the five nearest, ranks 1 to 5.",
    "closer_to": "Compare the two mean distances in a cell. The smaller mean is the closer one.",
    "dog_accuracy": "Query all four models with the dogs of the test data, k=1. A dog is right "
    "where its nearest dog is strictly nearer than the nearest of every other category.",
    "cat_correct": "Do for the cats of the test data what you did for the dogs.",
}
BY_VERDICT = {
    TYPED_IN: "The notebook contains this value as text. Compute it in a cell.",
    "not computed": "No cell shows this answer. Display, print or name it.",
}
LEGEND = "* for no points; - not computed: no cell shows this answer"
UNSEEN = "The notebook ran on other images than yours. So the right answers are other numbers. "
STYLE = Path(__file__).with_name("feedback.css")


@dataclass(frozen=True)
class CellLine:
    """A cell as the feedback lists it."""

    number: int
    status: str  # "ok", "error", "limit" or "not run"
    seconds: float
    first_line: str
    problem: str = ""


@dataclass(frozen=True)
class Graded:
    """A submission with its verdicts, and what a student is told beside them."""

    submission: str
    verdicts: list[Verdict]
    problem: str | None = None  # why it could not be judged
    engine: str = ""
    is_variant: bool = True  # of the data set, that nobody has seen
    changes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    cells: dict[str, list[CellLine]] = field(default_factory=dict)  # by notebook

    @property
    def points(self) -> int:
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def max_points(self) -> int:
        return sum(verdict.max_points for verdict in self.verdicts)


# --- the terminal ---------------------------------------------------------------------------------


def as_table(graded: Sequence[Graded]) -> str:
    """Return a line of text per submission, a column per question, and below what marks mean."""
    rows = [("submission", "points", *SHORT.values())]
    for one in graded:
        marks = [mark_of(verdict) for verdict in one.verdicts]
        rows.append((plain(one.submission), f"{one.points} of {one.max_points}", *marks))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    rows.insert(1, tuple("-" * width for width in widths))
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths)) for row in rows]
    return "\n".join([*(line.rstrip() for line in lines), LEGEND])


def mark_of(verdict: Verdict) -> str:
    """Return a verdict in one word or two."""
    if verdict.verdict == PICTURE:
        return "picture"
    return "-" if verdict.verdict == "not computed" else verdict.verdict.split(":")[0]


def plain(text: str) -> str:
    """Return a text without what would steer a terminal or break a line."""
    return "".join(character if character.isprintable() else "?" for character in text)


# --- grades.csv -----------------------------------------------------------------------------------


def grades_csv(graded: Sequence[Graded]) -> str:
    """Return the table of all verdicts as CSV, a line per submission and question."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in graded:
        for verdict in one.verdicts:
            writer.writerow([harmless(value) for value in row_of(one, verdict)])
    return text.getvalue()


def row_of(one: Graded, verdict: Verdict) -> Sequence:
    """Return a verdict's line of the table; of several notebooks the cell names its own."""
    cell: str | int = "" if verdict.cell is None else verdict.cell
    if cell and len(one.cells) > 1:
        cell = f"{verdict.notebook}: {cell}"
    remarks = [verdict.remark, one.problem or "", *one.remarks]
    return (
        one.submission,
        verdict.question,
        verdict.points,
        verdict.max_points,
        verdict.answer,
        verdict.expected,
        verdict.verdict,
        cell,
        "; ".join(remark for remark in remarks if remark),
    )


def harmless(value: object) -> object:
    """Return a text that no spreadsheet takes for a formula, on one line."""
    if not isinstance(value, str):
        return value
    text = " ".join(plain(value.replace("\n", " ").replace("\t", " ")).split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


# --- pages ----------------------------------------------------------------------------------------


def page_names(submissions: Iterable[str]) -> dict[str, str]:
    """Return a file name for each submission: its own, where a file can have it."""
    taken = {"index.html"}
    names = {}
    for submission in submissions:
        stem = re.sub(r'[\x00-\x1f<>:"/\\|?*%#]', "_", submission).strip(". ")[:80] or "_"
        name, number = f"{stem}.html", 1
        while name.lower() in taken:
            number += 1
            name = f"{stem} ({number}).html"
        taken.add(name.lower())
        names[submission] = name
    return names


def index_page(graded: Sequence[Graded], pages: dict[str, str], about: Sequence[str]) -> str:
    """Return the page of all submissions."""
    header = "".join(f"<th>{text(name)}" for name in ("Submission", "Points", *SHORT.values()))
    rows = "\n".join(index_row(one, pages[one.submission]) for one in graded)
    lines = "".join(f"<li>{text(line)}" for line in about)
    body = f"""<h1>Grades</h1>
<ul class="about">{lines}</ul>
<div class="wide"><table class="grades"><thead><tr>{header}</thead><tbody>
{rows}
</tbody></table></div>
<p class="note">{LEGEND}. The same table, with answers:
<a href="grades.csv">grades.csv</a>.</p>"""
    return page("Grades", body, wide=True)


def index_row(one: Graded, name: str) -> str:
    cells = "".join(
        f'<td data-column="{text(SHORT[verdict.question])}" title="{text(verdict.verdict)}">'
        f'<span class="mark {kind_of(verdict)}">{text(mark_of(verdict))}</span>'
        for verdict in one.verdicts
    )
    problem = f'<div class="bad">{text(one.problem)}</div>' if one.problem else ""
    return (
        f'<tr><th scope="row"><a href="{quote(name)}">{text(one.submission)}</a>{problem}'
        f'<td class="points" data-column="Points">{one.points} of {one.max_points}{cells}'
    )


def kind_of(verdict: Verdict) -> str:
    """Return the class that gives a verdict its color."""
    if verdict.verdict in (RIGHT, PICTURE):
        return "right"
    return {"-": "none", "failed": "failed", TYPED_IN: "failed"}.get(mark_of(verdict), "wrong")


def feedback_page(one: Graded) -> str:
    """Return a submission's page: answers, hints, what was changed, limits, cells."""
    cards = "\n".join(card(verdict, one) for verdict in one.verdicts)
    problem = f'<p class="problem">{text(one.problem)}.</p>' if one.problem else ""
    body = f"""<p class="up"><a href="index.html">All submissions</a></p>
<h1>{text(one.submission)}</h1>
<p class="total"><b>{one.points}</b> of {one.max_points} points</p>
{problem}<p class="note">{UNSEEN if one.is_variant else ""}A cell's number counts the code cells
from the top.</p>
<div class="cards">
{cards}
</div>
{listed("Remarks", one.remarks)}{listed("What was changed to make it run", one.changes)}
{"".join(cell_table(name, cells) for name, cells in one.cells.items())}"""
    return page(one.submission, body)


def card(verdict: Verdict, one: Graded) -> str:
    facts = [("Your answer", verdict.answer), ("Expected", verdict.expected)]
    if verdict.cell is not None:
        several = f"{verdict.notebook}, " if len(one.cells) > 1 else ""
        facts.append(("Cell", f"{several}{verdict.cell}"))
    shown = "".join(f"<dt>{name}<dd>{text(value)}" for name, value in facts if value)
    told = [verdict.remark, *hints_for(verdict)]
    hints = "".join(f"<p>{text(hint)}</p>" for hint in told if hint)
    extra = ' <span class="note">(for no points)</span>' if verdict.max_points == 0 else ""
    return f"""<section class="card {kind_of(verdict)}">
<h2>{text(ASKED[verdict.question])}{extra}</h2>
<p class="verdict">{text(verdict.verdict)}</p>
<dl>{shown}</dl>{hints}
</section>"""


def hints_for(verdict: Verdict) -> list[str]:
    if verdict.is_right:
        return []
    words = BY_VERDICT.get(verdict.verdict, "")
    return [words, HINTS[verdict.question]]


def listed(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    items = "\n".join(f"<li>{text(line)}" for line in lines)
    return f"<h2>{title}</h2>\n<ul>{items}</ul>\n"


def cell_table(name: str, cells: Sequence[CellLine]) -> str:
    rows = "\n".join(
        f'<tr class="{cell.status.replace(" ", "-")}"><td>{cell.number}'
        f"<td><code>{text(cell.first_line)}</code>"
        f"{f'<div class=bad>{text(cell.problem)}</div>' if cell.problem else ''}"
        f"<td>{cell.status}<td>{cell.seconds:.1f} s"
        for cell in cells
    )
    return f"""<h2>Cells of {text(name)}</h2>
<div class="wide"><table class="cells"><thead><tr><th>Cell<th>Code<th>Status<th>Time</thead><tbody>
{rows}
</tbody></table></div>
"""


def page(title: str, body: str, wide: bool = False) -> str:
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{text(title)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
<body{' class="all"' if wide else ""}>
{body}
</html>
"""


def text(value: object) -> str:
    """Return a text as HTML shows it."""
    return html.escape(plain(str(value)))


def write(path: Path, content: str) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)
