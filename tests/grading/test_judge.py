"""An answer counts by its value, and only where it was computed and shown as an answer."""

from __future__ import annotations

import time

import pytest

from assignment.data_sets import LABELS
from grading.expected import EXTRA, JUDGED
from grading.judge import judge
from grading.record import ERROR, LIMIT, NOT_RUN, Value

from .small import (
    OTHERS,
    cell,
    named,
    picture,
    query,
    ranking_rows,
    run_of,
    shown,
    small_expected,
    table,
)

COLUMNS = ("query_label", "reference_label", "distance", "rank")
E = small_expected()
RIGHT = E.right
CATS, DOGS = RIGHT["mean_distance_cats"], RIGHT["mean_distance_dogs"]
CLOSER = RIGHT["closer_to"]
FARTHER = "dog" if CLOSER == "cat" else "cat"
DOG_TOTAL = E.test_counts["dog"]


def verdicts(*cells, **more) -> dict:
    return by_question(judge([run_of(*cells, **more)], E, [OTHERS]))


def by_question(judged) -> dict:
    return {one.question: one.verdict for one in judged}


def mistake(key: str, words: str):
    return next(one.value for one in E.mistakes[key] if words in one.words)


# --- what counts ----------------------------------------------------------------------------------

COUNTS = {
    "a displayed id": ("nearest_cat", cell("a.b()", shown(RIGHT["nearest_cat"]))),
    "an id under any name": ("nearest_dog", cell("q = f()", named("q", RIGHT["nearest_dog"]))),
    "a printed id": ("nearest_cat", cell("print(f())", printed=f"{RIGHT['nearest_cat']}\n")),
    "an id in a sentence that is printed": (
        "nearest_cat",
        cell("print('the nearest cat', i)", printed=f"the nearest cat {RIGHT['nearest_cat']}\n"),
    ),
    "the one-image query displayed": (
        "nearest_cat",
        cell("q", table(ranking_rows("cat"), *COLUMNS)),
    ),
    "the one-image query by rank alone": (
        "nearest_dog",
        cell("q", table([row[1::2] for row in ranking_rows("dog")], "reference_label", "rank")),
    ),
    "the query's distances rounded": (
        "nearest_cat",
        cell(
            "q.round(4)",
            table([[a, b, round(c, 4), d] for a, b, c, d in ranking_rows("cat")], *COLUMNS),
        ),
    ),
    "the query printed as a table": (
        "nearest_cat",
        cell(
            "print(q)",
            printed="+--+--+\n| query_label | reference_label | distance | rank |\n+--+--+\n"
            + "".join(f"| {a} | {b} | {c:.8f} | {d} |\n" for a, b, c, d in ranking_rows("cat"))
            + "+--+--+\n",
        ),
    ),
    "the ids in the order of rank": (
        "nearest_dog",
        cell("list(q['reference_label'])", shown([row[1] for row in ranking_rows("dog")])),
    ),
    "both nearest ids in a list": (
        "nearest_cat",
        cell("x, y", shown([RIGHT["nearest_cat"], RIGHT["nearest_dog"]])),
    ),
    "a mean in full": ("mean_distance_cats", cell("x.mean()", shown(CATS))),
    "a mean that differs in the last digits": (
        "mean_distance_cats",
        cell("x.mean()", shown(CATS * (1 + 1e-6))),
    ),
    "a mean printed with two decimals": (
        "mean_distance_dogs",
        cell("print(m)", printed=f"{DOGS:.2f}\n"),
    ),
    "a mean rounded to four decimals": (
        "mean_distance_dogs",
        cell("round(m, 4)", shown(round(DOGS, 4))),
    ),
    "a mean in a small table": (
        "mean_distance_cats",
        cell("t", table([["cat", CATS], ["dog", DOGS]], "label", "mean")),
    ),
    "the number of dogs": ("dog_accuracy", cell("c.sum()", shown(E.dog_correct))),
    "the number as a float": ("dog_accuracy", cell("c.sum()", shown(float(E.dog_correct)))),
    "the share of dogs": ("dog_accuracy", cell("c.mean()", shown(E.dog_correct / DOG_TOTAL))),
    "the share in percent": ("dog_accuracy", cell("p", shown(100 * E.dog_correct / DOG_TOTAL))),
    "the number of how many": (
        "dog_accuracy",
        cell("print(c)", printed=f"{E.dog_correct} of {DOG_TOTAL}\n"),
    ),
    "a label under any name": (
        "least_common_label",
        cell("x = min(n, key=n.get)", named("x", RIGHT["least_common_label"])),
    ),
    "all counts in lines": (
        "least_common_label",
        cell("f()", printed="".join(f"{a} {b}\n" for a, b in E.label_counts.items())),
    ),
    "all counts in a table": (
        "least_common_label",
        cell("g", table([[a, b] for a, b in E.label_counts.items()], "label", "count")),
    ),
    "all counts in a sketch summary": (
        "least_common_label",
        cell(
            "print(s)",
            printed=f"| value | {' | '.join(E.label_counts)} |\n+---+\n"
            f"| count | {' | '.join(map(str, E.label_counts.values()))} |\n",
        ),
    ),
    "a word that a comparison chose": (
        "closer_to",
        cell("w = 'cat' if a < b else 'dog'\nw", shown(CLOSER)),
    ),
    "a sentence that a comparison chose": (
        "closer_to",
        cell(
            "if c < d:\n    print('closer to cats')\nelse:\n    print('closer to dogs')",
            printed=f"closer to {CLOSER}s\n",
        ),
    ),
    "a sentence with both": (
        "closer_to",
        cell(
            "if c < d:\n    print('closer to cats than dogs')\n"
            "else:\n    print('closer to dogs than cats')",
            printed=f"closer to {CLOSER}s than {FARTHER}s\n",
        ),
    ),
    "a comparison shown": (
        "closer_to",
        cell("cat_mean < dog_mean", shown(CLOSER == "cat")),
    ),
    "a comparison the other way round": (
        "closer_to",
        cell("cat_mean > dog_mean", shown(CLOSER == "dog")),
    ),
}


