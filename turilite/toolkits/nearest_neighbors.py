"""Nearest neighbors models with Turi Create's names, arguments and results.

Every model searches exactly (see ``turilite.search.exact``): 'ball_tree' and 'lsh' are accepted as
methods, and change only what the model says of itself. References at equal distances are ranked
in their order in the dataset.
"""

from __future__ import annotations

import json
import math
import shutil
import time
import uuid
import weakref
from array import array
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import hstack

from ..columns.column import Column
from ..columns.values import missing_mask, take
from ..errors import ToolkitError
from ..search import exact, sparse
from ..search.blocks import Neighbors
from ..search.points import Points
from ..search.sparse import Bags, to_rows
from ..tables.sarray import SArray
from ..tables.sframe import SFrame

BAGS = (dict, list)  # columns whose rows are sparse
AUTO_DISTANCES = {
    int: "euclidean",
    float: "euclidean",
    array: "euclidean",
    str: "levenshtein",
    dict: "jaccard",
    list: "jaccard",
}
NOT_OFFERED = {
    "levenshtein": "the package rapidfuzz",
    "weighted_jaccard": "jaccard, or numpy.minimum and numpy.maximum",
}
DISTANCES = [*exact.DISTANCES, "jaccard"]
LISTS_REFUSE = ("euclidean", "squared_euclidean", "manhattan", "gaussian_kernel")
UNORDERED = ("cosine", "transformed_dot_product")  # what a ball tree could not search
OPTIONS = {"leaf_size": 0, "num_tables": 20, "num_projections_per_table": 8}
METHOD_FIELDS = {
    "brute_force": {},
    "ball_tree": {"Tree depth": "tree_depth", "Leaf size": "leaf_size"},
    "lsh": {
        "Number of hash tables": "num_tables",
        "Number of projections per table": "num_projections_per_table",
    },
}
METHOD_TITLES = {"ball_tree": "Ball Tree Attributes", "lsh": "LSH Attributes"}
FIELDS = {
    "Method": "method",
    "Number of distance components": "num_distance_components",
    "Number of examples": "num_examples",
    "Number of feature columns": "num_features",
    "Number of unpacked features": "num_unpacked_features",
    "Distance": "distance_for_summary_struct",
    "Total training time (seconds)": "training_time",
}
MODEL_FILE = "model.json"
FORMAT = {"format": "turilite nearest neighbors model", "version": 1}


class Component(NamedTuple):
    """A distance over some feature columns; its weight in a sum of several."""

    features: list[str]
    distance: str
    weight: float = 1.0


# --- creating a model -------------------------------------------------------------------------


def create(  # noqa: PLR0917 # Turi Create's signature
    dataset: SFrame,
    label: str | None = None,
    features: list[str] | None = None,
    distance: str | list | None = None,
    method: str = "auto",
    verbose: bool = True,
    **options: Any,
) -> NearestNeighborsModel:
    """A model that finds the nearest rows of ``dataset``.

    ``label`` names the column (int or str) that identifies rows in results, otherwise row numbers
    do. ``features`` are all columns but the label by default; several are joined into one row of
    numbers. ``distance`` is a name in ``turilite.search.exact.DISTANCES`` for numbers and vectors
    ('euclidean' by default), in ``turilite.search.sparse.DISTANCES`` for dictionaries and lists of
    strings ('jaccard' by default), or one component ``[[features, name, 1]]``. ``verbose`` has no
    effect; nothing is printed.

    Raises ToolkitError, TypeError and ValueError as Turi Create does, NotImplementedError for
    distances that are not offered (of several components, of strings).
    """
    start = time.perf_counter()
    _check_table(dataset)
    if features is not None and not isinstance(features, list):
        raise TypeError("features must be a list of column names.")
    for option in options:
        if option not in OPTIONS:
            raise ToolkitError(f"There is no option {option!r} of a nearest neighbors model.")
    if method == "ball_tree" and distance in UNORDERED:
        raise TypeError(f"method 'ball_tree' can't be used with distance {distance!r}.")
    types = dict(zip(dataset.column_names(), dataset.column_types()))
    _check_label(label, types)

    chosen = [name for name in (features or list(types)) if name != label]
    if not chosen or features == []:
        raise ToolkitError("There is no feature column besides the label.")
    component = _component(distance, chosen, label, types)
    reference = dataset[list(dict.fromkeys(component.features))]
    rows = Features.of(reference)
    fields = {
        "distance": [list(component)],
        "distance_for_summary_struct": component.distance,
        "features": reference.column_names(),
        "label": label,
        "num_distance_components": 1,
        "num_examples": len(reference),
        "num_features": reference.num_columns(),
        "num_unpacked_features": sum(map(len, rows.parts.values())),
        "unpacked_features": _unpacked_names(rows, types),
        **_method_fields(method, component.distance, rows, options),
    }
    if label is not None:
        reference[label] = dataset[label]
    fields["training_time"] = time.perf_counter() - start
    return NearestNeighborsModel(reference, rows, fields)


