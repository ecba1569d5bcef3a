"""SFrames that are intact and show something else than the course's."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest

from tests.assignment.course_data import fetch_server as web
from tests.assignment.course_data.lab import TEST, Lab, zip_of


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
