"""Words and n-grams of texts, as Turi Create finds them.

Only the letters A-Z have a lower case here. Turi Create looks at bytes: it fails where that would
cut a letter that is not ASCII in two, as characters, a Penn Treebank token or a delimiter do; here
they are whole letters.
"""

from __future__ import annotations

import re
import string
import warnings
from collections import Counter
from itertools import islice
from typing import Any, Callable, Iterable, Iterator

from ..errors import ToolkitError

Delimiters = Any  # a list of single characters, None for the Penn Treebank's tokens
Tokenize = Callable[[str], Iterable[str]]

SPACES = "\r\v\n\f\t "
DEFAULT_DELIMITERS = [*SPACES, *string.punctuation]
LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
TOKEN = re.compile(
    r"[+.-]?[0-9]+(?:[.,()-]+[0-9]+)*"  # a number
    rf"|[^\w{SPACES}]"  # a punctuation mark
    rf"|\w(?:[^{SPACES}]*\w)?"  # what has letters at both ends, such as an address
)
PART = re.compile(rf"[nN]?'\w*|[^{SPACES}']*[^nN{SPACES}']")
"""The parts of a token with an apostrophe: it's gives it and 's, isn't gives is and n't."""


def check_delimiters(delimiters: Delimiters) -> None:
    """Raise TypeError or ValueError for anything but None or a list of single characters."""
    if delimiters is None:
        return
    if not isinstance(delimiters, list):
        kind = type(delimiters).__name__
        raise TypeError(f"delimiters must be a list of single characters or None, not {kind}.")
    for delimiter in delimiters:
        if not isinstance(delimiter, str):
            raise TypeError(f"A delimiter is a character, not {delimiter!r}.")
        if len(delimiter) != 1:
            raise ValueError(f"A delimiter is a single character, not {delimiter!r}.")


def lower(text: str) -> str:
    """Return the text with A-Z in lower case."""
    return text.translate(LOWER)


def splitter(delimiters: Delimiters, to_lower: bool) -> Tokenize:
    """Return what splits a text at delimiters, or into the Penn Treebank's tokens with None."""
    if delimiters is None:
        return _cased(_treebank_tokens, to_lower)
    if not delimiters:
        return _cased(lambda text: [text] if text else [], to_lower)
    word = re.compile(f"[^{''.join(map(re.escape, delimiters))}]+")
    return _cased(word.findall, to_lower)


def tokenizer(delimiters: Delimiters, to_lower: bool) -> Tokenize:
    """Return what splits a text as `splitter` does, but for what a regular expression understands.

    Turi Create puts the delimiters into brackets as they are. So a backslash before a bracket
    splits nothing, and a hyphen between two others is a range. Raises ToolkitError where that is
    no regular expression.
    """
    if delimiters is None:
        return _cased(_treebank_tokens, to_lower)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # on sets within sets
            word = re.compile(f"[^{''.join(delimiters)}]+")
    except re.error as error:
        raise ToolkitError(f"The delimiters {delimiters} make no character set: {error}.") from None
    return _cased(word.findall, to_lower)


def _cased(split: Tokenize, to_lower: bool) -> Tokenize:
    return (lambda text: split(lower(text))) if to_lower else split


def _treebank_tokens(text: str) -> Iterator[str]:
    for token in TOKEN.findall(text):
        yield from PART.findall(token) if "'" in token else [token]


def word_ngrams(words: Iterable[str], n: int) -> Counter:
    """Return how often each run of `n` words occurs, joined by blanks."""
    words = list(words)
    return Counter(" ".join(words[i : i + n]) for i in range(len(words) - n + 1))


def character_ngrams(text: str, n: int, ignored: str) -> Counter:
    """Return how often each run of `n` characters occurs in a text without the `ignored` ones.

    As in Turi Create, no run begins in the last n - 1 characters of the text, ignored or not.
    """
    counts: Counter = Counter()
    start, last = 0, len(text) - n
    while start <= last:
        while start < len(text) and text[start] in ignored:
            start += 1
        run = "".join(islice((letter for letter in text[start:] if letter not in ignored), n))
        if len(run) == n:
            counts[run] += 1
        start += 1
    return counts
