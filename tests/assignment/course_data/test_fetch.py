"""scripts/fetch_data.py against servers, archives and disks that misbehave in every known way.

All over real HTTP, from a server on the loopback address, with archives made of `data/sample`.
After every run, whatever happened in it, `Lab` checks the property that matters: the target is
either what it was before (absent, too), or complete and right to the byte, and nothing but the
lock is left beside it.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import io
import json
import os
import pty
import re
import resource
import shlex
import shutil
import signal
import stat
import struct
import subprocess
import sys
import termios
import time
import warnings
import zipfile
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, Callable, Dict, NamedTuple, Union

import numpy as np
import pandas as pd
import pytest

from assignment.course_data import fetch
from assignment.course_data.content import load_engine
from assignment.course_data.download import Net
from assignment.course_data.parts import unpack_zip
from assignment.course_data.registry import Fact, FetchError, Part
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
    """Every file below a folder, by name; None where there is no folder."""
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
    """A zip of files; a name in `files` stands below `folder` unless that is empty."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as zipped:
        for name, data in files.items():
            zipped.writestr(f"{folder}/{name}" if folder else name, data)
    return stream.getvalue()


SEGMENT = {part: next((SAMPLE / part).glob("*.0000")).name for part in PARTS}
FILES = {part: sample_files(part) for part in PARTS}
ZIPS = {part: zip_of(FILES[part], part) for part in PARTS}


# The script as a process that doesn't spend seconds on importing an engine.
NO_ENGINE = """
import sys
from assignment.course_data import fetch
fetch.load_engine = lambda: None
sys.exit(fetch.main())
"""
QUICK_SCRIPT = [sys.executable, "-c", NO_ENGINE]


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

    def fetch(self, *options: object) -> Result:
        """Run in this process, then check the property."""
        before = snapshot(self.dest)
        self.capsys.readouterr()
        code = fetch.main(self.command(*options))
        result = Result(code, *self.capsys.readouterr())
        self.check_property(before, result.code)
        return result

    def start(self, *options: object, prefix: list[str] | None = None, **popen: Any) -> Popen:
        """Start a process of its own."""
        command = [*(prefix or [sys.executable, str(SCRIPT)]), *self.command(*options)]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **popen}
        return subprocess.Popen(command, **streams)

    def end(self, process: Popen, before: Files | None) -> Result:
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
        """What a run left beside the target, other than its lock."""
        if not self.dest.parent.is_dir():
            return []
        ours = {self.dest.name, f".{self.dest.name}-lock"}
        return [path.name for path in self.dest.parent.iterdir() if path.name not in ours]


Popen = subprocess.Popen


@pytest.fixture(scope="session")
def content() -> dict[str, Any]:
    """What the registry has to say of the sample's content, as the engine shows it."""
    facts = {}
    for part in PARTS:
        sframe = load_engine().SFrame(str(SAMPLE / part))
        first = sframe[0]
        facts[part] = {
            "columns": {
                "id": "int",
                "image": "Image",
                "label": "str",
                "deep_features": "array",
                "image_array": "array",
            },
            "rows": len(sframe),
            "labels": {
                label: sum(sframe["label"] == label) for label in sorted(set(sframe["label"]))
            },
            "lengths": {"deep_features": len(first["deep_features"]), "image_array": 3072},
            "ids": list(sframe["id"])[:5],
            "first_row": {
                "id": first["id"],
                "label": first["label"],
                "deep_features": list(first["deep_features"])[:4],
                "image_array": [int(value) for value in first["image_array"][:4]],
            },
        }
    return facts


@pytest.fixture
def lab(tmp_path: Path, content: dict, capsys: Any, monkeypatch: Any) -> Any:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name == "COURSE_DATA_SOURCE":
            monkeypatch.delenv(name)
    with web.serving() as server:
        yield Lab(tmp_path, server, json.loads(json.dumps(content)), capsys)


# --- when all is well ---------------------------------------------------------------------------


def test_the_first_source_is_enough(lab: Lab) -> None:
    result = lab.fetch()
    assert result.code == 0
    assert lab.server.requested == [f"/first/{part}.zip" for part in PARTS]
    assert f"{lab.dest} is complete and verified." in result.out
    assert result.out.splitlines()[-1] == f"Next: make run DATA_DIR={lab.dest}"
    assert "Opened with" in result.out


def test_the_single_files_are_enough(lab: Lab) -> None:
    lab.registry["sources"] = lab.registry["sources"][2:]
    assert lab.fetch().code == 0


def test_a_redirect_is_followed(lab: Lab) -> None:
    lab.server.routes["/moved"] = lab.server.routes[f"/first/{TRAIN}.zip"]
    lab.spoil_first(web.redirect("/moved"))
    assert lab.fetch().code == 0
    assert f"/second/{TRAIN}.zip" not in lab.server.requested


def test_what_is_there_is_not_fetched_again(lab: Lab, monkeypatch: Any) -> None:
    lab.put_complete()
    lab.server.requested.clear()
    monkeypatch.setattr("pooch.file_hash", None)  # nor is any of it read
    result = lab.fetch()
    assert result.code == 0
    assert "already there and verified" in result.out
    assert lab.server.requested == []


def test_what_is_there_is_recognised_in_under_a_second(lab: Lab) -> None:
    assert lab.end(lab.start(), before=None).code == 0

    def duration() -> float:
        start = time.monotonic()
        assert lab.end(lab.start(), snapshot(lab.dest)).code == 0
        return time.monotonic() - start

    assert min(duration() for _ in range(3)) < 1


def test_a_copy_without_its_times_is_hashed_once_and_recognised(lab: Lab, monkeypatch: Any) -> None:
    lab.put_complete()
    for name in lab.complete:
        os.utime(lab.dest / name, (1, 1))
    assert "already there" in lab.fetch().out
    monkeypatch.setattr("pooch.file_hash", None)
    assert "already there" in lab.fetch().out


def test_force_fetches_again(lab: Lab) -> None:
    lab.put_complete()
    lab.server.requested.clear()
    assert lab.fetch("--force").code == 0
    assert len(lab.server.requested) == 2


def test_a_target_that_is_a_link_is_followed(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "large disk").mkdir()
    lab.dest.symlink_to(tmp_path / "large disk" / "course")
    assert lab.fetch().code == 0
    assert lab.dest.is_symlink()
    assert sorted(path.name for path in (tmp_path / "large disk").iterdir()) == [
        ".course-lock",
        "course",
    ]