@pytest.mark.parametrize("name", COUNTS)
def test_what_counts_is(name):
    key, made = COUNTS[name]
    assert verdicts(made)[key] == "right"


def test_both_right_means_compared_under_any_names_tell_which_is_closer():
    first = cell("u, v = f()", named("u", CATS), named("v", DOGS))
    assert verdicts(first, cell("if u < v:\n    pass"))["closer_to"] == "right"


def test_a_checked_answer_is_judged_by_its_value_alone():
    made = cell("check_answer('nearest_cat', q[0]['reference_label'])", shown(RIGHT["nearest_cat"]))
    assert verdicts(made)["nearest_cat"] == "right"


# --- what does not --------------------------------------------------------------------------------

SHIFTED = [
    [row[0], other[1], row[2], row[3]]
    for row, other in zip(ranking_rows("cat"), ranking_rows("cat")[1:] + ranking_rows("cat")[:1])
]
DOES_NOT = {
    "an id in row 0 of another query's table": (
        "nearest_cat",
        cell(
            "q",
            table(
                [[0, RIGHT["nearest_cat"], 3.5, 1], [1, E.rankings["cat"].ids[3], 3.6, 1]], *COLUMNS
            ),
        ),
    ),
    "an id that comes first in a filtered table": (
        "nearest_cat",
        cell("f", table([[number, "cat"] for number in E.rankings["cat"].ids[:5]], "id", "label")),
    ),
    "ids beside the distances of others": ("nearest_cat", cell("q", table(SHIFTED, *COLUMNS))),
    "an id among many printed ones": (
        "nearest_cat",
        cell("for r in t: print(r)", printed="\n".join(map(str, sorted(E.train_ids)))),
    ),
    "ids in another order": (
        "nearest_cat",
        cell("ids", shown([row[1] for row in reversed(ranking_rows("cat"))])),
    ),
    "a query that is not shown": (
        "nearest_cat",
        cell("q = m.query(t[0:1])", queries=[query("cat")]),
    ),
    "a mean with one decimal": ("mean_distance_cats", cell("print(m)", printed=f"{CATS:.1f}\n")),
    "a mean in a sentence that no cell prints": ("mean_distance_cats", cell(f"# {CATS:.4f}")),
    "the number of rows": (
        "dog_accuracy",
        cell("n = len(t)", named("n", E.dog_correct)),
    ),
    "the variable of a loop": (
        "dog_accuracy",
        cell("for i in range(99):\n    f(i)", named("i", E.dog_correct)),
    ),
    "the number of cats": (
        "dog_accuracy",
        cell("print(c)", printed=f"cats right: {E.dog_correct}\n"),
    ),
    "a label that nothing says is the least common": (
        "least_common_label",
        cell("x = image_test[0]['label']", named("x", RIGHT["least_common_label"])),
    ),
    "three counts of four": (
        "least_common_label",
        cell("f()", printed="".join(f"{a} {b}\n" for a, b in list(E.label_counts.items())[:3])),
    ),
    "a word without a comparison": ("closer_to", cell("print(w)", printed=f"closer to {CLOSER}s")),
    "a truth without a comparison": ("closer_to", cell("x.any()", shown(CLOSER == "cat"))),
}


