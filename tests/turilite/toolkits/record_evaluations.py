"""Record what Turi Create's classifiers say of themselves, into evaluations.json.

python -m tests.turilite.toolkits.record_evaluations

Run it in the environment of Turi Create, after a change of evaluation_cases.py.
"""

from __future__ import annotations

from pathlib import Path

from tests.turilite.tables.outcomes import record
from tests.turilite.toolkits.evaluation_cases import CASES, MOST_CLASSES, evaluated, model

RESULTS = Path(__file__).with_name("evaluations.json")


def main() -> None:
    """Write one line for each case."""
    import turicreate

    models = {count: model(turicreate, count, "str") for count in range(2, MOST_CLASSES + 1)}
    found = {
        name: evaluated(turicreate, models[case.trained], case, "str")
        for name, case in CASES.items()
    }
    record(RESULTS, found, separators=(",", ":"))


if __name__ == "__main__":
    main()
