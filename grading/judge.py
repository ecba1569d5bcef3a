"""Verdicts: what a submission's runs show of each answer, against what is right.

An answer counts by its value, whatever its name. Names only tell what a wrong value was meant as.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Callable, Iterable, Iterator, Sequence

from assignment.answers import as_text
from assignment.data_sets import LABELS

from .evidence import Evidence, Facts, Listing, Table, facts_of
from .expected import EXTRA, JUDGED, NEIGHBORS, Expected
from .record import ERROR, LIMIT, NOT_RUN, Cell, Query, Run
from .typed import Literal, is_size, is_telling, text_of, whole_numbers

TOLERANCE = 2e-6  # relative: neighbors 1 to 6 have a mean that is nearer than most tolerances
LARGEST = 1e300  # no answer is: what has no end, or more digits than a float
# Values of one cell that could all be an answer; more are a list of whatever might be right.
MOST_CANDIDATES = {int: 30, float: 300}
DECIMALS = range(2, 6)  # with so many a printed number is compared as it is printed
RIGHT, PICTURE, WRONG, NOT_COMPUTED = (
    "right",
    "right, shown only as a picture",
    "wrong",
    "not computed",
)
TYPED_IN = "typed in"
OUT_OF_ORDER = "right only when the cells run in the order in which they were run before"
LONGEST_REASON = 160
CATEGORY = {"cat": re.compile(r"cat|katze"), "dog": re.compile(r"dog|hund")}
OTHER = {"bird": re.compile(r"bird|vogel")}
OTHER |= {"automobile": re.compile(r"automobile|(?<![a-z])(?:car|auto)s?(?![a-z])")}
ANIMAL = {"nearest_cat": "cat", "nearest_dog": "dog", "mean_distance_cats": "cat"}
ANIMAL |= {"mean_distance_dogs": "dog", "dog_accuracy": "dog", "cat_correct": "cat"}
COUNTING = re.compile(r"correct|accura|right|richtig|score|sum\(|total|count|\bof\b|%|mean\(|frac")
# What is said beside a value that was meant as the answer.
MEANT = {
    "least_common_label": re.compile(r"least|rare|fewest|smallest|\bmin|seltenst"),
    "nearest_cat": re.compile(r"near|close|similar|most_like"),
    "nearest_dog": re.compile(r"near|close|similar|most_like"),
    "mean_distance_cats": re.compile(r"mean|avg|average|mittel"),
    "mean_distance_dogs": re.compile(r"mean|avg|average|mittel"),
    "closer_to": re.compile(r"close|near"),
    "dog_accuracy": re.compile(r"correct|accura|right"),
    "cat_correct": re.compile(r"correct|accura|right"),
}
CLOSER = re.compile(r"closer|nearer")
FAR = re.compile(r"distance|query|neighbor|nearest")
LEAST = re.compile(r"min|sort|least|rare|most_common|topk|tail|few|small|summary|sketch|seltenst")
# Which cells are about a question: where one of them fails, the question has failed.
ABOUT = {
    "least_common_label": re.compile(r"summary|sketch|value_counts|groupby|count|label"),
    "nearest_cat": re.compile(r"cat|query|near|neighbor"),
    "nearest_dog": re.compile(r"dog|query|near|neighbor"),
    "mean_distance_cats": re.compile(r"mean|distance|average"),
    "mean_distance_dogs": re.compile(r"mean|distance|average"),
    "closer_to": re.compile(r"close|mean|distance|[<>]"),
    "dog_accuracy": re.compile(r"dog|correct|accura"),
    "cat_correct": re.compile(r"cat.*(correct|accura)|(correct|accura).*cat"),
}


@dataclass(frozen=True)
class Verdict:
    """What became of one question: the verdict, the value taken, and the cell it was taken from."""

    question: str
    verdict: str
    answer: str = ""
    expected: str = ""
    notebook: str = ""
    cell: int | None = None
    remark: str = ""

    @property
    def is_right(self) -> bool:
        return self.verdict in (RIGHT, PICTURE)

    @property
    def max_points(self) -> int:
        return 0 if self.question in EXTRA else 1

    @property
    def points(self) -> int:
        return self.max_points if self.is_right else 0


@dataclass
class Case:
    """What a verdict is found from: a run's facts, the right answers, those known elsewhere."""

    facts: Facts
    expected: Expected
    known: Sequence[dict]  # the answers of other data sets, which somebody may have typed in

    @cached_property
    def computed(self) -> list[Evidence]:
        return [one for one in self.facts.values if not one.typed]

    @cached_property
    def named_floats(self) -> dict[str, list[Evidence]]:
        """Return the numbers that a name was given, by the name in lower case."""
        found: dict[str, list[Evidence]] = {}
        for one in self.facts.values:
            if one.where == "name" and isinstance(one.value, float):
                found.setdefault(one.near, []).append(one)
        return found


