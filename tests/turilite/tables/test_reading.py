"""Paths to columns: what a path is taken for, and what is read when."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Callable

import pytest

from turilite import SArray, SFrame
from turilite.columns.values import listing
from turilite.tables.reading import read_column, read_table


def test_columns_of_a_directory_are_read_one_by_one(tmp_path: Path) -> None:
    SFrame({"a": [1, 2], "b": ["x", None]}).save(str(tmp_path / "frame"))
    columns = read_table(str(tmp_path / "frame"))
    assert {name: len(column) for name, column in columns.items()} == {"a": 2, "b": 2}
    assert listing(columns["b"]) == ["x", None]
    assert [column.is_loaded for column in columns.values()] == [False, True]


@pytest.mark.parametrize(("name", "text"), [("t.csv", "a,b\n1,x\n"), ("t.tsv", "a\tb\n1\tx\n")])
def test_the_end_of_a_name_says_what_a_file_is(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    columns = read_table(str(tmp_path / name))
    assert {name: listing(column) for name, column in columns.items()} == {"a": [1], "b": ["x"]}


def test_a_format_that_is_given_goes_before_the_name(tmp_path: Path) -> None:
    (tmp_path / "table").write_text("a\n1\n")
    assert listing(read_table(str(tmp_path / "table"), "csv")["a"]) == [1]
    with pytest.raises(ValueError, match="Unknown input type: xml"):
        read_table(str(tmp_path / "table"), "xml")


def test_an_empty_csv_file_has_no_columns(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    assert read_table(str(tmp_path / "empty.csv")) == {}


@pytest.mark.parametrize("pattern", ["", "/", "/*", "/?.txt*"])
def test_a_folder_or_a_pattern_of_text_files_is_a_column(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.txt").write_text("1\n")
    (tmp_path / "parts" / "b.txt.gz").write_bytes(gzip.compress(b"2\n"))
    assert list(SArray(f"{tmp_path}/parts{pattern}", int)) == [1, 2]


@pytest.mark.parametrize("read", [SFrame, SFrame.read_csv, SArray])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            "this is a Git LFS pointer, not the data",
        ),
        (b"<!DOCTYPE html>\n<html>", "this is an HTML page, not the data"),
        (b"PK\x03\x04", "this is a zip file: unpack it"),
        (gzip.compress(b"a\n1\n"), "this is a gzip file: unpack it first"),
    ],
    ids=["a Git LFS pointer", "an HTML page", "a zip file", "a gzip file"],  # gzip notes the time
)
def test_what_is_no_text_is_not_read_as_one(
    tmp_path: Path, read: Callable, content: bytes, sentence: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(OSError) as caught:
        read(str(path))
    assert str(caught.value).startswith(f"{path}: {sentence}")


@pytest.mark.parametrize("read", [SFrame, SFrame.read_csv, SFrame.read_csv_with_errors, SArray])
def test_an_empty_path_is_an_error(read: Callable) -> None:
    with pytest.raises(ValueError, match="the path is empty"):
        read("")


def test_lines_of_text_are_a_column(tmp_path: Path) -> None:
    (tmp_path / "numbers").write_text("1\n22\n")
    assert listing(read_column(tmp_path / "numbers")) == ["1", "22"]
    assert listing(read_column(tmp_path / "numbers", int)) == [1, 22]
