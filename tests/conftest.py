"""The tests run on the embedded sample, whatever has been fetched or is set."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

from assignment.engine import engine, stop_turicreate
from tests.places import CIFAR4, SAMPLE

# The same examples at every run: a test that fails for one of us fails for all.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("same")


def pytest_unconfigure() -> None:
    """Let the process end: tests import Turi Create without the assignment's code, too."""
    stop_turicreate()


@pytest.fixture(scope="session")
def tc():
    """Return the engine, the one the notebooks use."""
    return engine()


@pytest.fixture(scope="session")
def sample(tc) -> dict:
    """Return the SFrames of the sample by part."""
    return {part: tc.SFrame(str(SAMPLE / f"image_{part}_data")) for part in ("train", "test")}


@pytest.fixture(scope="session")
def cifar4() -> Path:
    """Return the folder of the full-scale stand-in for the course data."""
    if not CIFAR4.exists():
        pytest.skip("needs the full-scale data set, ../shared/cifar4")
    return CIFAR4
