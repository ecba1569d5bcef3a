"""Record what Turi Create makes of the calls of api_table.py, into api_results.json.

python -m tests.turilite.tables.record_api

Run it in the environment of Turi Create, after a change of the table.
"""

from __future__ import annotations

from pathlib import Path

from tests.turilite.tables.api_table import CALLS
from tests.turilite.tables.outcomes import outcome, record

RESULTS = Path(__file__).with_name("api_results.json")


def main() -> None:
    """Write one line for each call."""
    import turicreate

    record(RESULTS, {name: outcome(call, turicreate) for name, call in CALLS.items()})


if __name__ == "__main__":
    main()
