"""Which engine a kernel has, and which kernel is started for the engine that is asked for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from assignment import EngineError, engine


@pytest.fixture
def has(monkeypatch):
    """Return a function that says where Turi Create is, and what `ENGINE` asks for."""

    def pretend(here: bool, kernel: bool = False, asked: str = "") -> None:
        monkeypatch.setattr(engine, "is_turicreate_here", lambda: here)
        monkeypatch.setattr(engine, "has_turicreate_kernel", lambda: kernel)
        monkeypatch.setenv("ENGINE", asked)

    return pretend


class TestTheEngineOfAKernel:
    def test_is_turi_create_where_it_is_installed(self, has):
        has(here=True)
        assert engine.engine_name() == "turicreate"

    def test_is_turilite_elsewhere_whatever_jupyter_was_asked_for(self, has):
        has(here=False, kernel=True, asked="turicreate")
        assert engine.engine_name() == "turilite"

    def test_is_turilite_beside_turi_create_if_asked_for(self, has):
        has(here=True, asked="turilite")
        assert engine.engine_name() == "turilite"


class TestTheKernelToStart:
    @pytest.mark.parametrize("asked", ["", "turicreate"])
    def test_is_turi_creates_own_where_that_is_set_up(self, has, asked):
        has(here=False, kernel=True, asked=asked)
        assert (engine.chosen_engine(), engine.kernel_name()) == ("turicreate", "turicreate")

    def test_is_this_environments_where_turi_create_is_installed_in_it(self, has):
        has(here=True)
        assert (engine.chosen_engine(), engine.kernel_name()) == ("turicreate", "python3")

    def test_is_this_environments_for_turilite(self, has):
        has(here=False, kernel=True, asked="turilite")
        assert (engine.chosen_engine(), engine.kernel_name()) == ("turilite", "python3")

    def test_is_turilites_where_nothing_else_is(self, has):
        has(here=False)
        assert (engine.chosen_engine(), engine.kernel_name()) == ("turilite", "python3")

    def test_is_refused_in_one_line_where_turi_create_is_not_set_up(self, has):
        has(here=False, asked="turicreate")
        with pytest.raises(EngineError, match="run `make setup ENGINE=turicreate`"):
            engine.kernel_name()

    def test_is_refused_in_one_line_for_an_unknown_engine(self, has):
        has(here=True, asked="graphlab")
        with pytest.raises(EngineError, match="ENGINE=graphlab is no engine: set it to turicreate"):
            engine.kernel_name()


@pytest.mark.skipif(not engine.is_turicreate_here(), reason="needs Turi Create")
def test_a_process_ends_that_still_holds_on_to_turi_creates_server():
    code = """
import ctypes
from assignment.engine import engine
engine()
from turicreate._connect.main import get_server
ctypes.pythonapi.Py_IncRef(ctypes.py_object(get_server()))
"""
    environ = {**os.environ, "ENGINE": "turicreate"}
    ran = subprocess.run([sys.executable, "-c", code], env=environ, timeout=120, check=False)
    assert ran.returncode == 0
