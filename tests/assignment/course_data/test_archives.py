"""Archives that are right in another shape, and damage of any kind."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from random import Random
from typing import Callable

import pytest

from assignment.course_data.download import Net
from assignment.course_data.parts import unpack_zip
from assignment.course_data.registry import Fact, FetchError, Part
from tests.assignment.course_data import fetch_server as web
from tests.assignment.course_data.lab import TRAIN, Files, Lab, snapshot, zip_of

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
