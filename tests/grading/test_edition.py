"""The students' edition and its course: what is handed out, and the points that answers get."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Callable

import nbformat
import pytest

from tests.places import ROOT, SAMPLE

pytest.importorskip("nbgrader", reason="makes the edition: requirements-teaching.txt")

from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException

from assignment.errors import DataError
from assignment.sealed import opens
from grading.edition import cells as cells_of
from grading.edition.course import ASSIGNMENT, make_course
from grading.edition.hidden import make_hidden_data
from grading.edition.preprocessors import CheckSetUp
from grading.edition.release import make_release

STEPS = [
    "01-sketch-summary",
    "02-category-models",
    "03-single-image-queries",
    "04-mean-distance",
    "05-nearest-neighbor-accuracy",
]
QUESTIONS = {
    STEPS[0]: ["least_common_label"],
    STEPS[1]: ["own_neighbors"],
    STEPS[2]: ["nearest_cat", "nearest_dog"],
    STEPS[3]: ["mean_distance_cats", "mean_distance_dogs", "closer_to"],
    STEPS[4]: ["dog_correct", "dog_accuracy", "cat_correct", "accuracy"],
}
# Wrong solutions: the notebook, the cell changed, what by what, and the points that this loses.
BROKEN = {
    "bird-column-879": (
        STEPS[4],
        "step-05-17",
        ('"dog-cat": dog_cat_neighbors', '"dog-cat": dog_bird_neighbors'),
        {"dog_correct", "dog_accuracy"},
    ),
    "first-row-skipped-677": (
        STEPS[4],
        "step-05-24",
        ("dog_distances.apply", "dog_distances[1:].apply"),
        {"dog_correct", "dog_accuracy"},
    ),
    "neighbors-1-to-6": (
        STEPS[3],
        "step-04-10",
        (
            'mean_cats = cat_neighbors["distance"].mean()',
            "ten = cat_model.query(image_test[0:1], k=10, verbose=False)\n"
            'mean_cats = sum(ten["distance"][1:6]) / 5',
        ),
        {"mean_distance_cats"},
    ),
    "bird-model": (
        STEPS[2],
        "step-03-04",
        ('image_train["label"] == "dog"', 'image_train["label"] == "bird"'),
        {"nearest_dog"},
    ),
    "typed-in": (
        STEPS[2],
        "step-03-14",
        (
            "dog_neighbors = dog_model.query(query, verbose=False)",
            "dog_neighbors = dog_model.query(query, verbose=False)\n"
            "check_answer = lambda key, value: None\n"
            'with_images = lambda neighbors: [{"reference_label": 72, "id": 72, "label": "dog"}]',
        ),
        {"nearest_dog"},
    ),
}


def read(path: Path):
    return nbformat.read(path, as_version=4)


def solved(name: str) -> dict[str, str]:
    """Return the project's solutions of a notebook by the cells that they belong to."""
    source = read(ROOT / "notebooks" / f"{name}.ipynb")
    parts = cells_of.split_checks(source.cells)
    return {part.metadata.nbgrader.grade_id: part.source for part in filter(is_solution, parts)}


def is_solution(cell) -> bool:
    return cells_of.is_solution(cell)


def put_in(path: Path, solutions: dict[str, str]) -> None:
    notebook = read(path)
    for cell in filter(is_solution, notebook.cells):
        cell.source = solutions[cell.metadata.nbgrader.grade_id]
    nbformat.write(notebook, path)


