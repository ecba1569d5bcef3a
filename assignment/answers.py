"""Answers, and whether they are those known for the data set."""

from __future__ import annotations

import html
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from IPython.display import display

from turilite.format.recognize import foreign

from .data_sets import data_dir, project_folder
from .errors import DataError, OneLineError, WrongAnswer
from .sealed import is_sealed, opens
from .unanswered import FillIn, NotFilledIn

ANSWER_MIME = "application/vnd.assignment.answer+json"
DISTANCE_TOLERANCE = 1e-4
QUESTIONS = {
    "least_common_label": "Least common category in the training data",
    "own_neighbors": "Training images that are their own nearest neighbor",
    "nearest_cat": "Nearest cat to the first test image (id)",
    "nearest_dog": "Nearest dog to the first test image (id)",
    "mean_distance_cats": "Mean distance to its 5 nearest cats",
    "mean_distance_dogs": "Mean distance to its 5 nearest dogs",
    "closer_to": "Which of the two it is closer to on average",
    "dog_correct": "Dogs in the test data that come out right",
    "dog_accuracy": "Accuracy of 1-nearest-neighbor on dogs",
    "cat_correct": "Cats in the test data that come out right (the assignment's check)",
    "accuracy": "Accuracy over all four categories",
    "pixel_accuracy": "Accuracy of a logistic classifier on raw pixels",
    "deep_accuracy": "Accuracy of a logistic classifier on deep features",
    "similar_to_cat": "Training image most similar to the module's cat (id)",
    "pixel_precision": "Precision at 5 by raw pixels",
    "deep_precision": "Precision at 5 by deep features",
    "best_k": "Best k from 1 to 25, chosen on the training data",
    "best_k_accuracy": "Accuracy with that k over all four categories",
    "left_out_accuracy": "Pictures whose nearest other picture has their label, as a share",
}
OF_ANY_LABELS = ("left_out_accuracy",)  # asked where a data set has other labels, too
# What to look at after a wrong answer: the usual mistakes.
HINTS = {
    "least_common_label": "Count the labels of image_train, not those of image_test.",
    "own_neighbors": "Query the model with the images that it was made of, and compare the ids.",
    "nearest_cat": "Query cat_model with image_test[0:1], and give the id, not the rank or row.",
    "nearest_dog": "Query dog_model with image_test[0:1], and give the id, not the rank or row.",
    "mean_distance_cats": "Average exactly 5 distances, of ranks 1 to 5, from cat_model.",
    "mean_distance_dogs": "Average exactly 5 distances, of ranks 1 to 5, from dog_model.",
    "closer_to": "The smaller mean distance is the closer one; answer in one word.",
    "dog_correct": "A dog is right only where the nearest dog is strictly nearer than the nearest "
    "of each other category. Query every model with the dogs of image_test, with k=1.",
    "dog_accuracy": "Divide by the number of dogs in image_test, not by that of all images.",
    "cat_correct": "A cat is right only where the nearest cat is strictly nearer than the nearest "
    "of each other category. Query every model with the cats of image_test, with k=1.",
    "accuracy": "Divide all that come out right by the number of all test images.",
    "pixel_accuracy": "Train on image_train's pixels, scaled, and score on image_test.",
    "deep_accuracy": "Train on image_train's deep features, scaled, and score on image_test.",
    "similar_to_cat": "The nearest one to an image is itself: take the second.",
    "pixel_precision": "Query with image_test, in a model of image_train: no image finds itself.",
    "deep_precision": "Query with image_test, in a model of image_train: no image finds itself.",
    "best_k": "Choose k on the training data, leaving one out; of equally good ones the smallest.",
    "best_k_accuracy": "Use the k chosen on the training data, and score it on image_test.",
    "left_out_accuracy": "Search among all images, training and test, and leave out only itself.",
}


@dataclass(frozen=True)
class Answer:
    """An answer as the notebook shows it and as `make run` collects it."""

    key: str
    question: str
    value: Any
    expected: Any  # None where the data set's answer isn't known; it may be sealed

    @property
    def verdict(self) -> str:
        """Return "right", "wrong", or "not checked" where no answer is known."""
        if self.expected is None:
            return "not checked"
        return "right" if self._agrees() else "wrong"

    def _agrees(self) -> bool:
        if is_sealed(self.expected):
            return opens(self.expected, self.value)
        if isinstance(self.expected, float) and isinstance(self.value, (int, float)):
            return abs(self.value - self.expected) <= DISTANCE_TOLERANCE
        return type(self.value) is type(self.expected) and self.value == self.expected

    def __str__(self) -> str:
        text = f"{self.question}: {as_text(self.value)}"
        if self.expected is None:
            return text
        if is_sealed(self.expected):
            return f"{text} - {self.verdict}"
        return f"{text} - {self.verdict}, expected {as_text(self.expected)}"

    def _repr_mimebundle_(self, **_) -> dict:
        record = dict(asdict(self), verdict=self.verdict)
        # HTML breaks into lines on a narrow page; plain text would be cut off before the verdict.
        page = f"<div>{html.escape(str(self), quote=False)}</div>"
        return {"text/plain": str(self), "text/html": page, ANSWER_MIME: record}


def check_answer(key: str, value: Any) -> None:
    """Show an answer, and whether it is right where the data set's answer is known.

    Ids, labels and counts must be equal, distances and accuracies agree to 1e-4.
    Raise `WrongAnswer`, so that a wrong answer stops the notebook, with a hint what to look at,
    `NotFilledIn` where there is none yet, and `OneLineError` for a key that is no question or a
    value that is not a single number or word.
    """
    if key not in QUESTIONS:
        raise OneLineError(f"there is no question {key!r}; there are: {', '.join(QUESTIONS)}")
    if isinstance(value, FillIn):
        raise NotFilledIn(f"{QUESTIONS[key]}: not answered, {value!r}")
    if isinstance(value, np.generic):
        value = value.item()
    if type(value) not in (int, float, str, type(None)):
        kind = type(value).__name__
        raise OneLineError(f"an answer is one number or one word, and this is a whole {kind}")
    answer = Answer(key, QUESTIONS[key], value, known_answers().get(key))
    display(answer)
    if answer.verdict == "wrong":
        raise WrongAnswer(f"{answer.question}: see above. {HINTS[key]}")


def known_answers() -> dict:
    """Return the answers known for the data set: those in the file of its name beside it.

    Raises DataError where the sample's or the course's, which come with the project, are gone.
    """
    path = data_dir().with_name(data_dir().name + ".answers.json")
    if not path.exists() and not comes_with_answers(data_dir()):
        return {}
    try:
        answers = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(answers, dict):
            return answers
        reason = "it is no table of answers"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or foreign(path) or str(error)
    raise DataError(
        f"the known answers at {path} can't be read ({reason}): copy that file from the project "
        f"again, with git by `git restore data`"
    )


def comes_with_answers(folder: Path) -> bool:
    """Return whether a data set is one of the project's own, whose answers come with it."""
    with suppress(DataError):  # there is no project around
        return folder.parent == project_folder() / "data" and folder.name in ("sample", "course")
    return False


def as_text(value: Any) -> str:
    """Return a value as it is shown: distances and accuracies with four decimals."""
    return f"{value:.4f}" if isinstance(value, float) else str(value)
