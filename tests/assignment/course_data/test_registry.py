"""The registry of what the course data must be."""

from __future__ import annotations

import json

import pytest

from assignment.course_data.registry import REGISTRY
from tests.assignment.course_data.lab import PARTS
from tests.places import ROOT


def test_the_registry_says_what_is_known_of_the_course_data() -> None:
    known = ROOT.parent / "shared" / "course_facts.json"
    if not known.exists():
        pytest.skip("the facts gathered for the project are not beside this checkout")
    facts = json.loads(known.read_text())
    registry = json.loads(REGISTRY.read_text())
    sources = [list(source["addresses"].values()) for source in registry["sources"]]
    assert sources == [*facts["urls"]["zip"], facts["urls"]["directory"], facts["urls"]["csv"]]
    for part, short in zip(PARTS, ("train", "test")):
        content, answers = registry["parts"][part]["content"], facts["answers"]
        assert registry["parts"][part]["files"] == facts["files"][part]["files"]
        assert list(content["columns"]) == facts["schema"]["columns"]
        assert list(content["columns"].values()) == facts["schema"]["turi_types"]
        assert content["rows"] == facts["files"][part]["rows"] == sum(content["labels"].values())
        assert content["labels"] == answers[f"{short}_label_counts"]
        assert content["ids"] == answers[f"{short}_ids_head"]
        first = answers[f"first_{short}_image"]
        for name in ("deep_features", "image_array"):
            assert content["first_row"][name] == first[f"{name}_head"]
            assert content["lengths"][name] == facts["schema"][f"{name}_length"]
