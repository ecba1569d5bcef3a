"""Fetch the course's data into data/course; assignment/course_data/command_line.py says how."""

from __future__ import annotations

import sys

try:
    from assignment.course_data.command_line import main
except ModuleNotFoundError as error:  # another Python than the one with the project's packages
    sys.exit(
        f"fetch_data: {sys.executable} has no {error.name}: use `make data`, or run this with the"
        " Python that has the project's packages, such as .venv/bin/python"
    )

if __name__ == "__main__":
    sys.exit(main())
