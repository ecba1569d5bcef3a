"""Every parameter of every public function, and values of types that are wrong for most of them.

The calls are made from the signatures: each parameter in turn gets each value, the others one that
fits. A new function is covered when its parameters have a fitting value in `FITTING`.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from types import ModuleType
from typing import Any, Callable, Mapping, NamedTuple

import pandas as pd

import turilite
from tests.turilite.tables.outcomes import described


def ints(tc: ModuleType) -> Any:
    return tc.SArray([3, 1, None, 2])


def table(tc: ModuleType) -> Any:
    return tc.SFrame({"x": [1.0, 2.0, 3.0, 4.0], "id": [1, 2, 3, 4], "y": list("abab")})


def neighbors(tc: ModuleType) -> Any:
    return tc.nearest_neighbors.create(table(tc), "id", ["x"], verbose=False)


def classifier(tc: ModuleType) -> Any:
    return tc.logistic_classifier.create(table(tc), "y", ["x"], verbose=False)


OWNERS: dict[str, Callable[[ModuleType], Any]] = {
    "SArray": ints,
    "SArray of text": lambda tc: tc.SArray(["a", "b", None]),
    "SArray of vectors": lambda tc: tc.SArray([[1.0, 2.0], [3.0, 4.0]]),
    "SArray of lists": lambda tc: tc.SArray([["a"], ["b", 1]]),
    "SArray of dictionaries": lambda tc: tc.SArray([{"a": 1}, {}]),
    "SFrame": table,
    "Sketch": lambda tc: tc.Sketch(ints(tc)),
    "Image": lambda tc: tc.Image(),
    "NearestNeighborsModel": neighbors,
    "LogisticClassifier": classifier,
    "turilite": lambda tc: tc,
    "aggregate": lambda tc: tc.aggregate,
    "config": lambda tc: tc.config,
    "evaluation": lambda tc: tc.evaluation,
    "nearest_neighbors": lambda tc: tc.nearest_neighbors,
    "logistic_classifier": lambda tc: tc.logistic_classifier,
    "text_analytics": lambda tc: tc.text_analytics,
    "distances": lambda tc: tc.distances,
}
PUBLIC = {  # what a module offers, where it imports more than that
    "nearest_neighbors": ["create"],
    "logistic_classifier": ["create"],
    "config": ["set_runtime_config", "get_runtime_config"],
}
WRONG: dict[str, Callable[[ModuleType], Any]] = {
    "a row": lambda _: {"x": 1.0},
    "a list": lambda _: [1, 2],
    "a list of rows": lambda _: [{"x": 1.0}, {"x": 2.0}],
    "nothing": lambda _: None,
    "a DataFrame": lambda _: pd.DataFrame({"x": [1.0, 2.0]}),
    "a Series": lambda _: pd.Series([1.0, 2.0]),
    "a string": lambda _: "text",
    "an SArray": ints,
    "an SFrame": table,
    "a number": lambda _: 3.5,
    "a negative number": lambda _: -1,
    "a type": lambda _: int,
    "an object": lambda _: object(),
    "a function": lambda _: len,
}
# A fitting value for each parameter that has no default.
FITTING: dict[str, Callable[[ModuleType], Any]] = {
    **dict.fromkeys(("dataset", "other", "right"), table),
    **dict.fromkeys(("array", "condition", "targets", "predictions", "x"), ints),
    **dict.fromkeys(("column_name", "column_name_1", "src_column", "label"), lambda _: "x"),
    **dict.fromkeys(("column_name_2", "agg_column", "out_column"), lambda _: "id"),
    **dict.fromkeys(("column_names", "subset", "key_column_names"), lambda _: ["x"]),
    **dict.fromkeys(("fn",), lambda _: lambda value: 1),
    **dict.fromkeys(("filename", "location", "url", "path"), lambda _: "somewhere"),
    **dict.fromkeys(("value", "item", "element", "istrue", "isfalse", "threshold"), lambda _: 1),
    **dict.fromkeys(("size", "start", "width", "height", "channels"), lambda _: 1),
    **dict.fromkeys(("fraction", "quantile_val", "quantiles"), lambda _: 0.5),
    "data": lambda _: [1, 2, 3, 4],
    "dtype": lambda _: float,
    "names": lambda _: {"x": "z"},
    "values": lambda _: [1],
    "keys": lambda _: ["a"],
    "operations": lambda tc: tc.aggregate.COUNT(),
    "target": lambda _: "y",
    "name": lambda _: "a setting",
    "new_column_name": lambda _: "new",
    "y": ints,
}


# Those of some owners, where they are others.
OWN_FITTING: dict[str, dict[str, Callable[[ModuleType], Any]]] = {
    "text_analytics": {
        "text": lambda tc: tc.SArray(["a b", "b", None]),
        "dataset": lambda tc: tc.SArray([{"a": 1, "b": 1}, {"b": 1}]),
        "query": lambda _: ["a"],
        "vocab_filename": lambda _: "somewhere",
    },
    "distances": {
        **dict.fromkeys(("x", "y"), lambda _: [3.0, 1.0]),
        "distance": lambda _: [[["a"], "euclidean", 1.0]],
    },
}


def fitting(owner: str, name: str, tc: ModuleType) -> Any:
    """Return a value that fits a parameter."""
    return {**FITTING, **OWN_FITTING.get(owner, {})}[name](tc)


class Parameter(NamedTuple):
    """One parameter of a public function."""

    owner: str
    function: str
    name: str

    def call(self, tc: ModuleType, kind: str) -> Any:
        """Call the function with a wrong value for this parameter, what fits for the others."""
        function = getattr(OWNERS[self.owner](tc), self.function)
        args, options = [], {}
        for name, parameter in inspect.signature(function).parameters.items():
            if name == self.name:
                given = WRONG[kind](tc)
            elif parameter.default is parameter.empty and parameter.kind not in VARIABLE:
                given = fitting(self.owner, name, tc)
            else:
                continue
            if parameter.kind is parameter.VAR_POSITIONAL:
                args.append(given)
            elif parameter.kind is parameter.VAR_KEYWORD:
                options["option"] = given
            else:
                options[name] = given
        if args and options:
            args, options = [*options.values(), *args], {}
        result = function(*args, **options)
        return list(result) if inspect.isgenerator(result) else result


VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def public_functions(owner: str) -> list[str]:
    thing = OWNERS[owner](turilite)
    if inspect.ismodule(thing):
        names = PUBLIC.get(owner) or thing.__all__
    else:
        thing = type(thing)
        names = dir(thing)
    return [
        name for name in names if not name.startswith("_") and callable(getattr(thing, name, None))
    ]


def signature_of(owner: str, function: str, tc: ModuleType) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(getattr(OWNERS[owner](tc), function)).parameters


def parameters() -> list[Parameter]:
    return [
        Parameter(owner, function, name)
        for owner in OWNERS
        for function in public_functions(owner)
        for name in signature_of(owner, function, turilite)
    ]


PARAMETERS = parameters()
# Whose results Turi Create does not repeat: at random, in any order, or in windows.
AT_RANDOM = ("sample", "random_split", "shuffle")
IN_ANY_ORDER = ("filter_by", "drop_duplicates", "unique", "confusion_matrix", "groupby", "evaluate")
NOT_RECORDED = (*AT_RANDOM, "show", "explore")
OF_ITS_OWN = re.compile(r" at 0x|SGraph\(|<class|^Class |__builtin__|built-in function")
"""What a result has that names the engine, or a place in memory."""


def described_result(parameter: Parameter, kind: str, tc: ModuleType) -> str | None:
    """Call, and return what it gives as text to be compared; None where that can't be."""
    text = described(quietly(parameter.call, tc, kind), tc)
    if parameter.function in NOT_RECORDED:
        return None
    return None if OF_ITS_OWN.search(text) else in_order(parameter, text)


def in_order(parameter: Parameter, text: str) -> str:
    """Return the text, or its characters in their order where that of its rows is open."""
    return "".join(sorted(text)) if parameter.function in IN_ANY_ORDER else text


def quietly(function: Callable, *args: Any) -> Any:
    silent = io.StringIO()
    with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
        return function(*args)
