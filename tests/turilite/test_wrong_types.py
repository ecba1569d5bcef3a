"""Every public function, given a value of each wrong type, says in one sentence what is wrong.

The calls are made from the signatures: each parameter in turn gets each value, the others one that
fits. A new function is covered when its parameters have a fitting value in `FITTING`.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from typing import Any, Callable, Mapping, NamedTuple

import matplotlib
import pandas as pd
import pytest

import turilite
from turilite.columns.image import Image

# Words of Python, NumPy, pandas and scikit-learn, and names that only the code knows.
INTERNAL = re.compile(
    r"has no attribute|NoneType|object is not (?!a valid)|not supported between|unhashable"
    r"|argument of type|indices must be|operand|must be real number"
    r"|cannot be interpreted|scipy|sklearn|ndarray\.|dtype\(|ufunc|broadcast"
    r"|ambiguous.*Series|_data|__\w+__"
    r"|not iterable|unpack non-iterable|values to unpack|too many values|invalid literal"
    r"|could not convert|Length mismatch"
)
EXPLAINED = ("builtins", "turilite.errors")


def ints() -> Any:
    return turilite.SArray([3, 1, None, 2])


def table() -> Any:
    return turilite.SFrame({"x": [1.0, 2.0, 3.0, 4.0], "id": [1, 2, 3, 4], "y": list("abab")})


def neighbors() -> Any:
    return turilite.nearest_neighbors.create(table(), "id", ["x"], verbose=False)


def classifier() -> Any:
    return turilite.logistic_classifier.create(table(), "y", ["x"], verbose=False)


OWNERS: dict[str, Callable[[], Any]] = {
    "SArray": ints,
    "SArray of text": lambda: turilite.SArray(["a", "b", None]),
    "SArray of vectors": lambda: turilite.SArray([[1.0, 2.0], [3.0, 4.0]]),
    "SArray of lists": lambda: turilite.SArray([["a"], ["b", 1]]),
    "SArray of dictionaries": lambda: turilite.SArray([{"a": 1}, {}]),
    "SFrame": table,
    "Sketch": lambda: turilite.Sketch(ints()),
    "Image": Image,
    "NearestNeighborsModel": neighbors,
    "LogisticClassifier": classifier,
    "turilite": lambda: turilite,
    "aggregate": lambda: turilite.aggregate,
    "config": lambda: turilite.config,
    "evaluation": lambda: turilite.evaluation,
    "nearest_neighbors": lambda: turilite.nearest_neighbors,
    "logistic_classifier": lambda: turilite.logistic_classifier,
}
PUBLIC = {  # what a module offers, where it imports more than that
    "nearest_neighbors": ["create"],
    "logistic_classifier": ["create"],
    "config": ["set_runtime_config", "get_runtime_config"],
}
WRONG: dict[str, Callable[[], Any]] = {
    "a row": lambda: {"x": 1.0},
    "a list": lambda: [1, 2],
    "a list of rows": lambda: [{"x": 1.0}, {"x": 2.0}],
    "nothing": lambda: None,
    "a DataFrame": lambda: pd.DataFrame({"x": [1.0, 2.0]}),
    "a Series": lambda: pd.Series([1.0, 2.0]),
    "a string": lambda: "text",
    "an SArray": ints,
    "an SFrame": table,
    "a number": lambda: 3.5,
    "a negative number": lambda: -1,
    "a type": lambda: int,
    "an object": object,
    "a function": lambda: len,
}
# A fitting value for each parameter that has no default.
FITTING: dict[str, Callable[[], Any]] = {
    **dict.fromkeys(("dataset", "other", "right"), table),
    **dict.fromkeys(("array", "condition", "targets", "predictions", "x"), ints),
    **dict.fromkeys(("column_name", "column_name_1", "src_column", "label"), lambda: "x"),
    **dict.fromkeys(("column_name_2", "agg_column", "out_column"), lambda: "id"),
    **dict.fromkeys(("column_names", "subset", "key_column_names"), lambda: ["x"]),
    **dict.fromkeys(("fn",), lambda: lambda value: 1),
    **dict.fromkeys(("filename", "location", "url", "path"), lambda: "somewhere"),
    **dict.fromkeys(("value", "item", "element", "istrue", "isfalse", "threshold"), lambda: 1),
    **dict.fromkeys(("size", "start", "width", "height", "channels"), lambda: 1),
    **dict.fromkeys(("fraction", "quantile_val", "quantiles"), lambda: 0.5),
    "data": lambda: [1, 2, 3, 4],
    "dtype": lambda: float,
    "names": lambda: {"x": "z"},
    "values": lambda: [1],
    "keys": lambda: ["a"],
    "operations": turilite.aggregate.COUNT,
    "target": lambda: "y",
    "name": lambda: "a setting",
    "new_column_name": lambda: "new",
    "y": ints,
}


class Parameter(NamedTuple):
    """One parameter of a public function."""

    owner: str
    function: str
    name: str

    def call(self, value: Any) -> Any:
        """Call the function with `value` for this parameter, what fits for the others."""
        owner = OWNERS[self.owner]()
        function = getattr(owner, self.function)
        parameters = inspect.signature(function).parameters
        args, options = [], {}
        for name, parameter in parameters.items():
            if name == self.name:
                given = value
            elif parameter.default is parameter.empty and parameter.kind not in VARIABLE:
                given = FITTING[name]()
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
        return function(*args, **options)


VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def public_functions(owner: str) -> list[str]:
    thing = OWNERS[owner]()
    if inspect.ismodule(thing):
        names = PUBLIC.get(owner) or thing.__all__
    else:
        thing = type(thing)
        names = dir(thing)
    return [
        name for name in names if not name.startswith("_") and callable(getattr(thing, name, None))
    ]


def parameters() -> list[Parameter]:
    return [
        Parameter(owner, function, name)
        for owner in OWNERS
        for function in public_functions(owner)
        for name in signature_of(owner, function)
    ]


def signature_of(owner: str, function: str) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(getattr(OWNERS[owner](), function)).parameters


PARAMETERS = parameters()


def test_every_parameter_without_default_has_a_fitting_value() -> None:
    needed = {
        name
        for owner in OWNERS
        for function in public_functions(owner)
        for name, parameter in signature_of(owner, function).items()
        if parameter.default is parameter.empty and parameter.kind not in VARIABLE
    }
    assert needed - set(FITTING) == set()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("parameter", PARAMETERS, ids=".".join)
def test_a_wrong_type_is_used_or_refused_in_a_sentence(
    parameter: Parameter, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    matplotlib.use("agg")
    faults = []
    for kind, value in WRONG.items():
        if (parameter.name, kind) == ("fn", "a type"):  # it fits, its errors are its own
            continue
        error = error_of(parameter, value())
        if error is not None and not is_sentence(error):
            faults.append(f"{kind}: {type(error).__name__}: {error}")
    assert faults == []


def error_of(parameter: Parameter, value: Any) -> Exception | None:
    silent = io.StringIO()
    try:
        with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
            result = parameter.call(value)
            if inspect.isgenerator(result):
                list(result)
    except Exception as error:  # whatever it is is looked at
        return error
    return None


def is_sentence(error: Exception) -> bool:
    text = str(error)
    return (
        type(error).__module__ in EXPLAINED
        and bool(text)
        and len(text.strip().splitlines()) == 1
        and len(text) < 400
        and not INTERNAL.search(text)
    )