@pytest.mark.parametrize("name", DOES_NOT)
def test_what_does_not_count_is(name):
    key, made = DOES_NOT[name]
    assert verdicts(made)[key] == "not computed"


def test_the_mean_of_neighbors_1_to_6_is_wrong_however_many_decimals_are_shown():
    wrong = mistake("mean_distance_cats", "[1:6]")
    for value in (wrong, round(wrong, 4), round(wrong, 3)):
        found = verdicts(cell("round(cats['distance'][1:6].mean(), n)", shown(value)))
        assert found["mean_distance_cats"].startswith("wrong: neighbors 2 to 6"), value


def test_a_number_wrong_in_the_last_digit_shown_is_wrong():
    printed = f"mean of cats {CATS + 0.0001:.4f}\n"
    found = verdicts(cell("print('mean of cats', m)", printed=printed))
    assert found["mean_distance_cats"] == "wrong"


# --- typed in -------------------------------------------------------------------------------------

TYPED = {
    "a published id": ("nearest_cat", "nearest_cat = 16289"),
    "a right id": ("nearest_cat", f"x = {RIGHT['nearest_cat']}"),
    "a published mean, rounded": ("mean_distance_cats", "print(36.1557)"),
    "a mean in a printed sentence": ("mean_distance_dogs", "print('on average 37.7707')"),
    "a mean as text": ("mean_distance_cats", "m = float('36.15573070978294')"),
    "a share": ("dog_accuracy", "dog_accuracy = 0.678"),
    "a count handed over": ("dog_accuracy", "check_answer('dog_correct', 678)"),
    "a word": ("closer_to", "closer_to = 'cat'"),
    "a label": ("least_common_label", "least_common = 'bird'"),
    "an answer in a dictionary": ("nearest_dog", "answers = {'nearest_dog': 16976}"),
}


def test_an_answer_handed_to_a_function_that_prints_it_is_typed_in():
    made = cell("check('least_common_label', 'bird')", printed="least_common_label bird right\n")
    assert verdicts(made)["least_common_label"] == "typed in"


@pytest.mark.parametrize("name", TYPED)
def test_typed_in_is(name):
    key, source = TYPED[name]
    assert verdicts(cell(source))[key] == "typed in"


def test_a_right_value_that_was_typed_in_does_not_count_even_later_under_another_name():
    value = RIGHT["nearest_cat"]
    first = cell(f"x = {value}", named("x", value, literal=True))
    found = verdicts(first, cell("y = x\ny", named("y", value), shown(value)))
    assert found["nearest_cat"] == "typed in"


def test_a_right_value_that_was_typed_in_and_printed_later_does_not_count():
    first = cell(f"x = {CATS!r}", named("x", CATS, literal=True))
    found = verdicts(first, cell("print(x)", printed=f"{CATS!r}\n"))
    assert found["mean_distance_cats"] == "typed in"


def test_a_computed_value_counts_beside_a_typed_one():
    value = RIGHT["nearest_cat"]
    first = cell(f"x = {value}", named("x", value, literal=True))
    assert verdicts(first, cell("q[0]['id']", shown(value)))["nearest_cat"] == "right"


# --- pictures -------------------------------------------------------------------------------------


def test_the_right_image_drawn_after_the_right_query_counts():
    made = cell("show()", queries=[query("cat")], pictures=[picture("cat")])
    assert verdicts(made)["nearest_cat"] == "right, shown only as a picture"


