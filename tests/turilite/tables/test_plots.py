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


def test_many_numbers_are_drawn_as_a_heat_map(shown: list) -> None:
    numbers = SArray(range(5001))
    turilite.show(numbers, numbers)
    heat, _ = shown[0].axes
    (squares,) = heat.collections
    assert squares.get_array().sum() == 5001


@pytest.mark.parametrize("flipped", [False, True])
def test_strings_against_numbers_are_boxes(flipped: bool, shown: list) -> None:
    names, numbers = SArray(["b", "a", "a", None, "a"]), SArray([5, 1, 2.0, 9, None])
    turilite.show(*((numbers, names, "n", "s") if flipped else (names, numbers, "s", "n")))
    (axis,) = shown[0].axes
    assert [label.get_text() for label in axis.get_xticklabels()] == ["a", "b"]
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("s", "n")
    heights = {height for line in axis.lines for height in line.get_ydata()}
    assert {1, 1.5, 2, 5} <= heights
    assert 9 not in heights


def test_strings_against_strings_are_a_heat_map_of_counts(shown: list) -> None:
    turilite.show(SArray(["x", "x", "y", None]), SArray(["a", "a", "b", "a"]))
    heat, _ = shown[0].axes
    assert np.asarray(heat.images[0].get_array()).tolist() == [[2, 0], [0, 1]]
    assert [label.get_text() for label in heat.get_xticklabels()] == ["x", "y"]
    assert [label.get_text() for label in heat.get_yticklabels()] == ["a", "b"]


def test_only_the_most_frequent_strings_are_drawn(shown: list) -> None:
    names = SArray([f"n{i}" for i in range(30) for _ in range(i)])
    turilite.show(names, names)
    assert np.asarray(shown[0].axes[0].images[0].get_array()).shape == (20, 20)


KINDS = {
    "int": SArray([1, 2]),
    "float": SArray([1.0, None]),
    "str": SArray(["a", "b"]),
    "list": SArray([["a"], []]),
    "dict": SArray([{}, {}]),
    "vector": SArray([[1.0], [2.0]]),
    "three rows": SArray([1, 2, 3]),
    "no rows": SArray([], int),
    "no column": [1, 2],
    "None": None,
}
DRAWN = {"int", "float", "str"}


@pytest.mark.parametrize("x", KINDS)
@pytest.mark.parametrize("y", KINDS)
def test_each_pair_of_kinds_is_drawn_or_refused_as_in_turi_create(x, y, shown) -> None:
    if {x, y} & {"no column", "None"}:
        expected: tuple = (ValueError,)
    elif {x, y} <= DRAWN or x == y == "three rows":
        expected = ()
    else:
        expected = (RuntimeError,)
    try:
        turilite.show(KINDS[x], KINDS[y])
    except expected as error:
        assert str(error)
    else:
        assert len(shown) == 1
        assert not expected


def test_graphlabs_views_draw_what_the_columns_are(shown: list) -> None:
    table = SFrame({"size": [1, 2, 3], "price": [2, 4, 5], "kind": ["a", "b", "a"]})
    table.show(view="Scatter Plot", x="size", y="price")
    table.show(view="BoxWhisker Plot", x="kind", y="price")
    table.show(columns=["size"])
    table["kind"].show(view="Categorical")
    assert [figure.axes[0].get_xlabel() for figure in shown[:2]] == ["size", "kind"]
    assert len(shown) == 4
