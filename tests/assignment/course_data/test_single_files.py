"""A source that serves the files one by one."""

from __future__ import annotations

import pytest

from tests.assignment.course_data import fetch_server as web
from tests.assignment.course_data.lab import SEGMENT, TRAIN, Lab


def test_the_single_files_are_enough(lab: Lab) -> None:
    lab.registry["sources"] = lab.registry["sources"][2:]
    assert lab.fetch().code == 0


@pytest.mark.parametrize("name", ["dir_archive.ini", SEGMENT[TRAIN]])
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
