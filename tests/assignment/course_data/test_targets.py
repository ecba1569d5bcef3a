"""Targets that must not be replaced or can't be written."""

from __future__ import annotations

import os
import re
import resource
import shutil
import sys
from pathlib import Path

import pytest

from tests.assignment.course_data import fetch_server as web
from tests.assignment.course_data.lab import SCRIPT, TRAIN, Lab, snapshot


def test_a_file_in_the_targets_place_is_kept(lab: Lab) -> None:
    lab.dest.write_text("my notes")
    result = lab.fetch("--force")
    assert result.code == 1
    assert f"{lab.dest} is not a folder" in result.err
    assert lab.server.requested == []


def test_a_link_that_leads_in_a_circle_is_kept(lab: Lab) -> None:
    lab.dest.symlink_to(lab.dest)
    result = lab.run()
    assert result.code == 1
    assert f"{lab.dest} is a link that leads in a circle" in result.err
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
    assert lab.run().code == 1
    assert (lab.dest / "notes.txt").read_text() == "mine"
    assert (lab.dest / TRAIN / "objects.bin").read_text() == "earlier"
    assert lab.leftovers() == []


def test_a_mount_point_is_not_replaced(lab: Lab) -> None:
    result = lab.run("--dest", "/")
    assert result.code == 1
    assert "/ is a mount point" in result.err


def bound_by_permissions() -> list[str]:
    """Return what to put before a command so that read-only folders bind root, too."""
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
    result = lab.run("--dest", "/proc/course/data")
    assert result.code == 1
    assert re.fullmatch("fetch_data: /proc.*: .+\n", result.err)


@pytest.mark.parametrize("limit", [0, 1 << 12, 1 << 18])
@pytest.mark.parametrize("source", ["zip", "directory"])
def test_a_full_disk_ends_the_run_at_once(limit: int, source: str, lab: Lab) -> None:
    """Let the size limit of files stand for a full disk, which takes a root to make."""
    lab.registry["sources"] = [s for s in lab.registry["sources"] if s["kind"] == source]
    lab.put_earlier()
    before = snapshot(lab.dest)

    def limit_size() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    result = lab.end(lab.start(preexec_fn=limit_size), before)
    assert result.code == 1
    assert result.err == f"fetch_data: {lab.dest}: File too large\n"
    assert snapshot(lab.dest) == before