def _check_table(dataset: Any) -> None:
    if not isinstance(dataset, SFrame):
        raise ToolkitError(f"dataset must be an SFrame, not {type(dataset).__name__}.")
    if not dataset.num_rows() or not dataset.num_columns():
        raise ToolkitError("dataset has no rows or no columns.")


def _check_label(label: Any, types: dict[str, type]) -> None:
    if label is None:
        return
    if not isinstance(label, str):
        raise TypeError("label must be the name of a column.")
    if label not in types:
        raise ToolkitError(f"dataset has no column {label!r} to use as label.")
    if types[label] not in (int, str):
        raise TypeError(f"Labels must be integers or strings; {label!r} has neither.")


def _component(
    distance: str | list | None, features: list[str], label: str | None, types: dict[str, type]
) -> Component:
    """The one distance component that ``distance`` asks for."""
    if distance is None or distance == "auto":
        components = _automatic(features, types)
    elif isinstance(distance, str):
        components = [Component(features, distance)]
    elif isinstance(distance, list):
        components = [_checked(part, label) for part in distance]
        components = [component for component in components if component.features]
        if not components:
            raise ValueError("A composite distance needs at least one component.")
    else:
        raise TypeError(f"distance must be a name or a list of components, not {distance!r}.")
    for component in components:
        _check_types(component, types)
    if len(components) > 1 or components[0].weight != 1:
        parts = " + ".join(
            f"{part.weight:g} {part.distance} of {part.features}" for part in components
        )
        raise NotImplementedError(
            f"turilite does not offer composite distances ({parts}). Pass features=[...] with "
            "columns of numbers or one column of vectors, and distance='euclidean'."
        )
    return components[0]


def _automatic(features: list[str], types: dict[str, type]) -> list[Component]:
    """One component for all numbers, one for each column of another type."""
    groups: dict[Any, list[str]] = {}
    for name in features:
        if types[name] not in AUTO_DISTANCES:
            raise TypeError(f"There is no distance for column {name!r}; leave it out of features.")
        groups.setdefault("numbers" if types[name] in (int, float) else name, []).append(name)
    return [Component(names, AUTO_DISTANCES[types[names[0]]]) for names in groups.values()]


def _checked(part: Any, label: str | None) -> Component:
    if not isinstance(part, (list, tuple)) or len(part) != 3:
        raise TypeError("A distance component is a list: [feature names, distance name, weight].")
    features, distance, weight = part
    if not isinstance(features, (list, tuple)) or not all(isinstance(f, str) for f in features):
        raise TypeError("The first item of a distance component is a list of column names.")
    if not isinstance(distance, str):
        raise ValueError("The second item of a distance component is the name of a distance.")
    if not isinstance(weight, (int, float)) or not weight >= 0:
        raise ValueError("The third item of a distance component is a weight of 0 or more.")
    if weight > 1e9:
        raise ToolkitError("The weight of a distance component must be 1e9 at most.")
    return Component([name for name in features if name != label], distance, float(weight))


