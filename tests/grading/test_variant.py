"""A variant has answers of its own, and is the same whenever it is made."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import turilite
from grading.expected import JUDGED, expected_answers, read_rows
from grading.variant import (
    content_of,
    plan_variant,
    published_answers,
    variant_folder,
    write_variant,
)
from tests.places import SAMPLE

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def rows():
    return read_rows(SAMPLE)


@pytest.fixture(scope="module")
def plans(rows):
    return {seed: plan_variant(rows, seed, published_answers()) for seed in SEEDS}


@pytest.fixture(scope="module")
def written(plans, tmp_path_factory):
    folder = tmp_path_factory.mktemp("variant") / "data"
    write_variant(SAMPLE, plans[1][0], folder)
    return folder


@pytest.mark.parametrize("seed", SEEDS)
def test_every_answer_differs_from_the_data_sets_own(rows, plans, seed):
    own, made = expected_answers(rows), plans[seed][1]
    for key in JUDGED:
        assert made.right[key] != own.right[key], key
    assert made.dog_correct != own.dog_correct


@pytest.mark.parametrize("seed", SEEDS)
def test_every_answer_differs_from_those_published(plans, seed):
    made = plans[seed][1]
    for published in published_answers():
        for key in JUDGED:
            assert made.right[key] != published[key], key
        assert made.dog_correct != published["dog_correct"]


@pytest.mark.parametrize("seed", SEEDS)
def test_mistakes_in_circulation_give_other_values(plans, seed):
    made = plans[seed][1]
    for key in JUDGED:
        right = made.dog_correct if key == "dog_accuracy" else made.right[key]
        wrong = [one for one in made.mistakes[key] if one.in_circulation]
        assert all(one.value != right for one in wrong), key


@pytest.mark.parametrize("seed", SEEDS)
def test_label_counts_are_other_ones_and_one_is_the_least(rows, plans, seed):
    counts = plans[seed][1].label_counts
    assert counts != expected_answers(rows).label_counts
    assert len(set(counts.values())) == len(counts)


def test_the_files_hold_what_was_planned(plans, written):
    plan, expected = plans[1]
    found = expected_answers(read_rows(written))
    assert found.right == expected.right
    source = turilite.SFrame(str(SAMPLE / "image_test_data"))
    made = turilite.SFrame(str(written / "image_test_data"))
    assert made.column_names() == source.column_names()
    assert list(made["id"]) == plan.test_ids.tolist() == sorted(made["id"])
    for at, row in enumerate(plan.test[:5]):
        assert np.array_equal(made["image"][at].pixel_data, source["image"][int(row)].pixel_data)
        assert made["label"][at] == source["label"][int(row)]


def test_ids_are_new_and_no_row_numbers(rows, plans):
    plan = plans[1][0]
    ids = {*plan.train_ids.tolist(), *plan.test_ids.tolist()}
    assert len(ids) == len(plan.train_ids) + len(plan.test_ids)
    assert not ids & {*rows.train_ids.tolist(), *rows.test_ids.tolist()}
    assert min(ids) > len(rows.train_ids)


def test_the_same_seed_makes_the_same_variant(rows, plans):
    again = plan_variant(rows, 2, published_answers())
    assert again[1].right == plans[2][1].right
    assert again[0].train.tolist() == plans[2][0].train.tolist()


def test_seeds_make_different_variants(plans):
    assert len({tuple(plans[seed][1].right.values()) for seed in SEEDS}) == len(SEEDS)


def test_the_cache_goes_by_content_and_seed(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(SAMPLE, copy)
    folder = variant_folder(SAMPLE, 1, tmp_path)
    assert variant_folder(copy, 1, tmp_path) == folder
    assert variant_folder(SAMPLE, 2, tmp_path) != folder
    (copy / "image_train_data" / "objects.bin").write_bytes(b"x")
    assert variant_folder(copy, 1, tmp_path) != folder
    assert content_of(copy) != content_of(SAMPLE)


def test_no_answer_stands_in_the_files(written):
    assert {path.name for path in written.iterdir()} == {"image_train_data", "image_test_data"}


def test_a_variant_that_is_there_is_not_written_again(plans, written):
    before = {path: path.stat().st_mtime_ns for path in written.rglob("*")}
    write_variant(SAMPLE, plans[1][0], written)
    assert {path: path.stat().st_mtime_ns for path in written.rglob("*")} == before
    assert [path.name for path in written.parent.iterdir()] == [written.name]