@dataclass(frozen=True)
class Found:
    """A verdict's words, with the value and the cell that gave it."""

    verdict: str
    value: Any = None
    cell: int | None = None


# --- a submission ---------------------------------------------------------------------------------


def judge(runs: Sequence[Run], expected: Expected, known: Sequence[dict]) -> list[Verdict]:
    """Return the verdict on each question: the best of a submission's runs.

    A run in the stored order follows that of its notebook in `runs`, marked by `again`.
    """
    if not runs:
        return [no_verdict(key, NOT_COMPUTED, expected) for key in JUDGED]
    by_run = [judge_run(run, expected, known) for run in runs]
    return [best_of(runs, [verdicts[at] for verdicts in by_run]) for at in range(len(JUDGED))]


def best_of(runs: Sequence[Run], verdicts: Sequence[Verdict]) -> Verdict:
    chosen = min(range(len(verdicts)), key=lambda at: (worth(verdicts[at].verdict), at))
    again = chosen > 0 and runs[chosen].notebook in {run.notebook for run in runs[:chosen]}
    verdict = verdicts[chosen]
    return replace(verdict, remark=OUT_OF_ORDER) if again and verdict.is_right else verdict


def worth(verdict: str) -> int:
    """Return the place of a verdict, the best first."""
    order = (RIGHT, PICTURE, f"{WRONG}: ", WRONG, TYPED_IN, "failed", NOT_COMPUTED)
    return next(
        place
        for place, start in enumerate(order)
        if verdict == start or (start in (f"{WRONG}: ", "failed") and verdict.startswith(start))
    )


def no_verdict(key: str, words: str, expected: Expected) -> Verdict:
    return Verdict(key, words, expected=expected_text(key, expected))


def judge_run(run: Run, expected: Expected, known: Sequence[dict]) -> list[Verdict]:
    case = Case(facts_of(run), expected, known)
    return [judge_question(key, case) for key in JUDGED]


def judge_question(key: str, case: Case) -> Verdict:
    """Return the verdict on one question; a wrong answer to another one plays no part in it."""
    steps = (find_right, find_picture, find_wrong, find_typed, find_failure)
    found = next((found for step in steps if (found := step(key, case))), Found(NOT_COMPUTED))
    answer = "" if found.value is None else value_text(found.value)
    shown = expected_text(key, case.expected)
    return Verdict(key, found.verdict, answer, shown, case.facts.run.notebook, found.cell)


def value_text(value: Any) -> str:
    return as_text(value)[:80]


def expected_text(key: str, expected: Expected) -> str:
    if key in ("dog_accuracy", "cat_correct"):
        correct, total = expected.count_of(ANIMAL[key])
        return f"{correct} of {total}"
    return as_text(expected.right[key])


# --- equal to what is right -----------------------------------------------------------------------


def agrees(value: Any, decimals: int | None, right: Any) -> bool:
    """Return whether a value is the right one: ids, counts and words equal, numbers to 2e-6.

    A number shown with two to five decimals is compared to as many; with fewer it has to be exact.
    """
    if isinstance(right, str):
        return isinstance(value, str) and value.strip().lower() in (right, right + "s")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < LARGEST:
        return False
    if isinstance(right, int):
        return value == right
    if decimals in DECIMALS and abs(value - right) <= 0.5 * 10**-decimals * (1 + TOLERANCE):
        return True
    return abs(value - right) <= TOLERANCE * abs(right)


