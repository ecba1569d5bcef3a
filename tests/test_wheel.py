"""The project as a wheel: its packages, which work where no project folder is."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.places import ROOT, SAMPLE

pytest.importorskip("hatchling", reason="builds the wheel: requirements-dev.txt")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Return the wheel, built by the backend that pyproject.toml names."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory) -> Path:
    """Return the Python of an empty environment with the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("empty") / "env"
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)  # all that an installer does with a wheel of modules only
    # Named in a .pth file, the folder's own .pth files don't count: not the one to this project.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"


def run(python: Path, code: str, folder: Path, **variables: str) -> subprocess.CompletedProcess:
    known = {name: text for name, text in os.environ.items() if name not in {"DATA_DIR", "ENGINE"}}
    return subprocess.run(
        [python, "-c", code],
        cwd=folder,
        env={**known, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_holds_the_four_packages_and_its_own_description_only(wheel):
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    description = {top for top in tops if top.endswith(".dist-info")}
    assert len(description) == 1
    assert tops - description == {"assignment", "grading", "pictures", "turilite"}


def test_holds_every_file_of_its_packages(wheel):
    command = ["git", "ls-files", "assignment", "grading", "turilite"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("no clone: git can't say what belongs to the project")
    with zipfile.ZipFile(wheel) as archive:
        assert set(done.stdout.splitlines()) <= set(archive.namelist())


def test_is_imported_from_the_environment_and_not_from_this_folder(python, tmp_path):
    code = "import assignment, turilite; print(assignment.__file__); print(turilite.__file__)"
    done = run(python, code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert all(line.startswith(str(python.parents[1])) for line in done.stdout.splitlines())


def test_gives_the_notebooks_what_they_import(python, tmp_path):
    code = "from assignment import check_answer, load_images, show_images, tc; load_images()"
    done = run(python, code, tmp_path, DATA_DIR=str(SAMPLE))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith(f"data set: {SAMPLE.as_posix()}, ")


def test_says_in_a_sentence_that_it_finds_no_data(python, tmp_path):
    done = run(python, "from assignment import load_images; load_images()", tmp_path)
    assert done.stderr.splitlines()[-1].startswith(
        f"assignment.errors.DataError: there is no data/sample in {tmp_path}"
    )
