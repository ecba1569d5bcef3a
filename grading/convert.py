"""Submissions made runnable: notebooks of format 3, source of Python 2, and what was changed."""

from __future__ import annotations

import ast
import difflib
import json
import re
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Iterator

from fissix.pgen2.parse import ParseError
from fissix.pgen2.tokenize import TokenError
from fissix.refactor import RefactoringTool, get_fixers_from_package
from IPython.core.inputtransformer2 import TransformerManager

from assignment.errors import OneLineError

from .old_names import COURSE_MODEL, PART
from .record import Cell

LARGEST = 2**30  # bytes of a notebook: what is stored in it is not worth more memory
LONGEST = 100  # characters of a changed line in the list of changes
# A file's place decides what `fix_import` does; cells have none.
NOT_FIXED = {"fissix.fixes.fix_import"}
PRINT_FIXER = "fissix.fixes.fix_print"
PRINT_FUNCTION = re.compile(r"^\s*from\s+__future__\s+import\s+.*\bprint_function\b", re.MULTILINE)
# What IPython takes and Python doesn't: a magic, a command of the shell, a question mark.
SPECIAL = re.compile(r"^(?P<start>\s*(?:[\w., ]+=\s*)?)(?P<rest>(?:%|!|\?).*|[\w.]+\?{1,2}\s*)$")
PYTHON_MAGICS = {"capture", "prun", "time", "timeit"}  # of a cell whose body is Python
PLACE = "__magic_{}__"
ENGINES = re.compile(r"^\s*(?:import|from)\s+(graphlab|turicreate)\b", re.MULTILINE)


class NotebookError(OneLineError):
    """A file is no notebook."""


@dataclass
class Notebook:
    """The code of a notebook, ready to run, and what was changed for that."""

    cells: list[Cell]
    changes: list[str] = field(default_factory=list)


def read_notebook(path: Path) -> Notebook:
    """Return a notebook's code cells, made runnable; raise NotebookError where it is none."""
    content = read_content(path)
    changes = []
    if content.get("nbformat", 4) < 4:
        changes.append(f"the notebook's format {content['nbformat']} was read as format 4")
    cells = [
        Cell(number, source, stored_count=count)
        for number, (source, count) in enumerate(code_cells(content), start=1)
    ]
    is_old = is_python2(content.get("metadata")) or (
        content.get("nbformat", 4) < 4 and any(is_python2_only(cell.source) for cell in cells)
    )
    changes += convert_cells(cells, is_old)
    changes += list(renamed(cells))
    return Notebook(cells, changes)


