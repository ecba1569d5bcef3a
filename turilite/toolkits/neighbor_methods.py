"""The methods of nearest neighbors models, as Turi Create chooses and reports them.

Every model searches exactly (see `turilite.search.exact`): a method and its options change only
what the model says of itself.
"""

from __future__ import annotations

import math
from typing import Any

from ..errors import ToolkitError

OPTIONS = {"leaf_size": 0, "num_tables": 20, "num_projections_per_table": 8}
UNORDERED = ("cosine", "transformed_dot_product")  # what a ball tree could not search
NO_TREE = ("levenshtein", "weighted_jaccard")
NO_HASHES = ("levenshtein", "weighted_jaccard", "gaussian_kernel")
TREE_DISTANCES = ("euclidean", "manhattan")
TREE_WIDTH = 200  # the most numbers in a row for which 'auto' is a ball tree
METHOD_FIELDS = {
    "brute_force": {},
    "ball_tree": {"Tree depth": "tree_depth", "Leaf size": "leaf_size"},
    "lsh": {
        "Number of hash tables": "num_tables",
        "Number of projections per table": "num_projections_per_table",
    },
}
"""The names of a method's fields, by their text."""
METHOD_TITLES = {"ball_tree": "Ball Tree Attributes", "lsh": "LSH Attributes"}


def check_option_names(options: dict[str, Any]) -> None:
    """Raise ToolkitError for an option that no method has."""
    for option in options:
        if option not in OPTIONS:
            raise ToolkitError(f"There is no option {option!r} of a nearest neighbors model.")


def check_method(method: str, options: dict[str, Any]) -> None:
    """Raise ValueError where there is no such method, ToolkitError for a wrong option."""
    if method != "auto" and method not in METHOD_FIELDS:
        raise ValueError(
            f"There is no method {method!r}; there are auto, {', '.join(METHOD_FIELDS)}."
        )
    for name, default in OPTIONS.items():
        value = options.get(name, default)
        if not isinstance(value, int) or not 0 <= value < 2**31:
            raise ToolkitError(f"Option {name} must be an integer of 0 or more, not {value!r}.")


def check_method_distance(method: str, distance: str) -> None:
    """Raise ToolkitError where a method can't search by a distance."""
    refused = {"ball_tree": NO_TREE, "lsh": NO_HASHES}.get(method, ())
    if distance in refused:
        raise ToolkitError(f"Method {method!r} has no distance {distance!r}: use 'brute_force'.")


def chosen_method(method: str, distance: str, width: int, is_dense: bool) -> str:
    """Return the method that 'auto' is for rows of `width` numbers, any other as it is."""
    if method != "auto":
        return method
    tree = is_dense and distance in TREE_DISTANCES and width <= TREE_WIDTH
    return "ball_tree" if tree else "brute_force"


def method_fields(method: str, distance: str, count: int, options: dict[str, Any]) -> dict:
    """Return the method and its options for `count` references."""
    fields = {**OPTIONS, **options}
    if distance == "cosine":
        fields["num_projections_per_table"] = options.get("num_projections_per_table", 16)
    fields["leaf_size"] = fields["leaf_size"] or max(1000, math.ceil(count / 2048))
    leaves = math.ceil(count / fields["leaf_size"])
    fields["tree_depth"] = math.ceil(math.log2(leaves)) + 1
    return {"method": method, **{name: fields[name] for name in METHOD_FIELDS[method].values()}}
