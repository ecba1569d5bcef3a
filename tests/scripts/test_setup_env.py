"""The setup: what it chooses, what it refuses, when it starts anew. Nothing is installed here."""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType

import pytest

from tests.places import ROOT


@pytest.fixture
def setup(tmp_path, monkeypatch) -> ModuleType:
    """Return the script as a module, on a copy of its inputs; installing is only noted down."""
    spec = importlib.util.spec_from_file_location("setup_env", ROOT / "scripts" / "setup_env.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("pyproject.toml", *(path.name for path in ROOT.glob("requirements*"))):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    module.noted = []
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "why_no_turicreate", lambda: None)
    monkeypatch.setattr(module, "find_uv", lambda: "uv")
    monkeypatch.setattr(module, "find_python", lambda uv, versions: f"python{versions[0]}")
    monkeypatch.setattr(module, "make_venv", lambda uv, environment: make(module, environment))
    monkeypatch.setattr(
        module,
        "install",
        lambda uv, environment, packages: module.noted.append((environment.name, packages[-1])),
    )
    return module


def make(module: ModuleType, environment) -> None:
    """Make what the setup looks for later: an interpreter that starts."""
    environment.python.parent.mkdir(parents=True, exist_ok=True)
    environment.python.write_text("#!/bin/sh\n")
    environment.python.chmod(0o755)
    environment.stamp.unlink(missing_ok=True)


BOTH = [(".venv", "requirements.txt"), (".turicreate", "requirements-turicreate.txt")]


class TestTheEnvironments:
    def test_are_two_where_turi_create_installs(self, setup):
        setup.set_up("", [])
        assert setup.noted == BOTH

    def test_are_one_for_turilite(self, setup):
        setup.set_up("turilite", [])
        assert setup.noted == BOTH[:1]

    def test_are_one_where_turi_create_does_not_install_which_is_said_in_a_line(
        self, setup, monkeypatch, capsys
    ):
        monkeypatch.setattr(setup, "why_no_turicreate", lambda: "its wheels need glibc")
        setup.set_up("", [])
        assert setup.noted == BOTH[:1]
        assert capsys.readouterr().err == (
            "setup: Turi Create can't be installed here (its wheels need glibc): "
            "setting up turilite\n"
        )

    def test_are_refused_where_turi_create_is_asked_for_and_does_not_install(
        self, setup, monkeypatch
    ):
        monkeypatch.setattr(setup, "why_no_turicreate", lambda: "its wheels need glibc")
        with pytest.raises(setup.SetupError, match=r"need glibc.* make setup ENGINE=turilite"):
            setup.set_up("turicreate", [])
        assert setup.noted == []

    def test_are_left_alone_when_the_engine_is_switched(self, setup):
        setup.set_up("turicreate", [])
        for engine in ("turilite", "turicreate", ""):
            setup.set_up(engine, [])
        assert setup.noted == BOTH

    def test_stay_one_after_a_setup_of_turilite(self, setup):
        setup.set_up("turilite", [])
        setup.set_up("", [])
        assert setup.noted == BOTH[:1]

    def test_become_two_when_turi_create_is_asked_for_later(self, setup):
        setup.set_up("turilite", [])
        setup.set_up("turicreate", [])
        assert setup.noted == BOTH

    def test_are_made_anew_after_a_change_of_the_pins(self, setup, tmp_path):
        setup.set_up("turilite", [])
        (tmp_path / "requirements.lock").write_text("numpy==2.5.5\n")
        setup.set_up("turilite", [])
        assert setup.noted == BOTH[:1] * 2

    def test_are_made_anew_in_a_folder_that_was_moved(self, setup, tmp_path):
        setup.set_up("turilite", [])
        stamp = setup.CURRENT.stamp
        stamp.write_text(stamp.read_text().replace(str(tmp_path), "/elsewhere"))
        setup.set_up("turilite", [])
        assert setup.noted == BOTH[:1] * 2

    def test_get_what_the_tests_need_once(self, setup):
        for _ in range(2):
            setup.set_up("turicreate", ["dev"])
        assert sorted(setup.noted) == sorted(
            [*BOTH, (".venv", "requirements-dev.txt"), (".turicreate", "hypothesis")]
        )


class TestTheKernelOfTuriCreate:
    def test_is_registered_in_the_jupyter_of_the_project_only(self, setup, tmp_path):
        setup.set_up("turicreate", [])
        (found,) = tmp_path.rglob("kernel.json")
        assert found == tmp_path / ".venv/share/jupyter/kernels/turicreate/kernel.json"
        kernel = json.loads(found.read_text())
        assert kernel["display_name"] == "Turi Create 6.4.1"
        assert kernel["argv"][0] == str(tmp_path / ".turicreate" / "bin" / "python")
        assert kernel["env"] == {"ENGINE": "turicreate"}

    def test_is_registered_again_after_a_new_start_of_the_other_environment(self, setup, tmp_path):
        setup.set_up("turicreate", [])
        found = tmp_path / ".venv/share/jupyter/kernels/turicreate/kernel.json"
        found.unlink()
        setup.set_up("", [])
        assert found.exists()


def test_every_version_of_pyenv_is_seen_whichever_is_chosen(setup, tmp_path, monkeypatch):
    for version in ("2.7.18", "3.8.18", "3.12.1"):
        (tmp_path / "versions" / version).mkdir(parents=True)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert setup.uv_variables()["PYENV_VERSION"] == "3.12.1:3.8.18"


def test_the_packages_own_tests_and_turi_creates_window_program_are_left_out(
    setup, tmp_path, monkeypatch
):
    packages = setup.TURICREATE.folder / "lib" / "python3.8" / "site-packages"
    for name in ("numpy/core/tests", "turicreate/Turi Create Visualization", "numpy/testing"):
        (packages / name).mkdir(parents=True)
    setup.drop_unused(setup.TURICREATE)
    assert sorted(path.name for path in packages.rglob("*")) == [
        "core",
        "numpy",
        "testing",
        "turicreate",
    ]
