"""What becomes of a notebook's cells in the students' edition, by their nbgrader metadata.

A solution cell keeps the names that later cells need, a check becomes one cell for each question.
"""

from __future__ import annotations

import ast
import re
from copy import deepcopy
from typing import Iterator, Mapping, Sequence

from nbformat import NotebookNode

TO_WRITE = "# your code here"
HIDDEN_TEST = """
### BEGIN HIDDEN TESTS
from grading.edition.judge import judge
judge({key!r}, {value}, {sealed!r})
### END HIDDEN TESTS"""


def mark_of(cell: NotebookNode) -> Mapping:
    return cell.metadata.get("nbgrader", {})


def is_solution(cell: NotebookNode) -> bool:
    return mark_of(cell).get("solution", False)


def is_check(cell: NotebookNode) -> bool:
    return mark_of(cell).get("grade", False)


def is_set_up(cell: NotebookNode) -> bool:
    return mark_of(cell).get("locked", False) and not is_check(cell)


# --- checks ---------------------------------------------------------------------------------------


def split_checks(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return the cells with a check for each question and, before it, what the check computes."""
    return [part for cell in cells for part in (split_check(cell) if is_check(cell) else [cell])]


def split_check(cell: NotebookNode) -> Iterator[NotebookNode]:
    """Yield a solution cell of the assignments in a check, then a cell for each question."""
    computed: list[str] = []
    shown: list[str] = []
    points = mark_of(cell)["points"] / cell.source.count("check_answer(")
    checks = []
    for statement in ast.parse(cell.source).body:
        text = ast.get_source_segment(cell.source, statement)
        key = question_of(statement)
        if isinstance(statement, ast.Assign):
            computed.append(text)
        elif key is None:
            shown.append(text)
        else:
            mark = {"grade_id": key, "points": points}
            checks.append(derived(cell, key, "\n".join([*shown, text]), mark))
            shown = []
    if computed:
        mark = {"grade": False, "locked": False, "solution": True}
        grade_id = f"{mark_of(cell)['grade_id']}-solution"
        solution = derived(cell, "solution", "\n".join(computed), {**mark, "grade_id": grade_id})
        del solution.metadata["nbgrader"]["points"]
        yield solution
    yield from checks


def derived(cell: NotebookNode, suffix: str, source: str, mark: Mapping) -> NotebookNode:
    made = deepcopy(cell)
    made.id = f"{cell.id}-{suffix}"
    made.source = source
    made.metadata["nbgrader"].update(mark)
    return made


def question_of(statement: ast.stmt) -> str | None:
    """Return the key of the question that a statement `check_answer(key, value)` checks."""
    call = getattr(statement, "value", None)
    if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "check_answer":
        return call.args[0].value
    return None


def add_hidden_test(cell: NotebookNode, sealed: Mapping[str, str]) -> None:
    """Let a check of one question judge its value once more, by the sealed answer."""
    last = ast.parse(cell.source).body[-1]
    key = question_of(last)
    value = ast.get_source_segment(cell.source, last.value.args[1])
    cell.source += HIDDEN_TEST.format(key=key, value=value, sealed=sealed[key])


# --- solutions ------------------------------------------------------------------------------------


def clear_solutions(cells: Sequence[NotebookNode]) -> None:
    """Leave of each solution cell a place to write, with the names that later cells need."""
    sources = [cell.source if cell.cell_type == "code" else "" for cell in cells]
    for number, cell in enumerate(cells):
        if is_solution(cell):
            needed = set().union(*(names_read(source) for source in sources[number + 1 :]))
            cell.source = place_to_write(sources[number], needed)


def names_read(source: str) -> set[str]:
    names = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Load)}


def place_to_write(source: str, needed: set[str]) -> str:
    stubs = {}
    for statement in ast.parse(source).body:
        stubs.update(stubs_of(statement))
    return "\n".join([TO_WRITE, *(stub for name, stub in stubs.items() if name in needed)])


def stubs_of(statement: ast.stmt) -> dict[str, str]:
    """Return what stands for the names that a statement defines: {name: code}."""
    if isinstance(statement, ast.FunctionDef):
        head = f"def {statement.name}({ast.unparse(statement.args)}):"
        return {statement.name: f'{head}\n    return fill_in("{statement.name}")'}
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    names = [node.id for target in targets for node in ast.walk(target) if hasattr(node, "id")]
    return {name: f'{name} = fill_in("{name}")' for name in names}


def import_fill_in(cell: NotebookNode) -> None:
    """Let a set-up cell import what stands for values still to be computed."""
    found = re.search(r"^from assignment import (.*)$", cell.source, re.M)
    names = sorted([*found[1].split(", "), "fill_in"], key=lambda name: (name.islower(), name))
    cell.source = cell.source.replace(found[0], f"from assignment import {', '.join(names)}")


# --- prose ----------------------------------------------------------------------------------------


def without_answers(text: str) -> str:
    """Return a text without the folded answers to its questions."""
    return re.sub(r"\n*<details>.*?</details>", "", text, flags=re.S)


def without_links_out(text: str, notebooks: set[str]) -> str:
    """Return a text without a last line that leads to a notebook that is not in the edition."""
    links = re.findall(r"\n\nNext: \[.*?\]\(([\w-]+)\.ipynb\)\.?$", text)
    if links and links[0] not in notebooks:
        return text[: text.rindex("\n\nNext: ")]
    return text
