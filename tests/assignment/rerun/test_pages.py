"""Pages: whole without a network, and readable on a narrow screen."""

from __future__ import annotations

import base64
import io
import re

import nbformat
import pytest

pytest.importorskip("nbconvert", reason="pages are made in the other environment")

from nbconvert import HTMLExporter
from PIL import Image

from assignment.answers import ANSWER_MIME
from assignment.rerun.pages import WIDE_PICTURE, index_page, notebook_page, width_of_png

ANSWER = {
    "key": "closer_to",
    "question": "Is 1 < 2?",
    "value": 0.12345,
    "expected": "dog",
    "verdict": "wrong",
}


def picture(width: int) -> str:
    data = io.BytesIO()
    Image.new("RGB", (width, 10)).save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


def notebook_with(**data):
    output = nbformat.v4.new_output("display_data", data=data["data"])
    cells = [
        nbformat.v4.new_markdown_cell("# 1. A & B\n\n[next](02-next.ipynb)"),
        nbformat.v4.new_code_cell("show()", outputs=[output]),
    ]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def exporter():
    return HTMLExporter(require_js_url="", mathjax_url="", mermaid_js_url="")


def test_an_answer_stands_in_a_line_that_wraps_with_its_verdict_marked(exporter):
    notebook = notebook_with(data={"text/plain": "plain", ANSWER_MIME: ANSWER})
    page = notebook_page(notebook, exporter)
    line = re.search(r'<p class="answer" id="answer-closer_to">.*</p>', page)[0]
    assert "Is 1 &lt; 2?: <b>0.1235</b>" in line or "Is 1 &lt; 2?: <b>0.1234</b>" in line
    assert line.endswith(' - <b class="wrong">wrong</b>, expected dog</p>')
    assert "text/html" not in notebook.cells[1].outputs[0].data  # the notebook stays as it was


def test_a_picture_too_wide_for_a_narrow_screen_keeps_its_size_there(exporter):
    for width in (WIDE_PICTURE, WIDE_PICTURE + 1):
        page = notebook_page(notebook_with(data={"image/png": picture(width)}), exporter)
        image = re.search(r"<img[^>]*>", page)[0]
        assert ("unconfined" in image) == (width > WIDE_PICTURE)


def test_the_width_of_a_picture_is_read_from_its_header():
    assert width_of_png(picture(1059)) == 1059


def test_pages_link_to_pages_and_need_nothing_from_the_network(exporter):
    page = notebook_page(notebook_with(data={"text/plain": "1"}), exporter)
    assert 'href="02-next.html"' in page
    assert not re.search(r'(src|href)="(https?:)?//', page)


def test_the_page_of_a_notebook_that_stopped_says_why_at_its_end(exporter):
    notebook = notebook_with(data={"text/plain": "1"})
    page = notebook_page(notebook, exporter, "cell 1 of 1: WrongAnswer: 1 < 2. Count again.")
    end = page.partition('<p class="jp-RenderedHTMLCommon stopped">')[2]
    assert "cell 1 of 1: WrongAnswer: 1 &lt; 2. Count again. The cells below" in end
    assert "jp-Cell" not in end
    assert "stopped" not in notebook_page(notebook, exporter).partition("</head>")[2]


def test_the_index_names_the_column_of_every_cell_for_narrow_screens():
    answer = {**ANSWER, "notebook": "04-mean-distance"}
    notebook = notebook_with(data={"text/plain": "1"})
    page = index_page({"04-mean-distance": notebook}, [answer], {"04-mean-distance": "cell <1>"})
    row = re.search(r"<tr class=.*", page)[0]
    assert re.findall(r'data-column="(\w+)"', row) == [
        "Notebook", "Question", "Answer", "Expected", "Verdict",
    ]  # fmt: skip
    assert '<a href="04-mean-distance.html#answer-closer_to">04</a>' in row
    assert "<p>1 answer, 0 checked and right, 1 wrong</p>" in page
    assert 'class="wrong">failed: cell &lt;1&gt;</b>' in page
    assert "1. A &amp; B" in page
    assert not re.search(r"\{(data|links|header|rows|summary|licenses)\}", page)


@pytest.mark.parametrize(("name", "are_named"), [("data/sample", True), ("data/pictures", False)])
def test_the_index_names_the_licenses_of_the_sample_only(name, are_named):
    cell = nbformat.v4.new_code_cell(
        "load_images()",
        outputs=[nbformat.v4.new_output("stream", text=f"data set: {name}, 2 training and 1 test")],
    )
    page = index_page({"09-mine": nbformat.v4.new_notebook(cells=[cell])}, [], {})
    assert name in page
    assert ("LICENSES.md" in page) == are_named
    assert "cats, dogs" not in page