def rights_of(key: str, expected: Expected) -> list[Any]:
    """Return the values that answer a question: of a count, its share and its percentage too."""
    if key not in ("dog_accuracy", "cat_correct"):
        return [expected.right[key]]
    return shares(*expected.count_of(ANIMAL[key]))


def shares(correct: int, total: int) -> list[Any]:
    return [correct, correct / total, 100 * correct / total]


def is_about(key: str, one: Evidence) -> bool:
    """Return whether a value can be the answer by what stands around it: numbers are everywhere."""
    if key in ("dog_accuracy", "cat_correct"):
        return is_count_of(ANIMAL[key], one)
    if key == "least_common_label":
        return is_least(one)
    if key in ("nearest_cat", "nearest_dog"):
        return isinstance(one.value, int) and one.alone and not one.is_size
    return isinstance(one.value, float)


def is_least(one: Evidence) -> bool:
    """Return whether a word is said to be the least common: by its name, or by what made it."""
    if not isinstance(one.value, str) or not one.alone or one.is_size:
        return False
    if MEANT["least_common_label"].search(one.near):
        return True
    return bool(LEAST.search(f"{one.near} {one.around}")) and not FAR.search(one.around)


def is_count_of(label: str, one: Evidence) -> bool:
    if isinstance(one.value, (str, bool)):
        return False
    if one.is_size and not MEANT["dog_accuracy"].search(one.near):
        return False
    if names_other(label, one.near):
        return False
    if isinstance(one.value, float):
        return True
    return one.where != "print" or one.alone


def names_other(label: str, text: str) -> bool:
    """Return whether another category is named and this one isn't."""
    others = {name: words for name, words in {**CATEGORY, **OTHER}.items() if name != label}
    is_other = any(words.search(text) for words in others.values())
    return is_other and not CATEGORY[label].search(text)


def find_right(key: str, case: Case) -> Found | None:
    special: dict[str, Callable[[Case], Found | None]] = {
        "closer_to": find_closer,
        "least_common_label": find_counts,
        "nearest_cat": lambda case: find_ranking("cat", case),
        "nearest_dog": lambda case: find_ranking("dog", case),
    }
    if key != "closer_to":
        about = candidates(key, case)
        for right in rights_of(key, case.expected):
            for one in about:
                if agrees(one.value, one.decimals, right):
                    return Found(RIGHT, one.value, one.cell)
    return special[key](case) if key in special else None


def candidates(key: str, case: Case) -> list[Evidence]:
    """Return the values that can be an answer, but none of a cell that lists whatever might be."""
    computed = [one for one in case.computed if not isinstance(one.value, bool)]
    about = [one for one in computed if is_about(key, one)]
    if key == "least_common_label":
        return [one for one in about if not is_one_of_many(one, about)]
    values: dict[tuple, set] = {}
    for one in about:
        values.setdefault((one.cell, type(one.value)), set()).add(one.value)
    few = {at for at, found in values.items() if len(found) <= MOST_CANDIDATES[at[1]]}
    return [one for one in about if (one.cell, type(one.value)) in few]


def is_one_of_many(one: Evidence, about: Sequence[Evidence]) -> bool:
    """Return whether a cell prints several categories and says of none that it is meant."""
    if one.where != "print" or MEANT["least_common_label"].search(one.near):
        return False
    beside = [other for other in about if (other.cell, other.where) == (one.cell, one.where)]
    return len({other.value for other in beside} & {*LABELS}) > 1


# --- the least common category --------------------------------------------------------------------


def find_counts(case: Case) -> Found | None:
    """Find all four counts shown, as a summary, a table or lines: the answer is read from them."""
    counts = case.expected.label_counts
    right = case.expected.right["least_common_label"]
    for cell, lines in case.facts.lines.items():
        tables = [table for table in case.facts.tables if table.cell == cell]
        shown = [*(pairs for table in tables for pairs in counts_in(table)), *printed_counts(lines)]
        if any(all(pairs.get(label) == counts[label] for label in counts) for pairs in shown):
            return Found(RIGHT, right, cell)
    return None


def counts_in(table: Table) -> Iterator[dict]:
    columns = list(table.columns.values())
    for names in columns:
        if set(names) >= set(LABELS):
            yield from (dict(zip(names, counts)) for counts in columns)
    if set(table.columns) >= set(LABELS) and columns:
        yield {name: values[0] for name, values in table.columns.items()}


