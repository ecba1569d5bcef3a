"""Submissions: which there are in a folder, and what of a student's folder is copied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grading.submissions import SubmissionsError, copy_folder, find_submissions


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "handed in"
    made.mkdir()
    return made


def put(path: Path, text: str = "{}") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def found_in(folder: Path) -> dict:
    return {
        submission.name: [path.name for path in submission.notebooks]
        for submission in find_submissions(folder)
    }


def test_a_notebook_is_a_submission_of_its_name(folder):
    put(folder / "Änne Groß.ipynb")
    assert found_in(folder) == {"Änne Groß": ["Änne Groß.ipynb"]}


def test_the_notebooks_of_a_students_folder_are_one_submission_in_order_of_name(folder):
    for name in ("b.ipynb", "sub/a.ipynb", ".ipynb_checkpoints/a.ipynb", "notes.txt", ".x.ipynb"):
        put(folder / "ada" / name)
    assert found_in(folder) == {"ada": ["a.ipynb", "b.ipynb"]}


def test_other_and_hidden_files_are_no_submissions(folder):
    for name in ("ada.ipynb", "grades.csv", ".hidden.ipynb", ".git/x.ipynb"):
        put(folder / name)
    assert list(found_in(folder)) == ["ada"]


def test_a_folder_and_a_notebook_of_one_name_are_told_apart(folder):
    put(folder / "ada" / "work.ipynb")
    put(folder / "ada.ipynb")
    assert found_in(folder) == {"ada": ["work.ipynb"], "ada.ipynb": ["ada.ipynb"]}


def test_a_folder_without_a_notebook_is_a_submission_with_a_problem(folder):
    put(folder / "ada" / "essay.pdf")
    (submission,) = find_submissions(folder)
    assert submission.problem == "there is no notebook in the folder"
    assert submission.notebooks == []


@pytest.mark.parametrize("name", ["ada.ipynb", "ada"])
def test_a_link_out_of_the_folder_is_a_submission_with_a_problem(folder, name):
    put(folder.parent / "elsewhere" / "other.ipynb")
    target = folder.parent / "elsewhere"
    (folder / name).symlink_to(target / "other.ipynb" if name.endswith("ipynb") else target)
    (submission,) = find_submissions(folder)
    assert submission.name == "ada"
    assert "link out of the folder" in submission.problem


def test_a_notebook_linked_into_a_students_folder_from_outside_is_none_of_it(folder):
    put(folder.parent / "other.ipynb")
    put(folder / "ada" / "own.ipynb")
    (folder / "ada" / "stolen.ipynb").symlink_to(folder.parent / "other.ipynb")
    assert found_in(folder) == {"ada": ["own.ipynb"]}


def test_a_missing_folder_and_an_empty_one_are_errors_that_say_what_to_do(folder):
    with pytest.raises(SubmissionsError, match="there is no folder"):
        find_submissions(folder / "none")
    with pytest.raises(SubmissionsError, match="there is no submission in"):
        find_submissions(folder)


# --- copies ---------------------------------------------------------------------------------------


@pytest.fixture
def copied(folder, tmp_path):
    """Return a function that copies the folder and returns the copy's files and the remarks."""
    target = tmp_path / "copy"
    target.mkdir()

    def copy(most_bytes: int = 10_000, most_files: int = 100) -> tuple[list[str], list[str]]:
        remarks = copy_folder(folder, target, most_bytes, most_files)
        files = [path for path in target.rglob("*") if path.is_file() or path.is_symlink()]
        return sorted(path.relative_to(target).as_posix() for path in files), remarks

    return copy


def test_a_copy_has_all_files_of_all_folders(folder, copied):
    put(folder / "a b.txt")
    put(folder / "sub" / "ü.csv")
    assert copied() == (["a b.txt", "sub/ü.csv"], [])


def test_links_out_are_left_out_with_a_remark_and_links_inside_are_copied(folder, copied):
    put(folder / "own.txt")
    put(folder.parent / "secret.txt")
    (folder / "inside.txt").symlink_to("own.txt")
    (folder / "out.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "everything").symlink_to("/")
    (folder / "nowhere").symlink_to("none")
    files, remarks = copied()
    assert files == ["inside.txt", "own.txt"]
    assert remarks == [
        "a link out of the folder is not followed: everything, nowhere, out.txt",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_is_left_out_and_not_waited_for(folder, copied):
    os.mkfifo(folder / "pipe")
    assert copied() == ([], ["left out, it can't be read as a file: pipe"])


def test_what_goes_beyond_the_bounds_is_left_out_with_a_remark(folder, copied):
    put(folder / "large.bin", "x" * 20_000)
    put(folder / "small.txt")
    assert copied() == (["small.txt"], ["left out, the folder is too large: large.bin"])


def test_a_remark_names_the_first_files_of_many(folder, copied):
    for number in range(30):
        put(folder / f"{number:02}.txt")
    files, (remark,) = copied(most_files=5)
    assert len(files) == 5
    assert remark.endswith("24.txt and 5 more")
