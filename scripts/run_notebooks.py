"""Run the notebooks, in order, and check what they answer.

    python scripts/run_notebooks.py              into build/: notebooks, pages, answers.json
    python scripts/run_notebooks.py --in-place   renew the outputs stored in notebooks/
    python scripts/run_notebooks.py --stored     pages in build/html, nothing is run

Exit code 0 where everything ran and no known answer is wrong or missing, else 1; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from assignment.answers import ANSWER_MIME, QUESTIONS, as_text
from assignment.data_sets import data_name, path_of_part
from assignment.engine import engine_name
from assignment.errors import DataError
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C stops at once; kernels end by themselves
ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
BUILD = ROOT / "build"
AT_ONCE = 2  # notebooks; each mostly waits for its engine to start
PAGE_STYLE = """<style>  /* in narrow windows code, text and tables scroll and don't break */
  .jp-InputArea-editor, .jp-OutputArea-output { overflow-x: auto; }
  .jp-RenderedText pre { white-space: pre !important; }
</style>"""
PAGE_TOP = (
    '<main><p class="jp-RenderedHTMLCommon"><a href="index.html">All notebooks, answers</a></p>'
)
CELL_TIMEOUT = 300  # seconds; without one a dead kernel is waited for for ever


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--in-place", action="store_true", help="renew the stored outputs")
    mode.add_argument("--stored", action="store_true", help="pages of the notebooks as stored")
    parser.add_argument(
        "--build", type=Path, default=BUILD, metavar="FOLDER", help="default: build"
    )
    options = parser.parse_args()
    build = options.build.resolve()
    if build == NOTEBOOKS:
        parser.error("--build can't be notebooks/: use --in-place to renew what is stored there")
    there = next(path for path in (build, *build.parents) if path.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        parser.error(f"--build can't be {options.build}: {there} is no folder to write into")
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in paths}
    if options.stored:
        write_pages(notebooks, options.build / "html", answers_of(notebooks), {})
        print(f"pages: {relative(options.build / 'html' / 'index.html')}")
        return 0
    try:  # what is obviously wrong with the data set; the notebooks look closer
        for part in ("image_train_data", "image_test_data"):
            path_of_part(part)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    failures = run_all(notebooks)
    answers = answers_of(notebooks)
    if options.in_place:
        return renew(paths, notebooks, failures)
    write_build(options.build, notebooks, answers, failures)
    print(f"\nanswers: {relative(options.build / 'answers.json')}", end="   ")
    print(f"pages: {relative(options.build / 'index.html')}")
    return report(answers, failures)


# ---- running ------------------------------------------------------------------------------


def run_all(notebooks: dict) -> dict:
    """Execute every notebook in a kernel of its own; return {name: why it failed}."""
    print(f"data set: {data_name()}\nengine:   {engine_name()}\n", flush=True)
    failures = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = pool.map(timed_execute, notebooks.values())
        for name in notebooks:
            print(f"  {name:<32}", end="", flush=True)
            error, seconds = next(runs)
            print(f"{'FAILED' if error else 'ok':<8}{seconds:5.1f} s", flush=True)
            if error:
                failures[name] = error
    return failures


def timed_execute(notebook) -> tuple[str | None, float]:
    start = time.monotonic()
    return execute(notebook), time.monotonic() - start


def execute(notebook) -> str | None:
    """Execute a notebook in memory; return None, or in a line the failing cell and its error."""
    clear_outputs(notebook)
    started: list = []
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        record_timing=False,  # outputs that are the same each time
        coalesce_streams=True,
        on_cell_start=lambda cell, cell_index: started.append(cell),
        extra_arguments=["--log-level=40"],  # errors only: kernels warn about their transport
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        message = " ".join(error.evalue.split())
        return f"{place_of(started, notebook)}: {error.ename}: {message}"
    except CellTimeoutError:
        return f"{place_of(started, notebook)}: no result within {CELL_TIMEOUT} s"
    except DeadKernelError:
        return f"{place_of(started, notebook)}: the kernel died"
    return None


def clear_outputs(notebook) -> None:
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None


def place_of(started: list, notebook) -> str:
    """Return the code cell that execution reached, by its number in the notebook's margin."""
    code = [cell for cell in started if cell.cell_type == "code"]
    return f"cell {len(code)} of {len(code_cells(notebook))}"