# --- sources that fail ----------------------------------------------------------------------------

Fault = Callable[[Lab], Union[web.Behavior, str]]


def served(make: Callable[[bytes], web.Behavior]) -> Fault:
    """The fault of serving the right zip in a wrong way."""
    return lambda lab: make(lab.zips[TRAIN])


SERVERS: dict[str, tuple[Fault, str]] = {
    "404": (lambda _: web.status(404), "the server answered 404 Not Found"),
    "403": (lambda _: web.status(403), "the server answered 403 Forbidden"),
    "500": (lambda _: web.status(500), "the server answered 500 Internal Server Error"),
    "refused": (lambda _: web.unused_address(), "the connection was refused"),
    "unresolvable": (lambda _: "http://nowhere.invalid/a.zip", "host name can't be resolved"),
    "no address": (lambda _: "http://", "the download failed: Invalid URL"),
    "never answers": (lambda _: web.silence, "no answer within the time limit"),
    "answers letter by letter": (lambda _: web.slow_headers, "fewer than 4,096 bytes per second"),
    "sends byte by byte": (served(web.trickling), "fewer than 4,096 bytes per second"),
    "stops sending": (served(web.stalled), "no answer within the time limit"),
    "closes without an answer": (lambda _: web.no_answer, "the connection broke off"),
    "closes mid-body": (served(web.cut_short), "the connection broke off"),
    "too short, no length": (served(web.cut_short_without_length), "cut short or damaged"),
    "closes mid-chunk": (served(web.cut_short_chunked), "the connection broke off"),
    "too long": (lambda _: web.endless, "longer than the"),
    "not HTTP": (lambda _: web.not_http, "the connection broke off"),
    "HTML with status 200": (lambda _: web.page, "an HTML page came instead of the file"),
    "redirect to HTML": (lambda lab: web.redirect("/page"), "an HTML page came instead"),
    "redirect to a file": (
        lambda _: web.redirect(f"file://{SAMPLE}"),
        "the download failed: No connection adapters were found for 'file:",
    ),
    "redirect loop": (
        lambda lab: web.redirect(f"/first/{TRAIN}.zip"),
        "the server redirects in a circle",
    ),
    "empty": (lambda _: web.body(b""), "it is not a zip file"),
    "not a zip": (lambda _: web.body(b"Not a zip file at all. " * 99), "it is not a zip file"),
}


Archive = Callable[[Lab], bytes]


def holding(change: Callable[[Files], Any], **options: Any) -> Archive:
    """The training zip after a change to its files."""

    def make(lab: Lab) -> bytes:
        files = {f"{TRAIN}/{name}": data for name, data in lab.files[TRAIN].items()}
        change(files)
        return zip_of(files, **options)

    return make


def rewritten(rewrite: Callable[[bytearray], object]) -> Archive:
    """The training zip after a change to its own bytes."""

    def make(lab: Lab) -> bytes:
        archive = bytearray(zip_of(lab.files[TRAIN], TRAIN, zipfile.ZIP_STORED))
        rewrite(archive)
        return bytes(archive)

    return make


def with_member(name: str, data: bytes = b"x", kind: int = stat.S_IFREG) -> Archive:
    """The training zip with one more member."""

    def make(lab: Lab) -> bytes:
        stream = io.BytesIO(lab.zips[TRAIN])
        with zipfile.ZipFile(stream, "a") as zipped, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a name that is there twice is what is wanted
            info = zipfile.ZipInfo("name")
            info.filename = name  # ZipInfo(name) would cut it at a zero byte
            info.external_attr = (kind | 0o644) << 16
            zipped.writestr(info, data)
        return stream.getvalue()

    return make


