"""Make `.venv`: an interpreter, an engine and every pinned package; nothing outside this folder.

    python3 scripts/setup_env.py [--engine turicreate|turilite] [--dev]

Needs Python 3.8 or later, and of it only the standard library. Done already, it returns at once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C stops at once; the next call starts anew
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
STAMP = VENV / "setup-stamp.txt"
UV_VERSION = "0.13.9"
OLDEST_UV = (0, 8)  # knows all options used here
PYTHONS = {"turicreate": ["3.8"], "turilite": ["3.12", "3.11", "3.13", "3.10", "3.9", "3.14"]}


class SetupError(Exception):
    """What stands in the way, in one sentence, with what to do."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--engine",
        choices=["", *PYTHONS],
        default="",
        help="default: the one already set up, else Turi Create where it installs, else turilite",
    )
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    options = parser.parse_args()
    try:
        set_up(options.engine, options.dev)
    except SetupError as error:
        sys.exit(f"setup: {error}")


def set_up(engine: str, dev: bool) -> None:
    """Bring `.venv` to what is asked; a stamp in it says what it holds already.

    Raises SetupError where the engine or its packages can't be had.
    """
    found = read_stamp()
    engine = engine or (found[0] if found else default_engine())
    if engine == "turicreate" and why_no_turicreate():
        raise SetupError(
            f"Turi Create can't be installed here: {why_no_turicreate()}. Use the project's own "
            f"engine: make setup ENGINE=turilite"
        )
    wanted = [engine, str(VENV), fingerprint("requirements.txt", "requirements.lock", "pyproject.toml")]
    dev_mark = "dev-" + fingerprint("requirements-dev.txt")
    if found[:3] != wanted:
        uv = find_uv()
        make_venv(uv, engine)
        install(uv, "requirements.txt", "sync")
        found = write_stamp(wanted)
    if dev and dev_mark not in found:
        install(find_uv(), "requirements-dev.txt", "install", "--no-deps", "-r")
        write_stamp([*found, dev_mark])


def read_stamp() -> list[str]:
    """Return what `.venv` holds, nothing where its interpreter is gone."""
    if not STAMP.exists() or run_quietly([VENV / "bin" / "python", "-c", ""]).returncode:
        return []
    return STAMP.read_text().splitlines()


def write_stamp(marks: list[str]) -> list[str]:
    STAMP.write_text("\n".join(marks) + "\n")
    return marks


def default_engine() -> str:
    why_not = why_no_turicreate()
    if not why_not and not find_python(find_uv(), "turicreate"):
        why_not = "there is no Python 3.8, and none could be downloaded"
    if why_not:
        say(f"Turi Create can't be installed here ({why_not}): setting up turilite")
    return "turilite" if why_not else "turicreate"


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


def find_python(uv: str, engine: str) -> str | None:
    """Return an interpreter the engine runs on: the user's own, else one that uv downloads."""
    for version in PYTHONS[engine]:
        found = run_quietly([uv, "python", "find", "--system", "--no-project", version])
        if found.returncode == 0:
            return found.stdout.strip()
    version = PYTHONS[engine][0]
    say(f"no Python {' or '.join(PYTHONS[engine])} here: downloading {version} into .tools")
    done = run_quietly([uv, "python", "install", "--no-bin", version])
    if done.returncode:
        say(f"Python {version} could not be downloaded: {reason(done.stderr)}")
        return None
    return run_quietly([uv, "python", "find", "--system", "--no-project", version]).stdout.strip()


def make_venv(uv: str, engine: str) -> None:
    python = find_python(uv, engine)
    if not python:
        raise SetupError(
            f"{engine} needs Python {' or '.join(PYTHONS[engine])}: install one, for example "
            f"with `pyenv install {PYTHONS[engine][0]}`"
        )
    say(f"making .venv for {engine} with {python}")
    done = run_quietly([uv, "venv", "--clear", "--no-project", "--python", python, VENV])
    if done.returncode:
        raise SetupError(f".venv could not be made: {reason(done.stderr)}")


def install(uv: str, requirements: str, *command: str) -> None:
    """Install with `uv pip COMMAND`; its progress bars show on a terminal."""
    say(f"installing what {requirements} lists")
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    options = [command[0], *quiet, "--python", str(VENV), *command[1:]]
    arguments = [uv, "pip", *options, requirements]
    done = subprocess.run(arguments, cwd=ROOT, env=environment(), stdout=2, check=False)
    if done.returncode:
        raise SetupError(f"the packages of {requirements} could not be installed, see above")


def fingerprint(*names: str) -> str:
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in names)).hexdigest()[:16]


def environment() -> dict:
    """Return the environment for uv: what it downloads itself stays in this folder."""
    return {**os.environ, "UV_PYTHON_INSTALL_DIR": str(TOOLS / "python")}


def run_quietly(command: list) -> subprocess.CompletedProcess:
    try:
        return subprocess.run(
            command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
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
