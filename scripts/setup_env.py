"""Make `.venv`: an interpreter, an engine and every pinned package; nothing outside this folder.

    python3 scripts/setup_env.py [--engine turicreate|turilite] [--dev]

Runs on any Python from 3.6 on, with the standard library alone. Done already, it returns at once.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
STAMP = VENV / "setup-stamp.txt"
UV_VERSION = "0.13.9"
PYTHONS = {"turicreate": ["3.8"], "turilite": ["3.12", "3.11", "3.13", "3.10", "3.9", "3.14"]}


class SetupError(Exception):
    """What stands in the way, in one sentence, with what to do."""


def main():
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
        sys.exit("setup: {}".format(error))


def set_up(engine, dev):
    """Bring `.venv` to what is asked; a stamp in it says what it holds already."""
    found = STAMP.read_text().split() if STAMP.exists() else []
    engine = engine or (found[0] if found else default_engine())
    if engine == "turicreate" and why_no_turicreate():
        raise SetupError(
            "Turi Create can't be installed here: {}. Use the project's own engine: "
            "make setup ENGINE=turilite".format(why_no_turicreate())
        )
    wanted = [engine, fingerprint("requirements.txt", "requirements.lock")]
    dev_mark = "dev-" + fingerprint("requirements-dev.txt")
    if found[:2] != wanted:
        uv = find_uv()
        make_venv(uv, engine)
        install(uv, "requirements.txt", "sync")
        found = remember(wanted)
    if dev and dev_mark not in found:
        install(find_uv(), "requirements-dev.txt", "install", "--no-deps", "-r")
        remember([*found, dev_mark])


def default_engine():
    reason = why_no_turicreate()
    if reason:
        say("Turi Create can't be installed here ({}): setting up turilite".format(reason))
        return "turilite"
    if not find_python(find_uv(), "turicreate"):
        say("there is no Python 3.8 for Turi Create and none could be had: setting up turilite")
        return "turilite"
    return "turicreate"


def why_no_turicreate():
    """Return why this platform has no Turi Create wheel, or None where it has one."""
    system, machine = platform.system(), platform.machine()
    if system not in ("Linux", "Darwin"):
        return "it has no wheel for {}, use WSL for it".format(system or "this system")
    if machine not in ("x86_64", "AMD64"):
        return "its wheels are for x86-64 processors, this one is {}".format(machine)
    if system == "Linux" and platform.libc_ver()[0] != "glibc":
        return "its wheels need glibc"
    return None


def find_uv():
    """Return uv: the one on the PATH, or one installed from PyPI into `.tools`."""
    uv = shutil.which("uv") or str(TOOLS / "uv" / "bin" / "uv")
    if not Path(uv).exists():
        if sys.version_info < (3, 8):
            raise SetupError("Python 3.8 or later is needed to install uv; this is " + sys.version)
        say("installing uv {} into .tools".format(UV_VERSION))
        bootstrap_uv(Path(uv).parent.parent)
    return uv


def bootstrap_uv(target):
    package = "uv==" + UV_VERSION
    pip = [sys.executable, "-m", "pip"]
    if run_quietly([*pip, "--version"]).returncode:
        builder = TOOLS / "pip"
        if run_quietly([sys.executable, "-m", "venv", str(builder)]).returncode:
            raise SetupError(
                "this Python has neither pip nor venv: install one of them "
                "(Debian and Ubuntu: apt install python3-venv) or uv itself"
            )
        pip = [str(builder / "bin" / "python"), "-m", "pip"]
    done = run_quietly([*pip, "install", "--no-deps", "--target", str(target), package])
    if done.returncode:
        raise SetupError("uv could not be installed from PyPI: " + reason(done.stderr))


def find_python(uv, engine):
    """Return an interpreter the engine runs on: the user's own, else one that uv downloads."""
    for version in PYTHONS[engine]:
        found = run_quietly([uv, "python", "find", "--no-project", version])
        if found.returncode == 0:
            return found.stdout.strip()
    version = PYTHONS[engine][0]
    say("no suitable Python here: downloading {} into .tools".format(version))
    if run_quietly([uv, "python", "install", "--no-bin", version]).returncode:
        return None
    return run_quietly([uv, "python", "find", "--no-project", version]).stdout.strip()


def make_venv(uv, engine):
    python = find_python(uv, engine)
    if not python:
        raise SetupError(
            "no Python {} was found and none could be downloaded: install one "
            "(for example `pyenv install {}`), or try the other "
            "engine".format(" or ".join(PYTHONS[engine]), PYTHONS[engine][0])
        )
    say("making .venv for {} with {}".format(engine, python))
    done = run_quietly([uv, "venv", "--clear", "--no-project", "--python", python, str(VENV)])
    if done.returncode:
        raise SetupError(".venv could not be made: " + reason(done.stderr))


def install(uv, requirements, *command):
    say("installing what {} lists".format(requirements))
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    arguments = [uv, "pip", command[0], *quiet, "--python", str(VENV), *command[1:], requirements]
    if subprocess.run(
        arguments, cwd=str(ROOT), env=environment(), stdout=2, check=False
    ).returncode:
        raise SetupError(
            "the packages of {} could not be installed, see above".format(requirements)
        )


def remember(marks):
    STAMP.write_text("\n".join(marks) + "\n")
    return marks


def fingerprint(*names):
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in names)).hexdigest()[:16]


def environment():
    """Return the environment for uv: what it downloads itself stays in this folder."""
    return dict(os.environ, UV_PYTHON_INSTALL_DIR=str(TOOLS / "python"), VIRTUAL_ENV=str(VENV))


def run_quietly(command):
    pipe = subprocess.PIPE
    return subprocess.run(
        command,
        check=False,
        cwd=str(ROOT),
        env=environment(),
        stdout=pipe,
        stderr=pipe,
        universal_newlines=True,
    )


def reason(text):
    """Return the line of a program's messages that says what is wrong."""
    lines = text.strip().splitlines() or ["no reason given"]
    return next((line for line in lines if line.lower().startswith("error")), lines[-1])


def say(sentence):
    print("setup: " + sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
