"""Which notebooks run is decided by the labels, whatever these are."""

from __future__ import annotations

import pytest

pytest.importorskip("nbformat", reason="notebooks are rerun from the other environment")

import turilite
from assignment.answers import OF_ANY_LABELS, QUESTIONS
from assignment.rerun.notebooks import read_notebooks
from assignment.rerun.suited import suited
from tests.places import ROOT, SAMPLE

NOTEBOOKS = read_notebooks(ROOT / "notebooks")


def test_all_notebooks_are_for_the_four_labels(monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(SAMPLE))
    assert suited(NOTEBOOKS) == (NOTEBOOKS, tuple(QUESTIONS))


def test_some_are_for_any_labels_and_for_missing_ones(monkeypatch, tmp_path):
    images = turilite.SFrame(str(SAMPLE / "image_train_data"))
    images["label"] = images["label"].apply(lambda label: None if label == "cat" else label)
    images.save(str(tmp_path / "image_train_data"))
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    chosen, asked = suited(NOTEBOOKS)
    assert list(chosen) == ["09-your-own-pictures"]
    assert asked == OF_ANY_LABELS
