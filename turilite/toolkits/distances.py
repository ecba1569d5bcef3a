"""Distances between two dictionaries, two lists, two vectors or two strings.

They are those of nearest neighbors models, which take these functions or their names alike.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import Any, Callable

import numpy as np

from ..arguments import spoken
from ..columns.kinds import NAMES, NUMERIC_LIST, kind_of
from ..errors import ToolkitError
from ..missing_api import names_of_module
from ..search import exact, sparse
from ..search.pairs import Summand, k_nearest
from ..search.points import Points
from ..search.sparse import Bags, to_rows
from ..search.strings import Strings

Value = Any  # a dictionary, a list, a vector or a string
FOR_ADDRESSES = {"number": 1, "street": 5, "state": 5}
"""The weights of the parts of an address that are compared by their words."""

__all__ = [
    "build_address_distance",
    "compute_composite_distance",
    "cosine",
    "euclidean",
    "gaussian_kernel",
    "jaccard",
    "levenshtein",
    "manhattan",
    "squared_euclidean",
    "transformed_dot_product",
    "weighted_jaccard",
]


@spoken
def euclidean(x: Value, y: Value) -> float:
    """Return the Euclidean distance; a key that one lacks counts as 0, here and below."""
    return _distance("euclidean", x, y)


@spoken
def squared_euclidean(x: Value, y: Value) -> float:
    """Return the square of the Euclidean distance."""
    return _distance("squared_euclidean", x, y)


@spoken
def gaussian_kernel(x: Value, y: Value) -> float:
    """Return 1 - exp(-d) of the squared Euclidean distance d."""
    return _distance("gaussian_kernel", x, y)


@spoken
def manhattan(x: Value, y: Value) -> float:
    """Return the sum of the absolute differences."""
    return _distance("manhattan", x, y)


@spoken
def cosine(x: Value, y: Value) -> float:
    """Return 1 - the cosine of the angle; 1 where one is of zeros."""
    return _distance("cosine", x, y)


@spoken
def transformed_dot_product(x: Value, y: Value) -> float:
    """Return log(1 + exp(-p)) of the dot product p."""
    return _distance("transformed_dot_product", x, y)


@spoken
def jaccard(x: Value, y: Value) -> float:
    """Return 1 - shared keys / all keys, of dictionaries or lists."""
    return _distance("jaccard", x, y)


@spoken
def weighted_jaccard(x: Value, y: Value) -> float:
    """Return 1 - sum of minima / sum of maxima, of dictionaries or of counts in lists."""
    return _distance("weighted_jaccard", x, y)


@spoken
def levenshtein(x: str, y: str) -> float:
    """Return how many letters (bytes of UTF-8) of a string are to be changed to get another."""
    for value in (x, y):
        kind = _kind(value)
        if kind is not str:
            raise ToolkitError(f"Expecting string. But we got a {NAMES[kind]}")
    return _computed("levenshtein", Strings([x]), Strings([y]))


FUNCTIONS: dict[str, Callable[[Any, Any], float]] = {
    function.__name__: function
    for function in (
        euclidean,
        squared_euclidean,
        gaussian_kernel,
        manhattan,
        cosine,
        transformed_dot_product,
        jaccard,
        weighted_jaccard,
        levenshtein,
    )
}
"""The distances by their names, as nearest neighbors models take them."""


def name_of(distance: Any) -> Any:
    """Return the name of one of these functions; anything else as it is."""
    known = {function: name for name, function in FUNCTIONS.items()}
    return known.get(distance, distance) if callable(distance) else distance


def _distance(name: str, x: Value, y: Value) -> float:
    kind = _kind(x)
    if _kind(y) is not kind:
        raise ToolkitError("Argument types must match.")
    if kind is array and name in exact.DISTANCES:
        return _of_vectors(name, x, y)
    if kind in (dict, list) and name in sparse.DISTANCES:
        return _of_bags(name, _bag(x), _bag(y))
    raise ToolkitError("This distance does not support the provided type.")


def _kind(value: Value) -> type:
    """Return the type that a value has in a column."""
    kind = kind_of(value)
    known = {NUMERIC_LIST: array, "empty list": list, None: type(None)}
    return known.get(kind, kind)


def _of_vectors(name: str, x: Value, y: Value) -> float:
    first, second = (np.array([list(value)], float) for value in (x, y))
    if first.shape != second.shape:
        raise ToolkitError(f"The vectors have {first.size} and {second.size} numbers.")
    return _computed(name, Points(first), Points(second))


def _bag(value: dict | list) -> dict:
    """Return a dictionary as it is, a list as the counts of its items."""
    if not isinstance(value, dict):
        return Counter(value)
    for number in value.values():
        if isinstance(number, str):
            raise ToolkitError(f"Dictionary value {number!r} is not a number.")
    return {key: 0 if number is None else number for key, number in value.items()}


def _of_bags(name: str, x: dict, y: dict) -> float:
    if not x and not y:
        return 0.0
    keys: dict[object, int] = {}
    try:
        first, second = (to_rows([value], keys, grow=True) for value in (x, y))
    except ValueError as error:
        raise ToolkitError(f"Key {error} of a dictionary has no number.") from None
    first.resize(second.shape)
    return _computed(name, Bags(first), Bags(second))


def _computed(name: str, x: Any, y: Any) -> float:
    return float(k_nearest([Summand(x, y, name)]).distance[0])


# --- composite distances ----------------------------------------------------------------------


@spoken
def compute_composite_distance(distance: list, x: dict, y: dict) -> float:
    """Return the weighted sum of distances between two rows, given as dictionaries.

    `distance` is a list of components `[names of columns, distance, weight]`. Raises TypeError
    and ValueError where it is no composite distance, or where the rows have other types.
    """
    check_composite(distance)
    if not isinstance(x, dict) or not isinstance(y, dict):
        raise TypeError("x and y are rows of an SFrame, as dictionaries.")
    total = 0.0
    for features, function, weight in distance:
        name = name_of(function)
        if name == "levenshtein":
            if len(features) > 1:
                raise ValueError("levenshtein compares one column: join strings into one first.")
            parts = x[features[0]], y[features[0]]
        else:
            parts = _joined(features, x, y)
        total += weight * FUNCTIONS.get(name, function)(*parts)
    return total


def check_composite(distance: Any) -> None:
    """Raise TypeError or ValueError where `distance` is no composite distance."""
    if not isinstance(distance, list):
        raise TypeError("A composite distance is a list of components.")
    if not distance:
        raise ValueError("A composite distance needs at least one component.")
    for component in distance:
        check_component(component)


def check_component(component: Any) -> None:
    """Raise TypeError or ValueError where a list is no component of a composite distance."""
    if not isinstance(component, (list, tuple)) or len(component) != 3:
        raise TypeError("A distance component is a list: [feature names, distance, weight].")
    features, distance, weight = component
    if not isinstance(features, (list, tuple)) or not all(isinstance(f, str) for f in features):
        raise TypeError("The first item of a distance component is a list of column names.")
    if not features:
        raise ValueError("The list of column names of a distance component is empty.")
    if not isinstance(distance, str) and not callable(distance):
        raise ValueError("The second item of a distance component is a distance or its name.")
    if isinstance(distance, str) and distance not in FUNCTIONS:
        raise ValueError(f"There is no distance {distance!r}; there are {', '.join(FUNCTIONS)}.")
    if not isinstance(weight, (int, float)) or not weight >= 0:
        raise ValueError("The third item of a distance component is a weight of 0 or more.")


def _joined(features: Any, x: dict, y: dict) -> tuple[dict, dict]:
    """Return the values of several columns of two rows as one dictionary each."""
    joined: tuple[dict, dict] = ({}, {})
    for name in features:
        kinds = {_kind_in_row(row[name]) for row in (x, y)}
        if len(kinds) > 1:
            raise ValueError(f"Column {name!r} has different types in the two rows.")
        for out, row in zip(joined, (x, y)):
            out.update(_entries(name, row[name]))
    return joined


def _kind_in_row(value: Value) -> type:
    return float if isinstance(value, (int, float)) else type(value)


def _entries(name: str, value: Value) -> dict:
    if isinstance(value, (int, float, str)):
        return {name: value}
    if isinstance(value, dict):
        return {f"{name}.{key}": number for key, number in value.items()}
    if isinstance(value, (list, array)):
        return {(name, place): number for place, number in enumerate(value)}
    raise TypeError(f"Column {name!r} is of a type that has no distance.")


@spoken
def build_address_distance(
    number: str | None = None,
    street: str | None = None,
    city: str | None = None,
    state: str | None = None,
    zip_code: str | None = None,
) -> list:
    """Return the composite distance that Turi Create proposes for these columns of addresses."""
    names = {"number": number, "street": street, "state": state}
    letters = [city, zip_code]
    for name in (*names.values(), *letters):
        if name is not None and not isinstance(name, str):
            raise TypeError("Give the names of columns, as strings.")
    parts = [[[name], "jaccard", FOR_ADDRESSES[part]] for part, name in names.items() if name]
    together = [name for name in letters if name]
    return parts + ([[together, "levenshtein", 1]] if together else [])


__getattr__ = names_of_module("turilite.distances", __all__)
