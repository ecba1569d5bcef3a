"""How `make app` opens the page, and what it says where it can't."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

pytest.importorskip("voila", reason="needs requirements-app.txt: make app")
pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")

from tests.browser import unused_port
from tests.places import ROOT, SAMPLE

COMMAND = [sys.executable, ROOT / "scripts" / "open_app.py"]
TELLING_BROWSER = """#!/bin/sh
{{ echo "$1"; cat "${{1#file://}}"; }} > '{seen}.part' && mv '{seen}.part' '{seen}'
"""
OPEN_TO_ALL = {"Voila": {"ip": "0.0.0.0", "token": "", "auto_token": False}}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Return what a browser was given and what was written, ended by Ctrl-C; and the files left.

    The user's own settings would open the page to everybody.
    """
    folder = tmp_path_factory.mktemp("home")
    browser, seen, temporary = folder / "browser", folder / "seen", folder / "temporary"
    temporary.mkdir()
    browser.write_text(TELLING_BROWSER.format(seen=seen))
    browser.chmod(0o700)
    (folder / "voila.json").write_text(json.dumps(OPEN_TO_ALL))
    own = {"JUPYTER_CONFIG_DIR": folder, "TMPDIR": temporary, "BROWSER": f"{browser} %s"}
    environment = {**os.environ, **{name: str(value) for name, value in own.items()}}
    process = subprocess.Popen(
        [*COMMAND, f"--port={unused_port()}"],
        env={**environment, "DATA_DIR": str(SAMPLE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = [process.stdout.readline() for _ in range(2)]  # how many pictures; the address
    try:
        while not seen.exists() and process.poll() is None:
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGINT)
        written = "".join(said) + process.communicate()[0]
    given = seen.read_text()
    return given, process.returncode, written, list(temporary.iterdir())


def test_a_browser_gets_the_address_with_the_token_in_a_file_and_not_in_its_command(opened):
    command, content = opened[0].splitlines()
    assert re.fullmatch(r"file:///\S+/open.html", command)
    assert re.search(r"url=http://127\.0\.0\.1:\d+/\?token=[0-9a-f]{48}\"", content)


def test_the_terminal_shows_what_is_open_and_the_address_and_nothing_else(opened):
    open_set, address = opened[2].splitlines()
    assert open_set == "154 pictures of data/sample; Ctrl-C closes the page"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[0-9a-f]{48}", address)


def test_ctrl_c_ends_it_without_an_error_and_leaves_no_file(opened):
    _, code, written, left = opened
    assert code == 0
    assert "Traceback" not in written
    assert left == []


def test_a_folder_without_a_data_set_ends_it_with_one_sentence(tmp_path):
    done = subprocess.run(
        [*COMMAND, "--no-browser"],
        env={**os.environ, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"open_app: there is no SFrame at {tmp_path}/image_train_data")
    assert done.stderr.count("\n") == 1
