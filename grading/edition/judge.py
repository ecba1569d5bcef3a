"""The hidden test of a question: the value against the sealed answer for unseen data."""

from __future__ import annotations

from typing import Any

import numpy as np

from assignment.answers import QUESTIONS
from assignment.errors import WrongAnswer
from assignment.sealed import opens
from assignment.unanswered import FillIn, NotFilledIn


def judge(key: str, value: Any, sealed: str) -> None:
    """Raise `WrongAnswer` where a value is not the answer that was sealed when the course was made.

    Neither `check_answer` nor any file is asked: a notebook can change both.
    """
    if isinstance(value, FillIn):
        raise NotFilledIn(f"{QUESTIONS[key]}: not answered, {value!r}")
    if isinstance(value, np.generic):
        value = value.item()
    if not opens(sealed, value):
        raise WrongAnswer(f"{QUESTIONS[key]}: wrong on the data that the course grades with")
