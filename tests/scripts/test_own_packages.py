"""The packages of another Python end a script in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT


@pytest.mark.parametrize("script", ["run_notebooks", "grade", "make_assignment", "open_app"])
@pytest.mark.parametrize("folder", ["lib/python2.7/site-packages", "lib/python3.99/dist-packages"])
def test_the_packages_of_another_python_are_named(script: str, folder: str, tmp_path: Path) -> None:
    ran = started(script, f"{tmp_path}{os.pathsep}{tmp_path / folder}")
    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 1
    assert ran.stderr.startswith(f"{script}: PYTHONPATH brings in {tmp_path / folder}, packages")
    assert ran.stderr.endswith("unset PYTHONPATH, then run it again\n")


def test_own_folders_are_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages"
    assert started("run_notebooks", f"{own}{os.pathsep}{ROOT}").returncode == 0


def started(script: str, path: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / f"{script}.py"), "--help"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
