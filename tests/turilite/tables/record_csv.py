"""Record what Turi Create makes of the texts of csv_cases.py, into csv_results.json.

python -m tests.turilite.tables.record_csv

Run it in the environment of Turi Create, after a change of the cases.
"""

from __future__ import annotations

from pathlib import Path

from tests.turilite.tables.csv_cases import CASES
from tests.turilite.tables.outcomes import outcome, record

RESULTS = Path(__file__).with_name("csv_results.json")


def main() -> None:
    """Write one line for each case."""
    import turicreate

    found = {name: outcome(call, turicreate) for name, call in CASES.items()}
    record(RESULTS, found)


if __name__ == "__main__":
    main()
