"""Make a data set of a folder of pictures; pictures/command_line.py says how.

python scripts/make_pictures.py FOLDER [--to FOLDER]
"""

from __future__ import annotations

import sys

try:
    from pictures.command_line import main
except ModuleNotFoundError as error:  # another Python, or without the packages for pictures
    sys.exit(
        f"make_pictures: {sys.executable} has no {error.name}: use `make pictures`, or first run"
        " .venv/bin/python -m pip install --no-deps -r requirements-pictures.txt"
    )

if __name__ == "__main__":
    sys.exit(main())
