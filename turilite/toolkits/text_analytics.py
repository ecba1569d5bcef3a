"""Texts as columns of words and their counts, weighed and searched, as Turi Create counts them.

A text is a string, a list of strings, or a dictionary of texts and how often each occurs.
"""

from __future__ import annotations

import math
import random
import string
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Callable

from ..arguments import shown, spoken
from ..errors import ToolkitError
from ..missing_api import names_of_module
from ..tables.checks import check_path
from ..tables.sarray import SArray
from ..tables.sframe import SFrame
from . import words
from .words import DEFAULT_DELIMITERS, SPACES, Delimiters

__all__ = [
    "bm25",
    "count_ngrams",
    "count_words",
    "drop_words",
    "parse_docword",
    "parse_sparse",
    "random_split",
    "stop_words",
    "tf_idf",
    "tokenize",
]
TEXTS = {str: "string", list: "list", dict: "dictionary"}
TERMS = (int, str, type(None))  # what a weighed text consists of
STOP_WORDS = Path(__file__).with_name("stop_words.txt")
"""The English stop words of the SMART retrieval system, as Turi Create has them."""
USUAL_N = 5


# --- counting ---------------------------------------------------------------------------------


@spoken
def count_words(
    text: SArray, to_lower: bool = True, delimiters: Delimiters = DEFAULT_DELIMITERS
) -> SArray:
    """Return the words of each text with their counts, as dictionaries of floats.

    A text is split at `delimiters`, single characters; with None into the Penn Treebank's tokens,
    whose counts are integers and disregard the values of a dictionary. Missing texts stay missing.
    """
    _check_text(text, to_lower, delimiters)
    split = words.splitter(delimiters, to_lower)

    def count(value: Any) -> dict:
        counts: Counter = Counter()
        for part, weight in _parts(value, "count_words"):
            for word in split(part):
                counts[word] += 1 if delimiters is None else float(weight)
        return dict(counts)

    return text.apply(count, dict)


@spoken
def count_ngrams(  # noqa: PLR0917 - Turi Create's arguments in its order
    text: SArray,
    n: int = 2,
    method: str = "word",
    to_lower: bool = True,
    delimiters: Delimiters = DEFAULT_DELIMITERS,
    ignore_punct: bool = True,
    ignore_space: bool = True,
) -> SArray:
    """Return the runs of `n` words (or with `method='character'` letters) of each text, counted."""
    _check_text(text, to_lower, delimiters, ignore_punct=ignore_punct, ignore_space=ignore_space)
    _check_n(n, method)
    split = words.tokenizer(delimiters, to_lower)
    ignored = string.punctuation * ignore_punct + SPACES * ignore_space

    def runs(part: str) -> Counter:
        if method == "word":
            return words.word_ngrams(split(part), n)
        return words.character_ngrams(words.lower(part) if to_lower else part, n, ignored)

    def count(value: Any) -> dict:
        counts: Counter = Counter()
        for part, weight in _parts(value, "count_ngrams", one=1):
            for run, number in runs(part).items():
                counts[run] += number * weight
        return dict(counts)

    return text.apply(count, dict)


def _check_n(n: Any, method: Any) -> None:
    if not isinstance(n, int):
        raise TypeError(f"n must be an integer, not {shown(n)}.")
    if n < 1:
        raise ValueError(f"n must be 1 or more, not {n}.")
    if not isinstance(method, str):
        raise TypeError(f"method must be 'word' or 'character', not {shown(method)}.")
    if method not in ("word", "character"):
        raise ValueError(f"There is no method {method!r}; there are 'word' and 'character'.")
    if n > USUAL_N and method == "word":
        warnings.warn(f"n-grams of more than {USUAL_N} words are unusual.", stacklevel=3)


@spoken
def tokenize(
    text: SArray, to_lower: bool = False, delimiters: Delimiters = DEFAULT_DELIMITERS
) -> SArray:
    """Return the words of each string, as lists."""
    _check_text(text, to_lower, delimiters, kinds=(str,))
    split = words.tokenizer(delimiters, to_lower)
    return text.apply(lambda value: list(split(value)), list)


@spoken
def drop_words(
    text: SArray,
    threshold: int = 2,
    to_lower: bool = True,
    delimiters: Delimiters = DEFAULT_DELIMITERS,
    stop_words: list[str] | None = None,
) -> SArray:
    """Return the texts without stop words and those that occur less than `threshold` times in all.

    The words of a string are joined by blanks. Items of a list, and keys of a dictionary with
    their values as counts, are words as they are. (Turi Create adds 1 for a count in a second
    dictionary.)
    """
    _check_text(text, to_lower, delimiters)
    dropped = _check_dropped(threshold, stop_words)
    split = words.splitter(delimiters, to_lower)

    def of(value: Any) -> list[tuple[str, Any]]:
        if isinstance(value, str):
            return [(word, 1) for word in split(value)]
        cased = words.lower if to_lower else str
        return [(cased(part), weight) for part, weight in _parts(value, "drop_words", one=1)]

    counts: Counter = Counter()
    for value in text:
        for word, weight in of(value) if value is not None else ():
            counts[word] += int(weight)

    def kept(value: Any) -> Any:
        rest = [(word, weight) for word, weight in of(value) if counts[word] >= threshold]
        rest = [(word, weight) for word, weight in rest if word not in dropped]
        if isinstance(value, dict):
            return dict(rest)
        return (
            " ".join(word for word, _ in rest) if isinstance(value, str) else [w for w, _ in rest]
        )

    return text.apply(kept, text.dtype)


