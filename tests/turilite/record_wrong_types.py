"""Record what Turi Create makes of values of wrong types that it takes.

python -m tests.turilite.record_wrong_types

Run it in the environment of Turi Create, after a change of the table; it takes ten minutes.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from tests.turilite.tables.outcomes import record
from tests.turilite.wrong_types import (
    NOT_RECORDED,
    PARAMETERS,
    WRONG,
    Parameter,
    described_result,
    signature_of,
)

RESULTS = Path(__file__).with_name("wrong_types_results.json")
WITHOUT_END = ("a type", "a function")
"""Functions that Turi Create's worker processes are not given back from."""


def main() -> None:
    """Write one line for each parameter with what is taken for it."""
    import turicreate

    found = {}
    for parameter in PARAMETERS:
        with TemporaryDirectory() as folder:
            os.chdir(folder)
            taken = what_is_taken(parameter, turicreate)
            os.chdir("/")
        if taken:
            found[".".join(parameter)] = taken
    record(RESULTS, found)


def what_is_taken(parameter: Parameter, tc: ModuleType) -> dict[str, str]:
    """Return the results of the values that are taken, by their kind."""
    taken = {}
    with suppress(AttributeError, ValueError):  # a function that Turi Create has not
        names = signature_of(parameter.owner, parameter.function, tc)
        if parameter.name not in names or parameter.function in NOT_RECORDED:
            return {}
        for kind in WRONG:
            if parameter.name == "fn" and kind in WITHOUT_END:
                continue
            with suppress(Exception):
                result = described_result(parameter, kind, tc)
                if result is not None:
                    taken[kind] = result
    return taken


if __name__ == "__main__":
    main()
