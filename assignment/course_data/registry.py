"""What the course data must be, and where they have been published: data/course_registry.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "data" / "course_registry.json"
SLACK = 1 << 20  # bytes that an archive or a CSV file may have beyond those that can be counted
NUMBER = 16  # characters that a number in a CSV file may have, the space included


class FetchError(Exception):
    """Why something could not be had, as a clause or sentence for the user."""


class Fact(NamedTuple):
    """What is known of a file."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Part:
    """One half of the data set: the SFrame directory `name`, its files, and what it must show."""

    name: str
    files: Mapping[str, Fact]
    content: Mapping[str, Any]

    @property
    def largest(self) -> str:
        """Return the name of the largest file: the data, by which a part is recognised."""
        return max(self.files, key=lambda name: self.files[name].bytes)

    @property
    def full_files(self) -> set[str]:
        """Return the names of the files that are not empty: an empty one can be made anew."""
        return {name for name, fact in self.files.items() if fact.bytes}

    @property
    def zip_limit(self) -> int:
        """Return the bytes that no zip of this part exceeds."""
        return SLACK + sum(fact.bytes for fact in self.files.values())

    @property
    def csv_limit(self) -> int:
        """Return the bytes that no CSV file of this part exceeds."""
        return SLACK + self.content["rows"] * sum(self.content["lengths"].values()) * NUMBER


class Source(NamedTuple):
    """Where the parts may be had: the address or path of each, by name, and of what kind it is."""

    kind: str
    addresses: Mapping[str, str]


def load_registry(path: Path) -> tuple[list[Part], list[Source]]:
    """Return the parts and the sources in a registry file; raise ValueError if it isn't one."""
    try:
        registry = json.loads(path.read_text(encoding="utf-8"))
        parts = [
            Part(
                name, {file: Fact(**fact) for file, fact in part["files"].items()}, part["content"]
            )
            for name, part in registry["parts"].items()
        ]
        sources = [
            Source(entry["kind"], {part.name: entry["addresses"][part.name] for part in parts})
            for entry in registry["sources"]
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a registry of course data: {error!r}") from error
    return parts, sources


def load_cifar10(path: Path) -> tuple[Part, Source]:
    """Return CIFAR-10's archive as a part of one file, and its source, from a registry file.

    Raise ValueError where that says nothing of it.
    """
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))["cifar10"]
        part = Part("cifar-10", {entry["name"]: Fact(entry["bytes"], entry["sha256"])}, {})
        return part, Source("directory", {part.name: entry["folder"]})
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ValueError(f"{path} says nothing of CIFAR-10: {error!r}") from error