def read_content(path: Path) -> dict:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise NotebookError(f"{path.name} has {size / 2**30:.1f} GB: no notebook is so large")
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise NotebookError(f"{path.name} can't be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise NotebookError(f"{path.name} is no notebook: it is not JSON") from None
    if not isinstance(content, dict) or not isinstance(sheets_of(content), list):
        raise NotebookError(f"{path.name} is no notebook: it has no cells")
    if not isinstance(content.get("nbformat", 4), int):
        raise NotebookError(f"{path.name} is no notebook: its format is no number")
    return content


def sheets_of(content: dict) -> Any:
    """Return the lists of cells: that of format 4, or those of format 3's sheets."""
    if "worksheets" in content:
        sheets = content["worksheets"]
        is_well = isinstance(sheets, list) and all(isinstance(sheet, dict) for sheet in sheets)
        return [sheet.get("cells", []) for sheet in sheets] if is_well else None
    return [content["cells"]] if isinstance(content.get("cells"), list) else None


def code_cells(content: dict) -> Iterator[tuple[str, int | None]]:
    """Yield each code cell's source and the count with which it was last run."""
    for sheet in sheets_of(content):
        for cell in sheet if isinstance(sheet, list) else []:
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                source = cell.get("source", cell.get("input", ""))
                lines = source if isinstance(source, list) else [source]
                count = cell.get("execution_count", cell.get("prompt_number"))
                yield "".join(map(str, lines)), count if isinstance(count, int) else None


def is_python2(metadata: Any) -> bool:
    """Return whether a notebook says that its kernel was Python 2."""
    metadata = metadata if isinstance(metadata, dict) else {}
    language, spec = (
        part if isinstance(part, dict) else {}
        for part in (metadata.get("language_info"), metadata.get("kernelspec"))
    )
    version = str(language.get("version", ""))
    return version.startswith("2") or "python2" in str(spec.get("name", "")).replace("-", "")


def stored_order(cells: list[Cell]) -> list[Cell] | None:
    """Return the cells in the order in which they were last run, or None if that is theirs.

    Cells that were never run come last.
    """
    known = [cell for cell in cells if cell.stored_count is not None]
    order = sorted(known, key=lambda cell: (cell.stored_count, cell.number))
    order += [cell for cell in cells if cell.stored_count is None]
    return None if order == cells else order


# --- Python 2 -------------------------------------------------------------------------------------


def convert_cells(cells: list[Cell], all_of_them: bool) -> list[str]:
    """Convert cells in place, all or those that are no Python 3; return what was changed."""
    changes = []
    has_print_function = False
    for cell in cells:
        has_print_function = has_print_function or bool(PRINT_FUNCTION.search(cell.source))
        if not cell.source.strip() or not (all_of_them or not does_parse(cell.source)):
            continue
        try:
            converted = convert(cell.source, has_print_function)
        except ValueError:
            changes.append(f"cell {cell.number} is neither Python 3 nor Python 2: left as it is")
            continue
        changes += list(changed_lines(cell.number, cell.source, converted))
        cell.source = converted
    return changes


def does_parse(source: str) -> bool:
    """Return whether IPython with Python 3 takes a cell, and the body of a `%%time` cell."""
    magic = re.match(r"\s*%%(\w+)", source)
    if magic and magic[1] not in PYTHON_MAGICS:
        return True
    text = plain_python(source)[0] if magic else TransformerManager().transform_cell(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def is_python2_only(source: str) -> bool:
    """Return whether a cell is Python 2 and no Python 3: format 3 does not say what it was."""
    if not source.strip() or does_parse(source):
        return False
    try:
        convert(source, has_print_function=False)
    except ValueError:
        return False
    return True


def convert(source: str, has_print_function: bool) -> str:
    """Return a cell of Python 2 as Python 3, its magics kept; raise ValueError if it is neither."""
    python, put_back = plain_python(source)
    try:
        tree = fixers(has_print_function).refactor_string(python.rstrip("\n") + "\n", "cell")
    except (ParseError, TokenError, IndentationError, RecursionError, AttributeError) as error:
        raise ValueError(str(error)) from None
    return put_back(str(tree).rstrip("\n"))


@lru_cache(maxsize=2)
def fixers(has_print_function: bool) -> RefactoringTool:
    names = set(get_fixers_from_package("fissix.fixes")) - NOT_FIXED
    options = {"print_function": has_print_function}
    return RefactoringTool(
        sorted(names - ({PRINT_FIXER} if has_print_function else set())), options
    )


def plain_python(source: str) -> tuple[str, Callable[[str], str]]:
    """Return a cell with names in place of its magics, and what puts the magics back."""
    kept: list[str] = []
    lines = []
    for line in source.splitlines():
        found = SPECIAL.match(line)
        if found:
            lines.append(found["start"] + PLACE.format(len(kept)))
            kept.append(convert_magic(found["rest"]))
        else:
            lines.append(line)

    def put_back(text: str) -> str:
        for number in reversed(range(len(kept))):
            text = text.replace(PLACE.format(number), kept[number])
        return text

    return "\n".join(lines), put_back


def convert_magic(line: str) -> str:
    """Return a magic as it is, but for the Python 2 that one like `%time` is to run."""
    found = re.match(rf"(%(?:{'|'.join(PYTHON_MAGICS)})\s+)([^-\s].*)", line)
    if not found or does_parse(found[2]):
        return line
    try:
        return found[1] + convert(found[2], has_print_function=False)
    except ValueError:
        return line


# --- what was changed -----------------------------------------------------------------------------


def changed_lines(number: int, old: str, new: str) -> Iterator[str]:
    before, after = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            was, is_now = joined(before[i:j]), joined(after[k:m])
            yield f"cell {number}, from Python 2: {was}  →  {is_now}"


def joined(lines: list[str]) -> str:
    return short(" / ".join(line.strip() for line in lines))


def short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def renamed(cells: list[Cell]) -> Iterator[str]:
    """Yield what runs differently though its source stays: engines, paths, the course's network."""
    for cell in cells:
        for name in dict.fromkeys(ENGINES.findall(cell.source)):
            if name == "graphlab":
                yield f"cell {cell.number}: graphlab is the engine of the grader"
        for text in texts_in(cell.source):
            if PART.search(text.strip()) and not re.fullmatch(r"image_(train|test)_data/?", text):
                yield f"cell {cell.number}: the path {short(text)} is the data set's"
            elif COURSE_MODEL.search(text) and "load_model" in cell.source:
                yield f"cell {cell.number}: {short(text)} gives the deep features that there are"


def texts_in(source: str) -> Iterator[str]:
    for found in re.finditer(r"""(["'])((?:(?!\1)[^\\\n]|\\.)*)\1""", source):
        yield found[2]