def printed_counts(lines: Iterable[str]) -> Iterator[dict]:
    """Yield what printed lines count: `cat 509` on a line each, or names above numbers."""
    single: dict[str, int] = {}
    names: list[str] = []
    for line in lines:
        pairs = re.findall(rf"\b({'|'.join(LABELS)})\b\W{{1,40}}(\d{{1,18}})\b(?!\.\d)", line)
        single.update((label, int(count)) for label, count in pairs)
        words = re.findall(rf"\b(?:{'|'.join(LABELS)})\b", line)
        numbers = whole_numbers(line)
        if len(words) >= len(LABELS):
            names = words
        elif names and len(numbers) >= len(names):
            yield dict(zip(names, numbers))
            names = []
    yield single


# --- the nearest images ---------------------------------------------------------------------------


def find_ranking(label: str, case: Case) -> Found | None:
    """Find the result of the one-image query shown: its ids by rank, or beside their distances."""
    right = case.expected.rankings[label]
    for table in case.facts.tables:
        if is_ranking(table, right.ids, right.distances):
            return Found(RIGHT, right.ids[0], table.cell)
    for listing in case.facts.listings:
        if is_start(listing.values, right.ids) or are_nearest(listing, right.ids, case):
            return Found(RIGHT, right.ids[0], listing.cell)
        if holds_ranking(listing.values, right.ids[:NEIGHBORS]):
            return Found(RIGHT, right.ids[0], listing.cell)
    return None


def is_start(listed: Sequence, ids: Sequence[int]) -> bool:
    return list(listed) == list(ids[: len(listed)])


def holds_ranking(listed: Sequence, ids: Sequence[int]) -> bool:
    """Return whether ids stand together in their order among others: those of two queries."""
    return any(is_start(ids, listed[at:]) for at in range(len(listed) - len(ids) + 1))


def are_nearest(listing: Listing, ids: Sequence[int], case: Case) -> bool:
    """Return whether a list names the nearest image of each of several categories."""
    nearest = {ranking.ids[0] for ranking in case.expected.rankings.values()}
    return ids[0] in listing.values and set(listing.values) <= nearest


def is_ranking(table: Table, ids: Sequence[int], distances: Sequence[float]) -> bool:
    """Return whether a table is the right ranking, not one in which the right id comes first.

    The order of rows tells nothing (a filter keeps that of the data): a column of distances or of
    ranks has to.
    """
    columns = table.columns.values()
    for names in columns:
        if not all(isinstance(name, int) for name in names) or ids[0] not in names:
            continue
        wanted = dict(zip(ids, zip(distances, range(1, len(ids) + 1))))
        if not set(names) <= set(wanted):
            continue
        if any(
            all(
                isinstance(value, float) and agrees_shown(value, wanted[name][0])
                for name, value in zip(names, column)
            )
            for column in columns
        ):
            return True
        ranks = table.columns.get("rank")
        if ranks and all(wanted[name][1] == rank for name, rank in zip(names, ranks)):
            return True
    return False


def agrees_shown(value: float, right: float) -> bool:
    """Return whether a distance is right as far as a table shows it: engines print six digits."""
    return abs(value - right) <= max(2e-6 * abs(right), 0.5 * 10 ** -shown_decimals(value))


def shown_decimals(value: float) -> int:
    text = repr(value)
    return len(text.split(".")[1]) if "." in text and "e" not in text else 20


def find_picture(key: str, case: Case) -> Found | None:
    """Find the right image drawn after the right query: the answer for whoever looks."""
    if key not in ("nearest_cat", "nearest_dog"):
        return None
    label = ANIMAL[key]
    right = case.expected.rankings[label].ids
    asked = False
    for cell in case.facts.run.cells:
        asked = asked or any(is_right_query(query, label, case) for query in cell.queries)
        drawn = [one.id for one in cell.pictures if one.part == "train" and one.label == label]
        drawn = list(dict.fromkeys(drawn))
        if asked and drawn and is_start(drawn, right):
            return Found(PICTURE, right[0], cell.number)
    return None


