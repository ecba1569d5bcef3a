"""What logistic classifiers are asked for, checked before anything is computed."""

from __future__ import annotations

import numbers
from typing import Any, NamedTuple

import numpy as np

from ..arguments import shown, word
from ..columns.column import Column
from ..columns.kinds import is_collection
from ..columns.selecting import is_missing
from ..columns.values import make_column
from ..errors import ToolkitError
from ..tables.sframe import SFrame
from .logistic_fit import MOST_COEFFICIENTS
from .model import check_sframe

LABEL_TYPES = (int, str)
SOLVERS = ("auto", "newton", "lbfgs", "gd", "fista")
TINY, HUGE, MOST = 1e-10, 1e20, 2**31 - 1
RANGES = {
    "l2_penalty": (0, HUGE),
    "l1_penalty": (0, HUGE),
    "convergence_threshold": (TINY, HUGE),
    "step_size": (TINY, HUGE),
    "lbfgs_memory_level": (1, MOST),
    "max_iterations": (1, MOST),
}
WHOLE = ("lbfgs_memory_level", "max_iterations")
MISSING_VALUE_ACTIONS = {"auto": True, "impute": True, "error": False}
"""Whether missing values are replaced by means, by the names of what to do about them."""
OUTPUT_TYPES = ("class", "probability_vector", "probability", "margin", "rank")
BINARY_OUTPUT_TYPES = ("probability", "margin")
TOP_OUTPUT_TYPES = ("rank", "margin", "probability")


class Examples(NamedTuple):
    """What a classifier learns from: feature columns, and the class of each row.

    `codes` are places in `classes`.
    """

    columns: dict[str, Column]
    classes: list
    codes: np.ndarray


def check_options(options: dict[str, Any]) -> None:
    """Raise ToolkitError where the value of an option is none that it can have."""
    for name, (lowest, highest) in RANGES.items():
        _check_number(name, options[name], lowest, highest)
    rescaling = options["feature_rescaling"]
    if not isinstance(rescaling, bool) and rescaling not in (0, 1):
        raise ToolkitError(
            "Expected boolean value for option 'feature_rescaling'. Cannot interpret "
            f"{shown(rescaling)} as True or False."
        )
    if options["solver"] not in SOLVERS:
        raise ToolkitError(f"Option 'solver' must be one of {', '.join(map(repr, SOLVERS))}.")
    if options["solver"] == "gd":
        raise ToolkitError("Solver gd is not supported: choose auto, newton, lbfgs or fista.")


def _check_number(name: str, value: Any, lowest: float, highest: float) -> None:
    is_whole = name in WHOLE
    if not isinstance(value, numbers.Integral if is_whole else numbers.Real):
        expected = "integer" if is_whole else "numeric"
        raise ToolkitError(
            f"Expected {expected} value for option '{name}'. Cannot cast {shown(value)} to "
            f"{'an integer' if is_whole else 'a numeric'} value."
        )
    if not lowest <= value <= highest:
        raise ToolkitError(f"Option '{name}' must be in the range [{lowest:g}, {highest:.10g}].")


def check_examples(dataset: Any, target: Any, features: Any) -> Examples:
    """Return what is to be learned from.

    Raises ToolkitError, TypeError and ValueError as Turi Create does.
    """
    check_sframe(dataset)
    if not isinstance(target, str):
        raise TypeError(f"target must be the name of a column, not {shown(target)}.")
    names = check_features(dataset, target, features)
    _check_there(dataset, [*names, target])
    if not len(dataset):
        raise ToolkitError("Input data does not contain any rows.")
    classes, codes = _check_labels(dataset._data[target], target)
    return Examples({name: dataset._data[name] for name in names}, classes, codes)


def check_features(dataset: SFrame, target: str, features: Any) -> list[str]:
    """Return the names of the features: those asked for, or all columns but the target."""
    if features is None:
        features = [name for name in dataset.column_names() if name != target]
    if not is_collection(features):
        raise TypeError("Input 'features' must be a list.")
    names = list(features)
    if not all(isinstance(name, str) for name in names):
        raise TypeError("Invalid 'features' value. Feature names must all be of type str.")
    if not names:
        raise ToolkitError("Empty feature set has been specified: name at least one column.")
    for name in [*names, target]:
        if [*names, target].count(name) > 1:
            raise ValueError(f"There are duplicate keys in key list: '{name}'")
    return names


def _check_there(dataset: SFrame, names: list[str]) -> None:
    absent = [name for name in names if name not in dataset.column_names()]
    if absent:
        raise ToolkitError(f"Input data does not contain the following columns: {absent}")


def _check_labels(column: Column, target: str) -> tuple[list, np.ndarray]:
    """Return the classes in their order, and the place of each row's among them."""
    if is_missing(column).any():
        raise ToolkitError(
            f"Target column {target!r} has missing values: use dropna() to drop these rows."
        )
    if column.dtype not in LABEL_TYPES:
        raise ToolkitError(f"Column type of target '{target}' must be int or str.")
    labels = column.values.tolist()
    classes = sorted(set(labels))
    if len(classes) < 2:
        raise ToolkitError("One-class classification is not supported: check the target column.")
    places = {label: place for place, label in enumerate(classes)}
    return classes, np.array([places[label] for label in labels])