def _check_dropped(threshold: Any, stop_words: Any) -> set:
    """Return the stop words. Raises TypeError or ToolkitError where something can't be."""
    if not isinstance(threshold, int):
        raise TypeError(f"threshold must be an integer, not {shown(threshold)}.")
    if threshold < 1:
        raise ToolkitError(f"threshold must be 1 or more, not {threshold}.")
    if isinstance(stop_words, str) or not isinstance(stop_words, (list, set, type(None))):
        raise TypeError("stop_words must be a list or set of strings.")
    if not all(isinstance(word, str) for word in stop_words or ()):
        raise ToolkitError("All stop_words must be strings.")
    return set(stop_words or ())


@spoken
def stop_words(lang: str = "en") -> set[str]:
    """Return the usual English words without meaning of their own."""
    if lang not in ("en", "english"):
        raise NotImplementedError("There are English stop words only.")
    return set(STOP_WORDS.read_text(encoding="utf-8").split())


# --- weighing ---------------------------------------------------------------------------------


@spoken
def tf_idf(text: SArray) -> SArray:
    """Return the terms of each text with count x log(texts / texts that have the term).

    A string is split at white space; keys of a dictionary and items of a list are terms as they
    are. Counts are rounded down; what is no number counts 0. Raises ToolkitError for counts below
    1, and for terms that are neither strings nor integers.
    """
    _check_sarray(text)
    if not len(text):
        return SArray()
    _check_kind(text, (str, list, dict))
    bags = _bags(text)
    present = [bag for bag in bags if bag is not None]
    frequency = Counter(term for bag in present for term in bag)
    _check_terms(frequency)

    def weigh(bag: Mapping) -> dict:
        return {
            term: 0.0 if count is None else count * math.log(len(bags) / frequency[term])
            for term, count in ((term, _whole(count)) for term, count in bag.items())
        }

    return SArray([None if bag is None else weigh(bag) for bag in bags], dict)


@spoken
def bm25(dataset: SArray, query: Any, k1: float = 1.5, b: float = 0.75) -> SFrame:
    """Return doc_id (row) and bm25, the score of each text that has a word of the `query`.

    `k1` says how much the counts of a word matter, `b` how much a long text is marked down. The
    score is that of Okapi BM25. Texts are as in `tf_idf`; missing ones are left out.
    """
    if not isinstance(dataset, SArray):
        raise TypeError("dataset must be an SArray of dictionaries, lists or strings.")
    wanted = _check_query(query)
    _check_bound("k1", k1, 1e11)
    _check_bound("b", b, 1.0)
    _check_kind(dataset, (str, list, dict))
    documents = {row: bag for row, bag in enumerate(_bags(dataset)) if bag is not None}
    frequency = Counter(term for bag in documents.values() for term in bag)
    _check_terms(frequency)
    average = _mean_length(documents.values())

    def score(bag: Mapping) -> float:
        counts = {term: _whole(count) or 0 for term, count in bag.items()}
        shrink = k1 * (1 - b + b * sum(counts.values()) / average)
        return sum(
            _rarity(len(documents), frequency[term]) * (count * (k1 + 1)) / (count + shrink)
            for term, count in counts.items()
            if count and term in wanted
        )

    found = {row: score(bag) for row, bag in documents.items() if wanted.intersection(bag)}
    scores = {"doc_id": SArray(list(found), int), "bm25": SArray(list(found.values()), float)}
    return SFrame(scores)[["doc_id", "bm25"]]


def _rarity(documents: int, frequency: int) -> float:
    return math.log((documents - frequency + 0.5) / (frequency + 0.5))


def _check_query(query: Any) -> set:
    if not isinstance(query, (list, set, dict, SArray)):
        raise TypeError("query must be a list, a set or an SArray of strings.")
    if not len(query) or not all(isinstance(word, str) for word in query):
        raise TypeError("query must have strings as items, at least one.")
    return set(query)


