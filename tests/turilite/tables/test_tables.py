"""SFrame and SArray: what the course does with them, on any Python."""

from __future__ import annotations

import sys
from array import array
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest

import turilite as tc
from turilite import SArray, SFrame, aggregate


@pytest.fixture
def pets() -> SFrame:
    return SFrame({"id": [3, 1, 2, 4], "label": ["dog", "cat", None, "dog"]})


# ---- types ----------------------------------------------------------------------------------


def test_integers_with_missing_values_stay_integers() -> None:
    assert list(SArray([1, None, 3]) + 1) == [2, None, 4]


def test_a_matrix_makes_a_vector_per_row() -> None:
    vectors = SArray(np.arange(6.0).reshape(3, 2))
    assert vectors.dtype is array
    assert vectors[1] == array("d", [2.0, 3.0])
    assert vectors.to_numpy().shape == (3, 2)


def test_a_slice_of_vectors_copies_nothing() -> None:
    vectors = SArray(np.zeros((100, 3)))
    assert np.shares_memory(vectors[10:20].column.values, vectors.column.values)


def test_changing_a_value_does_not_change_the_column() -> None:
    counts = SArray([{"a": 1}])
    counts[0]["a"] = 2
    assert counts[0] == {"a": 1}


def test_what_pandas_calls_missing_is_missing() -> None:
    frame = SFrame(pd.DataFrame({"s": ["a", None], "n": [1, 2]}))
    assert list(frame["s"]) == ["a", None]
    assert frame.column_types() == [str, int]


# ---- arithmetic and comparison --------------------------------------------------------------


def test_division_gives_floats_and_comparison_gives_integers() -> None:
    assert list(SArray([1, 2]) / 2) == [0.5, 1.0]
    assert list(SArray([1, 2]) > 1) == [0, 1]


def test_a_missing_value_equals_only_a_missing_value() -> None:
    assert list(SArray(["a", None]) == "a") == [1, 0]
    assert list(SArray(["a", None]) == None) == [0, 1]  # noqa: E711


def test_operations_without_a_meaning_are_runtime_errors() -> None:
    with pytest.raises(RuntimeError, match=r"\+ between string and integer"):
        SArray(["a"]) + 1
    with pytest.raises(RuntimeError, match="size mismatch"):
        SArray([1]) + SArray([1, 2])


def test_a_column_is_neither_true_nor_false() -> None:
    with pytest.raises(ValueError, match="ambiguous"):
        bool(SArray([1]))


def test_sums_of_integers_are_integers() -> None:
    total = (SArray([1, None, 3]) > 1).sum()
    assert (total, type(total)) == (1, int)


def test_the_median_of_an_even_number_is_the_upper_one_in_the_middle() -> None:
    assert SArray([4, 1, None, 3, 2]).median() == 3


# ---- rows and columns -----------------------------------------------------------------------


def test_a_mask_selects_rows(pets: SFrame) -> None:
    dogs = pets[pets["label"] == "dog"]
    assert list(dogs["id"]) == [3, 4]
    assert len(dogs) == 2


def test_a_mask_of_another_length_is_refused(pets: SFrame) -> None:
    with pytest.raises(IndexError, match="different length"):
        pets[SArray([1])]


def test_rows_are_dictionaries(pets: SFrame) -> None:
    assert pets[-1] == {"id": 4, "label": "dog"}
    assert pets.apply(lambda row: f"{row['label']} {row['id']}")[0] == "dog 3"


def test_what_is_not_there_is_an_error(pets: SFrame) -> None:
    with pytest.raises(RuntimeError, match="nothing does not exist"):
        pets["nothing"]
    with pytest.raises(IndexError):
        pets[4]
    with pytest.raises(KeyError):
        pets.remove_column("nothing")


def test_methods_leave_the_frame_as_it_is_unless_told(pets: SFrame) -> None:
    renamed = pets.rename({"id": "number"})
    assert (pets.column_names(), renamed.column_names()) == (["id", "label"], ["number", "label"])
    pets.rename({"id": "number"}, inplace=True)
    assert pets.column_names() == ["number", "label"]


