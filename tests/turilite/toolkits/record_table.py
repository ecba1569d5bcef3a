"""Record what Turi Create makes of recorded_table.py, into recorded_results.json.

python -m tests.turilite.toolkits.record_table

Run it in the environment of Turi Create, after a change of the table.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.turilite.tables.outcomes import outcome
from tests.turilite.toolkits.recorded_table import CALLS

RESULTS = Path(__file__).with_name("recorded_results.json")


def main() -> None:
    """Write one line for each call."""
    import turicreate

    lines = [
        f"{json.dumps(name)}: {json.dumps(outcome(call, turicreate), ensure_ascii=False)}"
        for name, call in CALLS.items()
    ]
    RESULTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(lines)} calls recorded in {RESULTS.name}")


if __name__ == "__main__":
    main()
