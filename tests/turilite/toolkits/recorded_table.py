"""Calls of text analytics, distances and nearest neighbors, which Turi Create answered once.

`record_table.py` keeps its answers in recorded_results.json. Texts are random, of a fixed seed.
"""

from __future__ import annotations

import random
from array import array
from typing import Any, Callable

Call = Callable[[Any], Any]

CALLS: dict[str, Call] = {}
BY_DESIGN: set[str] = set()
"""Calls that come to something else here; see the tables below for the reason."""
TEXTS = 25
LETTERS = [
    *"aAbBnNtTs019.,'-+()!?\\[]^_~@/ \"$%&#:;<=>`{|}*",
    *"  \t\n\v\f\r",
    *("ä", "É", "中", "\u00a0", "\u2019", "€", "😀", "ß", "İ"),
]
rng = random.Random(5)


def some_text(ascii_only: bool) -> str:
    """Return up to 25 letters; those that Turi Create cuts in two only where it does not cut."""
    letters = [letter for letter in LETTERS if letter.isascii()] if ascii_only else LETTERS
    return "".join(rng.choice(letters) for _ in range(rng.randint(0, 25)))


def some_texts(ascii_only: bool = False) -> list:
    return [*(some_text(ascii_only) for _ in range(3)), None]


def some_bags() -> list:
    words = ["a", "b", "A", "cat", "ä", "1"]
    counts = [1, 2, 1.5, 3.0]
    bags = [
        {rng.choice(words): rng.choice(counts) for _ in range(rng.randint(0, 4))} for _ in "1234"
    ]
    return [*bags, None]


def add_texts(i: int) -> None:
    texts, plain = some_texts(), some_texts(ascii_only=True)
    n, threshold = rng.randint(1, 3), rng.randint(1, 3)
    flags = {"ignore_punct": rng.random() < 0.5, "ignore_space": rng.random() < 0.5}
    custom = rng.choice([[" "], ["a", "-", "z"], ["^", " "], ["]"], ["\\", "t"], [")", "-"]])
    weighed = [{some_text(False): rng.choice([1, 2, 0.5, 3.7, 0, -1]) for _ in "123"}, None]
    lists = [[some_text(False) for _ in "123"] for _ in "12"]
    bags = some_bags()
    words = [[*(bag or {}), *(bag or {})][: rng.randint(0, 5)] for bag in bags]
    whole = [{word: int(count) for word, count in (bags[0] or {}).items()}]
    CALLS.update({
        f"count_words {i}": lambda tc: tc.text_analytics.count_words(tc.SArray(texts, str)),
        f"count_words cased {i}": lambda tc: tc.text_analytics.count_words(
            tc.SArray(texts, str), to_lower=False, delimiters=custom
        ),
        f"count_words treebank {i}": lambda tc: tc.text_analytics.count_words(
            tc.SArray(plain, str), delimiters=None
        ),
        f"count_words dict {i}": lambda tc: tc.text_analytics.count_words(tc.SArray(weighed, dict)),
        f"count_words list {i}": lambda tc: tc.text_analytics.count_words(tc.SArray(lists, list)),
        f"tokenize {i}": lambda tc: tc.text_analytics.tokenize(tc.SArray(texts, str)),
        f"tokenize custom {i}": lambda tc: tc.text_analytics.tokenize(
            tc.SArray(texts, str), to_lower=True, delimiters=custom
        ),
        f"tokenize treebank {i}": lambda tc: tc.text_analytics.tokenize(
            tc.SArray(plain, str), delimiters=None
        ),
        f"count_ngrams {i}": lambda tc: tc.text_analytics.count_ngrams(tc.SArray(texts, str), n=n),
        f"count_ngrams character {i}": lambda tc: tc.text_analytics.count_ngrams(
            tc.SArray(plain, str), n=n, method="character", **flags
        ),
        f"count_ngrams dict {i}": lambda tc: tc.text_analytics.count_ngrams(
            tc.SArray(weighed, dict), n=n
        ),
        f"tf_idf {i}": lambda tc: tc.text_analytics.tf_idf(tc.SArray(texts, str)),
        f"tf_idf dict {i}": lambda tc: tc.text_analytics.tf_idf(tc.SArray(bags, dict)),
        f"tf_idf list {i}": lambda tc: tc.text_analytics.tf_idf(tc.SArray(words, list)),
        f"bm25 {i}": lambda tc: tc.text_analytics.bm25(tc.SArray(bags, dict), ["a", "cat"]),
        f"bm25 list {i}": lambda tc: tc.text_analytics.bm25(
            tc.SArray(words, list), {"a", "b"}, k1=1.2, b=0.5
        ),
        f"drop_words {i}": lambda tc: tc.text_analytics.drop_words(
            tc.SArray(texts, str), threshold=threshold
        ),
        f"drop_words list {i}": lambda tc: tc.text_analytics.drop_words(
            tc.SArray(words, list), threshold=threshold, stop_words=["a"]
        ),
        f"drop_words dict {i}": lambda tc: tc.text_analytics.drop_words(tc.SArray(whole, dict)),
    })  # fmt: skip


