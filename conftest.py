"""How nbval compares outputs here: everything strictly, but for what can't be compared."""

from __future__ import annotations

import os
from pathlib import Path

os.environ["DATA_DIR"] = str(Path(__file__).parent / "data" / "sample")  # whatever is fetched


def pytest_collectstart(collector) -> None:
    """Leave out pages and warnings, whose text differs by version; plain text is compared."""
    if getattr(collector, "skip_compare", None) is not None:
        # The answer's record says the same as its plain text.
        answer = "application/vnd.assignment.answer+json"
        collector.skip_compare += ("text/html", "stderr", answer)