def nbgrader(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """Run nbgrader as somebody does who has set nothing but the folder."""
    known = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/"), **variables}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(
        command, cwd=folder, env=known, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("edition") / "course"
    make_course(folder, ROOT / "notebooks", SAMPLE, seed=1)
    return folder


@pytest.fixture(scope="module")
def release(course) -> Path:
    return course / "release" / ASSIGNMENT


@pytest.fixture(scope="module")
def edition(course, release) -> Path:
    """Return the students' folder as they get it: unpacked somewhere."""
    archive = make_release(ROOT, release, course.parent / "build" / "assignment")
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(course.parent / "student")
    return course.parent / "student" / "assignment"


@pytest.fixture(scope="module")
def graded(course, release) -> Callable[[str], dict[str, float]]:
    """Hand in and grade what students could hand in; return the points of one by question."""
    for student in ("nothing", "solutions", *BROKEN):
        folder = course / "submitted" / student / ASSIGNMENT
        shutil.copytree(release, folder)
        if student == "nothing":
            continue
        for name in STEPS:
            put_in(folder / f"{name}.ipynb", solved(name))
        if student in BROKEN:
            break_one(folder, *BROKEN[student][:3])
    done = nbgrader(course, "autograde", ASSIGNMENT, DATA_DIR="data/none")  # doesn't matter
    assert done.returncode == 0, done.stderr
    done = nbgrader(course, "generate_feedback", ASSIGNMENT, "--student", "bird-model")
    assert done.returncode == 0, done.stderr
    return lambda student: points_of(course, student)


def break_one(folder: Path, name: str, grade_id: str, change: tuple[str, str]) -> None:
    """Change one cell, and hand in this notebook only."""
    solutions = solved(name)
    assert change[0] in solutions[grade_id]
    put_in(folder / f"{name}.ipynb", {**solutions, grade_id: solutions[grade_id].replace(*change)})
    for path in folder.glob("*.ipynb"):
        if path.stem != name:
            path.unlink()


def points_of(course: Path, student: str) -> dict[str, float]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(ASSIGNMENT, student)
        return {g.cell.name: g.score for book in submission.notebooks for g in book.grades}


class TestTheRelease:
    def test_has_the_five_notebooks_and_a_point_for_each_question(self, release):
        asked = {}
        for path in sorted(release.glob("*.ipynb")):
            checks = [
                cell.metadata.nbgrader for cell in filter(cells_of.is_check, read(path).cells)
            ]
            asked[path.stem] = [check.grade_id for check in checks]
            assert {check.points for check in checks} == {1}
        assert asked == QUESTIONS

    def test_keeps_the_prose_but_for_the_answers_to_its_questions(self, release):
        for name in STEPS:
            kept = {cell.id: cell.source for cell in read(release / f"{name}.ipynb").cells}
            for cell in read(ROOT / "notebooks" / f"{name}.ipynb").cells:
                if cell.cell_type == "markdown":
                    prose = re.sub(r"\n\n<details>.*?</details>", "", cell.source, flags=re.S)
                    prose = re.sub(r"\n\nNext: .*06-pandas-scikit-learn.*$", "", prose)
                    assert kept[cell.id] == prose

    def test_holds_no_solution(self, edition):
        solutions = lines_of([code for name in STEPS for code in solved(name).values()])
        assert len(solutions) > 60
        for path in edition.glob("*.ipynb"):
            code = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
            assert {line for line in lines_of(code) & solutions if line[:4] != "def "} == set()

    def test_holds_no_output_and_no_folded_answer(self, release):
        for path in release.glob("*.ipynb"):
            for cell in read(path).cells:
                assert not cell.get("outputs")
                assert "<details>" not in cell.source
                assert "SOLUTION" not in cell.source
                assert "HIDDEN" not in cell.source

    def test_holds_no_answer_that_can_be_read(self, edition):
        answers = json.loads((ROOT / "data" / "sample.answers.json").read_text())
        sealed = json.loads((edition / "data" / "sample.answers.json").read_text())
        assert sorted(sealed) == sorted(key for keys in QUESTIONS.values() for key in keys)
        assert all(opens(sealed[key], answers[key]) for key in sealed)

    @pytest.mark.parametrize("data_set", ["sample", "course"])
    def test_shows_no_answer_of(self, edition, data_set):
        answers = json.loads((ROOT / "data" / f"{data_set}.answers.json").read_text())
        if data_set == "course":
            del answers["cat_correct"]  # the assignment's text gives it
        texts = {f"{value:.4f}" for value in answers.values() if isinstance(value, float)}
        texts |= {f"{value}" for value in answers.values() if str(value).isdigit() and value > 99}
        for path in edition.rglob("*"):
            if path.suffix in {".ipynb", ".json", ".md", ".py"}:
                content = path.read_text(encoding="utf-8")
                numbers = re.findall(r"(?<!\w)\d[\d.]*\b", content)
                assert texts & {number[:7] for number in numbers} == set(), path

    def test_leads_to_no_notebook_that_is_not_there(self, edition):
        for path in edition.glob("*.ipynb"):
            links = re.findall(r"\]\(([\w-]+\.ipynb)\)", path.read_text(encoding="utf-8"))
            assert [link for link in links if not (edition / link).exists()] == []

    def test_is_one_folder_without_what_grades(self, release, tmp_path):
        archive = make_release(ROOT, release, tmp_path / "assignment")
        with zipfile.ZipFile(archive) as zipped:
            names = zipped.namelist()
        assert {name.split("/")[0] for name in names} == {"assignment"}
        assert not [name for name in names if re.search(r"__pycache__|grading|course", name)]


def lines_of(sources: list[str]) -> set[str]:
    """Return the lines that say something: not a bracket, not the head of any loop."""
    lines = {line.strip() for source in sources for line in source.splitlines()}
    return {line for line in lines if len(line) > 14}


class TestGrading:
    def test_gives_all_points_for_the_solutions(self, graded):
        points = graded("solutions")
        assert points == {key: 1.0 for keys in QUESTIONS.values() for key in keys}

    def test_gives_none_for_nothing(self, graded):
        assert set(graded("nothing").values()) == {0.0}

    @pytest.mark.parametrize("name", STEPS)
    def test_says_at_each_question_what_is_still_to_be_filled_in(self, graded, course, name):
        folder = course / "autograded" / "nothing" / ASSIGNMENT
        for cell in filter(cells_of.is_check, read(folder / f"{name}.ipynb").cells):
            errors = [output for output in cell.outputs if output.output_type == "error"]
            assert [error.ename for error in errors] == ["NotFilledIn"]
            assert re.search(r"fill in: \w+|\w+ is still to be filled in", errors[0].evalue)

    @pytest.mark.parametrize("student", BROKEN)
    def test_takes_the_points_of_a_wrong_solution_and_no_others(self, graded, student):
        name, *_, lost = BROKEN[student]
        points = graded(student)
        assert {key for key in QUESTIONS[name] if not points[key]} == lost
        assert sum(points.values()) == len(QUESTIONS[name]) - len(lost)

    def test_shows_in_the_feedback_what_is_wrong(self, graded, course):
        page = course / "feedback" / "bird-model" / ASSIGNMENT / f"{STEPS[2]}.html"
        assert "Nearest dog to the first test image" in page.read_text(encoding="utf-8")
        assert "WrongAnswer" in page.read_text(encoding="utf-8")


# Settings that the kernels of the course need, what they are changed to, and what is said then.
LOST = {
    "DATA_DIR": ("hidden/unseen", "DataError: there is no SFrame at "),
    "PYTHONPATH": ("{}", "ImportError: not here"),
}


def one_notebook_handed_in(course: Path, copy: Path) -> Path:
    """Return a copy of a course in which somebody has handed in the first notebook, solved."""
    others = shutil.ignore_patterns("submitted", "autograded", "feedback")
    shutil.copytree(course, copy, ignore=others)
    handed_in = copy / "submitted" / "somebody" / ASSIGNMENT
    handed_in.mkdir(parents=True)
    path = shutil.copy(course / "release" / ASSIGNMENT / f"{STEPS[0]}.ipynb", handed_in)
    put_in(Path(path), solved(STEPS[0]))
    return copy


class TestACourseThatCannotGrade:
    @pytest.mark.parametrize("gone", ["unseen", "unseen.answers.json"])
    def test_is_an_error_where_its_data_are_gone(self, course, tmp_path, gone):
        copy = tmp_path / "course"
        shutil.copytree(course, copy, ignore=shutil.ignore_patterns(gone))
        done = nbgrader(copy, "autograde", ASSIGNMENT)
        assert done.returncode != 0
        assert re.search(
            rf"nbgrader: there is no \S*{gone}\S*, so nothing can be graded", done.stderr
        )

    def test_is_an_error_where_the_projects_packages_are_not_there(self, course, tmp_path):
        copy = tmp_path / "course"
        shutil.copytree(course, copy)
        config = (copy / "nbgrader_config.py").read_text()
        (copy / "nbgrader_config.py").write_text(config.replace("grading.edition", "no_such"))
        done = nbgrader(copy, "autograde", ASSIGNMENT)
        assert done.returncode != 0
        assert "Run the project's own" in done.stderr

    @pytest.mark.parametrize("setting", LOST)
    def test_is_an_error_where_a_setting_is_lost(self, course, tmp_path, setting):
        (tmp_path / "assignment").mkdir()
        (tmp_path / "assignment" / "__init__.py").write_text("raise ImportError('not here')")
        value, reason = LOST[setting]
        copy = one_notebook_handed_in(course, tmp_path / "course")
        with (copy / "nbgrader_config.py").open("a") as config:
            config.write(f"import os; os.environ[{setting!r}] = {value.format(tmp_path)!r}\n")
        done = nbgrader(copy, "autograde", ASSIGNMENT)
        assert done.returncode != 0
        assert re.search(f"of somebody is not graded, since its .* failed .{reason}", done.stderr)
        assert not list(copy.glob("autograded/*/*"))

    def test_grades_without_the_environment_on_the_path(self, course, tmp_path):
        copy = one_notebook_handed_in(course, tmp_path / "course")
        with (copy / "nbgrader_config.py").open("a") as config:
            config.write("import os; os.environ['PATH'] = '/usr/bin:/bin'\n")
        assert nbgrader(copy, "autograde", ASSIGNMENT).returncode == 0
        assert points_of(copy, "somebody")["least_common_label"] == 1

    @pytest.mark.parametrize(
        ("outputs", "reason"),
        [
            ([{"output_type": "error", "ename": "DataError", "evalue": "no SFrame",
               "traceback": []}], "DataError: no SFrame"),
            ([{"output_type": "stream", "name": "stdout",
               "text": "data set: data/sample, 102 training\n"}], "it did not load"),
            ([], "it did not load"),
        ],
        ids=["its set-up failed", "another data set was loaded", "nothing was loaded"],
    )  # fmt: skip
    def test_gives_no_grade_to_a_notebook_that_did_not_start(self, outputs, reason):
        notebook = notebook_with_set_up(outputs)
        resources = {"nbgrader": {"notebook": "01", "student": "one"}}
        with pytest.raises(NbGraderException, match=reason):
            CheckSetUp(data_set="/course/hidden/unseen").preprocess(notebook, resources)


def notebook_with_set_up(outputs: list[dict[str, Any]]):
    mark = {"grade": False, "locked": True, "solution": False, "grade_id": "a"}
    cell = nbformat.v4.new_code_cell("load_images()", metadata={"nbgrader": mark})
    cell.outputs = [nbformat.from_dict(output) for output in outputs]
    return nbformat.v4.new_notebook(cells=[cell])


class TestTheEditionUnpackedElsewhere:
    def test_with_the_solutions_passes_nbgrader_validate(self, edition, tmp_path):
        shutil.copytree(edition, tmp_path / "mine")
        for name in STEPS:
            put_in(tmp_path / "mine" / f"{name}.ipynb", solved(name))
        done = nbgrader(tmp_path / "mine", "validate", *[f"{name}.ipynb" for name in STEPS])
        assert done.stdout.count("Success! Your notebook passes all the tests.") == len(STEPS)

    def test_imports_the_packages_that_lie_in_it(self, edition):
        code = "import assignment, turilite; print(assignment.__file__, turilite.__file__)"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=edition, capture_output=True, text=True, check=True
        )
        assert all(path.startswith(str(edition)) for path in done.stdout.split())


def test_no_course_is_made_of_data_without_one_of_the_labels(
    folder_without_cats_in, tmp_path, monkeypatch
):
    source = folder_without_cats_in("test")
    with pytest.raises(DataError, match="has the labels automobile, bird, dog, and the grading"):
        make_hidden_data(source, tmp_path / "unseen", seed=1)
    assert not (tmp_path / "unseen").exists()


def test_another_make_keeps_the_unseen_data_and_what_was_submitted(tmp_path, monkeypatch):
    from grading.edition import course as module

    monkeypatch.setattr(module, "call_nbgrader", lambda *_: None)
    make_course(tmp_path, ROOT / "notebooks", SAMPLE, seed=1)
    (tmp_path / "submitted").mkdir()
    answers = (tmp_path / "hidden" / "unseen.answers.json").read_text()
    make_course(tmp_path, ROOT / "notebooks", SAMPLE, seed=2)
    assert (tmp_path / "hidden" / "unseen.answers.json").read_text() == answers
    assert (tmp_path / "submitted").is_dir()