for number in range(TEXTS):
    add_texts(number)

# --- wrong texts ------------------------------------------------------------------------------

TEXT_FUNCTIONS = ("count_words", "tokenize", "count_ngrams", "tf_idf", "drop_words")
WRONG: list[Callable[[Any], Any]] = [
    lambda tc: tc.SArray([1, 2]),
    lambda tc: tc.SArray([1.5]),
    lambda tc: tc.SArray([[1.0, 2]]),
    lambda tc: tc.SArray([{"a": "x"}]),
    lambda tc: tc.SArray([{1: 1}]),
    lambda tc: tc.SArray([["a", 1]]),
    lambda tc: tc.SArray([{"a": -1}]),
    lambda tc: tc.SArray([{"a": 0.5}]),
    lambda tc: tc.SArray([{"a": None}]),
    lambda tc: tc.SArray([], str),
    lambda tc: tc.SArray([], dict),
    lambda tc: tc.SArray([]),
    lambda tc: tc.SArray([None, None], dict),
    lambda tc: ["a"],
    lambda tc: "a",
    lambda tc: None,
    lambda tc: {"a": 1},
    lambda tc: tc.SFrame({"a": ["b"]}),
    lambda tc: tc.SArray([{"a": {"b": 1}}]),
    lambda tc: tc.SArray([[None, "a"]], list),
]
OPTIONS = {
    "count_words": ("delimiters", "to_lower"),
    "tokenize": ("delimiters", "to_lower"),
    "count_ngrams": ("delimiters", "n", "method", "ignore_punct", "ignore_space"),
    "drop_words": ("stop_words",),
}
VALUES = (None, "a", {"a"}, ("a",), [], [1], ["ab"], [""], 0, -1, 2.5, True)


def wrong(function: str, make: Call) -> Call:
    return lambda tc: getattr(tc.text_analytics, function)(make(tc))


def with_option(function: str, option: str, value: Any) -> Call:
    return lambda tc: getattr(tc.text_analytics, function)(tc.SArray(["a b"]), **{option: value})


CALLS.update(
    {
        f"{function} of wrong {i}": wrong(function, make)
        for function in TEXT_FUNCTIONS
        for i, make in enumerate(WRONG)
    }
)
CALLS.update({
    f"{function} {option}={value!r}": with_option(function, option, value)
    for function, options in OPTIONS.items()
    for option in options
    for value in VALUES
})  # fmt: skip

# --- distances --------------------------------------------------------------------------------

