"""Tables of two tables: the rows of both that are equal in the key columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .column import Column
from .groups import Groups, combined_codes
from .names import unused
from .selecting import concatenate, take, take_or_missing, with_matrix

HOW = ("left", "right", "outer", "inner")


class Joining(NamedTuple):
    """A checked request.

    keys:  the right table's key column of each of the left one's.
    how:   which rows without a partner stay.
    added: the result's name of each further column of the right table.
    """

    keys: dict[str, str]
    how: str
    added: dict[str, str]


def check_joining(
    left: Mapping[str, type],
    right: Mapping[str, type],
    on: Any,
    how: str,
    alter_name: Mapping[str, str] | None,
) -> Joining:
    """Return the request for two tables with columns of these types.

    Raises ValueError, TypeError, KeyError and RuntimeError as Turi Create does.
    """
    if how not in HOW:
        raise ValueError("Invalid join type")
    if not (left and right):
        raise ValueError("Cannot join an SFrame with no columns.")
    keys = _keys(left, right, on)
    renamed = dict(alter_name or {})
    _check_renamed(left, right, keys, renamed)
    _check_keys(left, right, keys)
    added: dict[str, str] = {}
    for name in right:
        if name not in keys.values():
            taken = {*left, *added.values()}
            added[name] = unused(renamed.get(name, name) if name in taken else name, taken)
    return Joining(keys, how, added)


def _keys(left: Mapping[str, type], right: Mapping[str, type], on: Any) -> dict[str, str]:
    if on is None:
        return {name: name for name in left if name in right}
    if isinstance(on, str):
        return {on: on}
    if isinstance(on, dict):
        return on
    if not isinstance(on, list):
        raise TypeError("Must pass a str, list, or dict of join keys")
    if not all(isinstance(name, str) for name in on):
        raise TypeError("Join keys must each be a str.")
    return {name: name for name in on}


def _check_renamed(
    left: Mapping[str, type], right: Mapping[str, type], keys: dict, renamed: dict[str, str]
) -> None:
    for old, new in renamed.items():
        if old not in right or old in keys:
            raise KeyError(f"Redundant key {old} for collision resolution")
        if old == new:
            raise ValueError(f"Key {old} should not be equal to value")
        if new in left or new in right:
            raise ValueError(f"Value {new} will cause further collision")
    if len(set(renamed.values())) < len(renamed):
        raise RuntimeError("Two columns can't get the same name.")


def _check_keys(left: Mapping[str, type], right: Mapping[str, type], keys: dict[str, str]) -> None:
    for one, other in keys.items():
        for name, table in ((one, left), (other, right)):
            if name not in table:
                raise RuntimeError(f"Column name {name} does not exist.")
    if any(left[one] is not right[other] for one, other in keys.items()):
        raise RuntimeError("Columns to join on do not have the same type.")


def join(
    left: Mapping[str, Column], right: Mapping[str, Column], joining: Joining
) -> dict[str, Column]:
    """Return the joined table: rows in the order of the left one, then those of the right alone."""
    sizes = [len(next(iter(table.values()))) for table in (left, right)]
    both = {one: concatenate(left[one], right[other]) for one, other in joining.keys.items()}
    ours, theirs = _matches(combined_codes(both.values(), sum(sizes)), sizes[0], joining.how)
    either = np.where(ours < 0, sizes[0] + theirs, ours)
    out = {}
    for name, column in left.items():
        in_left = name not in both or (ours >= 0).all()
        taken = take_or_missing(column, ours) if in_left else take(both[name], either)
        out[name] = with_matrix(taken)
    for name, new in joining.added.items():
        out[new] = with_matrix(take_or_missing(right[name], theirs))
    return out


def _matches(numbers: np.ndarray, rows: int, how: str) -> tuple[np.ndarray, np.ndarray]:
    """Return row numbers of both tables, -1 where there is no partner.

    `numbers` are those of the `rows` of the left table, then of the right one's; equal ones match.
    """
    ours, theirs = numbers[:rows], numbers[rows:]
    sizes = np.bincount(theirs, minlength=numbers.max(initial=-1) + 1)
    partners = Groups(np.argsort(theirs, kind="stable"), sizes)
    found = partners.sizes[ours]
    copies = np.maximum(found, 1) if how in ("left", "outer") else found
    left = np.repeat(np.arange(rows), copies)
    nth = np.arange(len(left)) - np.repeat(np.cumsum(copies) - copies, copies)
    matched = found[left] > 0
    right = np.full(len(left), -1, np.int64)
    right[matched] = partners.rows[(partners.starts[ours[left]] + nth)[matched]]
    if how in ("right", "outer"):
        alone = np.flatnonzero(np.bincount(ours, minlength=len(sizes))[theirs] == 0)
        left = np.concatenate([left, np.full(len(alone), -1, np.int64)])
        right = np.concatenate([right, alone])
    return left, right
