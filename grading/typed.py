"""What a submission typed in rather than computed: literals, and names that hold nothing else."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field
from typing import Iterator

from IPython.core.inputtransformer2 import TransformerManager

# Longer ones are no answers, and Python refuses to read those of thousands of digits.
NUMBER = re.compile(r"(?<![\w.])[-+]?\d{1,40}(?:\.(\d{1,40}))?(?:[eE][-+]?\d{1,4})?(?![\w]|\.\d)")
WHOLE = re.compile(r"(?<![\w.])\d{1,18}(?![\w.])")
PLACEHOLDER = re.compile(r"%[-+#0-9.]*[a-zA-Z]|\{[^{}]*\}")
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
    """What is typed in of a cell; `names`, `telling` and `imported` go on from cell to cell.

    `names` hold nothing but literals, functions and classes that only give some among them; those
    that are `telling` hold a number that says by itself what it answers.
    `said` are the texts that the cell prints whatever its data are, `chosen` those it decides on.
    """

    names: set[str] = field(default_factory=set)
    telling: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    literals: list[Literal] = field(default_factory=list)
    shows: bool = False  # its last expression
    sizes: set[str] = field(default_factory=set)  # names that count rows, and those of loops
    said: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    tree: ast.Module | None = None


def parse(source: str) -> ast.Module | None:
    """Return a cell's syntax tree, its magics turned into Python, or None where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(transform(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def typed_in(source: str, before: Typed) -> Typed:
    """Return what of a cell is typed in, where `before` tells of the cell that ran before it."""
    tree = parse(source)
    typed = after(before)
    if tree is None:
        return typed
    try:
        walk(tree.body, typed, decided=False)
        last = tree.body[-1] if tree.body else None
        typed.shows = isinstance(last, ast.Expr) and is_typed(last.value, typed)
        typed.literals = [literal for statement in tree.body for literal in literals_in(statement)]
    except RecursionError:  # an expression of a thousand parts: nobody computes with one
        return after(before)
    typed.tree = tree
    return typed


def after(before: Typed) -> Typed:
    """Return what is known when the next statements begin."""
    return Typed(set(before.names), set(before.telling), set(before.imported))


# --- names ----------------------------------------------------------------------------------------


def walk(body: list[ast.stmt], typed: Typed, decided: bool) -> None:
    """Follow names through statements; what a computed condition decides counts as computed."""
    for statement in body:
        note_texts(statement, typed, decided)
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            follow(statement, typed, decided)
        elif isinstance(statement, ast.For):
            follow_loop(statement, typed, decided)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            typed.imported |= {(one.asname or one.name).split(".")[0] for one in statement.names}
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            follow_call(statement.value, typed)
        elif isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            define(statement, typed)
            continue
        test = getattr(statement, "test", getattr(statement, "iter", None))
        below = decided or (test is not None and not is_typed(test, typed))
        for inner in ("body", "orelse", "finalbody"):
            walk(getattr(statement, inner, []), typed, below)


def follow(statement: ast.Assign | ast.AnnAssign | ast.AugAssign, typed: Typed, decided: bool):
    """Note which names an assignment makes typed in, computed, or a count of rows."""
    if statement.value is None:
        return
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for target in targets:
        for part, value in pairs_of(target, statement.value):
            names = names_of(part)
            old = names if isinstance(statement, ast.AugAssign) else set()
            put(names, typed, not decided and old <= typed.names and is_typed(value, typed))
            tells = names <= typed.names and holds_number([value], typed)
            typed.telling = typed.telling | names if tells else typed.telling - names
            typed.sizes = typed.sizes | names if is_size(value) else typed.sizes - names


def follow_call(call: ast.Call, typed: Typed) -> None:
    """Note that a call like `names.append(value)` makes computed what it is called of."""
    if isinstance(call.func, ast.Attribute) and not all(is_typed(one, typed) for one in call.args):
        put({root_of(call.func)}, typed, False)