def code_cells(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


# ---- answers ------------------------------------------------------------------------------


def answers_of(notebooks: dict) -> list[dict]:
    """Return the answers that the notebooks' outputs hold, in order; 06 gives some once more."""
    return [
        dict(notebook=name, **output.data[ANSWER_MIME])
        for name, notebook in notebooks.items()
        for cell in code_cells(notebook)
        for output in cell.outputs
        if ANSWER_MIME in output.get("data", {})
    ]


def missing_questions(answers: list[dict]) -> list[str]:
    answered = {answer["key"] for answer in answers}
    return [text for key, text in QUESTIONS.items() if key not in answered]


def report(answers: list[dict], failures: dict) -> int:
    """Print the table of answers, and what went wrong; return the exit code."""
    print("\n" + as_table(answers))
    if report_failures(answers, failures):
        return 1
    checked = sum(answer["verdict"] == "right" for answer in answers)
    print(f"{len(answers)} answers, {checked} checked and right")
    return 0


def report_failures(answers: list[dict], failures: dict) -> bool:
    """Print what failed or is missing; return whether anything did, or an answer is wrong."""
    missing = missing_questions(answers)
    for question in missing:
        print(f"not answered: {question}")
    for name, error in failures.items():
        print(f"failed: {name}, {error}")
    return bool(failures or missing) or any(answer["verdict"] == "wrong" for answer in answers)


def as_table(answers: list[dict]) -> str:
    header = ("notebook", "question", "answer", "expected", "verdict")
    rows = [header, *(cells_of(answer) for answer in answers)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows
    )


def cells_of(answer: dict) -> tuple[str, ...]:
    number, value = answer["notebook"].split("-")[0], as_text(answer["value"])
    expected = "" if answer["expected"] is None else as_text(answer["expected"])
    return number, answer["question"], value, expected, answer["verdict"]


# ---- files --------------------------------------------------------------------------------


def renew(paths: list[Path], notebooks: dict, failures: dict) -> int:
    """Store the outputs, unless a notebook failed: then nothing is changed."""
    if report_failures(answers_of(notebooks), failures):
        print("no notebook was changed")
        return 1
    for path in paths:
        notebook = notebooks[path.stem]
        notebook.metadata = {  # the same from every machine and engine
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
        partial = path.with_suffix(".partial")
        nbformat.write(notebook, partial)
        partial.replace(path)
    print(f"renewed the outputs of {len(paths)} notebooks")
    return 0


def write_build(folder: Path, notebooks: dict, answers: list[dict], failures: dict) -> None:
    """Write the executed notebooks, their pages and the answers into a folder."""
    write_pages(notebooks, folder, answers, failures)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    record = {
        "data_set": data_name(),
        "engine": engine_name(),
        "answers": answers,
        "not_answered": missing_questions(answers),
        "failures": failures,
    }
    (folder / "answers.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def write_pages(notebooks: dict, folder: Path, answers: list[dict], failures: dict) -> None:
    """Write a page for each notebook and index.html, which need nothing from the network."""
    folder.mkdir(parents=True, exist_ok=True)
    exporter = HTMLExporter(require_js_url="", mathjax_url="", mermaid_js_url="")
    for name, notebook in notebooks.items():
        page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title_of(notebook)}})
        page = re.sub(r'href="([\w-]+)\.ipynb"', r'href="\1.html"', page)
        page = page.replace("</head>", PAGE_STYLE + "</head>", 1).replace("<main>", PAGE_TOP, 1)
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    index = index_page(notebooks, answers, failures)
    (folder / "index.html").write_text(index, encoding="utf-8")


def ran_on(notebooks: dict) -> str:
    """Return the data set and the engine as the first outputs of the notebooks say."""
    lines = [
        line
        for notebook in notebooks.values()
        for output in code_cells(notebook)[0].outputs
        for line in output.get("text", "").splitlines()
        if line.startswith(("data set: ", "engine: "))
    ]
    return "; ".join(dict.fromkeys(lines)) or "no data set was loaded"


def title_of(notebook) -> str:
    return notebook.cells[0].source.splitlines()[0].lstrip("# ")


def index_page(notebooks: dict, answers: list[dict], failures: dict) -> str:
    links = "\n".join(
        f'<li><a href="{name}.html">{html.escape(title_of(notebook))}</a>'
        + (
            f' <b class="wrong">failed: {html.escape(failures[name])}</b>'
            if name in failures
            else ""
        )
        for name, notebook in notebooks.items()
    )
    rows = "\n".join(
        f'<tr class="{answer["verdict"].replace(" ", "-")}">'
        + "".join(f"<td>{html.escape(text)}" for text in cells_of(answer))
        for answer in answers
    )
    template = (Path(__file__).parent / "index.html").read_text(encoding="utf-8")
    return (
        template.replace("{data}", html.escape(ran_on(notebooks)))
        .replace("{links}", links)
        .replace("{rows}", rows)
    )


def relative(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()


if __name__ == "__main__":
    sys.exit(main())
