"""The user's settings: whatever they are, a notebook runs on its own kernel and shows its pictures.

Notebook 1 is run from a process of its own, with each of them, on the kernel of turilite.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Callable

import pytest

pytest.importorskip("nbclient", reason="notebooks are rerun from the other environment")

import nbformat

from tests.places import ROOT

STARTUP = """
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
plt.rcParams["figure.dpi"] = 200
print("a line of the user's own")
"""
RUN = """
import sys
from pathlib import Path
import nbformat
from assignment.rerun.execute import execute
from assignment.surroundings import keep_out_settings

keep_out_settings() if "kept out" in sys.argv else None
path = Path("notebooks/01-sketch-summary.ipynb")
notebook = nbformat.read(path, as_version=4)
print(execute(notebook, path.parent, "python3"), file=sys.stderr)
nbformat.write(notebook, sys.argv[1])
"""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def foreign_kernel(home: Path, name: str) -> dict:
    """Register a kernel of a Python that has nothing."""
    python = home / "python"
    write(python, "#!/bin/sh\nexit 3\n")
    python.chmod(0o755)
    kernel = {"argv": [str(python), "{connection_file}"], "display_name": "x", "language": "python"}
    write(home / f".local/share/jupyter/kernels/{name}/kernel.json", json.dumps(kernel))
    return {"JUPYTER_PREFER_ENV_PATH": "0"}


def startup_file(home: Path) -> dict:
    write(home / ".ipython/profile_default/startup/00-mine.py", STARTUP)
    return {}


def kernel_config(*lines: str) -> Callable[[Path], dict]:
    def make(home: Path) -> dict:
        text = "\n".join(["c = get_config()", *lines])
        write(home / ".ipython/profile_default/ipython_kernel_config.py", text)
        return {}

    return make


def pythonstartup(home: Path) -> dict:
    write(home / "startup.py", STARTUP)
    return {"PYTHONSTARTUP": str(home / "startup.py")}


def matplotlibrc(home: Path) -> dict:
    lines = ["figure.dpi: 200", "backend: Agg", "axes.facecolor: black", "savefig.dpi: 300"]
    write(home / ".config/matplotlib/matplotlibrc", "\n".join(lines))
    return {}


def jupyter_config(home: Path) -> dict:
    lines = ["c = get_config()", "c.NotebookClient.timeout = 1", "c.KernelManager.transport = 'no'"]
    write(home / ".jupyter/jupyter_config.py", "\n".join(lines))
    return {}


def variables(**values: str) -> Callable[[Path], dict]:
    return lambda _: values


def all_of(*makers: Callable[[Path], dict]) -> Callable[[Path], dict]:
    return lambda home: {name: value for make in makers for name, value in make(home).items()}


# Those that the code in the notebook copes with alone, wherever it is opened.
IN_ANY_KERNEL = {
    "MPLBACKEND=Agg": variables(MPLBACKEND="Agg"),
    "a matplotlibrc": all_of(matplotlibrc, jupyter_config),
    "startup files": all_of(startup_file, pythonstartup),
    "a profile": kernel_config(
        "c.InteractiveShellApp.matplotlib = 'agg'",
        "c.InlineBackend.figure_formats = {'svg'}",
        "c.InlineBackend.print_figure_kwargs = {'dpi': 200}",
        "c.InlineBackend.rc = {'figure.dpi': 200}",
    ),
}
# Those that only the runner and the tests can keep out, with all of the others.
KEPT_OUT = {
    "a kernel of the same name and all others": all_of(
        *IN_ANY_KERNEL.values(),
        kernel_config("c.InteractiveShell.ast_node_interactivity = 'all'"),
        lambda home: foreign_kernel(home, "python3"),
    ),
    "kernels on JUPYTER_PATH and warnings as errors": all_of(
        variables(PYTHONWARNINGS="error"),
        lambda home: {
            **foreign_kernel(home, "python3"),
            **foreign_kernel(home, "turicreate"),
            "JUPYTER_PATH": str(home / ".local/share/jupyter"),
        },
    ),
}


def outputs(notebook) -> list:
    """Return what nbval compares: kinds of outputs, texts, and that there are pictures."""
    return [
        (output.output_type, output.get("text"), sorted(output.get("data", {})),
         output.get("data", {}).get("text/plain"))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.get("name") != "stderr"
    ]  # fmt: skip


def run(tmp_path: Path, make: Callable[[Path], dict], *arguments: str) -> tuple[list, str]:
    keep = {"PATH", "LANG", "LC_ALL"}
    environment = {
        **{name: value for name, value in os.environ.items() if name in keep},
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path.parent / "cache"),  # the fonts, found once for all tests
        "ENGINE": "turilite",
        "DATA_DIR": "data/sample",
        **make(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path / "out.ipynb"), *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return nbformat.read(tmp_path / "out.ipynb", as_version=4), done.stderr


@pytest.fixture(scope="module")
def stored() -> list:
    expected = nbformat.read(ROOT / "notebooks" / "01-sketch-summary.ipynb", as_version=4)
    return outputs_but_engine(expected)


def outputs_but_engine(notebook) -> list:
    return [
        (kind, text and text.split("engine: ")[0], names, plain)
        for kind, text, names, plain in outputs(notebook)
    ]


@pytest.mark.parametrize("setting", KEPT_OUT)
def test_the_runner_gives_the_stored_outputs_and_pictures_with(setting, tmp_path, stored):
    notebook, said = run(tmp_path, KEPT_OUT[setting], "kept out")
    assert said.strip() == "None"
    assert outputs_but_engine(notebook) == stored
    assert any("image/png" in names for _, _, names, _ in stored)


@pytest.mark.parametrize("setting", IN_ANY_KERNEL)
def test_a_notebook_gives_the_stored_outputs_and_pictures_in_a_kernel_with(
    setting, tmp_path, stored
):
    notebook, said = run(tmp_path, IN_ANY_KERNEL[setting])
    assert said.strip().endswith("None")
    assert outputs_but_engine(notebook) == stored
