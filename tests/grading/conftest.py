"""Cells run in a sandbox, on each engine that is set up here."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Callable

import pytest

import turilite
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
def folder_without_cats_in(tmp_path) -> Callable[[str], Path]:
    """Return a function that copies the sample without the cats of a part, and returns where."""

    def copy_without_cats(part: str) -> Path:
        folder = tmp_path / "no cats"
        shutil.copytree(SAMPLE, folder)
        path = folder / f"image_{part}_data"
        images = turilite.SFrame(str(SAMPLE / path.name))
        shutil.rmtree(path)
        images[images["label"] != "cat"].save(str(path))
        return folder

    return copy_without_cats


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
