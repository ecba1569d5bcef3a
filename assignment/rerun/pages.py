"""Pages of the notebooks, and an index with the answers, which need nothing from the network."""

from __future__ import annotations

import base64
import copy
import html
import re
import struct
from pathlib import Path
from typing import Mapping, Sequence

from nbconvert import HTMLExporter
from nbformat import NotebookNode

from assignment.answers import ANSWER_MIME, as_text

from .answers_table import HEADER, cells_of, summary_of
from .notebooks import Notebooks, code_cells, outputs_of, title_of

WIDE_PICTURE = 800  # pixels: scaled to a narrow screen its letters could not be read
PAGE_STYLE = f"<style>\n{Path(__file__).with_name('page.css').read_text(encoding='utf-8')}</style>"
SAMPLE = "data/sample"
LICENSES = f"""
The drawings of the sample have authors and licenses of their own, named in
{SAMPLE}/LICENSES.md."""
PAGE_TOP = (
    '<main><p class="jp-RenderedHTMLCommon"><a href="index.html">All notebooks, answers</a></p>'
)


def write_pages(
    notebooks: Notebooks, folder: Path, answers: Sequence[dict], failures: Mapping[str, str]
) -> None:
    """Write a page for each notebook into a folder, and last the index that leads to them."""
    exporter = HTMLExporter(require_js_url="", mathjax_url="", mermaid_js_url="")
    for name, notebook in notebooks.items():
        page = notebook_page(notebook, exporter, failures.get(name))
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    index = index_page(notebooks, answers, failures)
    (folder / "index.html").write_text(index, encoding="utf-8")


def notebook_page(
    notebook: NotebookNode, exporter: HTMLExporter, failure: str | None = None
) -> str:
    """Return a notebook's page, at whose end stands why it stopped, if it did."""
    resources = {"metadata": {"name": title_of(notebook)}}
    page, _ = exporter.from_notebook_node(fit_for_any_width(notebook), resources)
    page = re.sub(r'href="([\w-]+)\.ipynb"', r'href="\1.html"', page)
    page = page.replace("</head>", PAGE_STYLE + "</head>", 1).replace("<main>", PAGE_TOP, 1)
    start, end, rest = page.rpartition("</main>")
    return f"{start}{ending(failure)}{end}{rest}" if failure else page


def ending(failure: str) -> str:
    """Return the end of the page of a notebook that failed."""
    text = f"This notebook stops at {html.escape(failure)} The cells below that one were not run."
    return f'<p class="jp-RenderedHTMLCommon stopped">{text}</p>'


def fit_for_any_width(notebook: NotebookNode) -> NotebookNode:
    """Return a copy whose answers wrap and whose wide pictures scroll in a narrow window."""
    notebook = copy.deepcopy(notebook)
    for output in outputs_of(notebook):
        data = output.get("data", {})
        if ANSWER_MIME in data:
            data["text/html"] = answer_line(data[ANSWER_MIME])
        if "image/png" in data and width_of_png(data["image/png"]) > WIDE_PICTURE:
            output.metadata["image/png"] = {"unconfined": True}
    return notebook


def answer_line(answer: Mapping) -> str:
    """Return an answer as HTML: the same words as in the notebook, the verdict marked."""
    text = f"{html.escape(answer['question'])}: <b>{html.escape(as_text(answer['value']))}</b>"
    if answer["expected"] is not None:
        verdict, expected = answer["verdict"], html.escape(as_text(answer["expected"]))
        text += f' - <b class="{verdict}">{verdict}</b>, expected {expected}'
    return f'<p class="answer" id="{anchor_of(answer)}">{text}</p>'


def anchor_of(answer: Mapping) -> str:
    return f"answer-{answer['key']}"


def width_of_png(picture: str) -> int:
    """Return the width in pixels that the header of a PNG picture, in base64, states."""
    return struct.unpack(">I", base64.b64decode(picture[:32])[16:20])[0]


def index_page(notebooks: Notebooks, answers: Sequence[dict], failures: Mapping[str, str]) -> str:
    """Return the page that lists the notebooks and shows the table of answers."""
    template = Path(__file__).with_name("index.html").read_text(encoding="utf-8")
    data = ran_on(notebooks)
    parts = {
        "{data}": html.escape(data),
        "{licenses}": LICENSES if f"data set: {SAMPLE}," in data else "",
        "{links}": "\n".join(
            link_to(name, notebook, failures.get(name)) for name, notebook in notebooks.items()
        ),
        "{header}": "".join(f"<th>{name.capitalize()}" for name in HEADER),
        "{rows}": "\n".join(row_of(answer) for answer in answers),
        "{summary}": html.escape(summary_of(answers)),
    }
    return re.sub(r"\{\w+\}", lambda place: parts.get(place[0], place[0]), template)


def ran_on(notebooks: Notebooks) -> str:
    """Return the data set and the engine as the first outputs of the notebooks say."""
    lines = [
        line
        for notebook in notebooks.values()
        for output in code_cells(notebook)[0].outputs
        for line in output.get("text", "").splitlines()
        if line.startswith(("data set: ", "engine: "))
    ]
    return "; ".join(dict.fromkeys(lines)) or "no data set was loaded"


def link_to(name: str, notebook: NotebookNode, failure: str | None) -> str:
    failed = f' <b class="wrong">failed: {html.escape(failure)}</b>' if failure else ""
    return f'<li><a href="{name}.html">{html.escape(title_of(notebook))}</a>{failed}'


def row_of(answer: dict) -> str:
    """Return an answer's row, whose number leads to the answer in its notebook.

    A narrow screen shows each cell under the name of its column.
    """
    number, *others = map(html.escape, cells_of(answer))
    link = f'<a href="{answer["notebook"]}.html#{anchor_of(answer)}">{number}</a>'
    cells = "".join(
        f'<td data-column="{name.capitalize()}">{text}'
        for name, text in zip(HEADER, (link, *others))
    )
    return f'<tr class="{answer["verdict"].replace(" ", "-")}">{cells}'
