"""Old notebooks become runnable, cell by cell, and every change is told."""

from __future__ import annotations

import json

import pytest

from grading.convert import NotebookError, read_notebook, stored_order

from .make_submissions import notebook, old_notebook

CONVERTED = {
    "print": ("print 'a', x", "print('a', x)"),
    "a loop": ("for i in xrange(3):\n    print i", "for i in range(3):\n    print(i)"),
    "has_key": ("if d.has_key(1): print 2", "if 1 in d: print(2)"),
    "unequal": ("a <> b", "a != b"),
    "a magic above": ("%matplotlib inline\nprint 1", "%matplotlib inline\nprint(1)"),
    "a timed statement": ("print 0\n%time print 1", "print(0)\n%time print(1)"),
    "a timed cell": ("%%time\nprint 1", "%%time\nprint(1)"),
    "a command of the shell": ("!ls -l\nprint 1", "!ls -l\nprint(1)"),
    "an assigned command": ("files = !ls\nprint files", "files = !ls\nprint(files)"),
    "an indented magic": (
        "if x:\n    %time f()\n    print 1",
        "if x:\n    %time f()\n    print(1)",
    ),
    "a question": ("x?\nprint 1", "x?\nprint(1)"),
}
KEPT = {
    "Python 3": "print(f'{x}')",
    "a shell's cell": "%%bash\nls -l | wc -l",
    "a command": "!pip list",
    "a magic in Python 3": "%matplotlib inline\nx = 1",
    "nothing": "",
}


def read(tmp_path, content):
    path = tmp_path / "notebook.ipynb"
    path.write_text(json.dumps(content), encoding="utf-8")
    return read_notebook(path)


@pytest.mark.parametrize("name", CONVERTED)
def test_a_cell_that_is_no_python_3_is_converted(tmp_path, name):
    old, new = CONVERTED[name]
    found = read(tmp_path, notebook([old]))
    assert found.cells[0].source == new
    assert found.changes


@pytest.mark.parametrize("name", KEPT)
def test_what_runs_is_kept(tmp_path, name):
    found = read(tmp_path, notebook([KEPT[name]]))
    assert (found.cells[0].source, found.changes) == (KEPT[name], [])


def test_a_kernel_of_python_2_has_all_cells_converted(tmp_path):
    source = "d.has_key(1)"
    assert read(tmp_path, notebook([source])).cells[0].source == source
    assert read(tmp_path, notebook([source], python2=True)).cells[0].source == "1 in d"


def test_format_3_with_a_cell_of_python_2_is_python_2(tmp_path):
    found = read(tmp_path, old_notebook(["print 1", "d.has_key(1)"]))
    assert [cell.source for cell in found.cells] == ["print(1)", "1 in d"]
    assert "format 3" in found.changes[0]


def test_format_3_of_python_3_stays(tmp_path):
    found = read(tmp_path, old_notebook(["d.has_key(1)"]))
    assert found.cells[0].source == "d.has_key(1)"


def test_print_stays_a_function_where_it_was_imported(tmp_path):
    cells = ["print 1", "from __future__ import print_function", "print('a', sep='')\nx = 3L"]
    found = read(tmp_path, notebook(cells, python2=True))
    assert found.cells[0].source == "print(1)"
    assert found.cells[2].source == "print('a', sep='')\nx = 3"


def test_a_bad_cell_costs_that_cell(tmp_path):
    found = read(tmp_path, notebook(["print 1", "def (:", "print 2"]))
    assert [cell.source for cell in found.cells] == ["print(1)", "def (:", "print(2)"]
    assert "cell 2" in found.changes[1]


def test_each_changed_line_is_told(tmp_path):
    found = read(tmp_path, notebook(["x = 1\nprint x"]))
    assert found.changes == ["cell 1, from Python 2: print x  →  print(x)"]


def test_what_gets_another_meaning_is_told(tmp_path):
    cells = ["import graphlab", "graphlab.SFrame('/home/me/image_train_data/')"]
    cells += ["graphlab.load_model('http://a.b/imagenet_model')"]
    told = read(tmp_path, notebook(cells)).changes
    assert ["graphlab" in told[0], "/home/me" in told[1], "imagenet" in told[2]] == [True] * 3


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "3",
        '{"a": 1}',
        '{"cells": 3}',
        '{"worksheets": 1}',
        '{"cells": [], "nbformat": "x"}',
    ],
)
def test_what_is_no_notebook_is_told_in_a_sentence(tmp_path, content):
    path = tmp_path / "a b.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NotebookError, match=r"a b\.ipynb"):
        read_notebook(path)


@pytest.mark.parametrize("bytes_", [b"\xff\xfe\x00", b"[" * 100_000, b"\x00" * 10])
def test_bytes_that_are_no_text_are_no_notebook(tmp_path, bytes_):
    path = tmp_path / "bytes.ipynb"
    path.write_bytes(bytes_)
    with pytest.raises(NotebookError, match="not JSON"):
        read_notebook(path)


def test_cells_that_are_malformed_are_left_out(tmp_path):
    content = notebook(["x = 1"])
    content["cells"] += [3, None, {"cell_type": "code"}, {"cell_type": "code", "source": 5}]
    assert [cell.source for cell in read(tmp_path, content).cells] == ["x = 1", "", "5"]


def test_the_stored_order_is_that_of_the_counts(tmp_path):
    found = read(tmp_path, notebook(["a", "b", "c", "d"], [3, 1, None, 2]))
    assert [cell.source for cell in stored_order(found.cells)] == ["b", "d", "a", "c"]


@pytest.mark.parametrize("counts", [[1, 2, 3], [None, None, None], [4, 9, None]])
def test_a_notebook_run_from_the_top_has_no_other_order(tmp_path, counts):
    assert stored_order(read(tmp_path, notebook(["a", "b", "c"], counts)).cells) is None
