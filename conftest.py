"""How nbval runs and compares the notebooks, however pytest is called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assignment.engine import kernel_name
from assignment.errors import EngineError
from assignment.surroundings import keep_out_settings

ROOT = Path(__file__).parent
CELL_TIMEOUT = 120  # seconds; nbval notices a dead kernel only then

os.environ["DATA_DIR"] = str(ROOT / "data" / "sample")  # whatever is fetched
keep_out_settings()


def pytest_configure(config) -> None:
    """Start the kernel of the chosen engine, and compare all but the line that names it."""
    option = config.option
    if not (getattr(option, "nbval", False) or getattr(option, "nbval_lax", False)):
        return
    if not (option.nbval_kernel_name or option.nbval_current_env or option.current_env):
        option.nbval_kernel_name = chosen_kernel()
    option.nbval_sanitize_with = option.nbval_sanitize_with or str(
        ROOT / "tests" / "nbval_sanitize.cfg"
    )
    option.nbval_cell_timeout = min(option.nbval_cell_timeout, CELL_TIMEOUT)


def chosen_kernel() -> str:
    try:
        return kernel_name()
    except EngineError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_collectstart(collector) -> None:
    """Leave out pages and warnings, whose text differs by version; plain text is compared."""
    if getattr(collector, "skip_compare", None) is not None:
        # The answer's record says the same as its plain text.
        answer = "application/vnd.assignment.answer+json"
        collector.skip_compare += ("text/html", "stderr", answer)