def _check_types(component: Component, types: dict[str, type]) -> None:
    names, distance, _ = component
    if distance not in DISTANCES and distance not in NOT_OFFERED:
        raise ValueError(f"There is no distance {distance!r}; there are {', '.join(DISTANCES)}.")
    for name in names:
        if name not in types:
            raise RuntimeError(f"dataset has no column {name!r} to use as feature.")
        kind = types[name]
        if kind not in AUTO_DISTANCES:
            raise ToolkitError(f"Column {name!r} is of type {kind.__name__}: no distance has it.")
        if (kind is str) != (distance == "levenshtein") or (
            "jaccard" in distance and kind not in (dict, list)
        ):
            raise ToolkitError(f"Distance {distance!r} can't be used on column {name!r}.")
        if kind is list and distance in LISTS_REFUSE:
            raise TypeError(f"Distance {distance!r} can't be used on the lists of {name!r}.")
        if distance in NOT_OFFERED:
            raise NotImplementedError(
                f"turilite does not offer the distance {distance!r} that column {name!r} needs. "
                f"Leave the column out of features, or use {NOT_OFFERED[distance]}."
            )
        if kind in BAGS and distance not in sparse.DISTANCES:
            raise NotImplementedError(
                f"turilite does not offer {distance!r} of {kind.__name__} columns such as {name!r}."
                f" Use one of {', '.join(sparse.DISTANCES)}."
            )


def _method_fields(method: str, distance: str, rows: Features, options: dict) -> dict[str, Any]:
    """The method and its options, as Turi Create chooses and reports them."""
    width = sum(map(len, rows.parts.values()))
    if method == "auto":
        dense = isinstance(rows.points, Points)
        tree = dense and distance in ("euclidean", "manhattan") and width <= 200
        method = "ball_tree" if tree else "brute_force"
    if method not in METHOD_FIELDS:
        raise ValueError(
            f"There is no method {method!r}; there are auto, {', '.join(METHOD_FIELDS)}."
        )
    fields = {name: options.get(name, OPTIONS[name]) for name in OPTIONS}
    for name, value in fields.items():
        if not isinstance(value, int) or not 0 <= value < 2**31:
            raise ToolkitError(f"Option {name} must be an integer of 0 or more, not {value!r}.")
    if distance == "cosine":
        fields["num_projections_per_table"] = options.get("num_projections_per_table", 16)
    count = len(rows.points)
    fields["leaf_size"] = fields["leaf_size"] or max(1000, math.ceil(count / 2048))
    leaves = math.ceil(count / fields["leaf_size"])
    fields["tree_depth"] = math.ceil(math.log2(leaves)) + 1
    own = METHOD_FIELDS[method].values()
    return {"method": method, **{name: fields[name] for name in own}}


def _unpacked_names(rows: Features, types: dict[str, type]) -> list[str]:
    """What the single numbers of a row are called: x, or v[0], v[1] ... in a vector v."""
    names = []
    for name, part in rows.parts.items():
        names += [name] if types[name] in (int, float) else [f"{name}[{key}]" for key in part]
    return names


# --- rows of numbers --------------------------------------------------------------------------

_prepared: dict[int, Points] = {}


def _points(column: Column) -> Points:
    """The rows of a column of vectors, prepared once for all models and queries they are used in.

    What was prepared is kept as long as the column is.
    """
    key = id(column)
    if key not in _prepared:
        _prepared[key] = Points(column.values)
        weakref.finalize(column, _prepared.pop, key, None).atexit = False
    return _prepared[key]


