"""Answers: what is committed, what `make run` reports, and how a wrong one is told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import assignment
from conftest import ROOT, SAMPLE
from plain_answers import plain_answers


def run_notebooks(data_dir: Path, build: Path) -> subprocess.CompletedProcess:
    """Do what `make run` does, with the results in a folder of the test's own."""
    command = [sys.executable, str(ROOT / "scripts" / "run_notebooks.py"), "--build", str(build)]
    environment = {**os.environ, "DATA_DIR": str(data_dir)}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def agree(value, expected) -> bool:
    if isinstance(expected, float):
        return value == pytest.approx(expected, abs=assignment.DISTANCE_TOLERANCE)
    return value == expected


def test_the_samples_known_answers_are_those_of_plain_numpy(sample):
    known = json.loads((ROOT / "data" / "sample.answers.json").read_text(encoding="utf-8"))
    plain = plain_answers(sample["train"], sample["test"])
    assert list(known) == list(plain) == list(assignment.QUESTIONS)
    assert all(agree(known[key], plain[key]) for key in plain), (known, plain)


def test_the_course_answers_are_the_published_ones():
    facts = ROOT.parent / "shared" / "course_facts.json"
    if not facts.exists():
        pytest.skip("needs the facts about the course data, ../shared/course_facts.json")
    published = json.loads(facts.read_text(encoding="utf-8"))["answers"]
    first = published["neighbors_of_first_test_image"]
    known = json.loads((ROOT / "data" / "course.answers.json").read_text(encoding="utf-8"))
    assert known == {
        "least_common_label": published["least_common_label"],
        "nearest_cat": first["cat"][0][0],
        "nearest_dog": first["dog"][0][0],
        "mean_distance_cats": published["mean_distance_5_cats"],
        "mean_distance_dogs": published["mean_distance_5_dogs"],
        "closer_to": published["closer_to"],
        "dog_correct": published["dog_correct"],
        "dog_accuracy": published["dog_accuracy"],
        "cat_correct": published["cat_correct"],
        "similar_to_cat": published["whole_train_model"]["neighbors"][1][0],
    }


def test_a_wrong_answer_makes_the_run_fail_and_stands_in_the_table(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "changed")
    known = json.loads((ROOT / "data" / "sample.answers.json").read_text(encoding="utf-8"))
    known["closer_to"] = "dog"
    (tmp_path / "changed.answers.json").write_text(json.dumps(known), encoding="utf-8")
    run = run_notebooks(tmp_path / "changed", tmp_path / "build")
    assert run.returncode == 1
    row = next(line for line in run.stdout.splitlines() if "Which of the two" in line)
    assert row.split()[-3:] == ["cat", "dog", "wrong"]
    assert "failed: 04-mean-distance, cell 7: WrongAnswer: " in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_a_missing_data_set_stops_the_run_with_one_sentence(tmp_path):
    run = run_notebooks(tmp_path / "nowhere", tmp_path / "build")
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert str(tmp_path / "nowhere" / "image_train_data") in run.stderr
    assert "make data" in run.stderr
    assert not (tmp_path / "build").exists()


def test_the_full_scale_data_set_gives_the_answers_of_plain_numpy(cifar4, tc, tmp_path):
    run = run_notebooks(cifar4, tmp_path / "build")
    assert run.returncode == 0, run.stdout + run.stderr
    record = json.loads((tmp_path / "build" / "answers.json").read_text(encoding="utf-8"))
    plain = plain_answers(*(tc.SFrame(str(cifar4 / f"image_{p}_data")) for p in ("train", "test")))
    assert {answer["key"] for answer in record["answers"]} == set(plain)
    for answer in record["answers"]:
        assert answer["verdict"] == "not checked"
        assert agree(answer["value"], plain[answer["key"]]), answer
    assert {path.name for path in (tmp_path / "build").glob("*.html")} == {
        "index.html",
        *(path.stem + ".html" for path in (ROOT / "notebooks").glob("*.ipynb")),
    }
