"""Make `.venv` and, where Turi Create installs, its kernel's environment `.turicreate`.

    python3 scripts/setup_env.py [--engine turicreate|turilite] [--dev] [--teaching] [--pictures]
                                 [--app] [--browser]

Everything is pinned and nothing is put outside this folder. Needs Python 3.8 or later, and of it
only the standard library. Done already, it returns at once and writes nothing.

A setup that is killed leaves no stamp, so the next one starts anew; a second one waits for the
first. Certificates are those of the system: schools and firms that look into TLS add theirs there.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import ssl
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, NamedTuple

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C stops at once; the next call starts anew
ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
UV_VERSION = "0.13.9"
OLDEST_UV = (0, 10)  # knows all options used here, exclude-dependencies of pyproject.toml too
ENGINES = ("turicreate", "turilite")
# What packages bring and nothing here uses, 0.3 GB: their own tests, and the program in which
# Turi Create shows tables and plots outside notebooks.
UNUSED = ("tests", "Turi Create Visualization")
QUIET = ("--log-level=40", "--ext=assignment.import_advice")
# What the messages of pip and uv mean; the first that is found says it.
CAUSES = (
    ("no space left|os error 28|errno 28|disk quota|file too large", "the disk is full"),
    ("permission denied|read-only file system", "a file or folder can't be written to"),
    (
        "unknownissuer|certificate_verify|certificate verify|peer certificate",
        "a certificate on the way is not known to this system: ask who runs the network for it",
    ),
    (
        "dns error|failed to resolve|name resolution|unreachable|connection refused|timed out"
        "|sending request|newconnectionerror|failed to connect|proxyerror",
        "PyPI can't be reached: no network, or a proxy or firewall is in the way",
    ),
)


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
        "teaching": ["--no-deps", "-r", "requirements-teaching.txt"],
        "pictures": ["--no-deps", "-r", "requirements-pictures.txt"],
        "app": ["--no-deps", "-r", "requirements-app.txt"],
        "browser": ["--no-deps", "-r", "requirements-browser.txt"],
    },
)
TURICREATE = Environment(
    name=".turicreate",
    purpose="Turi Create's kernel",
    pythons=["3.8"],
    packages=["-r", "requirements-turicreate.txt"],
    extras={
        "dev": [
            *("-c", "requirements.lock", "-c", "requirements-dev.txt"),
            *("pytest", "pytest-timeout", "pytest-xdist", "hypothesis"),
        ]
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
    parser.add_argument("--teaching", action="store_true", help="also what `make assignment` needs")
    parser.add_argument("--pictures", action="store_true", help="also what `make pictures` needs")
    parser.add_argument("--app", action="store_true", help="also what `make app` needs")
    parser.add_argument("--browser", action="store_true", help="also what tests in a browser need")
    options = parser.parse_args()
    extras = [name for name in CURRENT.extras if getattr(options, name)]
    try:
        set_up(options.engine, extras)
    except SetupError as error:
        sys.exit(f"setup: {error}")
    except OSError as error:
        sys.exit(f"setup: {error.filename or ROOT}: {cause_of(str(error))}; then run it again")


def set_up(engine: str, extras: list[str]) -> None:
    """Bring `.venv`, and for Turi Create its kernel too, to what is asked.

    Raises SetupError where the engine or its packages can't be had.
    """
    if not engine_set_up():
        refuse_unwritable(CURRENT)
    engine = engine or engine_set_up() or default_engine()
    if engine == "turicreate" and why_no_turicreate():
        raise SetupError(
            f"Turi Create can't be installed here: {why_no_turicreate()}. Use the project's own "
            f"engine: make setup ENGINE=turilite"
        )
    bring_up_to_date(CURRENT, extras)
    if engine == "turicreate":
        bring_up_to_date(TURICREATE, extras)
    register_kernels(engine)


def bring_up_to_date(environment: Environment, extras: list[str]) -> None:
    """Make an environment unless its stamp says that it is there, and add the extras to it."""
    extras = [name for name in extras if name in environment.extras]
    if not missing(environment, extras):
        return
    refuse_unwritable(environment)
    with locked():
        for name in missing(environment, extras):
            if name in extras:
                add(environment, name)
            else:
                make(environment)


def missing(environment: Environment, extras: list[str]) -> list[str]:
    """Return which extras are not there; all, after "packages", where the environment is not."""
    found = read_stamp(environment)
    if found[:2] != first_marks(environment):
        return ["packages", *extras]
    return [name for name in extras if extra_mark(environment, name) not in found]


def first_marks(environment: Environment) -> list[str]:
    return [str(environment.folder), fingerprint(environment.packages, "requirements.lock")]


def extra_mark(environment: Environment, name: str) -> str:
    return f"{name}-{fingerprint(environment.extras[name])}"


def make(environment: Environment) -> None:
    uv = find_uv()
    environment.stamp.unlink(missing_ok=True)
    make_venv(uv, environment)
    install(uv, environment, environment.packages)
    write_stamp(environment, first_marks(environment))


def add(environment: Environment, name: str) -> None:
    """Add an extra; after a setup that ended in the middle of it, all of its packages anew.

    A package whose installation broke off can look as if it were there.
    """
    found = read_stamp(environment)
    unfinished = f"{name}-unfinished"
    again = ["--reinstall"] if unfinished in found else []
    others = [mark for mark in found if not mark.startswith(f"{name}-")]
    write_stamp(environment, [*others, unfinished])
    install(find_uv(), environment, [*again, *environment.extras[name]])
    write_stamp(environment, [*others, extra_mark(environment, name)])


def refuse_unwritable(environment: Environment) -> None:
    """Raise SetupError where something is to be made, and this folder can't be written to."""
    there = environment.folder if environment.folder.exists() else ROOT
    if os.access(ROOT, os.W_OK) and os.access(there, os.W_OK):
        return
    raise SetupError(
        f"{there} can't be written to, and its packages are not (or not all) there: copy the "
        f"project to a folder of your own, or ask its owner to run `make setup` in it"
    )