def flip_byte(data: bytearray) -> None:
    data[len(data) // 2] ^= 1


def flip_byte_of_segment(files: Files) -> None:
    data = bytearray(files[f"{TRAIN}/{SEGMENT[TRAIN]}"])
    flip_byte(data)
    files[f"{TRAIN}/{SEGMENT[TRAIN]}"] = bytes(data)


def rename_segment(files: Files) -> None:
    files[f"{TRAIN}/m_0000000000000000.0000"] = files.pop(f"{TRAIN}/{SEGMENT[TRAIN]}")


def encrypt(archive: bytearray) -> None:
    """Set the flag in each member's two headers."""
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        for found in re.finditer(re.escape(signature), bytes(archive)):
            archive[found.start() + offset] |= 1


def understating_bomb(lab: Lab) -> bytes:
    """A bomb whose headers state the right size."""
    files = {**lab.files[TRAIN], "dir_archive.ini": bytes(1 << 24)}
    stated, right = (1 << 24), len(lab.files[TRAIN]["dir_archive.ini"])
    return zip_of(files, TRAIN).replace(stated.to_bytes(4, "little"), right.to_bytes(4, "little"))


ARCHIVES: dict[str, tuple[Archive, str]] = {
    "a byte flipped on the way": (rewritten(flip_byte), "cut short or damaged (Bad CRC-32"),
    "a byte flipped before": (holding(flip_byte_of_segment), "right size but a wrong SHA-256"),
    "cut in the middle": (rewritten(lambda data: data.__delitem__(slice(9999, 99999))), "damaged"),
    "member missing": (
        holding(lambda files: files.pop(f"{TRAIN}/objects.bin")),
        "the zip has no objects.bin",
    ),
    "member doubled": (with_member(f"{TRAIN}/objects.bin", b""), "the zip holds objects.bin twice"),
    "member renamed": (
        holding(rename_segment),
        "'image_train_data/m_0000000000000000.0000' is not",
    ),
    "member of another name": (with_member(f"{TRAIN}/evil.py"), "evil.py' is not part of"),
    "member elsewhere": (
        with_member("elsewhere/objects.bin"),
        "'elsewhere/objects.bin' is not part of",
    ),
    "folder in the folder": (with_member(f"{TRAIN}/deep/", b""), "deep/' is not part of"),
    "member too deep": (
        holding(lambda files: files.update({"a/" + name: files.pop(name) for name in [*files]})),
        "is not part of",
    ),
    "member shortened": (
        holding(lambda files: files.update({f"{TRAIN}/dir_archive.ini": b"x"})),
        "dir_archive.ini has 1 bytes in the zip, not 135",
    ),
    "the other part": (lambda lab: lab.zips[TEST], f"is not part of {TRAIN}"),
    "absolute name": (with_member("/etc/objects.bin"), "'/etc/objects.bin' has an absolute name"),
    "absolute name, two slashes": (with_member("//host/objects.bin"), "has an absolute name"),
    "absolute name, drive": (with_member("C:/objects.bin"), "has an absolute name"),
    "absolute name, backslash": (with_member("C:\\objects.bin"), "has an absolute name"),
    "name that climbs": (with_member("../objects.bin"), "'../objects.bin' has a name that leads"),
    "name that climbs far": (with_member(f"{TRAIN}/../../objects.bin"), "has a name that leads"),
    "name that climbs, backslash": (
        with_member("..\\objects.bin"),
        "has a name that leads elsewhere",
    ),
    "name that climbs in junk": (
        with_member("__MACOSX/../../objects.bin"),
        "has a name that leads",
    ),
    "name with a zero byte": (with_member("objects.bin\0.txt"), "has a name that leads elsewhere"),
    "symbolic link": (
        with_member("objects.bin", b"/etc/passwd", stat.S_IFLNK),
        "'objects.bin' is a link or a special file",
    ),
    "symbolic link in junk": (with_member("__MACOSX/a", b"/etc", stat.S_IFLNK), "is a link"),
    "pipe": (with_member("objects.bin", b"", stat.S_IFIFO), "is a link or a special file"),
    "bomb": (
        holding(lambda files: files.update({f"{TRAIN}/dir_archive.ini": bytes(1 << 24)})),
        "dir_archive.ini has 16,777,216 bytes in the zip, not 135",
    ),
    "bomb that understates": (understating_bomb, "cut short or damaged"),
    "empty archive": (lambda _: zip_of({}), "the zip has no dir_archive.ini"),
    "encrypted": (rewritten(encrypt), "is encrypted"),
    "bzip2": (holding(lambda _: None, method=zipfile.ZIP_BZIP2), "compressed in an unusual way"),
}


def sent(make: Archive) -> Fault:
    return lambda lab: web.body(make(lab))


FAULTS = {**SERVERS, **{name: (sent(make), words) for name, (make, words) in ARCHIVES.items()}}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_next_source_is_used_after(fault: str, lab: Lab) -> None:
    make, sentence = FAULTS[fault]
    lab.server.routes["/page"] = web.page
    lab.spoil_first(make(lab))
    result = lab.fetch(*IMPATIENCE)
    assert result.code == 0
    assert sentence in result.out
    assert "leaving this source" in result.out
    assert f"/second/{TRAIN}.zip" in lab.server.requested


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_and_the_way_on_is_told_when_all_sources_have(fault: str, lab: Lab) -> None:
    make, sentence = FAULTS[fault]
    lab.server.routes["/page"] = web.page
    lab.spoil_first(make(lab))
    del lab.registry["sources"][1:]
    lab.put_earlier()
    earlier = snapshot(lab.dest)
    result = lab.fetch(*IMPATIENCE)
    assert result.code == 1
    assert snapshot(lab.dest) == earlier
    assert sentence in result.err
    assert "Traceback" not in result.err
    assert "download by hand\n  image_train_data.zip and image_test_data.zip\n" in result.err
    assert 'week 6, the reading of\nthe assignment "Deep features for image' in result.err
    python, *words = shlex.split(result.err.splitlines()[-1])
    assert words == [
        "scripts/fetch_data.py",
        *("--from-zip", "image_train_data.zip", "image_test_data.zip"),
        *("--dest", str(lab.dest)),
    ]
    assert (ROOT / python).samefile(sys.executable)  # not a `python` without packages


def test_a_source_is_tried_three_times_with_growing_pauses(lab: Lab) -> None:
    lab.spoil_first(web.status(503))
    result = lab.fetch()
    assert lab.server.requested.count(f"/first/{TRAIN}.zip") == 3
    assert "503 Service Unavailable; attempt 2 of 3 in 0.01 s" in result.out
    assert "503 Service Unavailable; attempt 3 of 3 in 0.02 s" in result.out


@pytest.mark.parametrize("fault", ["500", "closes mid-body", "a byte flipped before"])
def test_an_attempt_that_succeeds_after_two_that_failed_is_enough(fault: str, lab: Lab) -> None:
    bad, good = FAULTS[fault][0](lab), lab.server.routes[f"/first/{TRAIN}.zip"]
    answers = iter([bad, bad, good])

    def answer(handler: web.Handler) -> None:
        next(answers)(handler)

    lab.spoil_first(answer)
    assert lab.fetch().code == 0
    assert f"/second/{TRAIN}.zip" not in lab.server.requested


@pytest.mark.parametrize("code", [400, 403, 404, 410])
def test_an_answer_that_will_not_change_is_not_asked_for_again(code: int, lab: Lab) -> None:
    lab.spoil_first(web.status(code))
    lab.fetch()
    assert lab.server.requested.count(f"/first/{TRAIN}.zip") == 1


def test_a_part_that_is_right_is_kept_when_its_source_fails_on_the_other(lab: Lab) -> None:
    lab.server.routes[f"/first/{TEST}.zip"] = web.status(404)
    assert lab.fetch().code == 0
    assert f"/second/{TRAIN}.zip" not in lab.server.requested


@pytest.mark.parametrize("name", ["dir_archive.ini", SEGMENT[TRAIN], "objects.bin"])
@pytest.mark.parametrize(
    "behavior, sentence",
    {
        "missing": (web.status(404), "404 Not Found"),
        "other": (web.body(b"[metadata]"), "bytes"),
        "longer": (web.endless, "is longer than the"),
        "page": (web.page, "an HTML page came instead of the file"),
    }.values(),
)
def test_a_bad_single_file_is_refused(
    name: str, behavior: web.Behavior, sentence: str, lab: Lab
) -> None:
    lab.registry["sources"] = lab.registry["sources"][2:]
    lab.server.routes[f"/single/{TRAIN}/{name}"] = behavior
    result = lab.fetch()
    assert result.code == 1
    assert sentence in result.err


def test_a_body_that_is_compressed_though_not_asked_for_is_understood(lab: Lab) -> None:
    lab.spoil_first(web.body(gzip.compress(lab.zips[TRAIN]), Content_Encoding="gzip"))
    assert lab.fetch().code == 0
    assert f"/second/{TRAIN}.zip" not in lab.server.requested


def test_no_more_is_read_than_the_registry_allows(lab: Lab) -> None:
    sent = 0

    def count(handler: web.Handler) -> None:
        nonlocal sent
        handler.begin()
        while True:
            sent += handler.wfile.write(bytes(1 << 16))

    lab.spoil_first(count)
    lab.fetch()
    right = sum(map(len, lab.files[TRAIN].values()))
    assert sent < 2 * right + (16 << 20)  # the kernel's buffers hold some MB


# --- archives as they come ------------------------------------------------------------------------

JUNK = {
    "__MACOSX/": b"",
    f"__MACOSX/{TRAIN}/._dir_archive.ini": b"Mac OS X",
    ".DS_Store": b"Bud1",
    f"{TRAIN}/.DS_Store": b"Bud1",
}
SHAPES: dict[str, Callable[[Files], bytes]] = {
    "in a folder": lambda files: zip_of(files, TRAIN),
    "in a folder of another name": lambda files: zip_of(files, "image_train_data.gl"),
    "in no folder": zip_of,
    "stored": lambda files: zip_of(files, TRAIN, zipfile.ZIP_STORED),
    "with an entry for the folder": lambda files: zip_of({"": b"", **files}, TRAIN),
    "with what macOS adds": lambda files: zip_of(
        {**JUNK, **{f"{TRAIN}/{name}": data for name, data in files.items()}}
    ),
    "after other bytes": lambda files: b"PK" + zip_of(files, TRAIN),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_files_may_stand(shape: str, lab: Lab) -> None:
    lab.spoil_first(web.body(SHAPES[shape](lab.files[TRAIN])))
    assert lab.fetch().code == 0
    assert f"/second/{TRAIN}.zip" not in lab.server.requested


def test_damage_of_any_kind_to_a_zip_is_refused_or_does_no_harm(tmp_path: Path) -> None:
    files = {"dir_archive.ini": b"[metadata]", "m_1.0000": bytes(range(256)), "objects.bin": b""}
    facts = {n: Fact(len(data), hashlib.sha256(data).hexdigest()) for n, data in files.items()}
    part, archive = Part(TRAIN, facts, {}), tmp_path / "damaged.zip"
    whole, chance = [zip_of(files, TRAIN), zip_of(files, method=zipfile.ZIP_STORED)], Random(6)
    refused = 0
    for _ in range(1000):
        damaged = bytearray(chance.choice(whole))
        start, length = chance.randrange(len(damaged)), chance.choice([1, 1, 1, 4, 50])
        damaged[start : start + length] = chance.choice([b"", b"\0", b"\xff" * 4, b"PK\1\2"])
        archive.write_bytes(damaged)
        try:
            unpack_zip(part, str(archive), tmp_path, Net(1, 1))
        except FetchError:
            refused += 1
        else:
            assert snapshot(tmp_path / TRAIN) == files
    assert 500 < refused < 1000


# --- the content ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fact, value",
    [
        ("rows", 1),
        ("labels", {"cat": 1}),
        ("ids", [-1]),
        ("lengths", {"deep_features": 4096}),
        ("columns", {"id": "str"}),
        ("first_row", {"label": "horse"}),
        ("first_row", {"image_array": [256, 256]}),
    ],
)
def test_an_sframe_that_shows_something_else_is_refused(fact: str, value: Any, lab: Lab) -> None:
    lab.registry["parts"][TEST]["content"][fact] = value
    lab.put_earlier()
    result = lab.fetch()
    assert result.code == 1
    assert f"{TEST}: {fact} should be {value}, not " in result.err


def test_an_sframe_that_the_engine_cannot_open_is_refused(lab: Lab) -> None:
    broken = {**lab.files[TEST], "dir_archive.ini": b"[metadata]"}
    fact = {"bytes": 10, "sha256": hashlib.sha256(b"[metadata]").hexdigest()}
    lab.registry["parts"][TEST]["files"]["dir_archive.ini"] = fact
    lab.server.routes[f"/first/{TEST}.zip"] = web.body(zip_of(broken))
    result = lab.fetch()
    assert result.code == 1
    assert re.search(f"{TEST}: turi\\w+ can't read it: ", result.err)


# --- killed, and two at once ----------------------------------------------------------------------

# Runs the script, and kills itself when the function named first is called for the n-th time.
SUICIDE = """
import os, pathlib, shutil, signal, sys
from assignment.course_data import download, fetch
owner, name, call = eval(sys.argv[1])
function = getattr(owner, name)
def deadly(*args, **options):
    global call
    call -= 1
    if call == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*args, **options)
setattr(owner, name, deadly)
if name != "check_sframe":
    fetch.load_engine = lambda: None  # it takes seconds to import
sys.exit(fetch.main(sys.argv[2:]))
"""

MOMENTS = {
    "the first byte written": "download.Intake, 'write', 1",
    "a zip half written": "download.Intake, 'write', 20",
    "the first member verified": "download.Intake, 'verify', 1",
    "the last member verified": "download.Intake, 'verify', 10",
    "the content opened": "fetch, 'check_sframe', 1",
    "the stamp written": "fetch, 'write_stamp', 1",
    "the old data set moved aside": "pathlib.Path, 'rename', 1",
    "the new data set put in place": "pathlib.Path, 'rename', 2",
    "the temporary folder removed": "shutil, 'rmtree', 1",
    "the old data set removed": "shutil, 'rmtree', 2",
    "the old data set half removed": "os, 'unlink', 5",
}


def kill_before(moment: str, lab: Lab) -> None:
    """A run over an earlier data set that is killed just before the moment."""
    lab.put_earlier()
    prefix = [sys.executable, "-c", SUICIDE, MOMENTS[moment]]
    process = lab.start(prefix=prefix)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_completes_after_one_that_was_killed_before(moment: str, lab: Lab) -> None:
    kill_before(moment, lab)
    left = snapshot(lab.dest)
    if left is None:  # only between the two renames
        assert moment == "the new data set put in place"
    elif left != dict.fromkeys(lab.complete, b"earlier"):
        left.pop("fetched.json")
        assert left == lab.complete
    assert lab.leftovers() != []
    assert lab.fetch().code == 0


@pytest.mark.parametrize("options", [[], ["--check"]], ids=["fetch", "check"])
def test_what_was_there_is_back_after_any_run_that_follows_a_kill_between_the_renames(
    options: list[str], lab: Lab
) -> None:
    kill_before("the new data set put in place", lab)
    lab.registry["sources"] = []
    lab.command()
    assert fetch.main(lab.command(*options)) == 1
    assert snapshot(lab.dest) == dict.fromkeys(lab.complete, b"earlier")
    assert lab.leftovers() == []


def test_a_run_killed_while_a_server_keeps_it_waiting_leaves_the_next_a_clean_start(
    lab: Lab,
) -> None:
    gate = web.Gate(lab.zips[TEST], at=len(lab.zips[TEST]) // 2)
    lab.server.routes[f"/first/{TEST}.zip"] = gate
    process = lab.start()
    assert gate.reached.wait(60)
    process.kill()
    process.communicate()
    assert lab.leftovers() == [".course-new"]
    gate.passable.set()
    assert lab.fetch().code == 0


def test_ctrl_c_leaves_nothing_half_done(lab: Lab) -> None:
    gate = web.Gate(lab.zips[TEST], at=1)
    lab.server.routes[f"/first/{TEST}.zip"] = gate
    lab.put_earlier()
    before = snapshot(lab.dest)
    process = lab.start()
    assert gate.reached.wait(60)
    process.send_signal(signal.SIGINT)
    result = lab.end(process, before)
    assert result.code == 130
    assert result.err == "fetch_data: stopped; nothing is left half done\n"
    assert snapshot(lab.dest) == before


def test_of_two_runs_at_once_one_works_and_the_other_waits(lab: Lab) -> None:
    gate = web.Gate(lab.zips[TRAIN], at=1)
    lab.spoil_first(gate)
    works = lab.start(prefix=QUICK_SCRIPT)
    assert gate.reached.wait(60)
    waits = lab.start(prefix=QUICK_SCRIPT)
    assert "Another run is at work on" in waits.stdout.readline()
    gate.passable.set()
    assert works.wait(60) == 0
    assert "already there and verified" in lab.end(waits, snapshot(lab.dest)).out
    assert lab.end(works, None).code == 0
    assert len(lab.server.requested) == 2


# --- targets that can't be written ----------------------------------------------------------------


def test_a_file_in_the_targets_place_is_kept(lab: Lab) -> None:
    lab.dest.write_text("my notes")
    result = lab.fetch("--force")
    assert result.code == 1
    assert f"{lab.dest} is not a folder" in result.err
    assert lab.server.requested == []


def test_a_link_that_leads_in_a_circle_is_kept(lab: Lab) -> None:
    lab.dest.symlink_to(lab.dest)
    assert fetch.main(lab.command()) == 1
    assert f"{lab.dest} is a link that leads in a circle" in lab.capsys.readouterr().err
    assert lab.dest.is_symlink()
    assert lab.leftovers() == []


def test_a_file_in_the_place_of_the_targets_parent_is_kept(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("my notes")
    lab.dest = tmp_path / "file" / "course"
    result = lab.fetch()
    assert result.code == 1
    assert f"{tmp_path / 'file'}: " in result.err
    assert (tmp_path / "file").read_text() == "my notes"


@pytest.mark.parametrize("name", ["notes.txt", f"{TRAIN}/notes.txt", "photos/me.jpg"])
def test_a_folder_that_holds_something_else_is_kept(name: str, lab: Lab) -> None:
    lab.put_earlier()
    (lab.dest / name).parent.mkdir(exist_ok=True)
    (lab.dest / name).write_text("mine")
    result = lab.fetch("--force")
    assert result.code == 1
    assert (
        f"{lab.dest} holds {name.split('/m', maxsplit=1)[0]}, which does not belong there"
        in result.err
    )
    assert lab.server.requested == []


def test_a_file_added_during_the_download_is_kept(lab: Lab) -> None:
    lab.put_earlier()

    def add_notes(handler: web.Handler) -> None:
        (lab.dest / "notes.txt").write_text("mine")
        web.body(lab.zips[TRAIN])(handler)

    lab.spoil_first(add_notes)
    assert fetch.main(lab.command()) == 1
    assert (lab.dest / "notes.txt").read_text() == "mine"
    assert (lab.dest / TRAIN / "objects.bin").read_text() == "earlier"
    assert lab.leftovers() == []


def test_a_mount_point_is_not_replaced(lab: Lab) -> None:
    assert fetch.main(lab.command("--dest", "/")) == 1
    assert "/ is a mount point" in lab.capsys.readouterr().err


def bound_by_permissions() -> list[str]:
    """What to put before a command so that read-only folders bind root, too."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root can write into read-only folders, and there is no setpriv to bind it")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


@pytest.mark.parametrize("read_only", ["the target", "a folder in the target", "its parent"])
def test_a_read_only_target_is_kept(read_only: str, lab: Lab) -> None:
    lab.put_earlier()
    folder = {
        "the target": lab.dest,
        "a folder in the target": lab.dest / TRAIN,
        "its parent": lab.dest.parent,
    }[read_only]
    prefix = [*bound_by_permissions(), sys.executable, str(SCRIPT)]
    before = snapshot(lab.dest)
    folder.chmod(0o555)
    result = lab.end(lab.start(prefix=prefix), before)
    folder.chmod(0o755)
    assert result.code == 1
    assert snapshot(lab.dest) == before
    assert re.search("is read-only: make it writable|Permission denied", result.err)
    assert "Traceback" not in result.err
    assert lab.server.requested == []


def test_a_target_where_nothing_can_be_made_is_named(lab: Lab) -> None:
    assert fetch.main(lab.command("--dest", "/proc/course/data")) == 1
    error = lab.capsys.readouterr().err
    assert re.fullmatch("fetch_data: /proc.*: .+\n", error)


@pytest.mark.parametrize("limit", [0, 1 << 12, 1 << 18])
@pytest.mark.parametrize("source", ["zip", "directory"])
def test_a_full_disk_ends_the_run_at_once(limit: int, source: str, lab: Lab) -> None:
    """The size limit of files stands for a full disk, which takes a root to make."""
    lab.registry["sources"] = [s for s in lab.registry["sources"] if s["kind"] == source]
    lab.put_earlier()
    before = snapshot(lab.dest)

    def limit_size() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    result = lab.end(lab.start(preexec_fn=limit_size), before)
    assert result.code == 1
    assert result.err == f"fetch_data: {lab.dest}: File too large\n"
    assert snapshot(lab.dest) == before


# --- by hand --------------------------------------------------------------------------------------


@pytest.fixture
def by_hand(lab: Lab, tmp_path: Path) -> Path:
    """A folder with both zips and both unzipped folders, as a student may have downloaded them."""
    folder = tmp_path / "Downloads"
    for part in PARTS:
        shutil.copytree(str(SAMPLE / part), str(folder / part))
        (folder / f"{part}.zip").write_bytes(lab.zips[part])
    return folder


@pytest.mark.parametrize("order", [(TRAIN, TEST), (TEST, TRAIN)], ids=["in order", "swapped"])
def test_two_zips_are_taken(order: tuple[str, str], lab: Lab, by_hand: Path) -> None:
    assert lab.fetch("--from-zip", *(by_hand / f"{part}.zip" for part in order)).code == 0
    assert lab.server.requested == []


@pytest.mark.parametrize("fault", ARCHIVES)
def test_a_zip_downloaded_by_hand_is_verified_as_well(fault: str, lab: Lab, by_hand: Path) -> None:
    make, sentence = ARCHIVES[fault]
    bad = by_hand / "bad.zip"
    bad.write_bytes(make(lab))
    result = lab.fetch("--from-zip", bad, by_hand / f"{TEST}.zip")
    assert result.code == 1
    assert sentence in result.err
    assert "by hand" not in result.err


def test_a_zip_that_is_not_there_is_named(lab: Lab, by_hand: Path) -> None:
    result = lab.fetch("--from-zip", by_hand / "no.zip", by_hand / f"{TEST}.zip")
    assert result.code == 1
    assert result.err == f"fetch_data: {by_hand / 'no.zip'}: No such file or directory\n"


@pytest.mark.parametrize("depth", ["", "..", "../.."])
def test_two_folders_are_taken(depth: str, lab: Lab, by_hand: Path) -> None:
    folder = by_hand.parent / "a" / "b"
    folder.parent.mkdir()
    by_hand.rename(folder)
    assert lab.fetch("--from-dir", folder / depth).code == (0 if depth != "../.." else 1)
    assert lab.server.requested == []


def test_folders_under_other_names_are_recognised_by_content(lab: Lab, by_hand: Path) -> None:
    (by_hand / TRAIN).rename(by_hand / "train")
    (by_hand / TEST).rename(by_hand / TRAIN)
    assert lab.fetch("--from-dir", by_hand).code == 0


@pytest.mark.parametrize(
    "change, sentence",
    {
        "missing": (Path.unlink, "has no objects.bin"),
        "changed": (lambda path: path.write_bytes(b"x"), "objects.bin is longer than the 0 bytes"),
    }.values(),
)
def test_a_wrong_file_in_a_folder_is_refused(
    change: Callable[[Path], object], sentence: str, lab: Lab, by_hand: Path
) -> None:
    change(by_hand / TEST / "objects.bin")
    result = lab.fetch("--from-dir", by_hand)
    assert result.code == 1
    assert sentence in result.err


def test_a_folder_without_the_data_is_refused(lab: Lab, tmp_path: Path) -> None:
    result = lab.fetch("--from-dir", tmp_path)
    assert result.code == 1
    assert f"no folder there holds {SEGMENT[TRAIN]}" in result.err


# --- --check --------------------------------------------------------------------------------------


def change_byte(path: Path) -> None:
    """Change a byte, and hide it from anybody who only looks at size and time."""
    times = path.stat()
    data = bytearray(path.read_bytes())
    flip_byte(data)
    path.write_bytes(bytes(data))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


CHANGES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a byte changed": (f"{TRAIN}/{SEGMENT[TRAIN]}", change_byte, "but a wrong SHA-256"),
    "a byte added": (
        f"{TEST}/objects.bin",
        lambda path: path.write_bytes(b"x"),
        "has 1 bytes, not 0",
    ),
    "a file removed": (f"{TEST}/dir_archive.ini", Path.unlink, "is missing"),
    "a file added": (f"{TEST}/m_0.0000", Path.touch, "does not belong there"),
    "a folder added": ("more", Path.mkdir, "does not belong there"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_check_names(change: str, lab: Lab) -> None:
    name, make, sentence = CHANGES[change]
    lab.put_complete()
    make(lab.dest / name)
    result = lab.fetch("--check")
    assert result.code == 1
    assert result.err.splitlines()[1:] == [line for line in result.err.splitlines() if name in line]
    assert sentence in result.err


def test_check_passes_what_is_right(lab: Lab) -> None:
    lab.put_complete()
    (lab.dest / ".DS_Store").touch()  # macOS adds one whenever a folder is looked at
    result = lab.fetch("--check")
    assert result.code == 0
    assert "its 10 files have the right size and SHA-256" in result.out


def test_check_says_when_nothing_is_there(lab: Lab) -> None:
    result = lab.fetch("--check")
    assert result.code == 1
    assert f"{lab.dest} is not there" in result.err


@pytest.mark.parametrize("change", ["a byte added", "a file removed"])
def test_damage_is_mended_by_the_next_fetch(change: str, lab: Lab) -> None:
    name, make, _ = CHANGES[change]
    lab.put_complete()
    make(lab.dest / name)
    assert lab.fetch().code == 0


@pytest.mark.parametrize("stamp", ["", "[]", '{"a": 1}', "{}", '{"a": {}}'])
def test_a_damaged_stamp_costs_one_hashing(stamp: str, lab: Lab) -> None:
    lab.put_complete()
    right = (lab.dest / "fetched.json").read_text()
    (lab.dest / "fetched.json").write_text(stamp)
    assert "already there" in lab.fetch().out
    assert (lab.dest / "fetched.json").read_text() == right


# --- --csv ----------------------------------------------------------------------------------------


def csv_text(part: str) -> str:
    """A CSV file as the course's: arrays in brackets, numbers with 6 significant digits."""
    lines = ["id,image,label,deep_features,image_array"]
    for row in load_engine().SFrame(str(SAMPLE / part)):
        arrays = (
            "[" + " ".join(f"{number:g}" for number in row[name]) + "]"
            for name in ("deep_features", "image_array")
        )
        lines.append(",".join([str(row["id"]), "Height: 32 Width: 32", row["label"], *arrays]))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def csv_texts() -> dict[str, str]:
    return {part: csv_text(part) for part in PARTS}


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
        """Run with --csv, and check the property for CSV files."""
        before = snapshot(self.dest)
        self.lab.capsys.readouterr()
        code = fetch.main(self.lab.command("--csv", *options))
        result = Result(code, *self.lab.capsys.readouterr())
        after = snapshot(self.dest)
        if code == 0 or after != before:
            assert after is not None
            kinds = [f"{part}.{kind}" for part in PARTS for kind in ("csv", "parquet")]
            assert sorted(after) == sorted([*kinds, "fetched.json"])
            assert [after[f"{part}.csv"].decode() for part in PARTS] == [*self.texts.values()]
        assert self.lab.leftovers() == []
        return result


@pytest.fixture
def csv_lab(lab: Lab, csv_texts: dict[str, str]) -> CsvLab:
    return CsvLab(lab, csv_texts)


def test_csv_files_are_stored_as_given_and_as_parquet_with_real_arrays(csv_lab: CsvLab) -> None:
    result = csv_lab.fetch()
    assert result.code == 0
    use, needed = result.out.splitlines()[-2:]
    assert use.startswith("Next: pandas.read_parquet(")
    assert needed == "The notebooks need the SFrames as well: make data"
    for part in PARTS:
        table = pd.read_parquet(csv_lab.dest / f"{part}.parquet")
        sframe = load_engine().SFrame(str(SAMPLE / part))
        assert list(table.columns) == sframe.column_names()
        for name in ("id", "label"):
            assert table[name].tolist() == list(sframe[name])
        for name in ("deep_features", "image_array"):
            given = np.array([list(vector) for vector in sframe[name]])
            assert np.stack(table[name]) == pytest.approx(given, rel=5e-6, abs=0)
            assert table[name][0].dtype == np.float64


def test_csv_files_without_pyarrow_are_refused_before_the_download(
    csv_lab: CsvLab, monkeypatch: Any
) -> None:
    monkeypatch.setattr(fetch, "find_spec", lambda _: None)
    result = csv_lab.fetch()
    assert result.code == 1
    assert "--csv needs pyarrow: use `make data ARGS=--csv`" in result.err
    assert csv_lab.lab.server.requested == []


def test_csv_files_that_are_there_are_not_fetched_again(csv_lab: CsvLab) -> None:
    assert csv_lab.fetch().code == 0
    csv_lab.lab.server.requested.clear()
    assert "already there and verified" in csv_lab.fetch().out
    assert csv_lab.lab.server.requested == []


def change_line(text: str, number: int, change: Callable[[str], str]) -> str:
    lines = text.splitlines(keepends=True)
    lines[number] = change(lines[number])
    return "".join(lines)


def relabel(line: str) -> str:
    label = re.search("bird|cat|dog|automobile", line).group()
    return line.replace(label, "dog" if label != "dog" else "cat")


CSV_FAULTS: dict[str, tuple[Callable[[str], str], str]] = {
    "a row is missing": (lambda text: text[: text[:-1].rindex("\n") + 1], "rows should be"),
    "a row is there twice": (lambda text: text + text.splitlines()[-1] + "\n", "rows should be"),
    "a row is cut": (lambda text: text[:-9999], "numbers in each row"),
    "a vector is short": (
        lambda text: change_line(text, 5, lambda line: re.sub(r"\[[^ ]* ", "[", line, count=1)),
        "deep_features should have",
    ),
    "a number is a word": (
        lambda text: change_line(text, 5, lambda line: re.sub(r"\[[^ ]* ", "[x ", line, count=1)),
        "could not convert string to float",
    ),
    "a label is another": (lambda text: change_line(text, 9, relabel), "labels should be"),
    "the first row is another": (
        lambda text: change_line(text, 1, lambda line: re.sub(r"\[[^ ]* ", "[9 ", line, count=1)),
        "first_row should be",
    ),
    "rows are in another order": (
        lambda text: "\n".join([*text.splitlines()[:1], *text.splitlines()[:0:-1]]) + "\n",
        "ids should be",
    ),
    "a column has another name": (
        lambda text: text.replace("deep_features", "features", 1),
        "columns should be",
    ),
    "an id is a word": (
        lambda text: change_line(text, 3, lambda line: "x" + line),
        "could not convert|invalid literal",
    ),
    "it is empty": (lambda _: "", "No columns to parse"),
    "it is a page": (lambda _: "<html></html>", "an HTML page came instead"),
    "it is no table": (lambda _: "\0\1\2\n" * 99, "columns should be"),
}


@pytest.mark.parametrize("fault", CSV_FAULTS)
def test_a_csv_file_is_refused_where(fault: str, csv_lab: CsvLab) -> None:
    change, sentence = CSV_FAULTS[fault]
    csv_lab.publish("csv", {TEST: change(csv_lab.texts[TEST])})
    result = csv_lab.fetch()
    assert result.code == 1
    assert re.search(sentence, result.err)
    assert "Traceback" not in result.err
    assert "--csv --from-dir FOLDER" in result.err.splitlines()[-1]


def test_a_csv_file_comes_from_the_next_source_after_a_bad_one(csv_lab: CsvLab) -> None:
    csv_lab.publish("csv", {TEST: "<html></html>"})
    csv_lab.publish("good", csv_lab.texts)
    csv_lab.lab.registry["sources"].append(csv_lab.lab.source("csv", "good", ".csv"))
    assert csv_lab.fetch().code == 0


def test_csv_files_downloaded_by_hand_are_taken(csv_lab: CsvLab, tmp_path: Path) -> None:
    assert csv_lab.fetch("--from-dir", tmp_path).code == 1
    for part, text in csv_lab.texts.items():
        (tmp_path / f"{part}.csv").write_text(text)
    assert csv_lab.fetch("--from-dir", tmp_path).code == 0
    assert csv_lab.lab.server.requested == []


@pytest.mark.parametrize("stamp", ["{}", "[]", '{"image_test_data.csv": {}}'])
def test_csv_files_without_their_stamp_are_fetched_again(stamp: str, csv_lab: CsvLab) -> None:
    csv_lab.fetch()
    csv_lab.lab.server.requested.clear()
    (csv_lab.dest / "fetched.json").write_text(stamp)
    assert csv_lab.fetch().code == 0
    assert len(csv_lab.lab.server.requested) == 2


def test_check_names_a_csv_file_that_was_changed(csv_lab: CsvLab) -> None:
    csv_lab.fetch()
    change_byte(csv_lab.dest / f"{TEST}.csv")
    result = Result(fetch.main(csv_lab.lab.command("--csv", "--check")), "", "")
    assert result.code == 1
    assert (
        f"{TEST}.csv has the right size but a wrong SHA-256" in csv_lab.lab.capsys.readouterr().err
    )


# --- the command line -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["zip", "directory"])
@pytest.mark.parametrize("given", ["option", "environment"])
def test_a_mirror_is_tried_first(kind: str, given: str, lab: Lab, monkeypatch: Any) -> None:
    for path, behavior in list(lab.server.routes.items()):
        folder = "first" if kind == "zip" else "single"
        lab.server.routes[path.replace(f"/{folder}/", "/mirror/")] = behavior
    mirror = f"{lab.server.url}/mirror/"
    monkeypatch.setenv("COURSE_DATA_SOURCE", mirror if given == "environment" else "http://")
    options = ["--source", mirror] if given == "option" else []
    assert lab.fetch(*options).code == 0
    assert all(path.startswith("/mirror/image_t") for path in lab.server.requested)


def test_the_published_sources_follow_a_mirror_that_fails(lab: Lab) -> None:
    assert lab.fetch("--source", web.unused_address()).code == 0


@pytest.mark.parametrize(
    "options, sentence",
    [
        (["--timeout", "0"], "invalid duration value: '0'"),
        (["--timeout", "inf"], "invalid duration value: 'inf'"),
        (["--timeout", "soon"], "invalid duration value: 'soon'"),
        (["--source", "ftp://example.org"], "a source is an http or https address, not 'ftp:"),
        (["--source", "data/course"], "a source is an http or https address, not 'data/"),
        (["--from-zip", "one.zip"], "expected 2 arguments"),
        (["--from-zip", "a.zip", "b.zip", "--from-dir", "."], "not allowed with argument"),
        (["--from-zip", "a.zip", "b.zip", "--csv"], "--csv takes no zip files"),
        (["--check", "--force"], "--check only looks at what is there"),
        (["--registry", "no.json"], "no.json is not a registry of course data"),
        (["--registry", str(SCRIPT)], "fetch_data.py is not a registry of course data"),
        (["--more"], "unrecognized arguments: --more"),
    ],
)
def test_wrong_usage_is_code_2(options: list[str], sentence: str, lab: Lab) -> None:
    with pytest.raises(SystemExit) as stopped:
        fetch.main(lab.command(*options))
    assert stopped.value.code == 2
    assert sentence in lab.capsys.readouterr().err
    assert lab.leftovers() == []


def test_a_python_without_the_packages_is_told_which_one_to_use() -> None:
    command = [sys.executable, "-I", "-S", str(SCRIPT)]  # -S: without site-packages
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "has no assignment: use `make data`" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_shows_examples_and_exit_codes(capsys: Any) -> None:
    with pytest.raises(SystemExit) as stopped:
        fetch.main(["--help"])
    assert stopped.value.code == 0
    out = capsys.readouterr().out
    assert "python scripts/fetch_data.py --from-zip image_train_data.zip image_test_data.zip" in out
    assert "2 wrong usage" in out


def test_quiet_says_only_what_went_wrong(lab: Lab) -> None:
    assert lab.fetch("--quiet") == (0, "", "")
    lab.registry["sources"] = []
    code, out, err = lab.fetch("--quiet", "--force")
    assert (code, out) == (1, "")
    assert err.startswith(f"fetch_data: {TRAIN} could not be had")


def test_progress_is_a_bar_on_a_terminal_and_plain_lines_elsewhere(lab: Lab) -> None:
    def slow(handler: web.Handler) -> None:
        data = lab.zips[TRAIN]
        handler.begin(Content_Length=len(data))
        for start in range(0, len(data), len(data) // 8):
            handler.wfile.write(data[start : start + len(data) // 8])
            time.sleep(0.15)

    lab.spoil_first(slow)
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = lab.start(prefix=QUICK_SCRIPT, stdout=end)
    os.close(end)
    shown = b""
    with suppress(OSError):  # how Linux tells that the other end is closed
        while chunk := os.read(terminal, 1 << 16):
            shown += chunk
    os.close(terminal)
    assert lab.end(process, None).code == 0
    assert re.search(rb"image_train_data.zip: +\d+%.*B/s", shown)
    plain = lab.fetch("--force").out
    assert "\r" not in plain
    assert re.search(r"^  image_train_data.zip: \S+B in \S+ s, \S+B/s$", plain, re.MULTILINE)


def test_the_registry_says_what_is_known_of_the_course_data() -> None:
    known = ROOT.parent / "shared" / "course_facts.json"
    if not known.exists():
        pytest.skip("the facts gathered for the project are not beside this checkout")
    facts = json.loads(known.read_text())
    registry = json.loads(fetch.REGISTRY.read_text())
    sources = [list(source["addresses"].values()) for source in registry["sources"]]
    assert sources == [*facts["urls"]["zip"], facts["urls"]["directory"], facts["urls"]["csv"]]
    for part, short in zip(PARTS, ("train", "test")):
        content, answers = registry["parts"][part]["content"], facts["answers"]
        assert registry["parts"][part]["files"] == facts["files"][part]["files"]
        assert list(content["columns"]) == facts["schema"]["columns"]
        assert list(content["columns"].values()) == facts["schema"]["turi_types"]
        assert content["rows"] == facts["files"][part]["rows"] == sum(content["labels"].values())
        assert content["labels"] == answers[f"{short}_label_counts"]
        assert content["ids"] == answers[f"{short}_ids_head"]
        first = answers[f"first_{short}_image"]
        for name in ("deep_features", "image_array"):
            assert content["first_row"][name] == first[f"{name}_head"]
            assert content["lengths"][name] == facts["schema"][f"{name}_length"]
