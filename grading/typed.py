"""What a submission typed in rather than computed: literals, and names that hold nothing else."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field
from typing import Iterator

from IPython.core.inputtransformer2 import TransformerManager

NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.(\d+))?(?:[eE][-+]?\d+)?(?![\w]|\.\d)")
# Calls that make nothing new of what was typed in.
CONVERSIONS = {"abs", "array", "bool", "dict", "float", "float64", "format", "int", "list", "max"}
CONVERSIONS |= {"min", "mean", "print", "round", "set", "sorted", "str", "sum", "tuple"}
transform = TransformerManager().transform_cell


@dataclass(frozen=True)
class Literal:
    """A number or a text that stands in the source, and the statement around it, in lower case.

    It is `direct` where the statement says nothing else: gives it a name, or hands it to a call.
    """

    value: float | int | str
    decimals: int | None
    statement: str
    direct: bool


@dataclass
class Typed:
    """What is typed in of a cell; `names` goes on from cell to cell."""

    names: set[str] = field(default_factory=set)
    literals: list[Literal] = field(default_factory=list)
    shows: bool = False  # its last expression
    sizes: set[str] = field(default_factory=set)  # names that count rows, and those of loops
    tree: ast.Module | None = None


def parse(source: str) -> ast.Module | None:
    """Return a cell's syntax tree, its magics turned into Python, or None where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(transform(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def typed_in(source: str, known: set[str]) -> Typed:
    """Return what of a cell is typed in, where `known` names held typed values before it."""
    tree = parse(source)
    if tree is None:
        return Typed(names=set(known))
    typed = Typed(names=set(known), tree=tree)
    walk(tree.body, typed, decided=False)
    last = tree.body[-1] if tree.body else None
    typed.shows = isinstance(last, ast.Expr) and is_typed(last.value, typed.names)
    typed.literals = [literal for statement in tree.body for literal in literals_in(statement)]
    return typed


def walk(body: list[ast.stmt], typed: Typed, decided: bool) -> None:
    """Follow names through statements; what a computed condition decides counts as computed."""
    for statement in body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            follow(statement, typed, decided)
        elif isinstance(statement, ast.For):
            typed.sizes |= names_of(statement.target)
        test = getattr(statement, "test", getattr(statement, "iter", None))
        below = decided or (test is not None and not is_typed(test, typed.names))
        if not isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            for inner in ("body", "orelse", "finalbody"):
                walk(getattr(statement, inner, []), typed, below)


def follow(statement: ast.Assign | ast.AnnAssign | ast.AugAssign, typed: Typed, decided: bool):
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    names = set().union(*(names_of(target) for target in targets))
    if statement.value is None:
        return
    old = names if isinstance(statement, ast.AugAssign) else set()
    is_plain = not decided and is_typed(statement.value, typed.names) and old <= typed.names
    typed.names = typed.names | names if is_plain else typed.names - names
    typed.sizes = typed.sizes | names if is_size(statement.value) else typed.sizes - names


def names_of(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def is_size(value: ast.expr) -> bool:
    """Return whether a value counts rows: `len(...)`, `.num_rows()`."""
    called = value.func if isinstance(value, ast.Call) else None
    name = getattr(called, "id", getattr(called, "attr", ""))
    return name in {"len", "num_rows"}


def is_typed(value: ast.expr, names: set[str]) -> bool:
    """Return whether an expression holds literals only, and names that hold nothing else."""
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.Name):
        return value.id in names
    if isinstance(value, ast.Call):
        called = getattr(value.func, "id", getattr(value.func, "attr", ""))
        given = [*value.args, *(keyword.value for keyword in value.keywords)]
        return called in CONVERSIONS and bool(given) and all(is_typed(one, names) for one in given)
    if isinstance(value, (ast.Lambda, ast.Attribute, ast.Await)):
        return False
    parts = [node for node in ast.iter_child_nodes(value) if isinstance(node, ast.expr)]
    return bool(parts) and all(is_typed(part, names) for part in parts)


def literals_in(statement: ast.stmt) -> Iterator[Literal]:
    """Yield the numbers and texts of a statement, and the numbers inside its texts."""
    for inner in getattr(statement, "body", []):
        if isinstance(inner, ast.stmt):
            yield from literals_in(inner)
    if isinstance(getattr(statement, "body", None), list):
        return
    text = text_of(statement).lower()
    direct = direct_parts(statement)
    for node in ast.walk(statement):
        if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
            continue
        if isinstance(node.value, (int, float)):
            yield Literal(node.value, decimals_of(node.value), text, node in direct)
        elif isinstance(node.value, str):
            yield Literal(node.value, None, text, node in direct)
            for number in numbers_in(node.value):
                yield Literal(*number, text, node in direct)


def direct_parts(statement: ast.stmt) -> list[ast.expr]:
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Call) and isinstance(statement, ast.Expr):
        return value.args
    if isinstance(value, ast.Dict):
        return value.values
    return value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]


def text_of(node: ast.AST) -> str:
    """Return the source of a node; Python 3.8 can't write it, and nothing hangs on it there."""
    return ast.unparse(node) if hasattr(ast, "unparse") else ""


def numbers_in(text: str) -> Iterator[tuple[float | int, int | None]]:
    """Yield each number of a text and how many decimals stand behind its point."""
    for found in NUMBER.finditer(text):
        is_whole = found[1] is None and "e" not in found[0].lower()
        decimals = len(found[1]) if found[1] else None
        yield (int(found[0]) if is_whole else float(found[0])), decimals


def decimals_of(value: float | int) -> int | None:
    """Return how many decimals a number shows when it is displayed."""
    text = repr(value)
    is_plain = isinstance(value, float) and re.match(r"-?\d+\.\d+$", text)
    return len(text.split(".")[1]) if is_plain else None
