"""What `make app` says where it can't open the page."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytest.importorskip("voila", reason="needs requirements-app.txt: make app")
pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")

from tests.places import ROOT


def test_a_folder_without_a_data_set_ends_it_with_one_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "open_app.py", "--no-browser"],
        env={**os.environ, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"open_app: there is no SFrame at {tmp_path}/image_train_data")
    assert done.stderr.count("\n") == 1
