"""Open the notebooks in JupyterLab on the chosen engine.

python scripts/open_lab.py [options of JupyterLab, such as --no-browser --port 8899]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jupyter_client.kernelspec import get_kernel_spec

from assignment import lab
from assignment.engine import chosen_engine, kernel_name
from assignment.errors import EngineError
from assignment.surroundings import prefer_own_kernels

CONFIG = Path(lab.__file__).with_name("server_config.py")
NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def main() -> None:
    prefer_own_kernels()
    try:
        engine, kernel = chosen_engine(), get_kernel_spec(kernel_name())
    except EngineError as error:
        sys.exit(f"error: {error}")
    print(f"engine: {engine}, on the kernel '{kernel.display_name}'", flush=True)
    options = [f"--config={CONFIG}", *sys.argv[1:], str(NOTEBOOKS)]
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *options])


if __name__ == "__main__":
    main()
