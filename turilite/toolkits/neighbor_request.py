"""What nearest neighbors models are asked for, checked before anything is computed."""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple

from ..arguments import shown
from ..columns.kinds import NUMERIC
from ..errors import ToolkitError
from ..tables.sframe import SFrame
from .distances import check_component, check_composite, name_of
from .features import BAGS
from .model import check_sframe
from .neighbor_methods import UNORDERED, check_method, check_method_distance, check_option_names

AUTO_DISTANCES = {
    int: "euclidean",
    float: "euclidean",
    array: "euclidean",
    str: "levenshtein",
    dict: "jaccard",
    list: "jaccard",
}
ROW_NUMBER = "__id"  # what Turi Create calls the label where there is none
LISTS_REFUSE = ("euclidean", "squared_euclidean", "manhattan", "gaussian_kernel", "levenshtein")


class Component(NamedTuple):
    """A distance over some feature columns; its weight in a sum of several."""

    features: list[str]
    distance: str
    weight: float = 1.0


class Request(NamedTuple):
    """The checked arguments of `create`; `types` are those of the dataset's columns."""

    label: str | None
    components: list[Component]
    method: str
    options: dict[str, int]
    types: dict[str, type]

    @property
    def features(self) -> list[str]:
        """The feature columns, each once."""
        names = (name for component in self.components for name in component.features)
        return list(dict.fromkeys(names))


def check_create(
    dataset: SFrame,
    label: str | None,
    features: list[str] | None,
    *,
    distance: str | list | None,
    method: str,
    options: dict[str, Any],
) -> Request:
    """Return what a model is to be made of.

    Raises ToolkitError, TypeError and ValueError as Turi Create does.
    """
    _check_table(dataset)
    if features is not None and not isinstance(features, list):
        raise TypeError("features must be a list of column names.")
    check_option_names(options)
    distance = name_of(distance)
    if method == "ball_tree" and distance in UNORDERED:
        raise TypeError(f"method 'ball_tree' can't be used with distance {distance!r}.")
    types = dict(zip(dataset.column_names(), dataset.column_types()))
    _check_label(label, types)
    row_name = ROW_NUMBER if label is None else label
    chosen = [name for name in (features or list(types)) if name != row_name]
    if not chosen or features == []:
        raise ToolkitError("There is no feature column besides the label.")
    components = _components(distance, chosen, row_name, types)
    for component in components:
        _check_columns(component, types)
    check_method(method, options)
    if len(components) > 1:
        method = "brute_force"
    check_method_distance(method, components[0].distance)
    return Request(label, components, method, options, types)


def check_query(
    dataset: SFrame,
    label: str | None,
    k: int | None,
    radius: float | None,
    types: dict[str, type],
) -> None:
    """Raise what is wrong with a query to a model of features of these `types`."""
    _check_table(dataset)
    absent = [name for name in types if name not in dataset.column_names()]
    if absent:
        raise ToolkitError(f"dataset has no columns {absent}, which the model was made from.")
    if label is not None:
        _check_query_label(dataset, label, types)
    check_neighborhood(k, radius)
    for name, expected in types.items():
        given = dataset[name].dtype
        if given is not expected:
            raise ToolkitError(
                f"Column {name!r} is of type {given.__name__}, but the model was made from "
                f"{expected.__name__}."
            )


def check_neighborhood(k: Any, radius: Any) -> None:
    """Raise ValueError where `k` or `radius` can't bound the neighbors of a row."""
    if k is not None and not isinstance(k, int):
        raise ValueError(f"k must be an integer or None, not {shown(k)}.")
    if k is not None and k <= 0:
        raise ValueError(f"k must be at least 1, not {k}.")
    if radius is not None and not isinstance(radius, (int, float)):
        raise ValueError(f"radius must be a number or None, not {shown(radius)}.")
    if radius is not None and not radius >= 0:
        raise ValueError(f"radius must be 0 or more, not {radius}.")


def _check_table(dataset: Any) -> None:
    check_sframe(dataset)
    if not dataset.num_rows() or not dataset.num_columns():
        raise ToolkitError("dataset has no rows or no columns.")


