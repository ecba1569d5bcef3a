"""Record what Turi Create makes of recorded_table.py, into recorded_results.json.

python -m tests.turilite.toolkits.record_table

Run it in the environment of Turi Create, after a change of the table.
"""

from __future__ import annotations

from pathlib import Path

from tests.turilite.tables.outcomes import outcome, record
from tests.turilite.toolkits.recorded_table import CALLS

RESULTS = Path(__file__).with_name("recorded_results.json")


def main() -> None:
    """Write one line for each call."""
    import turicreate

    record(RESULTS, {name: outcome(call, turicreate) for name, call in CALLS.items()})


if __name__ == "__main__":
    main()
