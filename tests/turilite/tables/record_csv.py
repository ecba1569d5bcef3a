"""Record what Turi Create makes of the texts of csv_cases.py, into csv_results.json.

python -m tests.turilite.tables.record_csv

Run it in the environment of Turi Create, after a change of the cases.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from tests.turilite.tables.csv_cases import CASES, read
from tests.turilite.tables.outcomes import outcome

RESULTS = Path(__file__).with_name("csv_results.json")


def main() -> None:
    """Write one line for each case."""
    import turicreate

    found = {name: outcome(partial(read, case=case), turicreate) for name, case in CASES.items()}
    lines = (f"{json.dumps(name)}: {json.dumps(found[name], ensure_ascii=False)}" for name in found)
    RESULTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(found)} cases recorded in {RESULTS.name}")


if __name__ == "__main__":
    main()