def _check_label(label: Any, types: dict[str, type]) -> None:
    if label is None:
        return
    if not isinstance(label, str):
        raise TypeError("label must be the name of a column.")
    if label not in types:
        raise ToolkitError(f"dataset has no column {label!r} to use as label.")
    _check_label_type(label, types[label])


def _check_query_label(dataset: SFrame, label: str, features: dict[str, type]) -> None:
    if label not in dataset.column_names():
        raise ValueError(f"dataset has no column {label!r} to use as label.")
    _check_label_type(label, dataset[label].dtype)
    if label in features:
        raise ValueError(f"{label!r} is a feature, it can't be the label too.")


def _check_label_type(label: str, kind: type) -> None:
    if kind not in (int, str):
        raise TypeError(f"Labels must be integers or strings; {label!r} has neither.")


# --- the distance -----------------------------------------------------------------------------


def _components(
    distance: Any, features: list[str], label: str, types: dict[str, type]
) -> list[Component]:
    """Return the distance components that `distance` asks for."""
    if distance is None or distance == "auto":
        return _automatic(features, types)
    if isinstance(distance, str) or callable(distance):
        distance = [[features, distance, 1]]
    if not isinstance(distance, list):
        raise TypeError(f"distance must be a name or a list of components, not {distance!r}.")
    components = [_read_component(part, label) for part in distance]
    components = [component for component in components if component.features]
    check_composite([list(component) for component in components])
    return components


def _automatic(features: list[str], types: dict[str, type]) -> list[Component]:
    """Return one component for each column that is not of numbers, and one for all that are."""
    for name in features:
        if name not in types:
            raise KeyError(f"dataset has no column {name!r} to use as feature.")
        if types[name] not in AUTO_DISTANCES:
            raise TypeError(f"There is no distance for column {name!r}; leave it out of features.")
    groups = [[name] for name in features if types[name] not in NUMERIC]
    numbers = [name for name in features if types[name] in NUMERIC]
    groups += [numbers] if numbers else []
    return [Component(names, AUTO_DISTANCES[types[names[0]]]) for names in groups]


def _read_component(part: Any, label: str) -> Component:
    """Return the component that a list of names, a distance and a weight describes."""
    if isinstance(part, (list, tuple)) and len(part) != 3:
        raise ValueError("A distance component has three items: [feature names, distance, weight].")
    check_component(part)
    features, distance, weight = part
    names = [name for name in features if name != label]
    return Component(names, name_of(distance), float(weight))


def _check_columns(component: Component, types: dict[str, type]) -> None:
    """Raise what is wrong with the columns of a component, or with its weight."""
    names, distance, weight = component
    if callable(distance):
        raise RuntimeError("A distance is one of turilite.distances, no other function.")
    if distance == "levenshtein" and len(names) > 1:
        raise ValueError("levenshtein compares one column: join strings into one first.")
    if weight > 1e9:
        raise ToolkitError("The weight of a distance component must be 1e9 at most.")
    for name in names:
        if name not in types:
            raise RuntimeError(f"dataset has no column {name!r} to use as feature.")
        _check_has_distance(name, types[name], distance)


def _check_has_distance(name: str, kind: type, distance: str) -> None:
    """Raise ToolkitError or TypeError where Turi Create has no such distance for a column."""
    if kind not in AUTO_DISTANCES:
        raise ToolkitError(f"Column {name!r} is of type {kind.__name__}: no distance has it.")
    if kind is list and distance in LISTS_REFUSE:
        raise TypeError(f"Distance {distance!r} can't be used on the lists of {name!r}.")
    is_for_strings, is_for_bags = distance == "levenshtein", "jaccard" in distance
    if kind is str and not is_for_strings:
        raise ToolkitError(
            f"Column {name!r} is of strings, whose distance is 'levenshtein'. Or count their words "
            "first, with text_analytics.count_words."
        )
    if (kind is str) != is_for_strings or (is_for_bags and kind not in BAGS):
        raise ToolkitError(f"Distance {distance!r} can't be used on column {name!r}.")
