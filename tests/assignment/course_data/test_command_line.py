"""Options, messages, progress and exit codes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress
from typing import Any

import pytest

from assignment.course_data import command_line
from tests.assignment.course_data import fetch_server as web
from tests.assignment.course_data.lab import QUICK_SCRIPT, SCRIPT, TRAIN, Lab


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
        (["--from-zip", "a.zip", "b.zip", "c.zip"], "--from-zip takes the two zips"),
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
        command_line.main(lab.command(*options))
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
        command_line.main(["--help"])
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
