"""Answers: what is committed, what `make run` reports, and how a wrong one is told."""

from __future__ import annotations

import base64
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from assignment.answers import ANSWER_MIME, DISTANCE_TOLERANCE, QUESTIONS
from tests.notebooks.plain_answers import plain_answers
from tests.places import ROOT, SAMPLE

# Mean difference out of 255: 0 with the same matplotlib, 12 or more between any two of the
# notebooks' different pictures.
SAME_PICTURE = 4.0


def run_notebooks(data_dir: Path, build: Path) -> subprocess.CompletedProcess:
    """Do what `make run` does, with the results in a folder of the test's own."""
    command = [sys.executable, str(ROOT / "scripts" / "run_notebooks.py"), "--build", str(build)]
    environment = {**os.environ, "DATA_DIR": str(data_dir)}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def agree(value, expected) -> bool:
    if isinstance(expected, float):
        return value == pytest.approx(expected, abs=DISTANCE_TOLERANCE)
    return value == expected


def test_the_samples_known_answers_are_those_of_plain_numpy(sample):
    known = json.loads((ROOT / "data" / "sample.answers.json").read_text(encoding="utf-8"))
    plain = plain_answers(sample["train"], sample["test"])
    assert list(known) == list(plain) == list(QUESTIONS)
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


@pytest.fixture(scope="module")
def sample_run(tmp_path_factory) -> tuple[subprocess.CompletedProcess, Path]:
    build = tmp_path_factory.mktemp("run") / "build"
    return run_notebooks(SAMPLE, build), build


def test_a_run_on_the_sample_ends_well_with_every_answer_checked_and_right(sample_run):
    run, _ = sample_run
    assert run.returncode == 0, run.stdout + run.stderr
    again = 11 + 4  # by pandas in notebook 6, on a budget and on a cluster in notebook 8
    assert f"{len(QUESTIONS) + again} checked and right" in run.stdout


class TestWhatIsStoredComesOutAgain:
    """What nbval can't compare strictly: pictures, HTML tables, the records of the answers."""

    def outputs(self, sample_run, mime: str) -> list[tuple]:
        """Return the (stored, new) outputs of a kind, over all notebooks."""
        _, build = sample_run
        pairs = []
        for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
            stored, new = (outputs_of(p, mime) for p in (path, build / path.name))
            assert len(stored) == len(new), path.name
            pairs += zip(stored, new)
        assert pairs
        return pairs

    def test_pictures_up_to_the_drawing_of_letters(self, sample_run):
        for stored, new in self.outputs(sample_run, "image/png"):
            assert picture_difference(stored, new) < SAME_PICTURE

    def test_html_tables(self, sample_run):
        for stored, new in self.outputs(sample_run, "text/html"):
            assert cells_of_html(stored) == cells_of_html(new)

    def test_records_of_answers(self, sample_run):
        for stored, new in self.outputs(sample_run, ANSWER_MIME):
            assert all(agree(new[key], stored[key]) for key in stored)
            assert stored["verdict"] == "right"


def outputs_of(path: Path, mime: str) -> list:
    cells = nbformat.read(path, as_version=4).cells
    outputs = [o for cell in cells if cell.cell_type == "code" for o in cell.outputs]
    return [o.data[mime] for o in outputs if mime in o.get("data", {})]


def picture_difference(stored: str, new: str) -> float:
    """Return the mean difference of two PNG pictures, from 0 to 255, in size of the first."""
    first, second = (Image.open(io.BytesIO(base64.b64decode(png))) for png in (stored, new))
    second = second.convert("RGB").resize(first.size)
    return float(np.abs(np.asarray(first.convert("RGB"), float) - np.asarray(second)).mean())


def cells_of_html(text: str) -> list[str]:
    """Return the visible words of a table, without its style."""
    text = re.sub(r"<style.*?</style>", "", text, flags=re.S)
    return html.unescape(re.sub(r"<[^>]*>", " ", text)).split()


def test_a_wrong_answer_makes_the_run_fail_and_stands_in_the_table(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "changed")
    known = json.loads((ROOT / "data" / "sample.answers.json").read_text(encoding="utf-8"))
    known["closer_to"] = "dog"
    (tmp_path / "changed.answers.json").write_text(json.dumps(known), encoding="utf-8")
    run = run_notebooks(tmp_path / "changed", tmp_path / "build")
    assert run.returncode == 1
    row = next(line for line in run.stdout.splitlines() if "Which of the two" in line)
    assert row.split()[-3:] == ["cat", "dog", "wrong"]
    assert "failed: 04-mean-distance, cell 8 of 11: WrongAnswer: " in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_a_missing_data_set_stops_the_run_with_one_sentence(tmp_path):
    run = run_notebooks(tmp_path / "nowhere", tmp_path / "build")
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert str(tmp_path / "nowhere" / "image_train_data") in run.stderr
    assert "make data" in run.stderr
    assert not (tmp_path / "build").exists()


def test_results_that_could_not_be_stored_are_refused_before_any_notebook_runs(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    run = run_notebooks(SAMPLE, tmp_path / "notes.txt" / "build")
    assert run.returncode == 1
    assert run.stdout == ""
    assert f"{tmp_path / 'notes.txt' / 'build'} can't be written to" in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.timeout(1800)
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