def test_images_drawn_by_rank_count():
    ranked = [picture("cat", rank) for rank in (1, 2, 3, 4, 5)]
    made = cell("show()", queries=[query("cat")], pictures=ranked)
    assert verdicts(made)["nearest_cat"] == "right, shown only as a picture"


@pytest.mark.parametrize("ranks", [[2], [2, 1], [1, 3, 2], [5, 1]])
def test_images_drawn_in_another_order_do_not_tell_which_is_nearest(ranks):
    drawn = [picture("cat", rank) for rank in ranks]
    made = cell("show()", queries=[query("cat")], pictures=drawn)
    assert "right" not in verdicts(made)["nearest_cat"]


def test_the_right_image_without_the_right_query_does_not_count():
    made = cell("show()", pictures=[picture("cat")])
    assert verdicts(made)["nearest_cat"] == "not computed"


# --- known mistakes -------------------------------------------------------------------------------

QUERIES = {
    "the bird model was queried, not the dog model": {
        "label": "bird",
        "references": {"bird": E.label_counts["bird"]},
        "rows": ranking_rows("bird"),
    },
    "the query was another test image, not the first": {
        "query_ids": [1],
        "rows": [[0, 777, 1.5, 1]],
    },
    "the query was a training image": {"query_part": "train", "rows": [[0, 777, 0.0, 1]]},
    "a row number in place of the id": {"named_by": None, "rows": [[0, 7, 1.5, 1]]},
    "by image_array, not by deep_features": {
        "features": ["image_array"],
        "rows": [[0, 777, 900.5, 1]],
    },
    "cosine distance, not euclidean": {"distance": "cosine", "rows": [[0, 777, 0.25, 1]]},
    "a model of all training images": {
        "label": None,
        "references": E.label_counts,
        "rows": [[0, 777, 1.25, 1]],
    },
    "the dog model has 3 images": {"references": {"dog": 3}, "rows": [[0, 777, 1.5, 1]]},
}


@pytest.mark.parametrize("words", QUERIES)
def test_a_query_that_is_wrong_is_told_by_its_mistake(words):
    made = query("dog", **QUERIES[words])
    found = verdicts(cell("dogs = m.query(t)\ndogs", table(made.rows, *COLUMNS), queries=[made]))
    assert found["nearest_dog"].startswith(f"wrong: {words}")


@pytest.mark.parametrize(
    "words",
    [
        "bird neighbors in the dog-cat column",
        "the first row was skipped",
        "by image_array",
        "max()",
    ],
)
def test_a_count_that_is_wrong_is_told_by_its_mistake(words):
    value = mistake("dog_accuracy", words)
    if value == E.dog_correct:
        pytest.skip("this data set does not show that mistake")
    for shown_value in (value, value / DOG_TOTAL):
        found = verdicts(cell("dog_correct.sum()", shown(shown_value)))
        assert found["dog_accuracy"].startswith("wrong: "), shown_value


@pytest.mark.parametrize(
    "words", ["[1:6]", "the sum", "bird model", "second test image", "squared", "four", "ten"]
)
def test_a_mean_that_is_wrong_is_told_by_its_mistake(words):
    value = mistake("mean_distance_dogs", words)
    found = verdicts(cell("dogs = f()", named("dogs", value)))
    assert found["mean_distance_dogs"].startswith("wrong: ")
    assert words in found["mean_distance_dogs"]


def test_the_mean_of_cats_is_no_wrong_mean_of_dogs():
    assert verdicts(cell("cats = f()", named("cats", CATS)))["mean_distance_dogs"] == "not computed"


def test_a_wrong_answer_does_not_hide_the_later_ones():
    wrong = cell("cats", named("cats", mistake("mean_distance_cats", "[1:6]")))
    found = verdicts(wrong, cell("d.mean()", shown(DOGS)), cell("c.sum()", shown(E.dog_correct)))
    assert found["mean_distance_cats"].startswith("wrong")
    assert (found["mean_distance_dogs"], found["dog_accuracy"]) == ("right", "right")


def test_the_wrong_word_is_wrong():
    made = cell("'cat' if a > b else 'dog'", shown(FARTHER))
    assert verdicts(made)["closer_to"] == "wrong"


# --- failures -------------------------------------------------------------------------------------


def test_a_failed_cell_is_told_with_its_error():
    made = cell("cats = load('there')", status=ERROR, error=["OSError", "no such folder: there\nx"])
    assert verdicts(made)["nearest_cat"] == "failed: OSError: no such folder: there"


