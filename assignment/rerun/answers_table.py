"""The answers that notebooks gave: collected from their outputs, as a table, with a verdict."""

from __future__ import annotations

from collections import Counter
from typing import Collection, Mapping, Sequence

from assignment.answers import ANSWER_MIME, QUESTIONS, as_text

from .notebooks import Notebooks, outputs_of

HEADER = ("notebook", "question", "answer", "expected", "verdict")


def answers_of(notebooks: Notebooks) -> list[dict]:
    """Return the answers that the notebooks' outputs hold, in order; 06 gives some once more."""
    return [
        dict(notebook=name, **output.data[ANSWER_MIME])
        for name, notebook in notebooks.items()
        for output in outputs_of(notebook)
        if ANSWER_MIME in output.get("data", {})
    ]


def cells_of(answer: dict) -> tuple[str, ...]:
    """Return an answer's row of the table, in the order of `HEADER`."""
    number, value = answer["notebook"].split("-")[0], as_text(answer["value"])
    expected = "" if answer["expected"] is None else as_text(answer["expected"])
    return number, answer["question"], value, expected, answer["verdict"]


def as_table(answers: Sequence[dict]) -> str:
    """Return the answers as lines of text, a column for each name in `HEADER`."""
    rows = [HEADER, *(cells_of(answer) for answer in answers)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows
    )


def missing_questions(
    answers: Sequence[dict], asked: Collection[str] = tuple(QUESTIONS)
) -> list[str]:
    """Return the questions that were asked, by their keys, and have no answer."""
    unanswered = set(asked) - {answer["key"] for answer in answers}
    return [text for key, text in QUESTIONS.items() if key in unanswered]


def is_well(answers: Sequence[dict], failures: Mapping[str, str], missing: Sequence[str]) -> bool:
    """Return whether all ran, every question has an answer, and none of them is wrong."""
    wrong = any(answer["verdict"] == "wrong" for answer in answers)
    return not (failures or wrong or missing)


def print_problems(failures: Mapping[str, str], missing: Sequence[str]) -> None:
    """Print a line for every question without an answer and for every notebook that failed."""
    for question in missing:
        print(f"not answered: {question}")
    for name, error in failures.items():
        print(f"failed: {name}, {error}")


def print_report(
    answers: Sequence[dict], failures: Mapping[str, str], missing: Sequence[str]
) -> None:
    """Print the table of answers, then what went wrong, or that nothing did."""
    print("\n" + as_table(answers))
    print_problems(failures, missing)
    if is_well(answers, failures, missing):
        print(summary_of(answers))


def summary_of(answers: Sequence[dict]) -> str:
    """Return how many answers there are, and how many of each verdict, in a line."""
    count = Counter(answer["verdict"] for answer in answers)
    text = f"{len(answers)} answer{'s' * (len(answers) != 1)}"
    if set(count) == {"not checked"}:
        return f"{text}, none checked: the answers of this data set are not known"
    text += f", {count['right']} checked and right"
    return text + (f", {count['wrong']} wrong" if count["wrong"] else "")