DISTANCES = (
    "euclidean", "squared_euclidean", "gaussian_kernel", "manhattan", "cosine",
    "transformed_dot_product", "jaccard", "weighted_jaccard", "levenshtein",
)  # fmt: skip
PAIRS: dict[str, tuple] = {
    "vectors": ([1, 2, 3], [4, 5, 6.0]),
    "arrays": (array("d", [1, 2]), array("d", [1, 3])),
    "dictionaries": ({"a": 1, "b": 2}, {"b": 3, "c": 4}),
    "empty dictionaries": ({}, {}),
    "an empty dictionary": ({"a": 1}, {}),
    "zeros": ({"a": 0}, {"b": 0}),
    "lists": (["a", "b", "a"], ["b", "c"]),
    "empty lists": ([], []),
    "mixed lists": (["a", 1], ["b", 1]),
    "strings": ("kitten", "sitting"),
    "letters": ("äa", "öa"),
    "empty strings": ("", ""),
    "other types": ([1, 2], {"a": 1}),
    "no number": ({"a": "x"}, {"a": 1}),
    "None in a dictionary": ({"a": None}, {"a": 1}),
    "a list in a dictionary": ({"a": [1]}, {"a": 1}),
    "numbers": (1, 2),
    "None": (None, None),
    "negative counts": ({"a": -1, "b": 2}, {"a": 3, "c": -2}),
    "a vector of zeros": ([0, 0], [1, 1]),
    "tuples": ((1, 2), (1, 3)),
}


def apart(name: str, pair: tuple) -> Call:
    return lambda tc: getattr(tc.distances, name)(*pair)


CALLS.update({f"{n} of {kind}": apart(n, pair) for n in DISTANCES for kind, pair in PAIRS.items()})
ROWS = {"a": 1, "b": 2, "s": "xy", "d": {"k": 1}}, {"a": 2, "b": 4.5, "s": "xz", "d": {"k": 3}}
CALLS.update({
    "compute_composite_distance": lambda tc: tc.distances.compute_composite_distance(
        [[["a", "b"], "euclidean", 2], [("s",), tc.distances.levenshtein, 0.5]], *ROWS
    ),
    "compute_composite_distance of dictionaries": lambda tc: (
        tc.distances.compute_composite_distance([[["d", "a"], "manhattan", 1]], *ROWS)
    ),
    "compute_composite_distance of no rows": lambda tc: (
        tc.distances.compute_composite_distance([[["a"], "manhattan", 1]], 1, 2)
    ),
    "compute_composite_distance of two strings": lambda tc: (
        tc.distances.compute_composite_distance([[["s", "s"], "levenshtein", 1]], *ROWS)
    ),
    "build_address_distance": lambda tc: tc.distances.build_address_distance(
        number="n", street="s", city="c", state="t", zip_code="z"
    ),
    "build_address_distance of a number": lambda tc: tc.distances.build_address_distance(street=1),
    "stop_words": lambda tc: sorted(tc.text_analytics.stop_words()),
    "stop_words de": lambda tc: tc.text_analytics.stop_words("de"),
})  # fmt: skip

# --- nearest neighbors ------------------------------------------------------------------------


def animals(tc: Any) -> Any:
    return tc.SFrame({
        "id": [10, 11, 12, 13],
        "a": [1.0, 2, 5, 5.5],
        "n": [1, 0, 3, 2],
        "s": ["ab", "ac", "xyz", "über"],
        "d": [{"x": 1}, {"x": 2, "y": 1}, {"z": 3}, {"y": 0.5}],
        "v": [[1.0, 2], [2, 3], [9, 9], [0, 0.5]],
        "l": [["p", "q"], ["q"], ["r"], ["q", "q", "r"]],
    })  # fmt: skip


def neighbors(**options: Any) -> Call:
    """Return the call that makes a model and asks it, with what it says of itself."""

    def call(tc: Any) -> Any:
        given = {k: v(tc) if callable(v) else v for k, v in options.items()}
        model = tc.nearest_neighbors.create(animals(tc), verbose=False, **given)
        found = model.query(animals(tc), label="id", k=4, verbose=False)
        fields = {
            "method",
            "num_distance_components",
            "distance_for_summary_struct",
            "num_features",
        }
        fields |= {"num_unpacked_features", "distance"}
        return [found[name] for name in found.column_names()], {f: model._get(f) for f in fields}

    return call


