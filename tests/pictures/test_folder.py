"""What a folder of pictures holds, whatever people and systems have put there."""

from __future__ import annotations

import os
import unicodedata

import pytest

pytest.importorskip("pillow_heif", reason="needs requirements-pictures.txt: make pictures")

from pictures.folder import look_through


def write(folder, *names) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def sources(folder) -> list[str]:
    return [file.source for file in look_through(folder).files]


def reasons(folder) -> dict[str, str]:
    return dict(look_through(folder).left_out)


def test_files_come_in_the_order_of_their_names_with_the_first_folder_as_label(tmp_path):
    write(tmp_path, "b/z/deep/2.jpg", "b/1.jpg", "a/3", "loose.png")
    found = look_through(tmp_path).files
    assert [(file.source, file.label) for file in found] == [
        ("a/3", "a"),
        ("b/1.jpg", "b"),
        ("b/z/deep/2.jpg", "b"),
        ("loose.png", None),
    ]


def test_what_systems_and_programs_add_is_left_out_unseen(tmp_path):
    names = [".DS_Store", "a/._1.jpg", "a/Thumbs.db", ".thumbnails/1.png", "__MACOSX/a/1.jpg"]
    write(tmp_path, *names, "a/@eaDir/1.jpg", "a/desktop.ini", "a/1.jpg")
    assert sources(tmp_path) == ["a/1.jpg"]
    assert set(reasons(tmp_path)) == {
        ".DS_Store",
        ".thumbnails",
        "__MACOSX",
        "a/._1.jpg",
        "a/Thumbs.db",
        "a/@eaDir",
        "a/desktop.ini",
    }


def test_links_are_followed_and_those_to_nowhere_or_in_a_circle_told(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    write(elsewhere, "1.jpg")
    folder = tmp_path / "photos"
    write(folder, "a/2.jpg")
    (folder / "b").symlink_to(elsewhere)
    (folder / "a" / "up").symlink_to(folder)
    (folder / "a" / "3.jpg").symlink_to(elsewhere / "1.jpg")
    (folder / "a" / "4.jpg").symlink_to("nowhere")
    (folder / "a" / "5.jpg").symlink_to("5.jpg")
    assert sources(folder) == ["a/2.jpg", "a/3.jpg", "b/1.jpg"]
    assert reasons(folder) == {
        "a/4.jpg": "a link that leads nowhere (No such file or directory)",
        "a/5.jpg": "a link that leads nowhere (Too many levels of symbolic links)",
        "a/up/": "a link to a folder that is in it already",
    }


def test_what_is_no_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    assert reasons(tmp_path) == {"pipe.jpg": "no file, but a pipe, socket or device"}


def test_names_of_any_script_are_composed_and_others_made_printable(tmp_path):
    decomposed = unicodedata.normalize("NFD", "Äpfel")
    write(tmp_path, f"{decomposed}/猫 1.jpg", "a/two\nlines.jpg")
    (tmp_path / os.fsdecode(b"a/\xff.jpg")).write_bytes(b"x")
    found = look_through(tmp_path).files
    assert [file.source for file in found] == ["a/\\xff.jpg", "a/two\\nlines.jpg", "Äpfel/猫 1.jpg"]
    assert found[-1].label == unicodedata.normalize("NFC", "Äpfel")
    assert all(file.path.exists() for file in found)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told(tmp_path):
    write(tmp_path, "a/1.jpg")
    (tmp_path / "a").chmod(0)
    assert reasons(tmp_path) == {"a/": "can't be opened (Permission denied)"}
    (tmp_path / "a").chmod(0o700)
