"""Say in a line per item whether the notebooks can run here; exit code 1 if they can't.

python scripts/check_environment.py
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys

if sys.version_info < (3, 8):
    sys.exit("WRONG  this is Python {}.{}, and 3.8 or later is needed".format(*sys.version_info))

from importlib.metadata import PackageNotFoundError, version

INSTALL = "run `make setup`, or `python -m pip install --no-deps -r requirements.txt`"
TURICREATE_LIMITS = {"numpy": (1, 24), "pandas": (2, 0)}


# Run by the Python of a kernel: what the notebooks get there.
ASK_KERNEL = """
import json, platform
from importlib.metadata import version
from assignment.engine import engine
found = {name: version(name) for name in ("numpy", "pandas")}
found.update(engine=engine().__name__, version=engine().__version__)
print(json.dumps({**found, "python": platform.python_version()}))
"""


def main() -> int:
    checks = [check_python(), check_packages()]
    if checks[-1][0]:
        checks += [check_kernel("python3"), check_turicreate_kernel(), check_chosen_engine()]
    if all(fine for fine, _ in checks):
        checks += [check_data()]
    for fine, text in checks:
        print(f"{'ok   ' if fine else 'WRONG'}  {text}")
    return 0 if all(fine for fine, _ in checks) else 1


def check_python() -> tuple[bool, str]:
    return True, f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"


def check_packages() -> tuple[bool, str]:
    names = ["numpy", "pandas", "matplotlib", "pillow", "scikit-learn", "lz4", "nbval"]
    names += ["jupyter", "jupyterlab", "ipykernel", "nbclient", "nbconvert", "pooch", "tqdm"]
    names += ["deep-features-assignment"]
    missing = [name for name in names if installed(name) is None]
    if missing:
        return False, f"not installed: {', '.join(missing)}; {INSTALL}"
    return True, f"packages: jupyterlab {installed('jupyterlab')}, nbval {installed('nbval')}"


def check_kernel(name: str) -> tuple[bool, str]:
    """Start the Python of the kernel that the commands start, and import its engine there."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    from assignment.surroundings import prefer_own_kernels

    prefer_own_kernels()
    try:
        kernel = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        return False, f"Jupyter has no kernel named {name}; {INSTALL}"
    python = sys.executable if kernel.argv[0] == "python" else kernel.argv[0]
    asked = ask(python, kernel.env)
    if isinstance(asked, str):
        return False, f"kernel {name}: its engine can't be imported ({asked}); {INSTALL}"
    text = "kernel {name}: {engine} {version}, Python {python}, numpy {numpy}, pandas {pandas}"
    problem = problem_of_versions(asked)
    return not problem, text.format(name=name, **asked) + problem


def ask(python: str, variables: dict) -> dict | str:
    """Return what a kernel's Python says about itself, or why it can't."""
    try:
        done = subprocess.run(
            [python, "-c", ASK_KERNEL],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        return str(error)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return json.loads(done.stdout.splitlines()[-1])


def problem_of_versions(found: dict) -> str:
    """Compare versions with those that break Turi Create; return "" where none does."""
    if found["engine"] != "turicreate":
        return ""
    return "".join(
        f": Turi Create needs {name} below {limit[0]}.{limit[1]}; {INSTALL}"
        for name, limit in TURICREATE_LIMITS.items()
        if tuple(int(part) for part in found[name].split(".")[:2]) >= limit
    )


def check_turicreate_kernel() -> tuple[bool, str]:
    """Check Turi Create's own kernel, which may be missing: turilite is enough."""
    from assignment.engine import has_turicreate_kernel

    if has_turicreate_kernel():
        return check_kernel("turicreate")
    return True, "kernel turicreate: none; `make setup ENGINE=turicreate` makes it where it can"


def check_chosen_engine() -> tuple[bool, str]:
    from assignment.engine import chosen_engine, kernel_name
    from assignment.errors import EngineError

    try:
        return True, f"notebooks run on {chosen_engine()}, kernel {kernel_name()}"
    except EngineError as error:
        return False, str(error)


def check_data() -> tuple[bool, str]:
    from assignment.data_sets import data_name, load_part
    from assignment.errors import OneLineError

    try:
        sizes = [len(load_part(f"image_{part}_data")) for part in ("train", "test")]
    except OneLineError as error:
        return False, f"data set: {error}"
    return True, f"data set: {data_name()}, {sizes[0]} training and {sizes[1]} test images"


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())
