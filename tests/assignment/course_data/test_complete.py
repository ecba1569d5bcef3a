"""What a run does when all is well, and when the data set is there already."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import Any

from tests.assignment.course_data import fetch_server as web
from tests.assignment.course_data.lab import PARTS, TRAIN, Lab, snapshot


def test_the_first_source_is_enough(lab: Lab) -> None:
    result = lab.fetch()
    assert result.code == 0
    assert lab.server.requested == [f"/first/{part}.zip" for part in PARTS]
    assert f"{lab.dest} is complete and verified." in result.out
    assert result.out.splitlines()[-1] == f"Next: make run DATA_DIR={lab.dest}"
    assert "Opened with" in result.out


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


def test_what_is_there_is_recognised_in_under_a_second_of_work(lab: Lab) -> None:
    assert lab.end(lab.start(), before=None).code == 0

    def work() -> float:
        """Return the seconds of a processor, which other programs don't lengthen."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert lab.end(lab.start(), snapshot(lab.dest)).code == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(work() for _ in range(3)) < 1


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