def is_right_query(query: Query, label: str, case: Case) -> bool:
    return (
        query.query_count == 1
        and query.label == label
        and query.query_ids[:1] == [case.expected.first_id]
        and sum(query.references.values()) == case.expected.label_counts[label]
        and bool(query.rows)
        and agrees(query.rows[0][2], None, case.expected.rankings[label].distances[0])
    )


# --- which is closer ------------------------------------------------------------------------------


def find_closer(case: Case) -> Found | None:
    """Find the word that a comparison gave, its truth, or both right means compared."""
    right = case.expected.right["closer_to"]
    found = [one for one in closer_words(case) if one.value == right]
    return found[0] if found else None


def closer_words(case: Case) -> Iterator[Found]:
    """Yield "cat" or "dog" as each comparison of a run says."""
    means = {label: find_right(f"mean_distance_{label}s", case) for label in ("cat", "dog")}
    for cell in case.facts.run.cells:
        compared = list(comparisons(cell, case))
        told = [*told_words(cell, case), *truths(cell, compared)]
        if not told and all(means.values()) and compared and cell.status == "ok":
            told = [case.expected.right["closer_to"]]
        yield from (Found(RIGHT, word, cell.number) for word in told)


def told_words(cell: Cell, case: Case) -> Iterator[str]:
    """Yield the animal that a cell names as a computed value, where it compares something.

    Where it names both, that counts which it says is closer.
    """
    if not is_choice(cell.source):
        return
    told: set[str] = set()
    closer: set[str] = set()  # of lines and names that say so
    for one in case.facts.values:
        if one.cell != cell.number or one.typed or not isinstance(one.value, str):
            continue
        words = set(re.findall(r"\b(cat|dog)s?\b", one.value.lower()))
        if one.where == "print" and one.near.count("cat") and one.near.count("dog"):
            words = comparative(one.near)
        if len(words) == 1:
            told |= words
            closer |= words if CLOSER.search(one.near) else set()
    told = closer or told
    if len(told) == 1:
        yield told.pop()


def comparative(line: str) -> set[str]:
    """Return what a sentence that names both says is closer: `closer to dogs than to cats`."""
    found = re.search(r"(?:closer|nearer)\b.*?\b(cat|dog)s?\b", line)
    return {found[1]} if found else set()


def is_choice(source: str) -> bool:
    """Return whether a cell chooses between cat and dog by comparing."""
    has_both = all(CATEGORY[label].search(source.lower()) for label in CATEGORY)
    return has_both and bool(re.search(r"[<>]|\bmin\b|sort|idxmin|argmin", source))


def comparisons(cell: Cell, case: Case) -> Iterator[tuple[str, bool]]:
    """Yield (the animal on the left, whether it is asked to be smaller) of a cell's comparisons."""
    tree = case.facts.typed[cell.number].tree
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            left, right = (animal_of(side, case) for side in (node.left, node.comparators[0]))
            if left and right and left != right and isinstance(node.ops[0], SMALLER + LARGER):
                yield left, isinstance(node.ops[0], SMALLER)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("min", "sorted"):
            animals = {animal_of(part, case) for part in node.args}
            if animals == {"cat", "dog"}:
                yield "cat", False


SMALLER, LARGER = (ast.Lt, ast.LtE), (ast.Gt, ast.GtE)


def animal_of(side: ast.expr, case: Case) -> str | None:
    """Return which animal's mean an expression is: by the value of its name, else by its words."""
    if is_size(side):
        return None
    text = text_of(side)
    values = case.named_floats.get(text.lower(), [])
    for label in CATEGORY:
        right = case.expected.right[f"mean_distance_{label}s"]
        if any(agrees(one.value, one.decimals, right) for one in values):
            return label
    found = [label for label in CATEGORY if CATEGORY[label].search(text.lower())]
    return found[0] if len(found) == 1 else None


def truths(cell: Cell, compared: list[tuple[str, bool]]) -> Iterator[str]:
    """Yield the animal that a shown True or False means, where the cell has one comparison."""
    shown = [value.value for value in cell.values if value.kind == "truth"]
    shown += [word == "True" for word in cell.printed.split() if word in ("True", "False")]
    if len(compared) != 1 or len(set(shown)) != 1:
        return
    left, is_smaller = compared[0]
    other = "dog" if left == "cat" else "cat"
    yield left if shown[0] == is_smaller else other


