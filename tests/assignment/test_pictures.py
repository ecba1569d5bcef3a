"""Pictures: what they show is what was given, and can be read on a narrow screen."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from assignment import pictures

LABELS = ["automobile", "bird", "cat"]
# Pixels of an output area on a phone, and the smallest letters that are read there.
PHONE_WIDTH, SMALLEST_LETTERS = 360, 9


@pytest.fixture(autouse=True)
def figures(monkeypatch):
    """Keep the figures open that would be shown, and close them after the test."""
    monkeypatch.setattr(plt, "show", lambda: None)
    yield
    plt.close("all")


def letters_on_a_phone(figure) -> list[float]:
    """Return the heights of all texts in pixels, where the picture is as wide as a phone."""
    scale = min(1, PHONE_WIDTH / (figure.get_figwidth() * figure.dpi))
    texts = [t for t in figure.findobj(plt.Text) if t.get_text() and t.get_visible()]
    assert texts
    return [text.get_fontsize() * figure.dpi / 72 * scale for text in texts]


def texts_outside(axis) -> list[str]:
    """Return the texts in the axes that run into or over their frame."""
    axis.figure.canvas.draw()
    frame = axis.get_window_extent()
    boxes = {text.get_text(): text.get_window_extent() for text in axis.texts}
    return [
        text
        for text, box in boxes.items()
        if not (frame.x0 < box.x0 and box.x1 < frame.x1 and box.y1 < frame.y1)
    ]


class TestImages:
    @pytest.fixture
    def figure(self, sample):
        rows = [{**row, "distance": 10.25} for row in sample["train"][:5]]
        pictures.show_images(rows)
        return plt.gcf()

    def test_show_exactly_the_pixels_of_their_rows(self, sample):
        rows = [sample["test"][0], sample["test"][1]]
        pictures.show_images(rows)
        axes = plt.gcf().axes
        for axis, row in zip(axes, rows):
            pixels = np.array(row["image_array"]).reshape(32, 32, 3)
            assert np.array_equal(axis.images[0].get_array(), pixels)
            assert axis.get_xlabel() == f"{row['label']} {row['id']}"
        assert not any(axis.images for axis in axes[2:])

    def test_have_their_captions_printed_row_by_row(self, sample, capsys):
        first, second = sample["test"][3], {**sample["train"][5], "distance": 1.5}
        pictures.show_images([first, second], columns=1)
        assert capsys.readouterr().out.splitlines() == [
            f"{first['label']} {first['id']}",
            f"{second['label']} {second['id']} at 1.50",
        ]

    def test_of_no_rows_are_no_picture(self, capsys):
        pictures.show_images([])
        assert capsys.readouterr().out == ""
        assert plt.get_fignums() == []

    def test_stand_three_in_a_row(self, figure):
        places = [axis.get_subplotspec() for axis in figure.axes]
        assert [(p.rowspan.start, p.colspan.start) for p in places] == [
            (row, column) for row in range(2) for column in range(3)
        ]

    def test_have_their_distance_below_their_name(self, figure, sample):
        first = sample["train"][0]
        assert figure.axes[0].get_xlabel() == f"{first['label']} {first['id']}\nat 10.25"

    def test_have_captions_that_are_readable_on_a_phone(self, figure):
        assert min(letters_on_a_phone(figure)) > SMALLEST_LETTERS

    def test_have_captions_that_do_not_touch_each_other(self, sample):
        row = {**sample["train"][0], "label": "automobile", "id": 49999, "distance": 100.0}
        pictures.show_images([row] * 3)
        figure = plt.gcf()
        figure.canvas.draw()
        boxes = [axis.xaxis.label.get_window_extent() for axis in figure.axes]
        assert all(left.x1 < right.x0 for left, right in zip(boxes, boxes[1:]))
        assert boxes[0].x0 > 0
        assert boxes[-1].x1 < figure.bbox.x1


class TestAConfusionMatrix:
    @pytest.fixture
    def axis(self):
        matrix = pd.DataFrame([[13, 0, 1], [2, 11, 0], [0, 4, 1000]], LABELS, LABELS)
        pictures.show_confusion(matrix, "raw pixels: 0.673", "guessed")
        (axis,) = plt.gcf().axes
        return axis

    def test_has_each_count_in_the_row_of_the_true_category(self, axis):
        cells = {text.get_position()[::-1]: text.get_text() for text in axis.texts}
        rows = [["13", "0", "1"], ["2", "11", "0"], ["0", "4", "1000"]]
        assert cells == {(i, j): rows[i][j] for i in range(3) for j in range(3)}

    def test_names_the_categories_on_both_sides(self, axis):
        assert [label.get_text() for label in axis.get_xticklabels()] == LABELS
        assert [label.get_text() for label in axis.get_yticklabels()] == LABELS
        assert axis.get_title() == "raw pixels: 0.673"
        assert (axis.get_xlabel(), axis.get_ylabel()) == ("guessed", "true category")

    def test_is_dark_where_the_count_is_high_but_never_hides_it(self, axis):
        shades = axis.images[0].cmap(axis.images[0].norm(axis.images[0].get_array()))[..., 0]
        assert shades.argmin() == 8
        assert shades.min() > 0.4

    def test_of_no_images_is_empty(self):
        pictures.show_confusion(pd.DataFrame(0, LABELS, LABELS), "none", "guessed")
        assert {text.get_text() for text in plt.gcf().axes[0].texts} == {"0"}

    def test_is_readable_on_a_phone(self, axis):
        assert min(letters_on_a_phone(axis.figure)) > SMALLEST_LETTERS


class TestCurves:
    @pytest.fixture
    def axis(self):
        table = pd.DataFrame({"test": [0.5, 0.75], "left out": [0.25, 1.0]}, [1, 4])
        return pictures.draw_curves(table, "k")

    def test_are_the_columns_over_the_index(self, axis):
        drawn = {line.get_label(): line.get_xydata().tolist() for line in axis.lines}
        assert drawn == {"test": [[1, 0.5], [4, 0.75]], "left out": [[1, 0.25], [4, 1.0]]}
        assert axis.get_xlabel() == "k"

    def test_differ_without_colors(self, axis):
        assert len({(line.get_marker(), line.get_linestyle()) for line in axis.lines}) == 2

    def test_are_readable_on_a_phone(self, axis):
        assert min(letters_on_a_phone(axis.figure)) > SMALLEST_LETTERS


class TestBars:
    @pytest.fixture
    def axis(self):
        table = pd.DataFrame({"raw": [0.5, 0.62, 0.7], "deep": [1.0, 0.78, 0.69]}, LABELS)
        axis = pictures.draw_bars(table, "precision")
        axis.set_ylim(0, 1.25)
        return axis

    def test_are_as_high_as_the_values(self, axis):
        heights = [[bar.get_height() for bar in bars] for bars in axis.containers]
        assert np.allclose(heights, [[0.5, 0.62, 0.7], [1.0, 0.78, 0.69]])

    def test_have_their_values_above_them_inside_the_frame(self, axis):
        written = [text.get_text() for text in axis.texts]
        assert written == ["0.50", "0.62", "0.70", "1.00", "0.78", "0.69"]
        assert texts_outside(axis) == []

    def test_are_readable_on_a_phone(self, axis):
        assert min(letters_on_a_phone(axis.figure)) >= SMALLEST_LETTERS
