"""The lab with right data, and what is made once for all tests of the fetch."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from assignment.course_data.content import load_engine
from tests.assignment.course_data import fetch_server as web
from tests.assignment.course_data.lab import PARTS, CsvLab, Lab
from tests.places import SAMPLE


@pytest.fixture(scope="session")
def content() -> dict[str, Any]:
    """Return what the registry has to say of the sample's content, as the engine shows it."""
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


def csv_text(part: str) -> str:
    """Return a CSV file as the course's: arrays in brackets, numbers with 6 digits."""
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


@pytest.fixture
def csv_lab(lab: Lab, csv_texts: dict[str, str]) -> CsvLab:
    return CsvLab(lab, csv_texts)


@pytest.fixture
def by_hand(lab: Lab, tmp_path: Path) -> Path:
    """Return a folder with both zips and both unzipped folders, as a student may have them."""
    folder = tmp_path / "Downloads"
    for part in PARTS:
        shutil.copytree(str(SAMPLE / part), str(folder / part))
        (folder / f"{part}.zip").write_bytes(lab.zips[part])
    return folder