# --- what is wrong --------------------------------------------------------------------------------


def find_wrong(key: str, case: Case) -> Found | None:
    if key == "closer_to":
        return find_wrong_closer(case)
    by_query = find_wrong_query(key, case) if key.startswith("nearest") else None
    return by_query or find_mistake(key, case) or find_meant(key, case)


def find_wrong_closer(case: Case) -> Found | None:
    told = list(closer_words(case))
    if not told:
        return None
    for animal in ("cat", "dog"):
        found = find_mistake(f"mean_distance_{animal}s", case)
        if found and found.verdict != WRONG:
            return replace(found, value=told[-1].value, cell=told[-1].cell)
    return replace(told[-1], verdict=WRONG)


def find_mistake(key: str, case: Case) -> Found | None:
    """Find the value that a known mistake gives."""
    for mistake in case.expected.mistakes[key]:
        values = [mistake.value]
        if key in ("dog_accuracy", "cat_correct"):
            values = shares(mistake.value, case.expected.count_of(ANIMAL[key])[1])
        for one in case.computed:
            if (
                any(agrees(one.value, one.decimals, value) for value in values)
                and is_about(key, one)
                and may_be_mistake(key, one, mistake.named)
            ):
                return Found(f"{WRONG}: {mistake.words}", one.value, one.cell)
    return None


def may_be_mistake(key: str, one: Evidence, named: bool) -> bool:
    """Return whether a value was meant as this answer, by the words beside it."""
    if isinstance(one.value, float) and one.in_table:
        return False  # a query's table has distances of all kinds
    if key == "least_common_label":
        return bool(MEANT[key].search(one.near))
    animal = ANIMAL[key]
    if key in ("dog_accuracy", "cat_correct"):
        return bool(COUNTING.search(f"{one.near} {one.around}")) and (
            not (named or key == "cat_correct")
            or (is_named(animal, one) and bool(MEANT[key].search(one.near)))
        )
    if key.startswith("nearest"):
        return is_named(animal, one) and bool(MEANT[key].search(one.near + one.around))
    return is_named(animal, one) if named else not names_other(animal, one.near)


def is_named(label: str, one: Evidence) -> bool:
    """Return whether the animal is named beside a value, or in its cell where none is beside it."""
    if any(CATEGORY[animal].search(one.near) for animal in CATEGORY):
        return not names_other(label, one.near)
    return bool(CATEGORY[label].search(one.around)) and not names_other(label, one.around)


def find_meant(key: str, case: Case) -> Found | None:
    """Find the value that by its name or its line was meant as the answer, and is another."""
    for one in reversed(case.computed):
        if not is_about(key, one) or not MEANT[key].search(one.near):
            continue
        if key == "least_common_label":
            if one.value in LABELS:
                return Found(WRONG, one.value, one.cell)
        elif key.startswith("nearest"):
            if is_named(ANIMAL[key], one) and one.value in case.expected.train_ids:
                return Found(WRONG, one.value, one.cell)
        elif is_named(ANIMAL[key], one) and CATEGORY[ANIMAL[key]].search(one.near + one.around):
            return Found(WRONG, one.value, one.cell)
    return None


def find_wrong_query(key: str, case: Case) -> Found | None:
    """Find a one-image query for this animal that found another image, and what made it."""
    label = ANIMAL[key]
    for cell, query in reversed(list(queries_of(case.facts.run))):
        about = query.label == label or (
            bool(CATEGORY[label].search(cell.source.lower()))
            and not any(other_query.label == label for _, other_query in queries_of(case.facts.run))
            and query.query_ids[:1] == [case.expected.first_id]
        )
        if about and query.rows and query.rows[0][1] != case.expected.right[key]:
            taken = query.rows[0][1]
            if is_shown(taken, query, cell, case):
                words = query_mistake(query, label, case)
                return Found(f"{WRONG}: {words}" if words else WRONG, taken, cell.number)
    return None


def queries_of(run: Run) -> Iterator[tuple[Cell, Query]]:
    for cell in run.cells:
        yield from ((cell, query) for query in cell.queries if query.query_count == 1)