def pairs_of(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Return the single assignments in one: `a, b = 1, f()` has two."""
    sides = (target, value)
    if all(isinstance(side, (ast.Tuple, ast.List)) for side in sides) and len(target.elts) == len(
        value.elts
    ):
        return list(zip(target.elts, value.elts))
    return [sides]


def put(names: set[str], typed: Typed, is_plain: bool) -> None:
    typed.names = typed.names | names if is_plain else typed.names - names


def follow_loop(statement: ast.For, typed: Typed, decided: bool) -> None:
    names = names_of(statement.target)
    put(names, typed, not decided and is_typed(statement.iter, typed))
    typed.sizes |= names


def define(statement: ast.FunctionDef | ast.ClassDef, typed: Typed) -> None:
    """Note a function that returns, and a class that holds, nothing but what is typed in."""
    inner = after(typed)
    if isinstance(statement, ast.FunctionDef):
        put(parameters_of(statement), inner, False)
        walk(statement.body, inner, decided=False)
        put(parameters_of(statement), inner, True)
        returned = [node for node in ast.walk(statement) if isinstance(node, ast.Return)]
        is_plain = bool(returned) and all(
            node.value is not None and is_typed(node.value, inner) for node in returned
        )
    else:
        is_plain = all(
            isinstance(node, ast.Assign) and is_typed(node.value, typed) for node in statement.body
        )
    typed.said += inner.said
    typed.chosen += inner.chosen
    put({statement.name}, typed, is_plain)


def parameters_of(function: ast.FunctionDef | ast.Lambda) -> set[str]:
    given = function.args
    return {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}


def names_of(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def is_size(value: ast.expr) -> bool:
    """Return whether a value counts the rows of what has a name: `len(...)`, `.num_rows()`.

    What is filtered there and then is counted as an answer may be.
    """
    called = value.func if isinstance(value, ast.Call) else None
    name = getattr(called, "id", getattr(called, "attr", ""))
    return name in {"len", "num_rows"} and not any(
        isinstance(node, (ast.Compare, ast.comprehension)) for node in ast.walk(value)
    )


# --- expressions ----------------------------------------------------------------------------------


def is_typed(value: ast.AST, typed: Typed) -> bool:
    """Return whether an expression holds literals only, and names that hold nothing else."""
    if isinstance(value, ast.Name):
        return value.id in typed.names
    if isinstance(value, ast.Call):
        return is_typed_call(value, typed)
    if isinstance(value, (ast.Constant, ast.Await)):
        return isinstance(value, ast.Constant)
    named = with_names(names_given(value), typed)
    parts = [part for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr)]
    parts += [part for one in getattr(value, "generators", []) for part in (one.iter, *one.ifs)]
    return bool(parts) and all(is_typed(part, named) for part in parts)


def names_given(value: ast.AST) -> set[str]:
    """Return the names that an expression gives: the parameters of a lambda, those of a loop."""
    if isinstance(value, ast.Lambda):
        return parameters_of(value)
    loops = getattr(value, "generators", [])
    return {name for one in loops for name in names_of(one.target)}


def with_names(names: set[str], typed: Typed) -> Typed:
    return Typed(typed.names | names, typed.telling, typed.imported) if names else typed


def is_typed_call(call: ast.Call, typed: Typed) -> bool:
    """Return whether a call makes nothing but what is typed in.

    A library's function may read files: it does not where it is given a number that tells, like an
    id or a distance, and no text of its own.
    """
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not all(is_typed(one, typed) for one in given):
        return False
    if is_typed(call.func, typed):
        return True
    is_imported = root_of(call.func) in typed.imported
    called = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if called in CONVERSIONS and (is_imported or isinstance(call.func, ast.Name)):
        return bool(given)
    return is_imported and holds_number(given, typed) and not holds_text(given)


def root_of(value: ast.expr) -> str:
    while isinstance(value, ast.Attribute):
        value = value.value
    return value.id if isinstance(value, ast.Name) else ""


def holds_number(given: list[ast.expr], typed: Typed) -> bool:
    """Return whether there is a number that tells, or a name that holds one."""
    return any(
        is_telling(getattr(node, "value", None)) or getattr(node, "id", "") in typed.telling
        for one in given
        for node in ast.walk(one)
    )


def holds_text(given: list[ast.expr]) -> bool:
    return any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in given)


def is_telling(value: object) -> bool:
    """Return whether a number says by itself what it answers; small ones and words do not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return value >= 1000 or (isinstance(value, float) and len(repr(value)) > 5)


# --- texts ----------------------------------------------------------------------------------------


def note_texts(statement: ast.stmt, typed: Typed, decided: bool) -> None:
    """Note the texts of a simple statement: said in any case, or chosen by what was computed."""
    value = getattr(statement, "value", None)
    if value is None:
        return
    is_print = isinstance(value, ast.Call) and getattr(value.func, "id", "") == "print"
    fixed = (
        [] if decided or not is_print else [part for one in value.args for part in fixed_in(one)]
    )
    typed.said += [piece for node in fixed for piece in pieces_of(node.value)]
    places = [value] if decided else list(choices_in(value, typed))
    texts = [node for part in places for node in ast.walk(part) if isinstance(node, ast.Constant)]
    typed.chosen += [
        piece for node in texts if isinstance(node.value, str) for piece in pieces_of(node.value)
    ]


def choices_in(value: ast.expr, typed: Typed) -> Iterator[ast.expr]:
    """Yield what an expression chooses from by what was computed."""
    for node in ast.walk(value):
        if isinstance(node, ast.IfExp) and not is_typed(node.test, typed):
            yield from (node.body, node.orelse)
        elif isinstance(node, ast.Subscript) and not is_typed(node, typed):
            if isinstance(node.value, (ast.List, ast.Tuple, ast.Dict)):
                yield node.value
        elif isinstance(node, ast.Dict) and not is_typed(node, typed):
            yield from (key for key in node.keys if key is not None)


def fixed_in(value: ast.expr) -> list[ast.Constant]:
    """Return the texts that an expression always has, whatever stands between them."""
    if isinstance(value, ast.Constant):
        return [value] if isinstance(value.value, str) else []
    parts: list[ast.expr] = []
    if isinstance(value, ast.JoinedStr):
        parts = value.values
    elif isinstance(value, ast.BinOp):
        parts = [value.left, value.right] if isinstance(value.op, ast.Add) else [value.left]
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        parts = [value.func.value] if value.func.attr == "format" else []
    return [found for part in parts for found in fixed_in(part)]


def pieces_of(text: str) -> list[str]:
    """Return what of a text is printed as it stands, in lower case, line by line."""
    pieces = [piece for line in text.lower().splitlines() for piece in PLACEHOLDER.split(line)]
    return [piece.strip() for piece in pieces if piece.strip()]


# --- literals -------------------------------------------------------------------------------------


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


def whole_numbers(text: str) -> list[int]:
    """Return the whole numbers of a text that stand by themselves."""
    return [int(number) for number in WHOLE.findall(text)]


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