def check_size(solver: str, coefficients: int) -> None:
    """Raise ToolkitError where Newton's method was asked for with too many coefficients."""
    if solver == "newton" and coefficients > MOST_COEFFICIENTS:
        raise ToolkitError(
            "Number of coefficients is too large for Newton method. Try using the option "
            "solver='lbfgs'."
        )


def check_weights(given: Any, examples: Examples) -> np.ndarray:
    """Return one weight per class: 1, those given, or with 'auto' more for the rarer.

    Raises ToolkitError where a class has none, or one that is not positive.
    """
    if given is None:
        return np.ones(len(examples.classes))
    if isinstance(given, str) and given == "auto":
        rarity = 1 / np.bincount(examples.codes)
        return rarity / rarity.sum()
    if not isinstance(given, dict):
        raise ToolkitError(
            f"The class_weights parameter cannot be {shown(given)}. Class weights "
            "must be a dictionary, None or 'auto'"
        )
    return np.array([_weight(given, label) for label in examples.classes])


def _weight(given: dict, label: Any) -> float:
    if label not in given:
        raise ToolkitError(
            f"The parameter class_weight does not contain a weight for the class {label}. Make "
            "sure that the types of the keys in the class_weight dictionary are the same as the "
            "type of the target column."
        )
    weight = given[label]
    if not isinstance(weight, numbers.Real) or not weight > 1e-20:
        raise ToolkitError(
            f"The class_weight parameter for the class {label} must be a positive numeric value."
        )
    return float(weight)


def check_validation(validation_set: Any, dataset: SFrame, names: list[str]) -> None:
    """Raise TypeError or ToolkitError unless a validation set is 'auto', None or like the data."""
    if isinstance(validation_set, str) and validation_set != "auto":
        raise TypeError("Unrecognized value for validation_set.")
    if isinstance(validation_set, SFrame):
        if len(validation_set):
            validation_set.head().append(dataset.head())
        _check_there(validation_set, names)
    elif validation_set is not None and not isinstance(validation_set, str):
        raise TypeError(
            "validation_set must be either 'auto', None, or an SFrame matching the training data."
        )


# --- what is to be predicted ----------------------------------------------------------------------


def check_rows(dataset: Any, features: list[str]) -> dict[str, Column]:
    """Return the columns that are there of an SFrame, of a row (a dictionary) or of a list of them.

    Raises ToolkitError for anything else and where there are no rows.
    """
    if isinstance(dataset, (dict, list)):
        return _columns_of([dataset] if isinstance(dataset, dict) else dataset, features)
    check_sframe(dataset)
    if not len(dataset):
        raise ToolkitError("Input data does not contain any rows.")
    there = {name: dataset._data[name] for name in features if name in dataset._data}
    return there or {features[0]: make_column([None] * len(dataset))}


def _columns_of(rows: list, features: list[str]) -> dict[str, Column]:
    if not all(isinstance(row, dict) for row in rows):
        raise ToolkitError(
            "A row must be a dictionary of the features: pass an SFrame, one row or a list of rows."
        )
    columns = {}
    for name in features:
        try:
            columns[name] = make_column([row.get(name) for row in rows])
        except TypeError:
            raise ToolkitError(
                f"The values of {name!r} are of different types in these rows."
            ) from None
    return columns


def check_action(action: Any) -> bool:
    """Return whether missing values are to be replaced. Raises ToolkitError for no such action."""
    if isinstance(action, str) and action in MISSING_VALUE_ACTIONS:
        return MISSING_VALUE_ACTIONS[action]
    raise ToolkitError(
        f"Missing value type {shown(action)} not supported: there are "
        f"{', '.join(MISSING_VALUE_ACTIONS)}."
    )


def check_output_type(output_type: Any, classes: int) -> None:
    """Raise ToolkitError where `predict` has no such output type for so many classes."""
    if not isinstance(output_type, str) or output_type not in OUTPUT_TYPES:
        raise ToolkitError(
            f"Invalid prediction type name {word(output_type)}: there are "
            f"{', '.join(OUTPUT_TYPES)}."
        )
    if output_type in BINARY_OUTPUT_TYPES and classes > 2:
        raise ToolkitError(
            f"Output type '{output_type}' is only supported for binary classification. For "
            "multi-class classification, use predict_topk() instead."
        )


def check_top(output_type: Any, k: Any, classes: int) -> int:
    """Return how many classes `predict_topk` gives. Raises ToolkitError where it can't."""
    if not isinstance(output_type, str) or output_type not in TOP_OUTPUT_TYPES:
        raise ToolkitError(
            f"{word(output_type)} is not a valid option for output_type.  Expected one of: "
            f"{', '.join(TOP_OUTPUT_TYPES)}"
        )
    if not isinstance(k, (int, np.integer)):
        raise ToolkitError(f"The parameter 'k' must be an integer, not {shown(k)}.")
    if k == 0:
        raise ToolkitError("The parameter 'k' must be positive.")
    if not 0 < k <= classes:
        raise ToolkitError(
            f"The training data contained {classes} classes. The parameter 'k' must be less than "
            "or equal to the number of classes in the training data."
        )
    return int(k)