class Features(NamedTuple):
    """Feature columns joined to rows of numbers, with the columns' share of them.

    ``parts`` has for each column the names of its numbers: the keys of a dictionary or list with
    their places, or as many places as a vector is long.
    """

    points: Points | Bags
    parts: dict[str, dict]

    @classmethod
    def of(cls, table: SFrame, model: Features | None = None) -> Features:
        """The rows of ``table``, or of queries to ``model``, whose missing values are its means.

        Raises ToolkitError for missing values of references, vectors of unequal lengths and
        dictionaries of anything but numbers.
        """
        columns = {name: table[name].column for name in table.column_names()}
        if model is None:
            for name, column in columns.items():
                if missing_mask(column).any():
                    raise ToolkitError(
                        f"Column {name!r} has missing values: drop them with dropna()."
                    )
        if any(column.dtype in BAGS for column in columns.values()):
            return cls._sparse(columns, model)
        parts = {
            name: dict.fromkeys(range(_width(name, column, model and len(model.parts[name]))))
            for name, column in columns.items()
        }
        only = next(iter(columns.values()))
        if len(columns) == 1 and only.values.ndim == 2:
            return cls(_points(only), parts)
        means = None if model is None else model.points.rows.mean(axis=0)
        rows = np.empty((len(only), sum(map(len, parts.values()))))
        stop = 0
        for name, column in columns.items():
            start, stop = stop, stop + len(parts[name])
            rows[:, start:stop] = _dense(
                column, stop - start, None if model is None else means[start:stop]
            )
        return cls(Points(rows), parts)

    @classmethod
    def _sparse(cls, columns: dict[str, Column], model: Features | None) -> Features:
        parts = {name: {} if model is None else model.parts[name] for name in columns}
        rows = []
        for name, column in columns.items():
            try:
                values = column.values if column.dtype in BAGS else _as_bags(column)
                rows.append(to_rows(values, parts[name], grow=model is None))
            except ValueError as error:
                raise ToolkitError(f"Key {error} of column {name!r} has no number.") from None
        return cls(Bags(hstack(rows, format="csr")), parts)


def _dense(column: Column, width: int, means: np.ndarray | None) -> np.ndarray:
    """A column of numbers or vectors as rows of ``width`` numbers, ``means`` where missing."""
    rows = np.empty((len(column), width))
    present = ~missing_mask(column)
    values = column.values[present]
    rows[~present] = 0 if means is None else means
    if len(values):
        rows[present] = np.stack(values) if column.dtype is array else values[:, None]
    return rows


def _as_bags(column: Column) -> Iterator[dict]:
    """A column of numbers or vectors as dictionaries; empty where missing."""
    for value, missing in zip(column.values, missing_mask(column)):
        yield {} if missing else dict(enumerate(np.atleast_1d(value).tolist()))


def _width(name: str, column: Column, expected: int | None) -> int:
    if column.dtype is not array:
        return 1
    lengths = {len(row) for row in column.values if row is not None}
    lengths |= set() if expected is None else {expected}
    if len(lengths) > 1:
        raise ToolkitError(
            f"The vectors in column {name!r} must be of one length, not of {sorted(lengths)}."
        )
    return lengths.pop() if lengths else 0


# --- using a model ----------------------------------------------------------------------------