DESCRIBED: dict[str, dict] = {
    "auto of all": {"label": "id"},
    "auto of some": {"features": ["a", "v", "s"]},
    "auto of strings": {"features": ["s"]},
    "levenshtein": {"features": ["s"], "distance": "levenshtein"},
    "levenshtein with a weight": {"distance": [[["s"], "levenshtein", 2]]},
    "jaccard with a weight": {"distance": [[["d"], "jaccard", 2]]},
    "a weight by brute force": {"distance": [[["a"], "euclidean", 2]], "method": "brute_force"},
    "a weight in a tree": {"distance": [[["a"], "euclidean", 2]]},
    "the function manhattan": {
        "features": ["a", "n"],
        "distance": lambda tc: tc.distances.manhattan,
    },
    "weighted_jaccard": {"features": ["d"], "distance": "weighted_jaccard"},
    "weighted_jaccard of lists": {"features": ["l"], "distance": "weighted_jaccard"},
    "gaussian_kernel of dictionaries": {"features": ["d"], "distance": "gaussian_kernel"},
    "gaussian_kernel of columns": {"features": ["d", "a"], "distance": "gaussian_kernel"},
    "three components": {
        "distance": [
            [["a", "v"], "euclidean", 1.5],
            [["s"], "levenshtein", 2],
            [["d", "l"], "jaccard", 1],
        ]
    },
    "tuples": {"distance": [(("a",), "cosine", 1), [("s",), "levenshtein", 1]]},
    "two of one column": {"distance": [[["a"], "euclidean", 1], [["a"], "manhattan", 1]]},
    "no weight": {"distance": [[["v"], "euclidean", 0], [["a"], "euclidean", 0]]},
    "the label inside": {
        "label": "id",
        "distance": [[["a", "id"], "manhattan", 1], [["id"], "manhattan", 1]],
    },
    "components in a tree": {
        "distance": [[["a"], "euclidean", 1.5], [["s"], "levenshtein", 2]],
        "method": "ball_tree",
    },
    "components with lsh": {
        "distance": [[["a"], "euclidean", 1.5], [["s"], "levenshtein", 2]],
        "method": "lsh",
    },
    "strings in a tree": {"features": ["s"], "method": "ball_tree"},
    "strings with lsh": {"features": ["s"], "method": "lsh"},
    "weighted_jaccard with lsh": {
        "features": ["d"],
        "distance": "weighted_jaccard",
        "method": "lsh",
    },
    "jaccard in a tree": {"features": ["d"], "distance": "jaccard", "method": "ball_tree"},
    "another function": {"features": ["v"], "distance": lambda tc: lambda a, b: 0.0},
    "two columns of strings": {"distance": [[["s", "s"], "levenshtein", 2]]},
    "euclidean of strings": {"distance": [[["s"], "euclidean", 2]]},
    "levenshtein of numbers": {"distance": [[["a"], "levenshtein", 2]]},
    "levenshtein of lists": {"distance": [[["l"], "levenshtein", 2]]},
    "jaccard of vectors": {"distance": [[["v"], "jaccard", 2]]},
    "a negative weight": {"distance": [[["v"], "euclidean", -1]]},
    "a large weight": {"distance": [[["v"], "euclidean", 1e10]]},
    "a weight of text": {"distance": [[["v"], "euclidean", "1"]]},
    "no component": {"distance": []},
    "no feature": {"distance": [[[], "euclidean", 1]]},
    "no such column": {"distance": [[["zz"], "euclidean", 1]]},
    "no such distance": {"distance": [[["a"], "eucl", 1]]},
    "two items": {"distance": [[["a"], "euclidean"]]},
    "a name for a list": {"distance": [["a", "euclidean", 1]]},
    "numbers for names": {"distance": [[[1], "euclidean", 1]]},
    "a number for a distance": {"distance": 3},
}
CALLS.update({f"neighbors by {name}": neighbors(**options) for name, options in DESCRIBED.items()})

BY_DESIGN |= {
    "neighbors by a weight in a tree",  # Turi Create's ball tree forgets the weight
    "neighbors by a name for a list",  # Turi Create takes its letters for names
}
