"""What to do next, in words and as commands that can be copied."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from pathlib import Path

from .registry import ROOT

INSTALL_DEV = ["-m", "pip", "install", "--no-deps", "-r", "requirements-dev.txt"]

BY_HAND = """To go on without them, download by hand
  {files}
from the course page (Machine Learning Foundations: A Case Study Approach, week 6, the reading of
the assignment "Deep features for image retrieval"), then run in the project's folder, {paths},
  {command}"""

OFFER = """Or make a data set like the course's of CIFAR-10's photographs (170 MB; other answers):
  make data ARGS=--rebuild"""

BY_HAND_CIFAR10 = """To go on without it, download by hand
  {file}
from the page of CIFAR-10, or find where Keras or torchvision left it, then run
  make data ARGS="--from-cifar10 FILE\""""


def next_step(args: argparse.Namespace, target: Path) -> list[str]:
    """Return the lines that say how to use the data set."""
    if args.csv:
        return [
            f"Next: pandas.read_parquet('{target / args.parts[0].name}.parquet')",
            "The notebooks need the SFrames as well: make data",
        ]
    folder = args.dest or ("data/course-rebuilt" if args.rebuild else "")
    elsewhere = f" DATA_DIR={shell_line(str(target) if args.dest else folder)}" if folder else ""
    return [f"Next: make run{elsewhere}"]


def install_pyarrow() -> str:
    """Return what to do where `--csv` finds no pyarrow."""
    command = shell_line(sys.executable, *INSTALL_DEV)
    return f"--csv needs pyarrow: use `make data ARGS=--csv`, or first run\n  {command}"


def by_hand(args: argparse.Namespace) -> str:
    """Return how to go on when no server could be used."""
    if args.rebuild:
        return BY_HAND_CIFAR10.format(file=next(iter(args.cifar10[0].files)))
    files = [part.name + (".csv" if args.csv else ".zip") for part in args.parts]
    python = Path(sys.executable)  # the one that has the packages, which `python` may not be
    python = python.relative_to(ROOT) if ROOT in python.parents else python
    command = [str(python), "scripts/fetch_data.py"]
    command += ["--csv", "--from-dir", "FOLDER"] if args.csv else ["--from-zip", *files]
    command += ["--dest", args.dest] if args.dest else []
    paths = "FOLDER being where they are" if args.csv else "with the paths of the two files"
    text = BY_HAND.format(files=" and ".join(files), paths=paths, command=shell_line(*command))
    return text if args.csv else f"{text}\n{OFFER}"


def shell_line(*words: str) -> str:
    """Return words as the user's shell wants them."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