def test_a_limit_is_told():
    made = cell("near_cats = f()", status=LIMIT, limit="time: 60 s for a cell")
    assert verdicts(made)["nearest_cat"] == "failed: limit passed, time: 60 s for a cell"


def test_what_a_failed_cell_leads_to_is_told_by_its_cause():
    first = cell("images = load()", status=ERROR, error=["OSError", "gone"])
    second = cell("cats = images['cat']", status=ERROR, error=["NameError", "images"])
    assert verdicts(first, second)["nearest_cat"] == "failed: OSError: gone"


def test_what_was_not_run_failed_with_what_ended_the_kernel():
    first = cell("while True: fork()", status=LIMIT, limit="processes: 100")
    rest = cell("cats.mean()", status=NOT_RUN)
    found = verdicts(first, rest, ended="the kernel was ended")
    assert found["mean_distance_cats"] == "failed: limit passed, processes: 100"


def test_a_failed_cell_costs_nothing_that_another_answers():
    failed = cell("cats = 1 / 0", status=ERROR, error=["ZeroDivisionError", "division by zero"])
    assert verdicts(failed, cell("m", shown(CATS)))["mean_distance_cats"] == "right"


# --- several runs ---------------------------------------------------------------------------------


def test_the_better_of_two_runs_counts_with_a_remark():
    first = run_of(cell("cats.mean()", status=ERROR, error=["NameError", "cats"]))
    second = run_of(cell("cats.mean()", shown(CATS)))
    found = {one.question: one for one in judge([first, second], E, [OTHERS])}
    assert found["mean_distance_cats"].verdict == "right"
    assert "order" in found["mean_distance_cats"].remark


def test_notebooks_of_one_submission_answer_together():
    first, second = run_of(cell("m", shown(CATS))), run_of(cell("m", shown(DOGS)))
    second.notebook = "second.ipynb"
    found = {one.question: one for one in judge([first, second], E, [OTHERS])}
    assert found["mean_distance_cats"].verdict == found["mean_distance_dogs"].verdict == "right"
    assert found["mean_distance_dogs"].notebook == "second.ipynb"
    assert found["mean_distance_dogs"].remark == ""


def test_nothing_answers_nothing():
    assert set(by_question(judge([], E, [OTHERS])).values()) == {"not computed"}
    assert set(verdicts().values()) == {"not computed"}


def test_points_are_those_of_seven_questions():
    judged = judge([run_of(cell("m", shown(CATS)))], E, [OTHERS])
    assert sum(one.max_points for one in judged) == 7 == len(JUDGED) - len(EXTRA)
    assert sum(one.points for one in judged) == 1


# --- what would fool the judge --------------------------------------------------------------------

CAT, DOG = RIGHT["nearest_cat"], RIGHT["nearest_dog"]
COUNT_PAIRS = [[label, count] for label, count in E.label_counts.items()]
TYPED_ROWS = [[CAT, CATS]]
# Cells that hand on what was typed in: on the data set itself it would be right.
HANDED_ON = {
    "in a list, a cell later": (
        "nearest_cat",
        cell(f"x = {CAT}\ny = {DOG}", named("x", CAT), named("y", DOG)),
        cell("x, y", shown([CAT, DOG])),
    ),
    "in a table": (
        "nearest_cat",
        cell("import turicreate as tc"),
        cell(f"tc.SFrame({{'id': [{CAT}], 'mean': [{CATS!r}]}})", table(TYPED_ROWS, "id", "mean")),
    ),
    "in a table of a name": (
        "mean_distance_cats",
        cell(f"import pandas as pd\na = {CAT}\nb = {CATS!r}", named("a", CAT), named("b", CATS)),
        cell("t = pd.DataFrame({'id': [a], 'mean': [b]})\nt", table(TYPED_ROWS, "id", "mean")),
    ),
    "by a function": (
        "nearest_cat",
        cell(f"def nearest(images):\n    return {CAT}"),
        cell("n = nearest(7)\nn", named("n", CAT), shown(CAT)),
    ),
    "by a lambda": ("nearest_cat", cell(f"f = lambda: {CAT}"), cell("f()", shown(CAT))),
    "by a class": ("nearest_cat", cell(f"class A:\n    x = {CAT}"), cell("A.x", shown(CAT))),
    "by a loop": (
        "nearest_cat",
        cell(f"for x in [{CAT}]:\n    pass", named("x", CAT)),
        cell("x", shown(CAT)),
    ),
    "beside what was computed": (
        "nearest_cat",
        cell(f"x, y = {CAT}, len(t)", named("x", CAT, literal=True)),
        cell("x", shown(CAT)),
    ),
    "in a text that is run": ("nearest_cat", cell(f"exec('x = {CAT}')", named("x", CAT))),
    "as the mean of five": (
        "mean_distance_cats",
        cell(
            f"import numpy as np\nd = np.array({E.rankings['cat'].distances[:5]!r})\nd.mean()",
            shown(CATS),
        ),
    ),
    "as counts in a text": (
        "least_common_label",
        cell(
            "print('" + "\\n".join(f"{a} {b}" for a, b in E.label_counts.items()) + "')",
            printed="".join(f"{a} {b}\n" for a, b in E.label_counts.items()),
        ),
    ),
    "as counts in a dictionary": (
        "least_common_label",
        cell(f"{E.label_counts!r}", Value("display", None, "mapping", COUNT_PAIRS)),
    ),
}


