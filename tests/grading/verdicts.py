"""The verdict that each submission must get, in one table: it says what the grader promises.

Seven questions and an extra, in the order of `JUDGED`; `failed` stands for every reason.
"""

from __future__ import annotations

R, P, W, N, T, F = (
    "right",
    "right, shown only as a picture",
    "wrong",
    "not computed",
    "typed in",
    "failed",
)
ALL = [R, R, R, R, R, R, R, N]
# The cell that ends the kernel or takes it beyond a limit costs what comes after it.
ENDED = [R, R, R, F, F, F, F]
BIRDS = f"{W}: bird neighbors in the"
FIRST_ROW = f"{W}: the first row was skipped"
ONE_TO_SIX = f"{W}: neighbors 2 to 6"
BIRD_MODEL = f"{W}: the bird model"
OTHER_IMAGE = f"{W}: the query was "
NO_IDS = f"{W}: a row number in place of the id"

VERDICTS = {
    "right-own-names": [R, R, R, R, R, R, R, R],
    "right-loops": ALL,
    "right-pandas": ALL,
    "right-csv": ALL,
    "right-scikit-learn": ALL,
    "right-turicreate": ALL,
    "right-graphlab-python2": ALL,
    "right-with-check-answer": ALL,
    "print-function-python2": [R, R, R, R, R, N, N, N],
    "nbformat-3": ALL,
    "wrong-bird-column": [R, R, R, R, R, R, BIRDS, N],
    "wrong-first-row-skipped": [R, R, R, R, R, R, FIRST_ROW, N],
    "wrong-neighbors-1-to-6": [R, R, R, ONE_TO_SIX, ONE_TO_SIX, R, R, N],
    "wrong-bird-model-for-dogs": [R, R, BIRD_MODEL, R, BIRD_MODEL, BIRD_MODEL, R, N],
    "wrong-other-test-image": [R, *[OTHER_IMAGE] * 5, R, N],
    "wrong-no-label-id": [R, NO_IDS, NO_IDS, R, R, R, R, N],
    "wrong-last-digit": [R, R, R, W, W, N, N, N],
    "partly-right": [R, R, R, R, N, N, N, N],
    "typed-in": [T, T, T, T, T, T, T, N],
    "answers-of-other-data": [T, T, T, T, T, T, T, N],
    "only-as-pictures": [R, P, P, N, N, N, N, N],
    "only-in-a-sentence": [R, N, N, N, N, N, N, N],
    "check-answer-patched": [T, T, T, T, T, T, T, N],
    "empty": [N] * 8,
    "never-run": ALL,
    "run-out-of-order": ALL,
    "Größe mit Leerzeichen": ALL,
    "crash-in-the-middle": ALL,
    "endless-loop": ALL,
    "endless-loop-that-ignores-interrupts": [*ENDED, N],
    "1-gb-of-output": ALL,
    "1-gb-in-one-print": ALL,
    "40-gb-of-memory": ALL,
    "fork-bomb": [*ENDED, N],
    "kills-the-kernel": [*ENDED, N],
    "calls-exit": [*ENDED, N],
    "asks-for-input": ALL,
    "deletes-its-folder": ALL,
    "saves-over-the-data": ALL,
    "looks-for-the-answers": ALL,
    "opens-a-socket": ALL,
    "writes-to-the-home-folder": ALL,
    "200-mb-of-output": ALL,
    "several-notebooks": ALL,
    "a-link-out": ALL,
    "same-name": ALL,
    "same-name.ipynb": [R, N, N, N, N, N, N, N],
    "not-json": [F] * 8,
    "not-a-notebook": [F] * 8,
}
NOT_JUDGED = {"not-json", "not-a-notebook"}
# turilite holds what it has read; Turi Create reads the files again, which are gone by then.
ON_ENGINE = {"turicreate": {"deletes-its-folder": [*ALL[:6], F, N]}}


def verdicts_on(engine: str) -> dict[str, list[str]]:
    """Return the verdicts that each submission must get on an engine."""
    return {**VERDICTS, **ON_ENGINE.get(engine, {})}


def agrees(verdict: str, wanted: str) -> bool:
    """Return whether a verdict is the one in the table: to the word, or begins with its mistake."""
    if wanted == F or wanted.startswith(f"{W}: "):
        return verdict.startswith(wanted)
    return verdict == wanted
