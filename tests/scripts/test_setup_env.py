"""The setup: what it chooses, what it refuses, when it starts anew. Nothing is installed here."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import threading
from types import ModuleType

import pytest

from tests.places import ROOT


@pytest.fixture
def setup(tmp_path, monkeypatch) -> ModuleType:
    """Return the script as a module, on a copy of its inputs; installing is only noted down."""
    spec = importlib.util.spec_from_file_location("setup_env", ROOT / "scripts" / "setup_env.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    kernel = tmp_path / ".venv/share/jupyter/kernels/python3/kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps({"argv": ["python", "-m", "ipykernel_launcher"]}))
    for name in ("pyproject.toml", *(path.name for path in ROOT.glob("requirements*"))):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    module.noted = []
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "TOOLS", tmp_path / ".tools")
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

    def test_get_what_teaching_needs_once_beside_what_is_there(self, setup):
        setup.set_up("turicreate", ["dev"])
        before = len(setup.noted)
        for _ in range(2):
            setup.set_up("", ["teaching"])
        assert setup.noted[before:] == [(".venv", "requirements-teaching.txt")]

    @pytest.mark.parametrize("name", ["dev", "teaching", "pictures", "app", "browser"])
    def test_get_an_extra_by_the_option_of_its_name(self, setup, monkeypatch, name):
        monkeypatch.setattr(setup.sys, "argv", ["setup_env.py", f"--{name}"])
        monkeypatch.setattr(setup, "default_engine", lambda: "turilite")
        setup.main()
        assert setup.noted == [*BOTH[:1], (".venv", setup.CURRENT.extras[name][-1])]

    def test_get_what_pictures_need_into_the_current_python_only_and_once(self, setup):
        for _ in range(2):
            setup.set_up("turicreate", ["pictures"])
        assert setup.noted == [BOTH[0], (".venv", "requirements-pictures.txt"), BOTH[1]]


class TestTheKernelOfTuriCreate:
    def test_is_registered_in_the_jupyter_of_the_project_only(self, setup, tmp_path):
        setup.set_up("turicreate", [])
        (found,) = tmp_path.rglob("turicreate/kernel.json")
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


class TestASetupThatBrokeOff:
    def break_off(self, setup, monkeypatch, error: Exception) -> None:
        def fail(*_):
            raise error

        with monkeypatch.context() as broken:
            broken.setattr(setup, "install", fail)
            with pytest.raises(type(error)):
                setup.set_up("turilite", ["dev"])

    @pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("no space")], ids=type)
    def test_starts_anew(self, setup, monkeypatch, error):
        self.break_off(setup, monkeypatch, error)
        assert not setup.CURRENT.stamp.exists()
        setup.set_up("turilite", [])
        assert setup.noted == BOTH[:1]

    def test_in_the_middle_of_an_extra_installs_all_of_that_again_and_nothing_else(
        self, setup, monkeypatch
    ):
        setup.set_up("turilite", [])
        self.break_off(setup, monkeypatch, KeyboardInterrupt())
        setup.set_up("turilite", [])  # what was there before still counts
        assert setup.noted == BOTH[:1]
        arguments = []
        monkeypatch.setattr(
            setup, "install", lambda uv, environment, words: arguments.append(words)
        )
        for _ in range(2):
            setup.set_up("turilite", ["dev"])
        assert arguments == [["--reinstall", *setup.CURRENT.extras["dev"]]]


class TestAFolderThatIsOnlyReadable:
    @pytest.fixture
    def read_only(self, setup, monkeypatch):
        monkeypatch.setattr(setup.os, "access", lambda path, mode: mode != setup.os.W_OK)

    def test_is_refused_in_a_sentence_before_anything_is_looked_for(
        self, setup, read_only, monkeypatch, tmp_path
    ):
        monkeypatch.setattr(setup, "find_uv", lambda: pytest.fail("uv was looked for"))
        with pytest.raises(setup.SetupError) as caught:
            setup.set_up("", [])
        assert str(tmp_path) in str(caught.value)
        assert "copy the project to a folder of your own" in str(caught.value)

    def test_is_used_where_somebody_has_set_it_up(self, setup, monkeypatch):
        setup.set_up("turicreate", ["dev"])
        noted = list(setup.noted)
        monkeypatch.setattr(setup.os, "access", lambda path, mode: mode != setup.os.W_OK)
        monkeypatch.setattr(setup.Path, "write_text", lambda *_, **__: pytest.fail("written"))
        setup.set_up("", ["dev"])
        assert setup.noted == noted

    def test_is_refused_where_what_is_asked_for_is_not_in_it(self, setup, monkeypatch):
        setup.set_up("turilite", [])
        monkeypatch.setattr(setup.os, "access", lambda path, mode: mode != setup.os.W_OK)
        with pytest.raises(setup.SetupError, match="not all"):
            setup.set_up("", ["dev"])


def test_a_second_setup_waits_for_the_first(setup, tmp_path):
    code = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print(); "
    code += "sys.stdout.flush(); input()"
    setup.TOOLS.mkdir()
    first = subprocess.Popen(
        [sys.executable, "-c", code, str(setup.TOOLS / "setup.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    first.stdout.readline()
    second = threading.Thread(target=setup.set_up, args=("turilite", []))
    second.start()
    second.join(0.3)
    assert setup.noted == []
    first.communicate(b"\n")
    second.join(10)
    assert setup.noted == BOTH[:1]


class TestTheKernelOfTurilite:
    def test_keeps_what_its_package_says_and_is_replaced_not_written_into(self, setup, tmp_path):
        """The package's file is the same one on disk as that in uv's cache."""
        path = tmp_path / ".venv/share/jupyter/kernels/python3/kernel.json"
        path.write_text('{"argv": ["python", "-m", "x"], "metadata": {"a": 1}}')
        cached = tmp_path / "cached"
        os.link(path, cached)
        for _ in range(2):
            setup.set_up("turilite", [])
        kernel = json.loads(path.read_text())
        assert kernel["argv"] == ["python", "-m", "x", *setup.QUIET]
        assert kernel["metadata"] == {"a": 1}
        assert "log-level" not in cached.read_text()


@pytest.mark.parametrize(
    "said, meaning",
    {
        "error: failed to write: No space left on device (os error 28)": "the disk is full",
        "x\n  cause: invalid peer certificate: UnknownIssuer": "a certificate on the way",
        "CERTIFICATE_VERIFY_FAILED\nERROR: No matching distribution": "a certificate on the way",
        "error: client error (Connect): dns error: failed to lookup": "PyPI can't be reached",
        "Failed to establish: NewConnectionError(...)\nERROR: No match": "PyPI can't be reached",
        "warning: a\nerror: something new\nmore": "error: something new",
        "": "no reason given",
    }.items(),
)
def test_what_stands_in_the_way_is_told_in_a_clause(setup, said, meaning):
    assert setup.cause_of(said).startswith(meaning)


@pytest.mark.parametrize("name", ["UV_SYSTEM_CERTS", "UV_NATIVE_TLS"])
def test_the_certificates_are_the_systems_unless_the_user_says_otherwise(setup, monkeypatch, name):
    monkeypatch.delenv(name, raising=False)
    assert setup.uv_variables()[name] == "1"
    monkeypatch.setenv(name, "0")
    assert setup.uv_variables()[name] == "0"