@pytest.mark.parametrize("name", HANDED_ON)
def test_what_was_typed_in_does_not_count_handed_on(name):
    key, *cells = HANDED_ON[name]
    assert verdicts(*cells)[key] in ("typed in", "not computed")


# Ways to compute that hold literals too.
COMPUTES = {
    "a sum of ones": ("dog_accuracy", "c = sum(1 for d in t if d['dog'] < d['cat'])\nc"),
    "the length of what is filtered": ("dog_accuracy", "c = len(t[t['dog'] < t['cat']])\nc"),
    "the length of a name that says so": ("dog_accuracy", "correct_dogs = len(good)\ncorrect_dogs"),
    "a counter": ("dog_accuracy", "c = 0\nfor d in t:\n    if good(d):\n        c += 1\nc"),
    "a function of a number": (
        "dog_accuracy",
        "def count(n):\n    return sum(t[i] for i in range(n))\nc = count(1000)\nc",
    ),
    "a method with a number": ("dog_accuracy", "c = t.head(1000).sum()\nc"),
    "a file and how much of it": (
        "dog_accuracy",
        "import pandas as pd\nc = pd.read_csv('t.csv', nrows=1000).x.sum()\nc",
    ),
    "a list that is added to": ("dog_accuracy", "k = [0]\nk.append(f(t))\nc = sum(k)\nc"),
}


@pytest.mark.parametrize("name", COMPUTES)
def test_what_is_computed_with_literals_counts(name):
    key, source = COMPUTES[name]
    value = E.dog_correct
    assert (
        verdicts(cell(source, named(source.splitlines()[-1], value), shown(value)))[key] == "right"
    )


def test_a_name_that_is_part_of_another_hands_nothing_on():
    first = cell(f"a = {CAT}", named("a", CAT, literal=True))
    made = cell("print(near[0])", printed=f"{CAT}\n")
    assert verdicts(first, made)["nearest_cat"] == "right"


def test_a_rounded_method_counts():
    assert verdicts(cell("m.round(4)", shown(round(CATS, 4))))["mean_distance_cats"] == "right"