def test_an_assigned_column_keeps_its_place(pets: SFrame) -> None:
    pets["id"] = pets["id"] * 10
    pets["one"] = 1
    assert pets.column_names() == ["id", "label", "one"]
    assert list(pets["id"]) == [30, 10, 20, 40]


def test_missing_values_sort_first(pets: SFrame) -> None:
    assert list(pets.sort("label")["id"]) == [2, 1, 3, 4]
    assert list(pets.sort([("label", False), ("id", True)])["id"]) == [3, 4, 1, 2]


def test_filter_by_takes_values_or_what_is_not_among_them(pets: SFrame) -> None:
    assert list(pets.filter_by(["cat"], "label")["id"]) == [1]
    assert list(pets.filter_by(["cat"], "label", exclude=True)["id"]) == [3, 2, 4]
    with pytest.raises(TypeError, match="does not match type"):
        pets.filter_by([1], "label")


def test_a_seed_draws_the_rows_that_turi_create_draws() -> None:
    """The rows were printed by Turi Create 6.4.1."""
    frame = SFrame({"id": list(range(30))})
    assert list(frame.random_split(0.8, seed=0)[1]["id"]) == [12, 15, 25]
    assert list(frame.sample(0.2, seed=5)["id"]) == [7, 11, 14, 15, 18, 19, 27, 29]
    exact = frame.random_split(0.8, seed=0, exact=True)[1]
    assert list(exact["id"]) == [8, 10, 15, 19, 27, 29]


# ---- tables of tables -----------------------------------------------------------------------


def test_a_join_keeps_the_order_of_the_left_table(pets: SFrame) -> None:
    sounds = SFrame({"label": ["cat", "dog"], "sound": ["meow", "woof"]})
    assert list(pets.join(sounds, on="label")["sound"]) == ["woof", "meow", "woof"]
    assert list(pets.join(sounds, on="label", how="left")["sound"]) == [
        "woof", "meow", None, "woof",
    ]  # fmt: skip


def test_appended_rows_are_matched_by_name(pets: SFrame) -> None:
    assert len(pets.append(pets[["label", "id"]])) == 8
    with pytest.raises(RuntimeError, match="Column types are not the same"):
        pets.append(SFrame({"id": ["x"], "label": ["y"]}))


def test_stack_and_unpack_undo_each_other_s_work() -> None:
    frame = SFrame({"id": [1, 2], "words": [{"a": 1, "b": 2}, {"a": 3}]})
    stacked = frame.stack("words", ["word", "count"])
    assert list(stacked["word"]) == ["a", "b", "a"]
    assert frame.unpack("words").column_names() == ["id", "words.a", "words.b"]


# ---- files ----------------------------------------------------------------------------------


def test_csv_survives_the_way_out_and_back(tmp_path: Path) -> None:
    frame = SFrame({
        "i": [1, None], "f": [0.1 + 0.2, 2.0], "s": ['say "a, b"\n', "plain"],
        "v": [[1.5, 2], [3, 4]], "d": [{"a": 1}, {"b": 2}],
    })  # fmt: skip
    frame.save(str(tmp_path / "table.csv"))
    back = SFrame(str(tmp_path / "table.csv"))
    assert back.column_types() == [dict, float, int, str, array]
    assert [back[name][0] for name in "dfiv"] == [frame[name][0] for name in "dfiv"]


def test_columns_are_read_when_they_are_used(tmp_path: Path) -> None:
    folder = tmp_path / "frame"
    SFrame({"a": [1, 2], "b": ["x", "y"]}).save(str(folder))
    frame = tc.load_sframe(str(folder))[1:2]
    assert not frame._data["a"].is_loaded
    assert list(frame["a"]) == [2]
    assert not frame._data["b"].is_loaded


def test_packing_and_unpacking_read_no_other_column(tmp_path: Path) -> None:
    folder = str(tmp_path / "frame")
    SFrame({"a": [1], "b": [2], "other": ["x"], "words": [{"a": 1}]}).save(folder)
    for made in (tc.load_sframe(folder).pack_columns(["a", "b"]), tc.load_sframe(folder).unpack()):
        assert not made._data["other"].is_loaded


