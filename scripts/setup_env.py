"""Make `.venv` and, where Turi Create installs, its kernel's environment `.turicreate`.

    python3 scripts/setup_env.py [--engine turicreate|turilite] [--dev] [--bench] [--teaching]

Everything is pinned and nothing is put outside this folder. Needs Python 3.8 or later, and of it
only the standard library. Done already, it returns at once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C stops at once; the next call starts anew
ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
UV_VERSION = "0.13.9"
OLDEST_UV = (0, 10)  # knows all options used here, exclude-dependencies of pyproject.toml too
ENGINES = ("turicreate", "turilite")
# What packages bring and nothing here uses, 0.3 GB: their own tests, and the program in which
# Turi Create shows tables and plots outside notebooks.
UNUSED = ("tests", "Turi Create Visualization")


class Environment(NamedTuple):
    """A virtual environment, and what goes into it by arguments of `uv pip install`."""

    name: str
    purpose: str
    pythons: list[str]  # the preferred first
    packages: list[str]
    extras: dict[str, list[str]]  # what is added by an option of this script

    @property
    def folder(self) -> Path:
        return ROOT / self.name

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.folder / "setup.txt"


CURRENT = Environment(
    name=".venv",
    purpose="JupyterLab and turilite",
    pythons=["3.12", "3.11", "3.13", "3.14"],
    packages=["--no-deps", "-r", "requirements.txt"],
    extras={
        "dev": ["--no-deps", "-r", "requirements-dev.txt"],
        "bench": ["--no-deps", "-r", "benchmarks/requirements.txt"],
        "teaching": ["--no-deps", "-r", "requirements-teaching.txt"],
    },
)
TURICREATE = Environment(
    name=".turicreate",
    purpose="Turi Create's kernel",
    pythons=["3.8"],
    packages=["-r", "requirements-turicreate.txt"],
    extras={
        "dev": ["-c", "requirements.lock", "-c", "requirements-dev.txt", "pytest", "hypothesis"]
    },
)


class SetupError(Exception):
    """What stands in the way, in one sentence, with what to do."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--engine",
        choices=["", *ENGINES],
        default="",
        help="default: what is set up already, else Turi Create where it installs, else turilite",
    )
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    parser.add_argument("--bench", action="store_true", help="also what the benchmark needs")
    parser.add_argument("--teaching", action="store_true", help="also what `make assignment` needs")
    options = parser.parse_args()
    extras = [name for name in ("dev", "bench", "teaching") if getattr(options, name)]
    try:
        set_up(options.engine, extras)
    except SetupError as error:
        sys.exit(f"setup: {error}")


def set_up(engine: str, extras: list[str]) -> None:
    """Bring `.venv`, and for Turi Create its kernel too, to what is asked.

    Raises SetupError where the engine or its packages can't be had.
    """
    engine = engine or engine_set_up() or default_engine()
    if engine == "turicreate" and why_no_turicreate():
        raise SetupError(
            f"Turi Create can't be installed here: {why_no_turicreate()}. Use the project's own "
            f"engine: make setup ENGINE=turilite"
        )
    bring_up_to_date(CURRENT, extras)
    if engine == "turicreate":
        bring_up_to_date(TURICREATE, extras)
        register_kernel()


def bring_up_to_date(environment: Environment, extras: list[str]) -> None:
    """Make an environment unless its stamp says that it is there, and add the extras to it."""
    found = read_stamp(environment)
    wanted = [str(environment.folder), fingerprint(environment.packages, "requirements.lock")]
    if found[:2] != wanted:
        uv = find_uv()
        make_venv(uv, environment)
        install(uv, environment, environment.packages)
        found = write_stamp(environment, wanted)
    for name in extras:
        packages = environment.extras.get(name, [])
        mark = f"{name}-{fingerprint(packages)}"
        if packages and mark not in found:
            install(find_uv(), environment, packages)
            found = write_stamp(environment, [*found, mark])


def read_stamp(environment: Environment) -> list[str]:
    """Return what the environment holds, nothing where its interpreter is gone."""
    if not environment.stamp.exists() or run_quietly([environment.python, "-c", ""]).returncode:
        return []
    return environment.stamp.read_text().splitlines()


def write_stamp(environment: Environment, marks: list[str]) -> list[str]:
    environment.stamp.write_text("\n".join(marks) + "\n")
    return marks


def engine_set_up() -> str | None:
    """Return the engine of an earlier setup: Turi Create where both are there."""
    if TURICREATE.stamp.exists():
        return "turicreate"
    return "turilite" if CURRENT.stamp.exists() else None


def default_engine() -> str:
    why_not = why_no_turicreate()
    if not why_not and not find_python(find_uv(), TURICREATE.pythons):
        why_not = "there is no Python 3.8, and none could be downloaded"
    if why_not:
        say(f"Turi Create can't be installed here ({why_not}): setting up turilite")
    return "turilite" if why_not else "turicreate"


