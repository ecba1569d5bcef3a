"""Runs that are killed or stopped, and two runs at once."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.assignment.course_data import fetch_server as web
from tests.assignment.course_data.lab import QUICK_SCRIPT, TEST, TRAIN, Lab, snapshot

KILLED_BEFORE = str(Path(__file__).with_name("killed_before.py"))
DOWNLOAD, FETCH = "assignment.course_data.download", "assignment.course_data.fetch"
MOMENTS = {
    "the first byte written": (DOWNLOAD, "Intake.write", 1),
    "a zip half written": (DOWNLOAD, "Intake.write", 20),
    "the first member verified": (DOWNLOAD, "Intake.verify", 1),
    "the last member verified": (DOWNLOAD, "Intake.verify", 10),
    "the content opened": (FETCH, "check_sframe", 1),
    "the stamp written": (FETCH, "write_stamp", 1),
    "the old data set moved aside": ("pathlib", "Path.rename", 1),
    "the new data set put in place": ("pathlib", "Path.rename", 2),
    "the temporary folder removed": ("shutil", "rmtree", 1),
    "the old data set removed": ("shutil", "rmtree", 2),
    "the old data set half removed": ("os", "unlink", 5),
}


def kill_before(moment: str, lab: Lab) -> None:
    """Run over an earlier data set, killed just before the moment."""
    lab.put_earlier()
    prefix = [sys.executable, KILLED_BEFORE, *map(str, MOMENTS[moment])]
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
    assert lab.run(*options).code == 1
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
