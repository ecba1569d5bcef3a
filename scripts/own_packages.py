"""Importing this ends a script whose `PYTHONPATH` brings in the packages of another Python.

NumPy and others would stop at their import, with many lines that don't speak of the cause.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

OWN = "{}.{}".format(*sys.version_info)

for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep):
    found = re.search(r"python(\d\.\d+)[/\\](?:site|dist)-packages", folder, re.IGNORECASE)
    if found and found[1] != OWN:
        sys.exit(
            f"{Path(sys.argv[0]).stem}: PYTHONPATH brings in {folder}, packages of Python "
            f"{found[1]}, and this is Python {OWN}: unset PYTHONPATH, then run it again"
        )
