"""Answers, and whether they are those known for the data set."""

from __future__ import annotations

import html
import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from IPython.display import display

from .data_sets import data_dir
from .errors import OneLineError, WrongAnswer
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
    Raise `WrongAnswer`, so that a wrong answer stops the notebook, `NotFilledIn` where there is
    none yet, and `OneLineError` for a key that is no question or a value that is not a single
    number or word.
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
        raise WrongAnswer(f"{answer.question}: see above")


def known_answers() -> dict:
    """Return the answers known for the data set: those in the file of its name beside it."""
    path = data_dir().with_name(data_dir().name + ".answers.json")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def as_text(value: Any) -> str:
    """Return a value as it is shown: distances and accuracies with four decimals."""
    return f"{value:.4f}" if isinstance(value, float) else str(value)