def _check_bound(name: str, value: Any, largest: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number, not {shown(value)}.")
    if not 0 <= value <= largest:
        raise ToolkitError(f"{name} must be between 0 and {largest:g}, not {value}.")


def _mean_length(bags: Iterable[Mapping]) -> float:
    """Return the mean of the sums of counts. Raises ToolkitError where one is no number."""
    lengths = []
    for bag in bags:
        if not all(isinstance(count, (int, float)) for count in bag.values()):
            raise ToolkitError(f"The counts of the words must be numbers: {bag}.")
        lengths.append(sum(bag.values()))
    return sum(lengths) / max(1, len(lengths))


def _bags(text: SArray) -> list:
    """Return the terms of each text with their counts; None where it is missing."""
    if text.dtype is str:
        text = count_words(text, delimiters=list(SPACES))
    return [Counter(value) if isinstance(value, list) else value for value in text]


def _whole(count: Any) -> int | None:
    """Return a count rounded down, None for what is no number."""
    if not isinstance(count, (int, float)):
        return None
    if int(count) < 1:
        raise ToolkitError("Nonpositive dict value found. Only positive numeric values allowed.")
    return int(count)


def _check_terms(terms: Iterable) -> None:
    for term in terms:
        if not isinstance(term, TERMS):
            raise ToolkitError(f"A term must be a string or an integer, not {term!r}.")


# --- what a text is ---------------------------------------------------------------------------


def _check_sarray(text: Any) -> None:
    if not isinstance(text, SArray):
        raise ToolkitError("Input text is not an SArray.")


def _check_kind(text: SArray, kinds: tuple[type, ...]) -> None:
    """Raise ToolkitError for a column of anything else."""
    if text.dtype not in kinds:
        raise ToolkitError(
            f"The column is of {text.dtype.__name__}: it must be of "
            f"{', '.join(TEXTS[kind] for kind in kinds)}."
        )


def _check_text(
    text: Any,
    to_lower: Any,
    delimiters: Any,
    kinds: tuple[type, ...] = (str, list, dict),
    **flags: Any,
) -> None:
    """Raise what is wrong with texts and with how they are to be split."""
    _check_sarray(text)
    for name, flag in {"to_lower": to_lower, **flags}.items():
        if not isinstance(flag, bool):
            raise TypeError(f"{name} must be True or False, not {shown(flag)}.")
    words.check_delimiters(delimiters)
    _check_kind(text, kinds)


def _parts(value: Any, used_by: str, one: float = 1.0) -> Iterable[tuple[str, Any]]:
    """Return the strings in a text, each with its weight: `one`, or a dictionary's value.

    Raises ToolkitError for other items, keys that are no strings, values that are no numbers.
    """
    if isinstance(value, dict):
        return [_checked(key, weight, used_by) for key, weight in value.items()]
    return [_checked(part, one, used_by) for part in ([value] if isinstance(value, str) else value)]


def _checked(part: Any, weight: Any, used_by: str) -> tuple[str, Any]:
    if not isinstance(part, str) or not isinstance(weight, (int, float)):
        raise ToolkitError(
            f"{used_by} takes strings, lists of strings, and dictionaries of strings with "
            f"numbers, not {part!r}: {weight!r}."
        )
    return part, weight


# --- files and samples ------------------------------------------------------------------------


@spoken
def random_split(dataset: SArray, prob: float = 0.5) -> tuple[SArray, SArray]:
    """Return counted texts in two parts: each occurrence is in the second with `prob`."""
    _check_sarray(dataset)
    _check_kind(dataset, (dict,))
    _check_bound("prob", prob, 1)

    def part(bag: Mapping) -> list[dict]:
        second = {
            word: sum(random.random() < prob for _ in range(int(count)))
            for word, count in bag.items()
        }
        first = {word: int(count) - second[word] for word, count in bag.items()}
        return [{word: n for word, n in counts.items() if n} for counts in (first, second)]

    parts = [None if bag is None else part(bag) for bag in dataset]
    halves = [[None if both is None else both[i] for both in parts] for i in (0, 1)]
    return SArray(halves[0], dict), SArray(halves[1], dict)


@spoken
def parse_sparse(filename: str, vocab_filename: str) -> SArray:
    """Return the texts in a file of lines `count word:count ...`, words being lines of another."""
    vocabulary = _lines(vocab_filename)

    def bag(line: str) -> dict:
        pairs = (pair.split(":") for pair in line.split(" ")[1:])
        return {_word(vocabulary, int(word)): int(count) for word, count in pairs}

    return SArray([bag(line) for line in _lines(filename)], dict)


@spoken
def parse_docword(filename: str, vocab_filename: str) -> SArray:
    """Return the texts in a file: three lines, then lines `text word count`, numbered from 1."""
    vocabulary = _lines(vocab_filename)
    bags: dict[int, dict] = {}
    for line in _lines(filename)[3:]:
        document, word, count = map(int, line.split(" "))
        bags.setdefault(document, {})[_word(vocabulary, word - 1)] = count
    return SArray([bags[document] for document in sorted(bags)], dict)


def _lines(filename: str) -> list[str]:
    return Path(check_path(filename)).expanduser().read_text(encoding="utf-8").splitlines()


def _word(vocabulary: list[str], number: int) -> str:
    if not 0 <= number < len(vocabulary):
        raise ToolkitError(f"The vocabulary has {len(vocabulary)} words, none is number {number}.")
    return vocabulary[number]


__getattr__: Callable[[str], Any] = names_of_module(__name__, __all__)
