"""Answers that can be checked and not read: the students' edition holds them in this form.

A sealed answer is a salted hash (PBKDF2-HMAC-SHA256, RFC 8018) of the answer's type and value, of
a float to 4 decimals. Whoever tries all answers that are possible finds the right one, as by
calling `check_answer` again and again; what is graded is another data set.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

PREFIX = "sealed"
ROUNDS = 20_000  # some 10 ms
STEP = 1e-4  # floats are rounded to it; the next one on both sides counts as equal


def seal(answer: Any) -> str:
    """Return a sealed answer, of an int, a float or a word."""
    salt = secrets.token_hex(8)
    is_float = isinstance(answer, float)
    kind = "float" if is_float else "exact"
    text = steps_of(answer) if is_float else exact(answer)
    return f"{PREFIX}:{kind}:{salt}:{digest(text, salt)}"


def is_sealed(answer: Any) -> bool:
    return isinstance(answer, str) and answer.startswith(f"{PREFIX}:")


def opens(sealed: str, value: Any) -> bool:
    """Return whether a value is the answer that was sealed: of a float, within 1e-4 or a bit more.

    Ints count where a float is expected, never the other way round.
    """
    _, kind, salt, sealed_digest = sealed.split(":")
    if kind == "exact":
        texts = [exact(value)]
    elif type(value) in (int, float) and abs(value) < float("inf"):
        texts = [steps_of(value, by) for by in (0, -1, 1)]
    else:
        texts = []
    return any(hmac.compare_digest(digest(text, salt), sealed_digest) for text in texts)


def exact(value: Any) -> str:
    return f"{type(value).__name__} {value}"


def steps_of(value: float, by: int = 0) -> str:
    return f"float {round(value / STEP) + by}"


def digest(text: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", text.encode(), salt.encode(), ROUNDS).hex()[:32]
