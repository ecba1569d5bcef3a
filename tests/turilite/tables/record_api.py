"""Record what Turi Create makes of the calls of api_table.py, into api_results.json.

python -m tests.turilite.tables.record_api

Run it in the environment of Turi Create, after a change of the table.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.turilite.tables.api_table import CALLS
from tests.turilite.tables.outcomes import outcome

RESULTS = Path(__file__).with_name("api_results.json")


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
