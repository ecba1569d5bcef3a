"""Text to numbers, vectors, lists and dictionaries: the notation of Turi Create.

The grammar is that of its `flexible_type_spirit_parser.cpp`: `[1 2;3,4]` is a vector, `[a,"b",]` a
list whose last item is missing, `{a:1 b:2}` a dictionary. Texts need no quotes where they hold no
mark of the notation. A choice is not taken back (a parsing expression grammar): what was read as
a number and is followed by something else is read once more, as text.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping
from typing import Any, Optional, Tuple

from .kinds import INT64, NAMES

SPACE = " \t\n\v\f\r"
INTEGER = re.compile(r"[-+]?\d+", re.ASCII)
REAL = re.compile(
    r"[-+]?(?:(?:\d+\.\d*|\.\d+)(?:e[-+]?\d+)?|\d+e[-+]?\d+|nan(?:\([^)]*\))?|inf(?:inity)?)",
    re.ASCII | re.IGNORECASE,
)
ANY_BLANKS = f"[{SPACE}]*"
BLANKS = re.compile(ANY_BLANKS)
BLANK = frozenset(SPACE)
NUMBER_START = frozenset("+-.0123456789nNiI")
NUMBER = rf"(?:{REAL.pattern}|{INTEGER.pattern})"
VECTOR = re.compile(  # all at once, which is many times as fast as number by number
    rf"\[[{SPACE}]*{NUMBER}(?:(?:[{SPACE}]*[,;]|[{SPACE}])[{SPACE}]*{NUMBER})*[{SPACE}]*\]",
    re.ASCII | re.IGNORECASE,
)
SEPARATORS = str.maketrans(",;", "  ")
BARE = r"[^\W\d]\w*"  # a text that needs no quotes, whatever is around it
VECTOR_SEPARATOR = re.compile(f"[{SPACE}]*[,;]|[{SPACE}]")
PAIR_SEPARATOR = re.compile(f"[{SPACE}]*,|[{SPACE}]")
PAIR_END = re.compile(f"[,}}{SPACE}]")
IN_LIST, IN_DICTIONARY = ",{}[]", " ,\t{}[]:;"
LETTERS = {"t": "\t", "b": "\b", "r": "\r", "n": "\n", **{mark: mark for mark in "'\"\\/"}}
HIGH, LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)

Found = Optional[Tuple[Any, int]]  # a value and where it ends; None where there is none


def real(text: str) -> float:
    """Return the number that REAL found."""
    try:
        return float(text)
    except ValueError:  # nan(...), as C writes it
        return float("nan")


def unescaped(text: str, escape: str, doubled: str) -> str:
    r"""Return the text with `\n`, `\"`, `\u0041` ... as what they stand for.

    `escape` is the mark before them ('' for none), `doubled` a quote that stands twice for once.
    """
    if doubled and doubled in text and (not escape or escape not in text):
        return text.replace(doubled * 2, doubled)
    if not escape or escape not in text:
        return text
    mark, quote = re.escape(escape), re.escape(doubled)
    pattern = rf"{mark}(?:u([0-9a-fA-F]{{4}})(?:{mark}u([0-9a-fA-F]{{4}}))?|([tbrn'\"\\/]))"
    pattern += f"|({quote}){quote}" if doubled else ""
    return re.sub(pattern, lambda found: _meant(found, escape), text)


def _meant(found: re.Match, escape: str) -> str:
    """Return the character that an escape sequence stands for."""
    first, second, letter, *quote = found.groups()
    if letter:
        return LETTERS[letter]
    if first is None:
        return quote[0]
    high = int(first, 16)
    if second is None:
        return found[0] if high in HIGH or high in LOW else chr(high)
    low = int(second, 16)
    if high in HIGH and low in LOW:
        return chr(0x10000 + ((high - HIGH.start) << 10) + low - LOW.start)
    return "".join(
        f"{escape}u{digits}" if code in HIGH or code in LOW else chr(code)
        for code, digits in ((high, first), (low, second))
    )


def _atom(mark: str) -> str:
    """Return the pattern of a number or a text in which `mark`, a pattern, is nowhere."""
    text = rf'"(?:(?!{mark})[^"])*"|\'(?:(?!{mark})[^\'])*\'|{BARE}'
    return rf"(?:((?a:{REAL.pattern}))|((?a:[-+]?\d{{1,18}}))|({text}))"


def _flat_lists(mark: str) -> tuple[re.Pattern, re.Pattern]:
    """Return the patterns of a list of numbers and texts only, and of one of these.

    All at once is many times as fast as item by item, as with vectors.
    """
    atom = rf"{_atom(mark)}(?={ANY_BLANKS}[,\]])"
    item = rf"{ANY_BLANKS}{atom}{ANY_BLANKS}"
    return _pattern(rf"\[{item}(?:,{item})*\]"), _pattern(atom)


def _flat_dictionaries(mark: str) -> tuple[re.Pattern, re.Pattern]:
    """Return the patterns of a dictionary of numbers and texts only, and of one of these."""
    atom = rf"{_atom(mark)}(?={ANY_BLANKS}[:,}}]|[{SPACE}])"
    pair = rf"{ANY_BLANKS}{atom}{ANY_BLANKS}:{ANY_BLANKS}{atom}"
    more = rf"(?:(?:{ANY_BLANKS},|[{SPACE}]){pair})*"
    return _pattern(rf"\{{{pair}{more}{ANY_BLANKS}\}}"), _pattern(atom)


def _pattern(text: str) -> re.Pattern:
    return re.compile(text, re.IGNORECASE | re.DOTALL)


class Notation:
    r"""The grammar with the marks of one file.

    `delimiter` ends an unquoted text at the top, `escape` begins `\n` and its like ('' for none).
    `words` are texts with a meaning: {'NA': None}. `quoted_words` says whether they have it in
    quotes too. `skips` says whether blanks are skipped between the signs of a notation.
    """

    def __init__(
        self,
        delimiter: str = ",",
        escape: str = "\\",
        words: Mapping[str, Any] | None = None,
        quoted_words: bool = True,
        skips: bool = True,
    ) -> None:
        self.delimiter = delimiter
        self.escape = escape
        self.words = dict(words or {})
        self.quoted_words = quoted_words
        self.skips = skips
        mark = re.escape(escape) or r"(?!)"
        any_quoted = rf'"(?:{mark}.|""(?=.)|[^"])*"?' + rf"|'(?:{mark}.|[^'])*'?"
        bare = re.escape(delimiter)
        self._in_list = re.compile(f"({any_quoted})|[^{re.escape(IN_LIST)}]+", re.DOTALL)
        self._in_dictionary = re.compile(
            f"({any_quoted})|[^{re.escape(IN_DICTIONARY)}]+", re.DOTALL
        )
        self._at_top = re.compile(
            f"({any_quoted})|(?:(?!{bare}).)+" if delimiter else f"({any_quoted})|.+", re.DOTALL
        )
        self._flat_list, self._atom_of_list = _flat_lists(mark)
        self._flat_dictionary, self._atom_of_dictionary = _flat_dictionaries(mark)

    def skipped(self, text: str, at: int) -> int:
        """Return where the blanks from `at` end."""
        if not self.skips or text[at : at + 1] not in BLANK:
            return at
        blanks = BLANKS.match(text, at)
        assert blanks is not None  # it matches the empty string
        return blanks.end()

    # --- each returns a value and its end, or None --------------------------------------------

    def value(self, text: str, at: int = 0) -> tuple[Any, int]:
        """Return what stands there, whatever its type, to the delimiter; None for nothing."""
        try:
            found = self._anything(text, self.skipped(text, at))
        except RecursionError:  # brackets within hundreds of brackets
            found = None
        if found is not None:
            value, end = found
            end = self.skipped(text, end)
            if self._is_end(text, end):
                return value, end
        return self.word(text, self.skipped(text, at), self._at_top) or (None, at)

    def end(self, text: str, at: int) -> int:
        """Return where the value ends that begins with a bracket there."""
        flat = self._flat_list if text[at] == "[" else self._flat_dictionary
        found = flat.match(text, at)
        if found is not None and (self.skips or self.delimiter not in found[0]):
            end = self.skipped(text, found.end())
            if self._is_end(text, end):
                return end
        return self.value(text, at)[1]

    def _is_end(self, text: str, at: int) -> bool:
        return at == len(text) or (bool(self.delimiter) and text.startswith(self.delimiter, at))

    def _anything(self, text: str, at: int) -> Found:
        return self.plain_value(text, at) or self.word(text, at, self._at_top)

    def plain_value(self, text: str, at: int = 0) -> Found:
        """Return a number, vector, list or dictionary, but no text."""
        return self._first(text, at, (self.vector, self.list))

    def _first(self, text: str, at: int, brackets: tuple) -> Found:
        """Return the first of what can stand there; `brackets` may be vectors and lists."""
        at = self.skipped(text, at)
        mark = text[at : at + 1]
        kinds: tuple = ()
        if mark in NUMBER_START:
            kinds = (self.real, self.integer)
        elif mark == "[":
            kinds = brackets
        elif mark == "{":
            kinds = (self.dictionary,)
        return next(filter(None, (kind(text, at) for kind in kinds)), None)

    def whole(self, text: str, dtype: type) -> tuple[Any, bool]:
        """Return the value of a type that the text begins with, and whether it ends with it.

        Raises ValueError where it begins with none.
        """
        kinds = {
            int: self.integer, float: self.double, array: self.vector,
            list: self.list, dict: self.dictionary,
        }  # fmt: skip
        try:
            found = kinds[dtype](text, 0)
        except (KeyError, RecursionError):
            found = None
        if found is None:
            raise ValueError(
                f'Unable to interpret value of "{text}" as a {NAMES.get(dtype, dtype)}.'
            )
        value, end = found
        return value, not text[end:].strip(SPACE)

    def real(self, text: str, at: int = 0) -> Found:
        found = REAL.match(text, self.skipped(text, at))
        return found and (real(found[0]), found.end())

    def integer(self, text: str, at: int = 0) -> Found:
        found = INTEGER.match(text, self.skipped(text, at))
        if found is None or (len(found[0]) > 18 and int(found[0]) not in INT64):
            return None
        return int(found[0]), found.end()

    def double(self, text: str, at: int = 0) -> Found:
        """Return a number with or without a point."""
        at = self.skipped(text, at)
        found = REAL.match(text, at) or INTEGER.match(text, at)
        return found and (real(found[0]), found.end())

    def vector(self, text: str, at: int = 0) -> Found:
        plain = VECTOR.match(text, self.skipped(text, at)) if self.skips else None
        if plain is not None:
            numbers = plain[0][1:-1].translate(SEPARATORS).split()
            return array("d", map(real, numbers)), plain.end()
        inside = self._opened(text, at, "[")
        if inside is None:
            return None
        end = self._opened(text, inside, "]")
        if end is not None:
            return array("d"), end
        numbers, end = self._several(text, inside, self.double, VECTOR_SEPARATOR)
        closed = self._opened(text, end, "]") if numbers else None
        return closed and (array("d", numbers), closed)

    def list(self, text: str, at: int = 0) -> Found:
        flat = self._flat_list.match(text, self.skipped(text, at)) if self.skips else None
        if flat is not None:
            return self._atoms(flat, self._atom_of_list), flat.end()
        inside = self._opened(text, at, "[")
        if inside is None:
            return None
        end = self._opened(text, inside, "]")
        if end is not None:
            return [], end
        items, end = self._several(text, inside, self._item, None)
        closed = self._opened(text, end, "]") if items else None
        return closed and (items, closed)

    def dictionary(self, text: str, at: int = 0) -> Found:
        flat = self._flat_dictionary.match(text, self.skipped(text, at)) if self.skips else None
        if flat is not None:
            atoms = self._atoms(flat, self._atom_of_dictionary)
            return dict(zip(atoms[::2], atoms[1::2])), flat.end()
        inside = self._opened(text, at, "{")
        if inside is None:
            return None
        pairs, end = self._several(text, inside, self._pair, PAIR_SEPARATOR)
        closed = self._opened(text, end, "}")
        try:
            return closed and (dict(pairs), closed)
        except TypeError:  # a list is no key
            return None

    def word(self, text: str, at: int, pattern: re.Pattern) -> Found:
        """Return a text, quoted or to the next mark, or what it means."""
        found = pattern.match(text, at)
        if found is None:
            return None
        raw, quoted = found[0], found[1]
        if quoted is None:
            word = raw.rstrip(SPACE)
            return self.words.get(word, word), found.end()
        quote = raw[0]
        closed = len(raw) > 1 and raw[-1] == quote
        inner = raw[1:-1] if closed else raw[1:]
        word = unescaped(inner, self.escape, '"' if quote == '"' else "")
        plain = not self.escape or self.escape not in inner  # an escaped NA is a text
        if plain and self.quoted_words:
            word = self.words.get(word, word)
        return word, found.end()

    # --- parts --------------------------------------------------------------------------------

    def _atoms(self, flat: re.Match, atom: re.Pattern) -> list:
        """Return the numbers and texts of a flat list or dictionary."""
        found = atom.findall(flat.string, flat.start() + 1, flat.end())
        return [
            self._plain_text(word) if word else int(whole) if whole else real(number)
            for number, whole, word in found
        ]

    def _plain_text(self, raw: str) -> Any:
        """Return a text without escape sequences, or what it means."""
        if raw[0] not in "'\"":
            return self.words.get(raw, raw)
        return self.words.get(raw[1:-1], raw[1:-1]) if self.quoted_words else raw[1:-1]

    def _opened(self, text: str, at: int, mark: str) -> int | None:
        """Return what follows the mark, None where it does not stand there."""
        at = self.skipped(text, at)
        return at + 1 if text.startswith(mark, at) else None

    def _several(
        self,
        text: str,
        at: int,
        kind: Callable[[str, int], Found],
        separator: re.Pattern | None,
    ) -> tuple[list, int]:
        """Return values with separators between them (None: a comma), and where they end."""
        values = []
        found = kind(text, at)
        end = at
        while found is not None:
            values.append(found[0])
            end = found[1]
            after = self._separated(text, end, separator)
            found = None if after is None else kind(text, after)
        return values, end

    def _separated(self, text: str, at: int, separator: re.Pattern | None) -> int | None:
        if separator is None:
            return self._opened(text, at, ",")
        found = separator.match(text, at)
        return found and found.end()

    def _inner(self, text: str, at: int, pattern: re.Pattern) -> tuple[Any, int]:
        """Return a value inside a list or dictionary; nothing at all is missing."""
        at = self.skipped(text, at)
        found = self._first(text, at, (self.list,)) or self.word(text, at, pattern)
        return found or (None, at)

    def _item(self, text: str, at: int) -> Found:
        value, end = self._inner(text, at, self._in_list)
        if text.startswith((",", "]"), self.skipped(text, end)):
            return value, end
        return self.word(text, self.skipped(text, at), self._in_list)

    def _key(self, text: str, at: int) -> Found:
        value, end = self._inner(text, at, self._in_dictionary)
        if self._opened(text, end, ":") is not None:
            return value, end
        return self.word(text, self.skipped(text, at), self._in_dictionary)

    def _pair(self, text: str, at: int) -> Found:
        key = self._key(text, at)
        after = None if key is None else self._opened(text, key[1], ":")
        if key is None or after is None:
            return None
        value, end = self._inner(text, after, self._in_dictionary)
        if not PAIR_END.match(text, end):
            found = self.word(text, self.skipped(text, after), self._in_dictionary)
            if found is None:
                return None
            value, end = found
        return (key[0], value), end


PLAIN = Notation()