def register_kernel() -> None:
    """Tell the Jupyter of `.venv`, and no other, of Turi Create's kernel."""
    version = re.search(
        r"^turicreate==(\S+)", read_text("requirements-turicreate.txt"), re.M
    ).group(1)
    kernel = {
        "argv": [str(TURICREATE.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": f"Turi Create {version}",
        "language": "python",
        "env": {"ENGINE": "turicreate"},
        "metadata": {"debugger": True},
    }
    folder = CURRENT.folder / "share" / "jupyter" / "kernels" / "turicreate"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kernel.json").write_text(json.dumps(kernel, indent=1) + "\n")


def why_no_turicreate() -> str | None:
    """Return why this platform has no Turi Create wheel, or None where it has one."""
    system, machine = platform.system(), platform.machine()
    if system not in ("Linux", "Darwin"):
        return f"it has no wheel for {system or 'this system'}"
    if machine not in ("x86_64", "AMD64"):
        return f"its wheels are for x86-64 processors, this one is {machine}"
    if system == "Linux" and platform.libc_ver()[0] != "glibc":
        return "its wheels need glibc"
    return None


def find_uv() -> str:
    """Return uv: the one on the PATH if it will do, or one installed from PyPI into `.tools`."""
    for uv in (shutil.which("uv"), str(TOOLS / "uv" / "bin" / "uv")):
        if uv and Path(uv).exists() and is_recent(uv):
            return uv
    say(f"installing uv {UV_VERSION} into .tools")
    bootstrap_uv(TOOLS / "uv")
    return str(TOOLS / "uv" / "bin" / "uv")


def is_recent(uv: str) -> bool:
    version = re.match(r"uv (\d+)\.(\d+)", run_quietly([uv, "--version"]).stdout)
    return bool(version) and tuple(int(part) for part in version.groups()) >= OLDEST_UV


def bootstrap_uv(target: Path) -> None:
    pip = [sys.executable, "-m", "pip"]
    if run_quietly([*pip, "--version"]).returncode:
        builder = TOOLS / "pip"
        if run_quietly([sys.executable, "-m", "venv", builder]).returncode:
            raise SetupError(
                "this Python has neither pip nor venv: install one of them "
                "(Debian and Ubuntu: apt install python3-venv) or uv itself"
            )
        pip = [builder / "bin" / "python", "-m", "pip"]
    package = f"uv=={UV_VERSION}"
    done = run_quietly([*pip, "install", "--upgrade", "--no-deps", "--target", target, package])
    if done.returncode:
        raise SetupError(f"uv could not be installed from PyPI: {reason(done.stderr)}")


def find_python(uv: str, versions: list[str]) -> str | None:
    """Return an interpreter of these versions: the user's own, else one that uv downloads."""
    for version in versions:
        found = run_quietly([uv, "python", "find", "--system", "--no-project", version])
        if found.returncode == 0:
            return found.stdout.strip()
    version = versions[0]
    say(f"no Python {' or '.join(versions)} here: downloading {version} into .tools")
    done = run_quietly([uv, "python", "install", "--no-bin", version])
    if done.returncode:
        say(f"Python {version} could not be downloaded: {reason(done.stderr)}")
        return None
    return run_quietly([uv, "python", "find", "--system", "--no-project", version]).stdout.strip()


def make_venv(uv: str, environment: Environment) -> None:
    versions = environment.pythons
    python = find_python(uv, versions)
    if not python:
        raise SetupError(
            f"{environment.purpose} needs Python {' or '.join(versions)}: install one, for example "
            f"with `pyenv install {versions[0]}`"
        )
    say(f"making {environment.name} for {environment.purpose} with {python}")
    done = run_quietly(
        [uv, "venv", "--clear", "--no-project", "--python", python, environment.folder]
    )
    if done.returncode:
        raise SetupError(f"{environment.name} could not be made: {reason(done.stderr)}")


def install(uv: str, environment: Environment, packages: list[str]) -> None:
    """Install with `uv pip`, whose progress bars show on a terminal; drop what is unused."""
    say(f"installing packages into {environment.name}")
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    arguments = [uv, "pip", "install", *quiet, "--python", environment.python, *packages]
    done = subprocess.run(arguments, cwd=ROOT, env=uv_variables(), stdout=2, check=False)
    if done.returncode:
        raise SetupError(f"the packages of {environment.name} could not be installed, see above")
    drop_unused(environment)


def drop_unused(environment: Environment) -> None:
    for name in UNUSED:
        for folder in list((environment.folder / "lib").rglob(name)):
            shutil.rmtree(folder, ignore_errors=True)


def fingerprint(packages: list[str], *more: str) -> str:
    """Return a digest of what decides the packages: arguments and the files that they name."""
    files = [word for word in packages if (ROOT / word).is_file()]
    texts = [*packages, *(read_text(name) for name in (*files, *more, "pyproject.toml"))]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def read_text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def uv_variables() -> dict:
    """Return the environment for uv: downloads stay in this folder, all of pyenv is seen."""
    return {
        **os.environ,
        "UV_PYTHON_INSTALL_DIR": str(TOOLS / "python"),
        **({"PYENV_VERSION": pyenv_versions()} if pyenv_versions() else {}),
    }


def pyenv_versions() -> str:
    """Return what pyenv has; its commands fail for all versions but those that are chosen."""
    folder = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    return ":".join(path.name for path in sorted(folder.glob("3.*")) if path.is_dir())


def run_quietly(command: list) -> subprocess.CompletedProcess:
    try:
        return subprocess.run(
            command, cwd=ROOT, env=uv_variables(), capture_output=True, text=True, check=False
        )
    except OSError as error:  # there is no such program, or it can't be started
        return subprocess.CompletedProcess(command, 127, "", str(error))


def reason(text: str) -> str:
    """Return the line of a program's messages that says what is wrong."""
    lines = text.strip().splitlines() or ["no reason given"]
    return next((line for line in lines if line.lower().startswith("error")), lines[-1])


def say(sentence: str) -> None:
    print(f"setup: {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
