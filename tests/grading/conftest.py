"""Cells run in a sandbox, on each engine that is set up here."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

from assignment.engine import has_turicreate_kernel
from tests.places import SAMPLE

pytest.importorskip("jupyter_client", reason="drives the kernels: requirements.txt")


@pytest.fixture(
    params=[
        "turilite",
        pytest.param(
            "turicreate",
            marks=pytest.mark.skipif(
                not has_turicreate_kernel(), reason="needs Turi Create's kernel"
            ),
        ),
    ]
)
def engine_here(request) -> str:
    """Return the name of an engine whose kernel can be started."""
    return request.param


@pytest.fixture
def run_cells() -> Callable:
    """Return a function that runs sources as cells and returns the outcome of `session.run`."""
    from grading import session
    from grading.record import Cell
    from grading.sandbox import Limits

    def run(*sources: str, engine: str = "turilite", folder: Path | None = None, **limits):
        cells = [Cell(number, source) for number, source in enumerate(sources, start=1)]
        return session.run(cells, engine, SAMPLE, Limits(**limits), folder=folder)

    return run
