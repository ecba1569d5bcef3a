"""One sentence for a call with arguments that can't be used, in place of an error from inside.

Whoever calls a public function with a value of a wrong type shall read what was wrong with the
call. What the code checks, it says by itself. All else ends in an error of Python, NumPy or pandas
that speaks of things the caller doesn't know. `spoken` puts a sentence in the place of these.
"""

from __future__ import annotations

import dis
import functools
import inspect
from pathlib import Path
from types import FunctionType, TracebackType
from typing import Any, Callable, TypeVar

HERE = str(Path(__file__).parent)
INTERNAL = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
KEPT = (KeyError, IndexError, OverflowError, ValueError)
"""Errors that stay of their type, where Turi Create has the same; all others become TypeErrors."""
OPERATORS = ("__init__", "__getitem__", "__setitem__", "__delitem__", "__contains__")
CALLS_BACK = ("apply", "filter")
"""Methods that call the caller's function, whose errors are the caller's own."""

LONGEST = 60  # characters of a value in a message

T = TypeVar("T", bound=type)


def spoken(function: Callable) -> Callable:
    """Return the function with one sentence in the place of an error that isn't its own."""

    @functools.wraps(function)
    def called(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except INTERNAL as error:
            trace = error.__traceback__
            if trace is None or trace.tb_next is None or _is_said(trace):
                raise
            raise _kind(error)(_sentence(function, args, options)) from error

    return called


def all_spoken(cls: T) -> T:
    """Make each public method of a class, and what brackets call, `spoken` (a decorator)."""
    for name, member in list(vars(cls).items()):
        if (name.startswith("_") and name not in OPERATORS) or name in CALLS_BACK:
            continue
        if isinstance(member, FunctionType):
            setattr(cls, name, spoken(member))
        elif isinstance(member, classmethod):
            setattr(cls, name, classmethod(spoken(member.__func__)))
    return cls


def _is_said(trace: TracebackType) -> bool:
    """Return whether an error was raised on purpose, by a statement of this package."""
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    operation = dis.opname[code.co_code[trace.tb_lasti]]
    return code.co_filename.startswith(HERE) and operation == "RAISE_VARARGS"


def _kind(error: Exception) -> type[Exception]:
    return next((kind for kind in KEPT if isinstance(error, kind)), TypeError)


def _sentence(function: Callable, args: tuple, options: dict[str, Any]) -> str:
    given = inspect.signature(function).bind(*args, **options).arguments
    owner = given.pop("self", given.pop("cls", None))
    kind = owner if isinstance(owner, type) else type(owner)
    name = function.__name__ if owner is None else f"{kind.__name__}.{function.__name__}"
    name = name.replace(".__init__", "").replace(".__getitem__", "[...]")
    parts = [f"{key}={shown(value)}" for key, value in given.items()]
    return f"{name} can't be used with {', '.join(parts) or 'these values'}."


def word(value: Any) -> str:
    """Return a value that should be a word as an error message names it."""
    return value if isinstance(value, str) else shown(value)


def shown(value: Any) -> str:
    """Return a value as an error message names it: a short one as it is, another by its type."""
    if value is None or isinstance(value, (bool, int, float, str)):
        text = repr(value)
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
    kind = value if isinstance(value, type) else type(value)
    article = "an" if kind.__name__[:1] in "AEIOaeio" or kind.__name__[:2] in ("SA", "SF") else "a"
    return f"the type {kind.__name__}" if kind is value else f"{article} {kind.__name__}"