ALL_IDS = sorted(E.train_ids)
LISTS = {
    "every id with a word": (
        "nearest_cat",
        cell("for r in t: print('id', r)", printed="\n".join(f"id {n}" for n in ALL_IDS)),
    ),
    "every id as a name": (
        "nearest_cat",
        cell("globals().update(all)", *(named(f"x{n}", n) for n in ALL_IDS)),
    ),
    "every count": (
        "dog_accuracy",
        cell("for n in r: print('dogs', n)", printed="\n".join(f"dogs {n}" for n in range(99))),
    ),
    "every share": (
        "dog_accuracy",
        cell(
            "for n in r: print(n)",
            printed="\n".join(f"{n / DOG_TOTAL:.4f}" for n in range(DOG_TOTAL + 1)),
        ),
    ),
    "the lines of another query": (
        "nearest_cat",
        cell(
            "for r in q: print(r['reference_label'], r['distance'])",
            printed="".join(
                f"{number} {far}\n"
                for number, far in [(1, 0.5), (2, 0.6), (CAT, 0.7), (4, 0.8), (5, 0.9)]
            ),
        ),
    ),
    "every label, sorted": ("least_common_label", cell("sorted(n)", shown(sorted(LABELS)))),
    "every label, in lines": (
        "least_common_label",
        cell("for l in sorted(n): print(l)", printed="\n".join(sorted(LABELS))),
    ),
    "the name of a loop": (
        "least_common_label",
        cell("for label in sorted(n):\n    f(label)", named("label", RIGHT["least_common_label"])),
    ),
    "the category of the nearest": (
        "least_common_label",
        cell(
            "d = {l: m[l].query(t)['distance'][0] for l in m}\nbest = min(d, key=d.get)\nbest",
            named("best", RIGHT["least_common_label"]),
        ),
    ),
    "birds that come out right": (
        "dog_accuracy",
        cell("bird_correct = f()", named("bird_correct", E.dog_correct)),
    ),
    "a share that only rounds to it": (
        "dog_accuracy",
        cell("x = f()", named("x", round(E.dog_correct / DOG_TOTAL, 2))),
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_right_value_does_not_count_among(name):
    key, made = LISTS[name]
    assert not verdicts(made)[key].startswith("right")


def test_two_queries_printed_line_by_line_count():
    rows = [*ranking_rows("cat"), *ranking_rows("dog")]
    made = cell(
        "for q in (a, b):\n    for r in q: print(r['reference_label'], r['distance'])",
        printed="".join(f"{row[1]} {row[2]}\n" for row in rows),
    )
    found = verdicts(made)
    assert (found["nearest_cat"], found["nearest_dog"]) == ("right", "right")


WORDS = {
    "a line about each": (
        "print('cats: mean', c)\nprint('dogs: mean', d)\nif c > d:\n    w = 'cats'\n"
        "else:\n    w = 'dogs'\nprint(w)",
        f"cats: mean {CATS}\ndogs: mean {DOGS}\n{FARTHER}s\n",
    ),
    "both names in a loop": (
        "for l in m:\n    print(l, m[l])\nprint('closer', 'cat' if m['cat'] > m['dog'] else 'dog')",
        f"cat {CATS}\ndog {DOGS}\ncloser {FARTHER}\n",
    ),
    "a choice of nothing computed": (
        f"if 1 < 2:\n    print('closer to {CLOSER}s')\nelse:\n    print('closer to {FARTHER}s')",
        f"closer to {CLOSER}s\n",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_a_word_does_not_tell_which_is_closer_in(name):
    source, printed = WORDS[name]
    assert verdicts(cell(source, printed=printed))["closer_to"] != "right"


def test_a_comparison_of_sizes_does_not_tell_which_is_closer():
    means = cell("u, v = f()", named("u", CATS), named("v", DOGS))
    assert verdicts(means, cell("len(cats) < len(dogs)"))["closer_to"] == "not computed"


# --- judging does not fail ------------------------------------------------------------------------

ODD = {
    "a missing value in a table of one row": cell("t", table([[None, 3]], "a", "b")),
    "a number of 400 digits": cell("x", shown([1, 10**400])),
    "a printed number of 5000 digits": cell("print(x)", printed="9" * 5000),
    "numbers without end": cell("x", shown([float("inf"), float("nan")]), printed="1e999 nan"),
    "an expression of 2000 parts": cell("+".join(["x"] * 2000)),
    "an expression of 900 parts": cell("y = " + "+".join(["x"] * 900) + "\ny", shown(3)),
    "100 kB of words in a line": cell("print(t)", printed=" ".join(map(hex, range(15_000)))),
    "100 kB of numbers in a line": cell("print(t)", printed=" ".join(map(str, range(17_000)))),
    "100 kB of one word": cell("if cat < dog: print(t)", printed=f"closer {FARTHER} " * 7000),
    "a source of 1 MB": cell("cat = '" + "x < " * 250_000 + "'", *[named("a", 1.5)] * 100),
}


@pytest.mark.parametrize("name", ODD)
def test_judging_takes_no_time_and_does_not_fail_on(name):
    started = time.process_time()
    assert not [one for one in judge([run_of(ODD[name])], E, [OTHERS]) if one.is_right]
    assert time.process_time() - started < 10