# ---- what is not offered --------------------------------------------------------------------


def test_what_is_not_offered_says_so_and_names_something_else(tmp_path: Path) -> None:
    with pytest.raises(AttributeError, match=r"does not offer SArray\.rolling_mean\. Use to_data"):
        SArray([1]).rolling_mean  # noqa: B018
    with pytest.raises(AttributeError, match=r"does not offer turilite\.kmeans\. Use sklearn"):
        tc.kmeans  # noqa: B018


def test_a_graphlab_model_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "dir_archive.ini").write_text("[metadata]\ncontents=model\n")
    with pytest.raises(NotImplementedError, match="deep features, is already in the column"):
        tc.load_model(str(tmp_path))


def test_a_table_is_no_model(tmp_path: Path) -> None:
    SFrame({"a": [1]}).save(str(tmp_path / "table"))
    with pytest.raises(OSError, match="holds no model"):
        tc.load_model(str(tmp_path / "table"))


def test_turilite_answers_to_the_name_turicreate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.syspath_prepend(str(Path(tc.__file__).parent / "aliases"))
    # What is imported here is gone afterwards, what was there before is there again.
    with mock.patch.dict(sys.modules):
        for name in [name for name in sys.modules if name.split(".")[0] == "turicreate"]:
            del sys.modules[name]
        sys.modules.pop("turilite.as_turicreate", None)
        import turicreate
        import turicreate.aggregate as same_aggregate

        assert turicreate is tc
        assert same_aggregate is aggregate


def test_where_takes_columns_and_values_of_one_type(pets: SFrame) -> None:
    big = pets["id"] > 2
    assert list(SArray.where(big, pets["label"], "small")) == ["dog", "small", "small", "dog"]
    assert list(SArray.where(big, pets["id"], None)) == [3, None, None, 4]
    assert SArray.where(big, 1, None, float).dtype is float
    with pytest.raises(TypeError, match="inputs are of different types"):
        SArray.where(big, pets["id"], pets["label"])
    assert list(SArray.where(big, None, None)) == [None] * 4
    with pytest.raises(RuntimeError, match="must all have the same length"):
        SArray.where(big, SArray([1]), 2)


def test_keys_of_groups_are_columns_in_the_order_of_their_names() -> None:
    songs = SFrame({"b": [1], "a": [2], "c": [3]})[["b", "c", "a"]]
    assert songs.groupby(["b", "a"], aggregate.COUNT()).column_names() == ["a", "b", "Count"]
    assert songs.unique().column_names() == ["a", "b", "c"]
    assert songs.drop_duplicates(["c", "b"]).column_names() == ["b", "c", "a"]


def test_append_says_which_columns_are_not_there(pets: SFrame) -> None:
    with pytest.raises(RuntimeError, match="Two SFrames have different number of columns"):
        pets.append(pets[["id"]])
    with pytest.raises(RuntimeError, match=r"Columns \[label\] not found"):
        pets.append(pets.rename({"label": "name"}))


def test_a_tilde_is_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    SFrame({"a": [1]}).save("~/table")
    SArray([1]).save("~/column")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["column", "table"]
    assert list(SFrame("~/table")["a"]) == list(SArray("~/column")) == [1]


def test_an_address_is_refused_with_what_to_do() -> None:
    with pytest.raises(OSError, match="no local directory: download it"):
        SFrame("https://example.org/x.gl")


def test_settings_of_turi_create_are_accepted_without_effect():
    tc.config.set_runtime_config("TURI_DEFAULT_NUM_PYLAMBDA_WORKERS", 4)
    assert list(tc.config.get_runtime_config()) == ["TURILITE_MEMORY"]


def test_a_negative_number_of_rows_is_refused(pets: SFrame) -> None:
    for rows in (pets, pets["id"]):
        for part in (rows.head, rows.tail):
            with pytest.raises(OverflowError, match="negative value"):
                part(-1)
