"""A small archive of CIFAR-10's form becomes a data set like the course's, answers beside it."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")

import turilite
from assignment.answers import QUESTIONS
from assignment.course_data import command_line
from assignment.data_sets import LABELS, load_images
from pictures import rebuilding
from pictures.features import deep_features
from tests.assignment.course_data import cifar_archive as small
from tests.assignment.course_data.killed_before import kill_before
from tests.notebooks.plain_answers import plain_answers
from tests.places import ROOT

PARTS = ("image_train_data", "image_test_data")
CLASSIFIERS = {"pixel_accuracy", "deep_accuracy"}  # trained, so not computed by plain NumPy
MOMENTS = {
    "the first part is written": ("pictures.rebuilding", "write_part", 1),
    "the answers are written": ("pictures.rebuilding", "write_answers", 1),
    "the data set is put in place": ("pictures.rebuilding", "swap", 1),
    "what is left is removed": ("pictures.rebuilding", "settle", 1),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """Return a folder with the archive, and a registry that knows it."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "cifar.tar.gz").write_bytes(small.ARCHIVE)
    registry = {
        "parts": {
            part: {"files": {}, "content": {"labels": counts}}
            for part, counts in small.COUNTS.items()
        },
        "cifar10": {
            "name": "cifar.tar.gz",
            "bytes": len(small.ARCHIVE),
            "sha256": hashlib.sha256(small.ARCHIVE).hexdigest(),
            "folder": "http://127.0.0.1:9/",
        },
        "sources": [],
    }
    (folder / "registry.json").write_text(json.dumps(registry))
    return folder


def run(files: Path, target: Path, *options: object) -> int:
    given = ["--registry", files / "registry.json", "--dest", target, *options]
    return command_line.main([str(option) for option in given], rebuilding.run)


@pytest.fixture(scope="module")
def rebuilt(files, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("data") / "course-rebuilt"
    assert run(files, target, "--from-cifar10", files / "cifar.tar.gz") == 0
    return target


class TestTheDataSet:
    def test_is_one_that_the_notebooks_load(self, rebuilt, monkeypatch):
        monkeypatch.setenv("DATA_DIR", str(rebuilt))
        train, test = load_images()
        for images, counts in zip((train, test), small.COUNTS.values()):
            assert {label: sum(images["label"] == label) for label in LABELS} == counts
            assert list(images["id"]) == sorted(images["id"])

    def test_has_cifars_pixels_and_their_features(self, rebuilt):
        for part in PARTS:
            images = turilite.SFrame(str(rebuilt / part))
            for row in images:
                assert row["image"].pixel_data.ravel().tolist() == list(row["image_array"])
            made = deep_features(images["image"])
            assert np.abs(made - np.array([list(row) for row in images["deep_features"]])).max() < (
                1e-4
            )

    def test_has_the_answers_that_slow_plain_numpy_gives(self, rebuilt):
        answers = json.loads(rebuilt.with_name("course-rebuilt.answers.json").read_text())
        slow = plain_answers(*(turilite.SFrame(str(rebuilt / part)) for part in PARTS))
        assert answers.keys() == QUESTIONS.keys() - CLASSIFIERS
        for key, value in answers.items():
            assert type(value) is type(slow[key])
            assert value == (pytest.approx(slow[key]) if isinstance(value, float) else slow[key])

    def test_is_checked_and_found_right_and_then_wrong(self, files, rebuilt, tmp_path, capsys):
        assert run(files, rebuilt, "--rebuild", "--check") == 0
        answers = rebuilt.with_name("course-rebuilt.answers.json")
        text = answers.read_text()
        answers.unlink()
        assert run(files, rebuilt, "--rebuild", "--check") == 1
        assert "was never verified" in capsys.readouterr().err
        answers.write_text(text)
        assert run(files, rebuilt, "--rebuild") == 0
        assert "already there and verified" in capsys.readouterr().out


def test_one_line_says_that_its_answers_differ(files, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(rebuilding, "deep_features", by_color)
    assert run(files, tmp_path / "new", "--from-cifar10", files / "cifar.tar.gz") == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"{tmp_path / 'new'} is complete. Its answers differ from the published ones: other "
        "features, other training pictures.",
        f"Next: make run DATA_DIR={tmp_path / 'new'}",
    ]


def by_color(pictures) -> np.ndarray:
    """Return something quick in place of deep features."""
    means = [one.pixel_data.reshape(64, -1).mean(axis=1) for one in pictures]
    return np.array(means, np.float32)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_completes_after_one_that_was_killed_before(files, tmp_path, moment, monkeypatch):
    monkeypatch.setattr(rebuilding, "deep_features", by_color)
    target = tmp_path / "set"
    options = ["--from-cifar10", files / "cifar.tar.gz"]
    child = os.fork()
    if child == 0:
        try:
            kill_before(*MOMENTS[moment])
            run(files, target, *options)
        finally:
            os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert target.exists() == (moment == "what is left is removed")
    assert run(files, target, *options) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"set", "set.answers.json", ".set-lock"}


@pytest.mark.parametrize("name", ["sample", "course"])
def test_the_projects_own_answers_are_never_replaced(files, name, capsys):
    answers = ROOT / "data" / f"{name}.answers.json"
    before = answers.read_bytes()
    archive = files / "cifar.tar.gz"
    assert run(files, ROOT / "data" / name, "--force", "--from-cifar10", archive) == 1
    assert "has answers of its own: choose another --dest" in capsys.readouterr().err
    assert answers.read_bytes() == before


def test_without_its_packages_a_sentence_says_what_to_use():
    code = (
        "import sys; sys.modules['onnxruntime'] = None; sys.path.insert(0, 'scripts'); "
        "import fetch_data; sys.exit(fetch_data.main(['--rebuild'], fetch_data.rebuild))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr == (
        "fetch_data: --rebuild needs onnxruntime: use `make data ARGS=--rebuild`, or first install "
        "requirements-pictures.txt\n"
    )


def test_the_option_is_parsed_as_the_fetchs_own() -> None:
    args: argparse.Namespace = command_line.parse(["--from-cifar10", "file"])
    assert args.rebuild
