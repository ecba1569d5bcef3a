"""Turi Create's hash of integers, by which it draws samples: the same seed gives the same rows.

The hash is the one round of MurmurHash2 in `cityhash_tc.hpp`, the cutoff and the use of row
numbers are those of `unity_sarray::make_uniform_boolean_array`.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from .column import Column
from .selecting import is_missing

MULTIPLIER = np.uint64(0xC6A4A7935BD1E995)
OFFSET = np.uint64(0xC3A5C85C97CB3127)
SHIFT = np.uint64(47)
HALF = 2**63


def hash64(integers: np.ndarray) -> np.ndarray:
    """Return the 64-bit hashes of int64 or uint64 numbers."""
    with np.errstate(over="ignore"):
        mixed = (integers.astype(np.uint64) ^ OFFSET) * MULTIPLIER
        return (mixed ^ (mixed >> SHIFT)) * MULTIPLIER


def row_hashes(rows: int, seed: int) -> np.ndarray:
    """Return a hash per row number, as `make_uniform_boolean_array` compares them."""
    return hash64(np.arange(rows, dtype=np.uint64) ^ seed_hash(seed))


def seed_hash(seed: int) -> np.uint64:
    """Return the hash of a seed, which may be negative."""
    return hash64(np.array([seed & (2**64 - 1)], np.uint64))[0]


def chosen(rows: int, fraction: float, seed: int, exact: bool = False) -> np.ndarray:
    """Return the mask of the rows that `sample` and the first part of `random_split` hold.

    Without `exact` each row is drawn on its own, so that their number is near
    `fraction * rows`.
    """
    if exact:
        hashes = hash64(hash64(np.arange(rows, dtype=np.uint64)) ^ seed_hash(seed)).view(np.int64)
        wanted = int(np.float32(fraction) * np.float32(rows))
        if wanted == 0 or wanted >= rows:
            return np.full(rows, wanted > 0)
        return hashes < np.sort(hashes)[wanted]
    half = int(float(np.float32(fraction)) * HALF)
    cutoff = min(HALF, half) + min(HALF - 1, half)
    return row_hashes(rows, seed) <= np.uint64(cutoff)


def seed_of(given: Any) -> int:
    """Return a seed as an integer, one that differs from call to call for None."""
    if given is None:
        return abs(hash(f"{time.time():0.20f}")) % 2**31
    try:
        return int(given)
    except ValueError:
        raise ValueError("The 'seed' parameter must be of type int.") from None


def hashed(integers: Column, seed: int) -> Column:
    """Return Turi Create's hashes of a column of integers, which are signed there."""
    own = hash64(integers.values)
    own[is_missing(integers)] = 0
    return Column(int, hash64(own ^ seed_hash(seed)).view(np.int64))