@contextmanager
def locked() -> Iterator[None]:
    """Hold the lock of this folder's setup, once no other setup has it.

    The programs that are started hold it too: what a killed setup left running is waited for.
    """
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "setup.lock").open("w") as lock:
        os.set_inheritable(lock.fileno(), True)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another setup is at work here: waiting for its end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read_stamp(environment: Environment) -> list[str]:
    """Return what the environment holds, nothing where its interpreter is gone."""
    if not environment.stamp.exists() or run_quietly([environment.python, "-c", ""]).returncode:
        return []
    return environment.stamp.read_text().splitlines()


def write_stamp(environment: Environment, marks: list[str]) -> None:
    partial = environment.stamp.with_suffix(".partial")
    partial.write_text("\n".join(marks) + "\n")
    partial.replace(environment.stamp)


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


def register_kernels(engine: str) -> None:
    """Tell the Jupyter of `.venv`, and no other, of the kernels of both environments.

    They log errors only (at every start a kernel warns about its transport), and an import that
    can't succeed is answered with advice.
    """
    kernel = read_kernel("python3")
    launch = [*kernel["argv"][1:], *(word for word in QUIET if word not in kernel["argv"])]
    register("python3", {**kernel, "argv": [kernel["argv"][0], *launch]})
    if engine == "turicreate":
        pin = re.search(r"^turicreate==(\S+)", read_text("requirements-turicreate.txt"), re.M)
        kernel = {
            "argv": [str(TURICREATE.python), *launch],
            "display_name": f"Turi Create {pin.group(1)}",
            "language": "python",
            "env": {"ENGINE": "turicreate"},
            "metadata": {"debugger": True},
        }
        register("turicreate", kernel)


def kernel_file(name: str) -> Path:
    return CURRENT.folder / "share" / "jupyter" / "kernels" / name / "kernel.json"


def read_kernel(name: str) -> dict:
    """Return a kernelspec, an empty one where there is none."""
    path = kernel_file(name)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def register(name: str, kernel: dict) -> None:
    """Write a kernelspec, unless it is there: a prepared folder may only be readable.

    The file is replaced, never written into: uv links the files of packages to its cache.
    """
    if read_kernel(name) == kernel:
        return
    path = kernel_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(kernel, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


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
    command = [*pip, "install", "--upgrade", "--no-deps", "--target", target, f"uv=={UV_VERSION}"]
    done = run_quietly(command)
    if done.returncode and "CERTIFICATE_VERIFY_FAILED" in done.stderr and certificates():
        done = run_quietly([*command, "--cert", certificates()])  # an old pip brings its own
    if done.returncode:
        raise SetupError(f"uv could not be installed from PyPI: {cause_of(done.stderr)}")


def certificates() -> str | None:
    """Return the file or folder of certificates that the system's OpenSSL uses, if any."""
    paths = ssl.get_default_verify_paths()
    return paths.cafile or paths.capath


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
        say(f"Python {version} could not be downloaded: {cause_of(done.stderr)}")
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
        raise SetupError(f"{environment.name} could not be made: {cause_of(done.stderr)}")


def install(uv: str, environment: Environment, packages: list[str]) -> None:
    """Install with `uv pip`, whose progress bars show on a terminal; drop what is unused.

    Elsewhere its messages are only read where it fails.
    """
    say(f"installing packages into {environment.name}")
    command = [uv, "pip", "install", "--python", environment.python, *packages]
    if sys.stderr.isatty():
        code, why = start(command, stdout=2).returncode, "see above"
    else:
        done = run_quietly([*command, "--quiet"])
        code, why = done.returncode, cause_of(done.stderr)
    if code:
        raise SetupError(f"the packages of {environment.name} could not be installed: {why}")
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
    """Return the environment for uv.

    Downloads stay in this folder, certificates are the system's, and all of pyenv is seen. What
    the user has set for certificates goes first.
    """
    return {
        "UV_SYSTEM_CERTS": "1",
        "UV_NATIVE_TLS": "1",  # its name before uv 0.11
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
        return start(command, capture_output=True, text=True)
    except OSError as error:  # there is no such program, or it can't be started
        return subprocess.CompletedProcess(command, 127, "", str(error))


def start(command: list, **options) -> subprocess.CompletedProcess:
    """Run a program, which inherits the lock: all other descriptors are closed for it anyway."""
    return subprocess.run(
        command, cwd=ROOT, env=uv_variables(), check=False, close_fds=False, **options
    )


def cause_of(text: str) -> str:
    """Return what messages of pip, uv or the system mean, else the line that names the fault."""
    for words, meaning in CAUSES:
        if re.search(words, text, re.I):
            return meaning
    lines = text.strip().splitlines() or ["no reason given"]
    return next((line for line in lines if line.lower().startswith("error")), lines[-1])


def say(sentence: str) -> None:
    print(f"setup: {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
