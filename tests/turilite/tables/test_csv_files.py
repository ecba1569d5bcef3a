"""CSV files: where they are found, what is left out of them with which warning, which errors."""

from __future__ import annotations

import gzip
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from turilite import SArray, SFrame


def written(path: Path, text: str = "a,b\n1,x\n") -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def read_quietly(path: str, **options: Any) -> SFrame:
    """Return the table; a warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return SFrame.read_csv(path, **options)


@pytest.mark.parametrize("pattern", ["", "/", "/*.csv", "/?.csv"])
def test_a_folder_or_a_pattern_is_all_of_its_files(tmp_path: Path, pattern: str) -> None:
    written(tmp_path / "parts" / "a.csv")
    written(tmp_path / "parts" / "b.csv", "a,b\n2,y\n")
    written(tmp_path / "parts" / "c.csv", "")
    (tmp_path / "parts" / "d.csv").mkdir()
    table = read_quietly(f"{tmp_path}/parts{pattern}")
    assert list(table["a"]) == [1, 2]
    assert list(table["b"]) == ["x", "y"]


def test_a_slash_behind_a_file_is_no_folder(tmp_path: Path) -> None:
    assert list(read_quietly(written(tmp_path / "t.csv") + "/")["a"]) == [1]


def test_a_home_directory_and_a_compressed_file_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a\n1\n"))
    assert list(SFrame("~/t.csv.gz")["a"]) == [1]


def test_a_file_has_an_address(tmp_path: Path) -> None:
    written(tmp_path / "t.csv")
    assert list(read_quietly((tmp_path / "t.csv").as_uri())["a"]) == [1]


def test_no_file_is_named_by_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError) as caught:
        SFrame("no.csv")
    path = tmp_path / "no.csv"
    assert str(caught.value) == f"No files corresponding to the specified path ({path})."


def test_a_file_with_other_columns_is_left_out_with_a_warning(tmp_path: Path) -> None:
    written(tmp_path / "parts" / "a.csv")
    other = written(tmp_path / "parts" / "b.csv", "a\n1\n")
    with pytest.warns(UserWarning) as caught:
        table = SFrame.read_csv(str(tmp_path / "parts"))
    assert len(table) == 1
    assert str(caught[0].message) == f"{other} was left out, since it has 1 and not 2 columns."


@pytest.mark.parametrize(
    ("text", "options", "number", "first"),
    [
        ("a,b\n1,2\n3,4,5\n", {}, "1 line was", "3,4,5"),
        ("a,b\n1,2\n3\n4\n", {}, "2 lines were", "3"),
        ("a\n1\nx\n", {"column_type_hints": int}, "1 line was", "x"),
        ("a,b\nx,1\n1,2,3\n", {"column_type_hints": int}, "2 lines were", "x,1"),
    ],
)
def test_lines_are_left_out_with_a_warning(
    tmp_path: Path, text: str, options: dict, number: str, first: str
) -> None:
    path = written(tmp_path / "t.csv", text)
    with pytest.warns(UserWarning) as caught:
        SFrame.read_csv(path, **options)
    assert [warning.filename for warning in caught] == [__file__]
    assert str(caught[0].message) == (
        f"{path}: {number} left out, for another number of values than columns or a value that "
        f"is not of the type asked for (the first: {first!r})."
    )


def test_values_are_cut_to_a_hinted_type_with_a_warning(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "a\n12abc\n3\n1.5\n")
    with pytest.warns(UserWarning) as caught:
        table = SFrame.read_csv(path, column_type_hints=int)
    assert list(table["a"]) == [12, 3, 1]
    assert str(caught[0].message) == (
        f"{path}: 2 values were cut in column a to the integer at their start (the first: '12abc')."
    )


def test_hints_of_no_column_are_named(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="These column type hints were not used: c"):
        SFrame.read_csv(written(tmp_path / "t.csv"), column_type_hints={"c": int})


def test_the_lines_that_are_left_out_can_be_had(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "a,b\n1,2,3\n\nx,1\n2,3\n4\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table, bad = SFrame.read_csv_with_errors(path, column_type_hints=int)
    assert list(table["a"]) == [2]
    assert {name: list(lines) for name, lines in bad.items()} == {path: ["1,2,3", "x,1", "4"]}


@pytest.mark.parametrize("options", [{}, {"column_type_hints": int}])
def test_a_bad_line_is_an_error_where_asked_for(tmp_path: Path, options: dict) -> None:
    path = written(tmp_path / "t.csv", "a,b\n1,2\nx,3\n" if options else "a,b\n1,2\nx,3,4\n")
    with pytest.raises(RuntimeError, match='Unable to parse line "x,3'):
        SFrame.read_csv(path, error_bad_lines=True, **options)


def test_no_row_is_dropped_where_the_first_hundred_are_of_another_type(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "a\n" + "1\n" * 150 + "1.5\n")
    assert read_quietly(path)["a"].dtype is float
    path = written(tmp_path / "t.csv", "a\n" + "1\n" * 150 + "x\n")
    assert read_quietly(path)["a"].dtype is str


def test_few_rows_of_many_have_the_type_of_the_first_hundred(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "a\n" + "1\n" * 50 + "x\n")
    assert list(read_quietly(path, nrows=2)["a"]) == ["1", "1"]


def test_dates_are_read_where_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "a\n20150301T020304\n20150301T020304.5\n")
    found = read_quietly(path, column_type_hints=datetime)["a"]
    assert list(found) == [datetime(2015, 3, 1, 2, 3, 4), datetime(2015, 3, 1, 2, 3, 4, 500000)]


def test_brackets_within_thousands_of_brackets_are_a_text(tmp_path: Path) -> None:
    deep = "[" * 5000
    assert list(read_quietly(written(tmp_path / "t.csv", f"a\n{deep}\n"))["a"]) == [deep]


@pytest.mark.parametrize(
    ("text", "dtype", "value"),
    [
        ("{1:2 3:4}", dict, {1: 2, 3: 4}),
        ("{'a':\"b\", c:}", dict, {"a": "b", "c": None}),
        ("{:1}", dict, {None: 1}),
        ("[1 2]", list, ["1 2"]),
        ("[a,]", list, ["a", None]),
        ("[[1,2],[a]]", list, [[1, 2], ["a"]]),
        ('["a""b"]', list, ['a"b']),
        ("[NA]", list, ["NA"]),
        ("[99999999999999999999]", list, ["99999999999999999999"]),
    ],
)
def test_texts_become_lists_and_dicts_as_in_turi_create(text: str, dtype: type, value: Any) -> None:
    assert list(SArray([text]).astype(dtype)) == [value]


@pytest.mark.parametrize("marks", [{"delimiter": '"'}, {"escape_char": ","}, {"delimiter": "\n"}])
def test_one_mark_for_two_things_is_an_error(tmp_path: Path, marks: dict) -> None:
    with pytest.raises(ValueError, match="must differ"):
        SFrame({"a": [1]}).export_csv(str(tmp_path / "t.csv"), **marks)