def is_shown(taken: Any, query: Query, made_in: Cell, case: Case) -> bool:
    """Return whether a query's nearest image was shown: its table, its id, or the image."""
    nearest = query.rows[0][2]
    for table in case.facts.tables:
        if table.cell >= made_in.number and any(
            isinstance(value, float) and agrees_shown(value, nearest)
            for column in table.columns.values()
            for value in column
        ):
            return True
    if any(one.alone and one.value == taken and not one.typed for one in case.facts.values):
        return True
    return any(one.id == taken for cell in case.facts.run.cells for one in cell.pictures)


def query_mistake(query: Query, label: str, case: Case) -> str:
    """Return in words how a query differs from the one asked for, or nothing where it doesn't."""
    checks: Iterable[tuple[bool, str]] = (
        (query.query_part == "train", "the query was a training image, not the first test image"),
        (
            query.query_ids[:1] != [case.expected.first_id] and bool(query.query_ids),
            "the query was another test image, not the first",
        ),
        (
            query.label is not None and query.label != label,
            f"the {query.label} model was queried, not the {label} model",
        ),
        (
            query.label is None and len(query.references) > 1,
            f"a model of all training images was queried, not the {label} model",
        ),
        (query.named_by is None, "a row number in place of the id (no label='id')"),
        (
            bool(query.features) and query.features != ["deep_features"],
            f"by {', '.join(query.features)}, not by deep_features",
        ),
        (
            query.distance not in (None, "auto", "euclidean"),
            f"{query.distance} distance, not euclidean",
        ),
        (
            sum(query.references.values()) != case.expected.label_counts[label],
            f"the {label} model has {sum(query.references.values())} images, not all of the "
            f"training data",
        ),
    )
    return next((words for is_so, words in checks if is_so), "")


# --- typed in, failed -----------------------------------------------------------------------------


def find_typed(key: str, case: Case) -> Found | None:
    """Find a literal that is the right answer, a published one or that of the data set itself."""
    for cell in case.facts.run.cells:
        for literal in case.facts.typed[cell.number].literals:
            if is_known(key, literal, case) and (
                is_telling(literal.value)
                or (literal.direct and MEANT[key].search(literal.statement))
            ):
                return Found(TYPED_IN, literal.value, cell.number)
    return None


def is_known(key: str, literal: Literal, case: Case) -> bool:
    if key not in ("dog_accuracy", "cat_correct"):
        known = [answers[key] for answers in case.known if key in answers]
        return any(
            agrees(literal.value, literal.decimals, value)
            for value in [case.expected.right[key], *known]
        )
    animal = ANIMAL[key]
    names = ("dog_correct", "dog_accuracy") if animal == "dog" else ("cat_correct",)
    known = [answers[name] for answers in case.known for name in names if name in answers]
    is_named = CATEGORY[animal].search(literal.statement)
    return bool(is_named) and any(
        agrees(literal.value, literal.decimals, value)
        for value in [*rights_of(key, case.expected), *known]
    )


def find_failure(key: str, case: Case) -> Found | None:
    """Find the failure that an answer fell to: that of a cell about it, or of one before it."""
    failed = [cell for cell in case.facts.run.cells if cell.status in (ERROR, LIMIT)]
    about = [
        cell
        for cell in case.facts.run.cells
        if cell.status in (ERROR, LIMIT, NOT_RUN) and ABOUT[key].search(cell.source.lower())
    ]
    if not about:
        return None
    cause = about[0]
    is_consequence = cause.status == NOT_RUN or (cause.error or [""])[0] == "NameError"
    before = [cell for cell in failed if cell.number <= cause.number] if is_consequence else []
    first = before[0] if before else cause
    return Found(f"failed: {reason_of(first, case.facts.run)}", None, first.number)


def reason_of(cell: Cell, run: Run) -> str:
    """Return in a few words why a cell failed: the limit it passed, or its error."""
    if cell.limit:
        return f"limit passed, {cell.limit}"
    if cell.error is None:
        return run.ended or "the cell was not run"
    name, message = cell.error
    lines = message.strip().splitlines() or [""]
    if name == "DeadKernel":
        return lines[0]
    return f"{name}: {lines[0]}"[:LONGEST_REASON].rstrip(": ")
