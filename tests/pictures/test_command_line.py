"""Options, messages and exit codes of `make pictures`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")

from pictures import command_line
from tests.pictures import album
from tests.places import ROOT


@pytest.fixture
def photos(tmp_path) -> Path:
    folder = tmp_path / "my photos"
    for number, label in enumerate(["cat", "dog", "bird", "automobile"] * 3):
        path = folder / label / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(album.encoded(album.scene(number), "JPEG"))
    (folder / "cat" / "notes.jpg").write_text("no picture")
    return folder


def run(*options: object) -> int:
    return command_line.main([str(option) for option in options])


def test_a_line_counts_what_was_taken_and_what_was_not(photos, tmp_path, capsys):
    assert run(photos, "--to", tmp_path / "a set") == 0
    assert capsys.readouterr().out.splitlines() == [
        "  not taken: cat/notes.jpg: it is no picture of a kind that is read: "
        "JPEG, PNG, GIF, WEBP, HEIF, AVIF, TIFF, BMP",
        "12 pictures taken (8 training, 4 test, 4 labels), 1 file not; "
        "features newly computed for 12 files",
        f"data set: {tmp_path}/a set   page: {tmp_path}/a set/index.html",
        f"Next: make run 'DATA_DIR={tmp_path}/a set'   or: make app 'DATA_DIR={tmp_path}/a set'",
    ]


def test_of_many_files_that_were_not_taken_the_first_are_told(photos, tmp_path, capsys):
    for number in range(30):
        (photos / "dog" / f"{number} empty.jpg").touch()
    assert run(photos, "--to", tmp_path / "set") == 0
    out = capsys.readouterr().out
    assert out.count("  not taken: ") == 10
    assert "  and 21 more, all on the page\n" in out


def test_without_a_page_none_is_named(tmp_path, capsys):
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.jpg").touch()
    assert run(folder, "--to", tmp_path / "set") == 1
    assert "  and 2 more\n" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, "text"])
def test_nothing_taken_is_code_1(tmp_path, capsys, content):
    folder = tmp_path / "photos"
    folder.mkdir()
    if content:
        (folder / "a.jpg").write_text(content)
    assert run(folder, "--to", tmp_path / "set") == 1
    assert "no picture could be taken from" in capsys.readouterr().err
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "which pictures? make pictures PICTURES=folder"),
        (["{}/nowhere"], "there is no {}/nowhere"),
        (["{}/my photos/cat/0.jpg"], "0.jpg is no folder"),
        (["{}/my photos", "--to", "{}/my photos"], "lies in the folder of pictures: choose anoth"),
        (["{}/my photos", "--to", "{}/my photos/set"], "lies in the folder of pictures: choose"),
        (["{}/my photos/cat", "--to", "{}/my photos"], "to be replaced: choose another TO=folder"),
    ],
)
def test_wrong_usage_is_code_2(photos, tmp_path, capsys, options, sentence):
    with pytest.raises(SystemExit) as stopped:
        run(*(option.format(tmp_path) for option in options))
    assert stopped.value.code == 2
    assert sentence.format(tmp_path) in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["my photos"]


def test_a_place_that_cannot_be_made_is_told_in_a_sentence(photos, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert run(photos, "--to", tmp_path / "file" / "set") == 1
    assert capsys.readouterr().err.startswith("make_pictures: ")


def test_a_python_without_the_packages_is_told_what_to_use():
    command = [sys.executable, "-I", "-S", str(ROOT / "scripts" / "make_pictures.py")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "use `make pictures`" in done.stderr


def test_a_full_disk_leaves_what_was_there(photos, tmp_path):
    limited = 'ulimit -f 100; exec "$0" "$@"'  # blocks of 1 KB: stands for a full disk
    command = ["bash", "-c", limited, sys.executable, str(ROOT / "scripts" / "make_pictures.py")]
    for number in range(20):
        path = photos / "dog" / f"more {number}.jpg"
        path.write_bytes(album.encoded(album.scene(number), "JPEG"))
    done = subprocess.run(
        [*command, str(photos), "--to", str(tmp_path / "set")],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("make_pictures: ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "set").exists()
    assert run(photos, "--to", tmp_path / "set") == 0
