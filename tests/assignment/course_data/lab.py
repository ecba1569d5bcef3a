"""The fetch in a laboratory: a server, a registry and a target of its own.

All over real HTTP, from a server on the loopback address, with archives made of `data/sample`.
After every run, whatever happened in it, `Lab` checks the property that matters: the target is
either what it was before (absent, too), or complete and right to the byte, and nothing but the
lock is left beside it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Dict, NamedTuple

from assignment.course_data import command_line
from tests.assignment.course_data import fetch_server as web
from tests.places import ROOT, SAMPLE

SCRIPT = ROOT / "scripts" / "fetch_data.py"
TRAIN, TEST = PARTS = ("image_train_data", "image_test_data")
PATIENCE = ["--timeout", "10", "--retry-delay", "0.01"]
IMPATIENCE = ["--timeout", "0.3"]  # where a server is expected to keep one waiting
Files = Dict[str, bytes]


class Result(NamedTuple):
    code: int
    out: str
    err: str


def snapshot(folder: Path) -> Files | None:
    """Return every file below a folder, by name; None where there is no folder."""
    if not folder.exists():
        return None
    if folder.is_file():
        return {"": folder.read_bytes()}
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".DS_Store")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def sample_files(part: str) -> Files:
    files = snapshot(SAMPLE / part)
    assert files
    return files


def zip_of(files: Files, folder: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of files; a name in `files` stands below `folder` unless that is empty."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as zipped:
        for name, data in files.items():
            zipped.writestr(f"{folder}/{name}" if folder else name, data)
    return stream.getvalue()


SEGMENT = {part: next((SAMPLE / part).glob("*.0000")).name for part in PARTS}
FILES = {part: sample_files(part) for part in PARTS}
ZIPS = {part: zip_of(FILES[part], part) for part in PARTS}


# The fetch as a process that is up at once.
QUICK_SCRIPT = [sys.executable, str(Path(__file__).with_name("without_engine.py"))]


class Lab:
    """A server with right data at three sources, a registry of them, and a target."""

    def __init__(self, folder: Path, server: web.Server, content: dict, capsys: Any) -> None:
        self.server, self.capsys = server, capsys
        self.dest = folder / "data" / "course"
        self.dest.parent.mkdir()
        self.registry_path = folder / "registry.json"
        self.files, self.zips = FILES, ZIPS
        self.complete = {
            f"{part}/{name}": data for part in PARTS for name, data in self.files[part].items()
        }
        for part in PARTS:
            for source in ("first", "second"):
                server.routes[f"/{source}/{part}.zip"] = web.body(self.zips[part])
            for name, data in self.files[part].items():
                server.routes[f"/single/{part}/{name}"] = web.body(data)
        self.registry: dict[str, Any] = {
            "parts": {
                part: {
                    "files": {
                        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                        for name, data in self.files[part].items()
                    },
                    "content": content[part],
                }
                for part in PARTS
            },
            "sources": [
                self.source("zip", "first", ".zip"),
                self.source("zip", "second", ".zip"),
                self.source("directory", "single", "/"),
            ],
        }

    def source(self, kind: str, folder: str, ending: str) -> dict[str, Any]:
        addresses = {part: f"{self.server.url}/{folder}/{part}{ending}" for part in PARTS}
        return {"kind": kind, "addresses": addresses}

    def spoil_first(self, fault: web.Behavior | str) -> None:
        """Let the first source's training zip be at a bad address, or be served badly."""
        if isinstance(fault, str):
            self.registry["sources"][0]["addresses"][TRAIN] = fault
        else:
            self.server.routes[f"/first/{TRAIN}.zip"] = fault

    def put_earlier(self) -> None:
        """Put a data set in the target that has the right names and other content."""
        for name in self.complete:
            path = self.dest / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"earlier")

    def put_complete(self) -> None:
        assert self.fetch().code == 0

    def command(self, *options: object) -> list[str]:
        self.registry_path.write_text(json.dumps(self.registry))
        given = ["--dest", self.dest, "--registry", self.registry_path, *PATIENCE, *options]
        return [str(option) for option in given]

    def run(self, *options: object) -> Result:
        """Run in this process."""
        self.capsys.readouterr()
        code = command_line.main(self.command(*options))
        return Result(code, *self.capsys.readouterr())

    def fetch(self, *options: object) -> Result:
        """Run in this process, then check the property."""
        before = snapshot(self.dest)
        result = self.run(*options)
        self.check_property(before, result.code)
        return result

    def start(
        self, *options: object, prefix: list[str] | None = None, **popen: Any
    ) -> subprocess.Popen:
        """Start a process of its own."""
        command = [*(prefix or [sys.executable, str(SCRIPT)]), *self.command(*options)]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **popen}
        return subprocess.Popen(command, **streams)

    def end(self, process: subprocess.Popen, before: Files | None) -> Result:
        """Wait for a process, then check the property."""
        out, err = process.communicate(timeout=60)
        self.check_property(before, process.returncode)
        return Result(process.returncode, out, err)

    def check_property(self, before: Files | None, code: int) -> None:
        after = snapshot(self.dest)
        if code == 0 or after != before:
            assert after is not None
            json.loads(after.pop("fetched.json"))
            assert after == self.complete
        assert self.leftovers() == []

    def leftovers(self) -> list[str]:
        """Return what a run left beside the target, other than its lock."""
        if not self.dest.parent.is_dir():
            return []
        ours = {self.dest.name, f".{self.dest.name}-lock"}
        return [path.name for path in self.dest.parent.iterdir() if path.name not in ours]


class CsvLab:
    """The lab with a source of CSV files, and the target for them."""

    def __init__(self, lab: Lab, texts: dict[str, str]) -> None:
        self.lab, self.texts = lab, dict(texts)
        self.dest = lab.dest = lab.dest.with_name("course-csv")
        lab.registry["sources"].append(lab.source("csv", "csv", ".csv"))
        self.publish("csv", texts)

    def publish(self, folder: str, texts: dict[str, str]) -> None:
        for part, text in texts.items():
            self.lab.server.routes[f"/{folder}/{part}.csv"] = web.body(text.encode())

    def fetch(self, *options: object) -> Result:
        """Run with `--csv`, and check the property for CSV files."""
        before = snapshot(self.dest)
        result = self.lab.run("--csv", *options)
        after = snapshot(self.dest)
        if result.code == 0 or after != before:
            assert after is not None
            kinds = [f"{part}.{kind}" for part in PARTS for kind in ("csv", "parquet")]
            assert sorted(after) == sorted([*kinds, "fetched.json"])
            assert [after[f"{part}.csv"].decode() for part in PARTS] == [*self.texts.values()]
        assert self.lab.leftovers() == []
        return result


def flip_byte(data: bytearray) -> None:
    data[len(data) // 2] ^= 1


def change_byte(path: Path) -> None:
    """Change a byte, and hide it from anybody who only looks at size and time."""
    times = path.stat()
    data = bytearray(path.read_bytes())
    flip_byte(data)
    path.write_bytes(bytes(data))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
