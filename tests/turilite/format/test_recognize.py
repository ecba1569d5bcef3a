"""Paths of stored SFrames as people give them, and what is said of paths of something else."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.places import SAMPLE
from turilite import SArray, SFrame
from turilite.errors import SFrameFormatError

TRAIN = SAMPLE / "image_train_data"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    shutil.copytree(TRAIN, tmp_path / "train.gl")
    return tmp_path / "train.gl"


def file_of(folder: Path, end: str) -> Path:
    return next(path for path in folder.iterdir() if path.name.endswith(end))


class TestAnSFrameOpens:
    @pytest.mark.parametrize("end", [".frame_idx", ".sidx", "dir_archive.ini"])
    @pytest.mark.parametrize("slash", ["", "/"])
    def test_by_the_path_of_an_index_file(self, stored, end, slash):
        frame = SFrame(f"{file_of(stored, end)}{slash}")
        assert frame["id"][0] == SFrame(str(TRAIN))["id"][0]

    @pytest.mark.parametrize("form", ["{}", "{}/", "{}//", "{}/.", "{}/../train.gl"])
    def test_by_the_path_of_its_folder_however_it_ends(self, stored, form):
        assert len(SFrame(form.format(stored))) == len(SFrame(str(TRAIN)))

    @pytest.mark.parametrize("name", ["train.gl", "train.gl/", "./train.gl", "~/train.gl"])
    def test_by_a_relative_path_and_below_the_home_directory(self, stored, monkeypatch, name):
        monkeypatch.chdir(stored.parent)
        monkeypatch.setenv("HOME", str(stored.parent))
        assert len(SFrame(name)) == len(SFrame(str(TRAIN)))

    def test_by_its_index_where_the_archive_file_is_lost(self, stored):
        (stored / "dir_archive.ini").unlink()
        assert len(SFrame(str(file_of(stored, ".frame_idx")))) == len(SFrame(str(TRAIN)))


def test_an_sarray_opens_by_the_path_of_a_column_index_with_its_first_column(stored):
    assert list(SArray(str(file_of(stored, ".sidx")))) == list(SFrame(str(TRAIN))["id"])


def zip_file(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("a", "b")


FILES = {
    "an empty file": (lambda path: path.write_bytes(b""), "this file is empty"),
    "a Git LFS pointer": (
        lambda path: path.write_bytes(POINTER),
        "this is a Git LFS pointer, not the data: run `git lfs pull`",
    ),
    "a zip": (zip_file, "this is a zip file: unpack it"),
    "a gzip file": (lambda path: path.write_bytes(gzip.compress(b"a,b\n1,2\n")), "this is a gzip"),
    "an HTML page": (lambda path: path.write_text("\n<!DOCTYPE html>"), "this is an HTML page"),
    "an XML page": (lambda path: path.write_text('<?xml version="1.0"?>'), "this is an HTML page"),
    "a CSV file": (lambda path: path.write_text("a,b\n1,2\n"), "this is a CSV file: read it with"),
    "a CSV file of semicolons": (lambda path: path.write_text("a;b\n1;2\n"), "this is a CSV file"),
    "a JSON file": (lambda path: path.write_text('[{"a": 1}]'), "this is a JSON file"),
    "a Parquet file": (lambda path: path.write_bytes(b"PAR1..PAR1"), "this is a Parquet file"),
    "a picture": (lambda path: path.write_bytes(b"\x89PNG\r\n"), "this is a picture"),
    "a 7z archive": (lambda path: path.write_bytes(b"7z\xbc\xaf'"), "this is a packed file"),
    "a text": (lambda path: path.write_text("Once upon a time\n"), "this is a text file"),
    "other bytes": (lambda path: path.write_bytes(b"\xff\xfe\0\1"), "what is stored is a folder"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_another_kind_is_named_with_its_absolute_path(kind, tmp_path, monkeypatch):
    make, words = FILES[kind]
    make(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SFrameFormatError) as caught:
        SFrame("data")
    assert str(caught.value).startswith(f"{tmp_path / 'data'}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


FOLDERS = {
    "nothing": (lambda folder: None, "this folder is empty"),
    "two SFrames": (
        lambda folder: [shutil.copytree(TRAIN, folder / name) for name in "ab"],
        "this folder holds 2 stored SFrames: give the path of one, as a or b",
    ),
    "one SFrame": (lambda folder: shutil.copytree(TRAIN, folder / "a"), "/a: give that path"),
    "a folder of two SFrames": (
        lambda folder: [shutil.copytree(TRAIN, folder / "set" / name) for name in "ab"],
        "give the path of one, as set/a or set/b",
    ),
    "the files of an SFrame but one": (
        lambda folder: shutil.copy(file_of(TRAIN, ".frame_idx"), folder),
        "it has no dir_archive.ini: copy it again, or give the path of its m_",
    ),
    "a zip": (lambda folder: zip_file(folder / "a.zip"), "it holds the zip file a.zip: unpack"),
    "a CSV file": (
        lambda folder: (folder / "a.csv").write_text("a,b\n"),
        "it holds the CSV file a.csv: read that",
    ),
    "other files": (
        lambda folder: (folder / "a.py").write_text(""),
        "this is no stored sframe, it has no dir_archive.ini",
    ),
}


@pytest.mark.parametrize("held", FOLDERS)
def test_a_folder_that_is_no_sframe_is_told_by_what_it_holds(held, tmp_path):
    make, words = FOLDERS[held]
    make(tmp_path)
    with pytest.raises(SFrameFormatError) as caught:
        SFrame(str(tmp_path))
    assert str(tmp_path) in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize("end", [".frame_idx", ".sidx", ".0000", "dir_archive.ini"])
@pytest.mark.parametrize("content", [POINTER, b"<html>"], ids=["pointer", "page"])
def test_a_file_within_that_is_not_the_data_is_named(stored, end, content):
    path = file_of(stored, end)
    path.write_bytes(content)
    with pytest.raises(SFrameFormatError) as caught:
        SFrame(str(stored))["id"].sum()
    assert str(path) in str(caught.value)
    assert "not the data" in str(caught.value)


def test_a_file_of_an_sframe_that_is_no_index_is_answered_with_the_folder(stored):
    with pytest.raises(SFrameFormatError, match="give the path of that folder"):
        SFrame(str(file_of(stored, ".0000")))


def test_an_sarray_of_bytes_that_are_no_text_is_refused_in_a_sentence(tmp_path):
    zip_file(tmp_path / "a.txt")
    (tmp_path / "a.txt").write_bytes((tmp_path / "a.txt").read_bytes() + b"\xff")
    with pytest.raises(SFrameFormatError, match="this is a zip file"):
        SArray(str(tmp_path / "a.txt"))


@pytest.mark.parametrize("kind", [SFrame, SArray])
def test_a_path_that_leads_nowhere_is_named_in_full(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SFrameFormatError) as caught:
        kind("no/such")
    assert str(caught.value) == f"{tmp_path / 'no' / 'such'}: there is no such directory"


@pytest.mark.parametrize("kind", [SFrame, SArray])
def test_an_empty_path_and_the_home_of_nobody_are_refused(kind):
    with pytest.raises(ValueError, match="the path is empty"):
        kind("")
    with pytest.raises(OSError, match="~nobody-here"):
        kind("~nobody-here/data")
