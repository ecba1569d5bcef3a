"""Every public function, given a value of each wrong type, says in one sentence what is wrong.

Or it takes the value, and then for what Turi Create takes it for.
"""

from __future__ import annotations

import json
import re
from typing import Any

import matplotlib
import pytest

import turilite
from tests.turilite.record_wrong_types import RESULTS
from tests.turilite.wrong_types import (
    FITTING,
    OWN_FITTING,
    PARAMETERS,
    VARIABLE,
    WRONG,
    Parameter,
    described_result,
    signature_of,
)

RECORDED = json.loads(RESULTS.read_text(encoding="utf-8"))
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


# Where turilite takes a value for something else, and why.
BY_DESIGN: dict[str, str] = {}


def test_every_parameter_without_default_has_a_fitting_value() -> None:
    needed = {
        name
        for owner, function, _ in PARAMETERS
        for name, parameter in signature_of(owner, function, turilite).items()
        if parameter.default is parameter.empty and parameter.kind not in VARIABLE
    }
    assert needed - set(FITTING).union(*OWN_FITTING.values()) == set()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("parameter", PARAMETERS, ids=".".join)
def test_a_wrong_type_is_refused_in_a_sentence_or_used_as_in_turi_create(
    parameter: Parameter, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    matplotlib.use("agg")
    recorded = RECORDED.get(".".join(parameter), {})
    faults = []
    for kind in WRONG:
        if (parameter.name, kind) == ("fn", "a type"):  # it fits, its errors are its own
            continue
        error, result = outcome_of(parameter, kind)
        if error is not None and not is_sentence(error):
            faults.append(f"{kind}: {type(error).__name__}: {error}")
        if error is None and result != recorded.get(kind, result):
            faults.append(f"{kind}: {result}, and not {recorded[kind]}")
    assert faults == [] or ".".join(parameter) in BY_DESIGN


def outcome_of(parameter: Parameter, kind: str) -> tuple[Exception | None, str | None]:
    """Return the error of the call, or what it gives."""
    try:
        return None, described_result(parameter, kind, turilite)
    except Exception as error:  # whatever it is is looked at
        return error, None


def is_sentence(error: Exception) -> bool:
    text = str(error)
    return (
        type(error).__module__ in EXPLAINED
        and bool(text)
        and len(text.strip().splitlines()) == 1
        and len(text) < 400
        and not INTERNAL.search(text)
    )
