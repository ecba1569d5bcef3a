"""The CSV files: stored as given and as Parquet, refused where their content is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pandas as pd
import pytest

from assignment.course_data import fetch
from assignment.course_data.content import load_engine
from tests.assignment.course_data.lab import PARTS, TEST, CsvLab, change_byte
from tests.places import SAMPLE


def test_csv_files_are_stored_as_given_and_as_parquet_with_real_arrays(csv_lab: CsvLab) -> None:
    result = csv_lab.fetch()
    assert result.code == 0
    use, needed = result.out.splitlines()[-2:]
    assert use.startswith("Next: pandas.read_parquet(")
    assert needed == "The notebooks need the SFrames as well: make data"
    for part in PARTS:
        table = pd.read_parquet(csv_lab.dest / f"{part}.parquet")
        sframe = load_engine().SFrame(str(SAMPLE / part))
        assert list(table.columns) == sframe.column_names()
        for name in ("id", "label"):
            assert table[name].tolist() == list(sframe[name])
        for name in ("deep_features", "image_array"):
            given = np.array([list(vector) for vector in sframe[name]])
            assert np.stack(table[name]) == pytest.approx(given, rel=5e-6, abs=0)
            assert table[name][0].dtype == np.float64


def test_csv_files_without_pyarrow_are_refused_before_the_download(
    csv_lab: CsvLab, monkeypatch: Any
) -> None:
    monkeypatch.setattr(fetch, "find_spec", lambda _: None)
    result = csv_lab.fetch()
    assert result.code == 1
    assert "--csv needs pyarrow: use `make data ARGS=--csv`" in result.err
    assert csv_lab.lab.server.requested == []


def test_csv_files_that_are_there_are_not_fetched_again(csv_lab: CsvLab) -> None:
    assert csv_lab.fetch().code == 0
    csv_lab.lab.server.requested.clear()
    assert "already there and verified" in csv_lab.fetch().out
    assert csv_lab.lab.server.requested == []


def change_line(text: str, number: int, change: Callable[[str], str]) -> str:
    lines = text.splitlines(keepends=True)
    lines[number] = change(lines[number])
    return "".join(lines)


def relabel(line: str) -> str:
    label = re.search("bird|cat|dog|automobile", line).group()
    return line.replace(label, "dog" if label != "dog" else "cat")


CSV_FAULTS: dict[str, tuple[Callable[[str], str], str]] = {
    "a row is missing": (lambda text: text[: text[:-1].rindex("\n") + 1], "rows should be"),
    "a row is there twice": (lambda text: text + text.splitlines()[-1] + "\n", "rows should be"),
    "a row is cut": (lambda text: text[:-9999], "numbers in each row"),
    "a vector is short": (
        lambda text: change_line(text, 5, lambda line: re.sub(r"\[[^ ]* ", "[", line, count=1)),
        "deep_features should have",
    ),
    "a number is a word": (
        lambda text: change_line(text, 5, lambda line: re.sub(r"\[[^ ]* ", "[x ", line, count=1)),
        "could not convert string to float",
    ),
    "a label is another": (lambda text: change_line(text, 9, relabel), "labels should be"),
    "the first row is another": (
        lambda text: change_line(text, 1, lambda line: re.sub(r"\[[^ ]* ", "[9 ", line, count=1)),
        "first_row should be",
    ),
    "rows are in another order": (
        lambda text: "\n".join([*text.splitlines()[:1], *text.splitlines()[:0:-1]]) + "\n",
        "ids should be",
    ),
    "a column has another name": (
        lambda text: text.replace("deep_features", "features", 1),
        "columns should be",
    ),
    "an id is a word": (
        lambda text: change_line(text, 3, lambda line: "x" + line),
        "could not convert|invalid literal",
    ),
    "it is empty": (lambda _: "", "No columns to parse"),
    "it is a page": (lambda _: "<html></html>", "an HTML page came instead"),
    "it is no table": (lambda _: "\0\1\2\n" * 99, "columns should be"),
}


@pytest.mark.parametrize("fault", CSV_FAULTS)
def test_a_csv_file_is_refused_where(fault: str, csv_lab: CsvLab) -> None:
    change, sentence = CSV_FAULTS[fault]
    csv_lab.publish("csv", {TEST: change(csv_lab.texts[TEST])})
    result = csv_lab.fetch()
    assert result.code == 1
    assert re.search(sentence, result.err)
    assert "Traceback" not in result.err
    assert "--csv --from-dir FOLDER" in result.err.splitlines()[-1]


def test_a_csv_file_comes_from_the_next_source_after_a_bad_one(csv_lab: CsvLab) -> None:
    csv_lab.publish("csv", {TEST: "<html></html>"})
    csv_lab.publish("good", csv_lab.texts)
    csv_lab.lab.registry["sources"].append(csv_lab.lab.source("csv", "good", ".csv"))
    assert csv_lab.fetch().code == 0


def test_csv_files_downloaded_by_hand_are_taken(csv_lab: CsvLab, tmp_path: Path) -> None:
    assert csv_lab.fetch("--from-dir", tmp_path).code == 1
    for part, text in csv_lab.texts.items():
        (tmp_path / f"{part}.csv").write_text(text)
    assert csv_lab.fetch("--from-dir", tmp_path).code == 0
    assert csv_lab.lab.server.requested == []


@pytest.mark.parametrize("stamp", ["{}", "[]", '{"image_test_data.csv": {}}'])
def test_csv_files_without_their_stamp_are_fetched_again(stamp: str, csv_lab: CsvLab) -> None:
    csv_lab.fetch()
    csv_lab.lab.server.requested.clear()
    (csv_lab.dest / "fetched.json").write_text(stamp)
    assert csv_lab.fetch().code == 0
    assert len(csv_lab.lab.server.requested) == 2


def test_check_names_a_csv_file_that_was_changed(csv_lab: CsvLab) -> None:
    csv_lab.fetch()
    change_byte(csv_lab.dest / f"{TEST}.csv")
    result = csv_lab.lab.run("--csv", "--check")
    assert result.code == 1
    assert f"{TEST}.csv has the right size but a wrong SHA-256" in result.err
