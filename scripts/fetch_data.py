"""Fetch the course's data into data/course; assignment/course_data/command_line.py says how."""

from __future__ import annotations

import argparse
import sys

try:
    from assignment.course_data.command_line import main
    from assignment.course_data.registry import FetchError
except ModuleNotFoundError as error:  # another Python than the one with the project's packages
    sys.exit(
        f"fetch_data: {sys.executable} has no {error.name}: use `make data`, or run this with the"
        " Python that has the project's packages, such as .venv/bin/python"
    )


def rebuild(args: argparse.Namespace) -> None:
    """Make the data set of CIFAR-10; raise FetchError where its packages are not there."""
    try:
        from pictures.rebuilding import run  # noqa: PLC0415 (only this option needs its packages)
    except ModuleNotFoundError as error:
        raise FetchError(
            f"--rebuild needs {error.name}: use `make data ARGS=--rebuild`, or first install"
            f" requirements-pictures.txt"
        ) from None
    run(args)


if __name__ == "__main__":
    sys.exit(main(rebuild=rebuild))
