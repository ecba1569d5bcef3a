"""The folder of results: it holds those of one run, and what somebody else put there stays."""

from __future__ import annotations

import pytest

pytest.importorskip("nbformat", reason="notebooks are rerun from the other environment")

from assignment.rerun.store import MADE, StoreError, make_empty

NAMES = ["01-a.html", "index.html"]


def fill(folder) -> None:
    for name in NAMES:
        (folder / name).write_text("old")


def names_in(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_is_made_where_there_is_none(tmp_path):
    make_empty(tmp_path / "a" / "b", NAMES)
    assert names_in(tmp_path / "a" / "b") == [MADE]


def test_what_an_earlier_run_made_goes_before_anything_is_run(tmp_path):
    make_empty(tmp_path, [*NAMES, "00-renamed-since.html"])
    fill(tmp_path)
    (tmp_path / "00-renamed-since.html").write_text("old")
    make_empty(tmp_path, NAMES)
    assert names_in(tmp_path) == [MADE]


def test_what_somebody_else_put_there_stays(tmp_path):
    make_empty(tmp_path, NAMES)
    (tmp_path / "thesis.html").write_text("mine")
    (tmp_path / "html").mkdir()
    make_empty(tmp_path, NAMES)
    assert names_in(tmp_path) == ["html", MADE, "thesis.html"]


def test_a_file_of_somebody_else_that_has_the_name_of_a_result_is_not_replaced(tmp_path):
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(StoreError, match=r"holds index\.html, which no run here made"):
        make_empty(tmp_path, NAMES)
    assert (tmp_path / "index.html").read_text() == "mine"


def test_in_the_projects_own_folder_it_is_replaced(tmp_path):
    fill(tmp_path)
    make_empty(tmp_path, NAMES, ours=True)
    assert names_in(tmp_path) == [MADE]


def test_a_list_of_files_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "thesis.html").write_text("mine")
    folder = tmp_path / "build"
    folder.mkdir()
    (folder / MADE).write_text(f"../thesis.html\n{tmp_path / 'thesis.html'}\n\n")
    make_empty(folder, NAMES)
    assert (tmp_path / "thesis.html").exists()


def test_what_is_no_folder_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError, match=r"file.* can't be written to \(.*\): name another"):
            make_empty(path, NAMES)
