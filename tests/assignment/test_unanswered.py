"""What stands for a value that a student is still to compute."""

from __future__ import annotations

import numpy as np
import pytest

from assignment import check_answer, fill_in
from assignment.unanswered import NotFilledIn

CARRIED = {
    "an item": lambda it: it[0]["label"],
    "a method": lambda it: it.sum(),
    "a comparison": lambda it: it["label"] == "dog",
    "a quotient": lambda it: it.sum() / 2,
    "a join and a sort": lambda it: it.join(it, on="id").sort("rank"),
    "a function of NumPy": np.sqrt,
    "an array it is added to": lambda it: np.ones(3) + it,
}
STOPPED = {
    "a loop": list,
    "a length": len,
    "a choice": lambda it: 1 if it < 10 else 0,
    "a number": float,
    "an array": np.array,
    "an array of several": lambda it: np.stack([it, it]),
}


@pytest.mark.parametrize("use", CARRIED.values(), ids=CARRIED)
def test_is_carried_on_to_the_check_which_names_it(use):
    with pytest.raises(NotFilledIn, match=r"Nearest cat.*: not answered, <fill in: counts>"):
        check_answer("nearest_cat", use(fill_in("counts")))


@pytest.mark.parametrize("use", STOPPED.values(), ids=STOPPED)
def test_stops_what_cannot_go_on_in_a_sentence_that_says_what_to_do(use):
    with pytest.raises(NotFilledIn, match=r'replace fill_in\("counts"\) by the code'):
        use(fill_in("counts"))


def test_is_shown_as_what_it_is():
    it = fill_in("mean_cats")
    assert f"{it:.4f} {it} {it.mean()!r}" == " ".join(["<fill in: mean_cats>"] * 3)
