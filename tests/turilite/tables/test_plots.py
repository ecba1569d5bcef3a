"""show and explore: what is drawn, and what a notebook gets to see."""

from __future__ import annotations

import builtins

import numpy as np
import pytest

import turilite
from turilite import SArray, SFrame

pyplot = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list:
    """The figures that were shown."""
    pyplot.switch_backend("Agg")
    figures: list = []
    monkeypatch.setattr(pyplot, "show", lambda: figures.append(pyplot.gcf()))
    yield figures
    pyplot.close("all")


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list:
    """What a notebook displayed."""
    ipython_display = pytest.importorskip("IPython.display")
    kernel = type("ZMQInteractiveShell", (), {})()
    monkeypatch.setattr(builtins, "get_ipython", lambda: kernel, raising=False)
    objects: list = []
    monkeypatch.setattr(ipython_display, "display", objects.append)
    return objects


def test_strings_are_drawn_as_bars_most_frequent_on_top(shown: list) -> None:
    SArray(["dog", "cat", "dog", None]).show(title="pets")
    (axis,) = shown[0].axes
    assert [text.get_text() for text in axis.get_yticklabels()] == ["cat", "dog"]
    assert [bar.get_width() for bar in axis.patches] == [1, 2]
    assert axis.get_title() == "pets"


def test_numbers_are_drawn_as_a_histogram_without_missing_ones(shown: list) -> None:
    SArray([1.0, 2.0, None, float("nan")]).show()
    assert sum(bar.get_height() for bar in shown[0].axes[0].patches) == 2


def test_a_frame_draws_its_columns_below_each_other(shown: list) -> None:
    SFrame({"n": [1, 2], "s": ["x", "y"], "v": [[1.0], [2.0]]}).show()
    assert [axis.get_title() for axis in shown[0].axes] == ["n", "s"]


def test_pictures_are_seen_in_a_table_in_the_notebook(displayed: list) -> None:
    pictures = SArray(np.zeros((2, 12))).pixel_array_to_image(2, 2, 3)
    SFrame({"image": pictures, "text": ["<b>", "y"]}).explore()
    html = displayed[0].data
    assert html.count('<img src="data:image/png;base64,') == 2
    assert "&lt;b&gt;" in html
    assert "2 of 2 rows" in html


def test_a_column_of_pictures_is_shown_as_a_table(displayed: list) -> None:
    SArray(np.zeros((1, 12))).pixel_array_to_image(2, 2, 3).show()
    assert "<img" in displayed[0].data


def test_a_column_is_seen_in_a_table_of_its_name(displayed: list) -> None:
    SArray([7, 8]).explore(title="ages")
    assert "<caption>ages</caption><tr><th>SArray</th></tr>" in displayed[0].data


def test_a_picture_is_displayed_in_the_notebook(displayed: list) -> None:
    picture = SArray(np.zeros((1, 12))).pixel_array_to_image(2, 2, 3)[0]
    picture.show()
    assert displayed == [picture]


def test_outside_a_notebook_a_table_is_printed(capsys: pytest.CaptureFixture) -> None:
    SFrame({"a": [1]}).explore()
    assert "[1 rows x 1 columns]" in capsys.readouterr().out


def test_two_columns_are_drawn_against_each_other(shown: list) -> None:
    turilite.show(SArray([1, 2, None]), SArray([0.5, 1.5, 2.5]), title="price")
    (axis,) = shown[0].axes
    assert axis.collections[0].get_offsets().tolist() == [[1, 0.5], [2, 1.5]]
    assert axis.get_title() == "price"


def test_only_columns_of_numbers_of_one_length_are_drawn_against_each_other() -> None:
    with pytest.raises(ValueError, match="numbers only"):
        turilite.show(SArray([1]), SArray(["a"]))
    with pytest.raises(ValueError, match="1 and 2 rows"):
        turilite.show(SArray([1]), SArray([1, 2]))