class NearestNeighborsModel:
    """Rows of an SFrame, to be searched; made by ``create``.

    Each name that ``_list_fields`` gives is an attribute.
    """

    def __init__(self, reference: SFrame, rows: Features, fields: dict[str, Any]) -> None:
        self._reference = reference
        self._rows = rows
        self._fields = fields

    def query(
        self,
        dataset: SFrame,
        label: str | None = None,
        k: int | None = 5,
        radius: float | None = None,
        verbose: bool = True,
    ) -> SFrame:
        """The ``k`` nearest references of each row, not further away than ``radius``.

        The columns of the result are query_label (``label``'s value or the row number),
        reference_label, distance and rank. With k=None all references (within the radius) are
        returned: rows x references rows. Missing numbers count as the mean of the references.
        """
        _check_table(dataset)
        absent = [name for name in self.features if name not in dataset.column_names()]
        if absent:
            raise ToolkitError(f"dataset has no columns {absent}, which the model was made from.")
        labels = None if label is None else self._query_labels(dataset, label)
        _check_neighborhood(k, radius)
        table = dataset[self.features]
        for name in self.features:
            given, expected = table[name].dtype, self._reference[name].dtype
            if given is not expected:
                raise ToolkitError(
                    f"Column {name!r} is of type {given.__name__}, but the model was made from "
                    f"{expected.__name__}."
                )
        found = self._search(Features.of(table, self._rows).points, k, radius)
        return self._result(labels, found)

    def _query_labels(self, dataset: SFrame, label: str) -> Column:
        if label not in dataset.column_names():
            raise ValueError(f"dataset has no column {label!r} to use as label.")
        if dataset[label].dtype not in (int, str):
            raise TypeError(f"Labels must be integers or strings; {label!r} has neither.")
        if label in self.features:
            raise ValueError(f"{label!r} is a feature, it can't be the label too.")
        return dataset[label].column

    def similarity_graph(
        self,
        k: int | None = 5,
        radius: float | None = None,
        include_self_edges: bool = False,
        output_type: str = "SGraph",
        verbose: bool = True,
    ) -> Graph | SFrame:
        """The nearest references of each reference, itself left out unless asked for.

        As a Graph, or with output_type='SFrame' as a table like that of ``query``.
        """
        _check_neighborhood(k, radius)
        found = self._search(self._rows.points, k, radius, skip_self=not include_self_edges)
        result = self._result(self._labels(), found)
        return result if output_type == "SFrame" else Graph(result)

    def _search(
        self, queries: Points | Bags, k: int | None, radius: float | None, skip_self: bool = False
    ) -> Neighbors:
        search = exact.k_nearest if isinstance(queries, Points) else sparse.k_nearest
        distance = self.distance_for_summary_struct
        reference = self._rows.points
        return search(queries, reference, k, distance=distance, radius=radius, skip_self=skip_self)

    def _labels(self) -> Column | None:
        return None if self.label is None else self._reference[self.label].column

    def _result(self, query_labels: Column | None, found: Neighbors) -> SFrame:
        columns = {
            "query_label": _labeled(query_labels, found.query),
            "reference_label": _labeled(self._labels(), found.reference),
            "distance": Column(float, found.distance),
            "rank": Column(int, found.rank),
        }
        sarrays = {name: SArray._of(column) for name, column in columns.items()}
        return SFrame._of(sarrays, len(found.rank))

    # --- what it says of itself ---------------------------------------------------------------

    def _list_fields(self) -> list[str]:
        return sorted(self._fields)

    def _get(self, field: str) -> Any:
        if field not in self._fields:
            raise ToolkitError(f"A model has no field {field!r}; it has {self._list_fields()}.")
        return self._fields[field]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._fields:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._fields[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._fields]

    def _training_stats(self) -> dict[str, Any]:
        names = ("label", "num_examples", "num_features", "num_unpacked_features", "training_time")
        return {name: self._fields[name] for name in names}

    def _sections(self) -> dict[str, list[tuple[str, Any]]]:
        sections = {"Attributes": FIELDS}
        if self.method in METHOD_TITLES:
            sections[METHOD_TITLES[self.method]] = METHOD_FIELDS[self.method]
        return {
            title: [(text, self._shown(field)) for text, field in fields.items()]
            for title, fields in sections.items()
        }

    def _shown(self, field: str) -> Any:
        value = self._fields[field]
        return round(value, 4) if isinstance(value, float) else value

    def __repr__(self) -> str:
        lines = [_line("Class", type(self).__name__), ""]
        for title, entries in self._sections().items():
            lines += [title, "-" * len(title), *(_line(*entry) for entry in entries), ""]
        return "\n".join(lines)

    def summary(self, output: str | None = None) -> str | dict | None:
        """Print the description of the model, or return it as output='str' or output='dict'."""
        if output in (None, "stdout"):
            return print(self)
        if output == "str":
            return repr(self)
        if output == "dict":
            sections = self._sections()
            return {"sections": list(sections.values()), "section_titles": list(sections)}
        raise ToolkitError(f"summary has no output {output!r}; there are stdout, str, dict.")

    # --- keeping it ---------------------------------------------------------------------------

    def save(self, location: str | PathLike) -> None:
        """Write the model to a new directory, or over the model in an old one.

        A model is its references, an SFrame, and a small file with its fields. That file is
        replaced when all else is written: whatever happens, the old model or the new is there.
        Raises OSError, and writes nothing, where anything but a model is.
        """
        folder = Path(location).expanduser()
        is_free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
        if not is_free and not (folder / MODEL_FILE).exists():
            raise OSError(f"{folder} holds something else than a model: choose another name.")
        folder.mkdir(parents=True, exist_ok=True)
        name = f"reference-{uuid.uuid4().hex}"
        self._reference.save(folder / name)
        draft = folder / f"{name}.json"
        draft.write_text(
            json.dumps({**FORMAT, "reference": name, "fields": self._fields}), encoding="utf-8"
        )
        draft.replace(folder / MODEL_FILE)
        for old in folder.glob("*reference-*"):  # with what killed saves left
            if old.name != name:
                shutil.rmtree(old) if old.is_dir() else old.unlink()


