"""The embedded sample is what `data/README.md` and `data/sample/LICENSES.md` say it is."""

from __future__ import annotations

import array
import csv
import hashlib
import re
from collections import Counter
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.places import ROOT, SAMPLE

# Of the rows as they were built: `--check` compares them with a new build, this with themselves.
DIGESTS = {"train": "960dd2db53131344", "test": "4bee49a16f62423d"}
COLUMNS = ["id", "image", "label", "deep_features", "image_array"]
FAMILY = {"noto-v1": "noto", "fluent-emoji-flat": "fluent-emoji", "emojione-v1": "emojione"}

Rows = list  # of one part (training rows are references, test rows queries), each row a dict


@pytest.fixture(scope="module")
def references(sample: dict[str, Any]) -> Rows:
    return list(sample["train"])


@pytest.fixture(scope="module")
def queries(sample: dict[str, Any]) -> Rows:
    return list(sample["test"])


@pytest.fixture(scope="module")
def sources() -> list[dict[str, str]]:
    with (SAMPLE / "sources.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def matrix(rows: Rows, column: str) -> np.ndarray:
    return np.array([row[column] for row in rows])


def right_by_nearest(references: Rows, queries: Rows, column: str) -> int:
    """Return how many queries have the label of their nearest reference."""
    differences = matrix(queries, column)[:, None] - matrix(references, column)[None]
    nearest = (differences**2).sum(axis=2).argmin(axis=1)
    return sum(row["label"] == references[i]["label"] for row, i in zip(queries, nearest))


@pytest.mark.parametrize("part", ["train", "test"])
def test_columns_have_the_courses_names_order_and_types(
    tc: ModuleType, sample: dict[str, Any], part: str
) -> None:
    assert sample[part].column_names() == COLUMNS
    assert sample[part].column_types() == [int, tc.Image, str, array.array, array.array]


def test_bird_is_the_only_least_common_training_label(references: Rows) -> None:
    counts = Counter(row["label"] for row in references)
    assert counts == {"automobile": 26, "cat": 26, "dog": 26, "bird": 24}


def test_the_test_labels_are_equally_common(queries: Rows) -> None:
    counts = Counter(row["label"] for row in queries)
    assert counts == dict.fromkeys(["automobile", "cat", "dog", "bird"], 13)


def test_the_first_test_image_is_a_cat(queries: Rows) -> None:
    assert queries[0]["label"] == "cat"


def test_ids_ascend_and_name_one_picture_each(references: Rows, queries: Rows) -> None:
    ids = [[row["id"] for row in rows] for rows in (references, queries)]
    assert ids == [sorted(part) for part in ids]
    assert len({*ids[0], *ids[1]}) == len(references) + len(queries)


def test_labels_are_not_sorted(references: Rows, queries: Rows) -> None:
    for rows in (references, queries):
        changes = sum(a["label"] != b["label"] for a, b in zip(rows, rows[1:]))
        assert changes > len(rows) / 2


def test_pictures_are_32_by_32_and_equal_image_array(references: Rows, queries: Rows) -> None:
    for row in references + queries:
        picture = row["image"].pixel_data
        assert picture.shape == (32, 32, 3)
        assert picture.ravel().tolist() == list(row["image_array"])


def test_no_two_pictures_are_equal(references: Rows, queries: Rows) -> None:
    assert len({row["image_array"].tobytes() for row in references + queries}) == len(
        references
    ) + len(queries)


def test_deep_features_are_1280_numbers_that_the_network_can_give(
    references: Rows, queries: Rows
) -> None:
    features = matrix(references + queries, "deep_features")
    assert features.shape == (len(references) + len(queries), 1280)
    assert features.min() >= 0  # means of ReLU6 outputs
    assert features.max() <= 6
    assert (features == features.astype(np.float32)).all()
    assert (features.std(axis=1) > 0).all()


def test_the_first_test_image_is_clearly_nearer_to_cats_than_to_dogs(
    references: Rows, queries: Rows
) -> None:
    def mean_of_5_nearest(label: str) -> float:
        rows = [row for row in references if row["label"] == label]
        distances = np.linalg.norm(
            matrix(rows, "deep_features") - np.array(queries[0]["deep_features"]), axis=1
        )
        return np.sort(distances)[:5].mean()

    assert mean_of_5_nearest("cat") < mean_of_5_nearest("dog") - 1


def test_the_readme_states_the_accuracies_that_plain_numpy_gives(
    references: Rows, queries: Rows
) -> None:
    readme = (ROOT / "data" / "README.md").read_text("utf-8")
    deep, pixels = (
        right_by_nearest(references, queries, c) for c in ("deep_features", "image_array")
    )
    assert f"{deep} of the 52 test pictures by `deep_features`" in readme
    assert f"{pixels} of 52 by `image_array`" in readme


def test_sources_name_every_row_and_no_other(
    references: Rows, queries: Rows, sources: list[dict[str, str]]
) -> None:
    rows = {(row["id"], "train", row["label"]) for row in references}
    rows |= {(row["id"], "test", row["label"]) for row in queries}
    assert {(int(s["id"]), s["part"], s["label"]) for s in sources} == rows
    assert len(sources) == len(rows)


def test_no_drawing_style_is_in_both_parts(sources: list[dict[str, str]]) -> None:
    styles = {
        part: {FAMILY.get(s["icon_set"], s["icon_set"]) for s in sources if s["part"] == part}
        for part in ("train", "test")
    }
    assert styles["train"]
    assert styles["test"]
    assert not styles["train"] & styles["test"]


def test_licenses_list_every_icon_set_in_the_version_that_is_built(
    sources: list[dict[str, str]],
) -> None:
    script = (ROOT / "scripts" / "build_sample.py").read_text("utf-8")
    built = dict(re.findall(r'^    "([a-z0-9-]+)": "([0-9.]+)",$', script, re.MULTILINE))
    text = (SAMPLE / "LICENSES.md").read_text("utf-8")
    row = r"^\| .*\(`@iconify-json/([a-z0-9-]+)` ([0-9.]+)\) \| \S.* \| https://\S.* \| \S.* \|$"
    assert dict(re.findall(row, text, re.MULTILINE)) == built
    assert {s["icon_set"] for s in sources} == set(built)


def test_the_sample_takes_2_megabytes_at_most() -> None:
    sizes = [path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()]
    assert sum(sizes) <= 2_000_000


@pytest.mark.parametrize("part", DIGESTS)
def test_rows_are_those_that_were_built(sample: dict[str, Any], part: str) -> None:
    digest = hashlib.sha256()
    for row in sample[part]:
        digest.update(f"{row['id']} {row['label']}".encode())
        digest.update(np.array(row["deep_features"], "<f8").tobytes())
        digest.update(np.array(row["image_array"], "u1").tobytes())
    assert digest.hexdigest()[:16] == DIGESTS[part]
