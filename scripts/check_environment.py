"""Say in a line per item whether the notebooks can run here; exit code 1 if they can't.

python scripts/check_environment.py
"""

from __future__ import annotations

import importlib.util
import platform
import sys
from pathlib import Path

if sys.version_info < (3, 8):
    sys.exit("WRONG  this is Python {}.{}, and 3.8 or later is needed".format(*sys.version_info))

from importlib.metadata import PackageNotFoundError, version

ROOT = Path(__file__).resolve().parent.parent
INSTALL = "run `make setup`, or `python -m pip install --no-deps -r requirements.txt`"


def main() -> int:
    checks = [check_python(), check_packages()]
    if checks[-1][0]:
        checks += [*check_limits(), check_kernel(), check_engine()]
    if checks[-1][0]:
        checks += [check_data()]
    for fine, text in checks:
        print(f"{'ok   ' if fine else 'WRONG'}  {text}")
    return 0 if all(fine for fine, _ in checks) else 1


def check_python() -> tuple[bool, str]:
    return True, f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"


def check_packages() -> tuple[bool, str]:
    names = ["numpy", "pandas", "matplotlib", "pillow", "scikit-learn", "lz4", "nbval"]
    names += ["jupyter", "jupyterlab", "ipykernel", "nbclient", "nbconvert", "pooch", "tqdm"]
    missing = [name for name in names if installed(name) is None]
    if missing:
        return False, f"not installed: {', '.join(missing)}; {INSTALL}"
    return True, f"packages: jupyterlab {installed('jupyterlab')}, nbval {installed('nbval')}"


def check_engine() -> tuple[bool, str]:
    from assignment.engine import engine, engine_name

    try:
        return True, f"engine: {engine_name()} {engine().__version__}"
    except ImportError as error:
        return False, f"the engine {engine_name()} can't be imported ({error}); {INSTALL}"


def check_limits() -> list[tuple[bool, str]]:
    """Compare versions with those that break Turi Create, where it is installed."""
    if importlib.util.find_spec("turicreate") is None:
        return [(True, f"numpy {installed('numpy')}, pandas {installed('pandas')}")]
    return [below("numpy", (1, 24)), below("pandas", (2, 0))]


def below(name: str, limit: tuple[int, int]) -> tuple[bool, str]:
    found = installed(name)
    fine = tuple(int(part) for part in found.split(".")[:2]) < limit
    needed = f"Turi Create needs a version below {limit[0]}.{limit[1]}"
    return fine, f"{name} {found}" + ("" if fine else f": {needed}; {INSTALL}")


def check_kernel() -> tuple[bool, str]:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return False, f"Jupyter has no kernel named python3; {INSTALL}"
    return True, "Jupyter kernel: python3"


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