def load_model(location: str | PathLike) -> NearestNeighborsModel:
    """The model that ``save`` wrote to ``location``. Raises OSError where there is none."""
    path = Path(location).expanduser() / MODEL_FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        version = {name: stored[name] for name in FORMAT}
        fields, name = dict(stored["fields"]), Path(stored["reference"]).name
        features, label = list(fields["features"]), fields["label"]
    except FileNotFoundError:
        raise OSError(f"There is no model at {location}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise OSError(f"{path} is damaged: {error!r}.") from error
    if version != FORMAT:
        raise OSError(f"{path} is {version}, which this turilite can't read.")
    reference = SFrame(str(path.with_name(name)))
    if set(reference.column_names()) != {*features, *([] if label is None else [label])}:
        raise OSError(f"{path} is damaged: {name} has the columns {reference.column_names()}.")
    return NearestNeighborsModel(reference, Features.of(reference[features]), fields)


class Graph:
    """A similarity graph: what of Turi Create's SGraph describes its vertices and edges."""

    def __init__(self, neighbors: SFrame) -> None:
        self.edges = neighbors.rename({"query_label": "__src_id", "reference_label": "__dst_id"})
        ends = self.edges["__src_id"].append(self.edges["__dst_id"])
        self.vertices = SFrame({"__id": ends.unique()})

    def summary(self) -> dict[str, int]:
        return {"num_edges": len(self.edges), "num_vertices": len(self.vertices)}

    def __repr__(self) -> str:
        return f"SGraph({self.summary()})"


def _line(name: str, value: Any) -> str:
    return f"{name:30} : {value}"


def _check_neighborhood(k: Any, radius: Any) -> None:
    if k is not None and not isinstance(k, int):
        raise ValueError(f"k must be an integer or None, not {k!r}.")
    if k is not None and k <= 0:
        raise ValueError(f"k must be at least 1, not {k}.")
    if radius is not None and not isinstance(radius, (int, float)):
        raise ValueError(f"radius must be a number or None, not {radius!r}.")
    if radius is not None and not radius >= 0:
        raise ValueError(f"radius must be 0 or more, not {radius}.")


def _labeled(labels: Column | None, rows: np.ndarray) -> Column:
    """The labels of rows; the row numbers where there are none."""
    return Column(int, rows) if labels is None else take(labels, rows)
