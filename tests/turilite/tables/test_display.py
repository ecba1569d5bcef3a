"""Text as Turi Create 6.4.1 printed it, for Pythons on which it can't be asked."""

from __future__ import annotations

import numpy as np

from turilite import Image, SArray, SFrame
from turilite.tables.display import Limits, Table, as_text, tables


def test_a_frame_lists_its_columns_and_rows() -> None:
    frame = SFrame({"a": [3, 1], "f": [1.5, None], "v": [[1, 2], [3, 4]]})
    assert repr(frame) == (
        "Columns:\n\ta\tint\n\tf\tfloat\n\tv\tarray\n\nRows: 2\n\nData:\n"
        "+---+------+------------+\n"
        "| a |  f   |     v      |\n"
        "+---+------+------------+\n"
        "| 3 | 1.5  | [1.0, 2.0] |\n"
        "| 1 | None | [3.0, 4.0] |\n"
        "+---+------+------------+\n"
        "[2 rows x 3 columns]\n"
    )


def test_only_ten_rows_are_printed() -> None:
    assert str(SFrame({"a": [1] * 11})).endswith(
        "[11 rows x 1 columns]\nNote: Only the head of the SFrame is printed.\n"
        "You can use print_rows(num_rows=m, num_columns=n) to print more rows and columns."
    )


def test_a_filtered_frame_has_no_length_until_it_is_asked_for() -> None:
    frame = SFrame({"a": [3, 1]})
    filtered = frame[frame["a"] > 1]
    assert "[? rows x 1 columns]\nNote: Only the head" in str(filtered)
    assert len(filtered) == 1
    assert "[1 rows x 1 columns]\n" in str(filtered)


def test_a_frame_without_rows_prints_brackets() -> None:
    assert repr(SFrame()) == "Columns:\n\tNone\n\nRows: 0\n\nData:\n\t[]"


def test_long_values_are_cut_and_wide_characters_counted_twice() -> None:
    (table,) = tables(["x" * 40, "k"], [["y" * 50], ["漢字"]], Limits())
    assert as_text(table) == (
        "+-------------------------------+------+\n"
        "| xxxxxxxxxxxxxxxxxxxxxxxxxx... |  k   |\n"
        "+-------------------------------+------+\n"
        "| yyyyyyyyyyyyyyyyyyyyyyyyyy... | 漢字 |\n"
        "+-------------------------------+------+"
    )


def test_columns_that_do_not_fit_go_into_the_next_table() -> None:
    names = [f"column {number}" for number in range(9)]
    found = tables(names, [["value"]] * 9, Limits(row_width=60))
    assert [len(table.headers) for table in found] == [5, 4]


def test_a_table_without_columns_has_a_shape_too() -> None:
    assert as_text(Table([], [])) == "++\n||\n++\n++"


def test_a_column_prints_its_first_hundred_values() -> None:
    assert repr(SArray([1, None])) == "dtype: int\nRows: 2\n[1, None]"
    assert repr(SArray([0] * 101)).endswith("0, ... ]")


def test_a_sketch_says_what_is_exact() -> None:
    assert str(SArray(["dog", "cat", "dog", None]).summary()) == (
        "\n"
        "+------------------+-------+----------+\n"
        "|       item       | value | is exact |\n"
        "+------------------+-------+----------+\n"
        "|      Length      |   4   |   Yes    |\n"
        "| # Missing Values |   1   |   Yes    |\n"
        "| # unique values  |   2   |    No    |\n"
        "+------------------+-------+----------+\n"
        "\n"
        "Most frequent items:\n"
        "+-------+-------+\n"
        "| value | count |\n"
        "+-------+-------+\n"
        "|  dog  |   2   |\n"
        "|  cat  |   1   |\n"
        "+-------+-------+\n"
        "\n"
    )


def test_html_escapes_what_is_in_the_cells() -> None:
    html = SFrame({"a": ["<b>"]})._repr_html_()
    assert "&lt;b&gt;" in html
    assert "[1 rows x 1 columns]<br/>" in html


def test_a_picture_shows_its_pixels() -> None:
    pixels = SArray(np.arange(12.0).reshape(1, 12))
    image = pixels.pixel_array_to_image(2, 2, 3)[0]
    assert isinstance(image, Image)
    assert repr(image) == "Height: 2px\nWidth: 2px\nChannels: 3\n"
    assert image.pixel_data.tolist() == np.arange(12).reshape(2, 2, 3).tolist()
    data, size = image._repr_png_()
    assert data.startswith(b"\x89PNG")
    assert size["Height"] == "2"
