"""Nearest neighbors models with Turi Create's names, arguments and results.

Every model searches exactly (see `turilite.search.exact`): 'ball_tree' and 'lsh' are accepted as
methods, and change only what the model says of itself. References at equal distances are ranked
in their order in the dataset.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from ..arguments import all_spoken, spoken
from ..columns.column import Column
from ..columns.selecting import take
from ..memory import check_room
from ..missing_api import names_of_module
from ..search import exact
from ..search.blocks import Neighbors
from ..search.pairs import Summand, k_nearest
from ..search.points import Points
from ..tables.sframe import SFrame
from .features import Features, unpacked_names
from .model import Model
from .neighbor_methods import METHOD_FIELDS, METHOD_TITLES, chosen_method, method_fields
from .neighbor_request import Component, Request, check_create, check_neighborhood, check_query
from .saving import Stored

SHOWN_FIELDS = {
    "Method": "method",
    "Number of distance components": "num_distance_components",
    "Number of examples": "num_examples",
    "Number of feature columns": "num_features",
    "Number of unpacked features": "num_unpacked_features",
    "Distance": "distance_for_summary_struct",
    "Total training time (seconds)": "training_time",
}
PAIR_BYTES = 96
"""What a pair takes while it is found, ranked and joined: four numbers, up to three times."""
EDGE_BYTES = 160
"""What it takes as an edge of a graph, the vertices of which are looked for."""
STATISTICS = ("label", "num_examples", "num_features", "num_unpacked_features", "training_time")


@spoken
def create(  # noqa: PLR0917 # Turi Create's signature
    dataset: SFrame,
    label: str | None = None,
    features: list[str] | None = None,
    distance: str | list | None = None,
    method: str = "auto",
    verbose: bool = True,
    **options: Any,
) -> NearestNeighborsModel:
    """Return a model that finds the nearest rows of `dataset`.

    `label` names the column (int or str) that identifies rows in results, otherwise row numbers
    do. `features` are all columns but the label by default. `distance` is the name of one in
    `turilite.distances`, that function, or a composite distance: a list of components
    `[features, distance, weight]`, whose weighted distances are summed. By default numbers and
    vectors have 'euclidean', dictionaries and lists of strings 'jaccard', strings 'levenshtein'.
    `verbose` has no effect; nothing is printed.

    Raises ToolkitError, TypeError and ValueError as Turi Create does.
    """
    start = time.perf_counter()
    request = check_create(
        dataset, label, features, distance=distance, method=method, options=options
    )
    reference = dataset[[*request.features, *([] if label is None else [label])]]
    rows = _rows(dataset, request.components)
    fields = _fields(request, rows)
    fields["training_time"] = time.perf_counter() - start
    return NearestNeighborsModel(reference, rows, fields)


def _fields(request: Request, rows: list[Features]) -> dict[str, Any]:
    """Return what the model says of itself."""
    components, count = request.components, len(rows[0].points)
    parts = {name: part for features in rows for name, part in features.parts.items()}
    width = sum(1 if request.types[name] is str else len(part) for name, part in parts.items())
    distance = components[0].distance
    method = chosen_method(request.method, distance, width, isinstance(rows[0].points, Points))
    return {
        "distance": [list(component) for component in components],
        "distance_for_summary_struct": distance if len(components) == 1 else "composite",
        "features": request.features,
        "label": request.label,
        "num_distance_components": len(components),
        "num_examples": count,
        "num_features": len(request.features),
        "num_unpacked_features": width,
        "unpacked_features": unpacked_names(parts, request.types),
        **method_fields(method, distance, count, request.options),
    }


@all_spoken
class NearestNeighborsModel(Model):
    """Rows of an SFrame, to be searched; made by `create`.

    `rows` are the references, once for each component of the distance.
    """

    def __init__(self, reference: SFrame, rows: list[Features], fields: dict[str, Any]) -> None:
        super().__init__(fields)
        self._reference = reference
        self._rows = rows
        self._components = _components(fields)

    def query(
        self,
        dataset: SFrame,
        label: str | None = None,
        k: int | None = 5,
        radius: float | None = None,
        verbose: bool = True,
    ) -> SFrame:
        """Return the `k` nearest references of each row, not further away than `radius`.

        The columns of the result are query_label (`label`'s value or the row number),
        reference_label, distance and rank. With k=None all references (within the radius) are
        returned: rows x references rows. Missing numbers count as the mean of the references.
        Raises MemoryError where the result would not fit into memory.
        """
        types = {name: self._reference[name].dtype for name in self.features}
        check_query(dataset, label, k, radius, types)
        self._check_room(dataset.num_rows(), k, radius, PAIR_BYTES)
        queries = _rows(dataset, self._components, self._rows)
        labels = None if label is None else dataset._data[label]
        return self._result(labels, self._search(queries, k, radius))

    def similarity_graph(
        self,
        k: int | None = 5,
        radius: float | None = None,
        include_self_edges: bool = False,
        output_type: str = "SGraph",
        verbose: bool = True,
    ) -> Graph | SFrame:
        """Return the nearest references of each reference, itself left out unless asked for.

        As a Graph, or with output_type='SFrame' as a table like that of `query`. Raises MemoryError
        where it would not fit into memory.
        """
        check_neighborhood(k, radius)
        pair_bytes = PAIR_BYTES if output_type == "SFrame" else EDGE_BYTES
        self._check_room(self.num_examples, k, radius, pair_bytes)
        found = self._search(self._rows, k, radius, skip_self=not include_self_edges)
        result = self._result(self._labels(), found)
        return result if output_type == "SFrame" else Graph(result)

    def _check_room(
        self, queries: int, k: int | None, radius: float | None, pair_bytes: int
    ) -> None:
        """Raise MemoryError where the neighbors of so many queries do not fit into memory.

        How many there are within a radius is not known before the search.
        """
        each = self.num_examples if k is None else min(k, self.num_examples)
        if radius is None:
            check_room(
                queries * each * pair_bytes,
                f"a result of {queries:,} x {each:,} neighbors",
                "ask for fewer neighbors (k) or fewer rows",
            )

    def _search(
        self, queries: list[Features], k: int | None, radius: float | None, skip_self: bool = False
    ) -> Neighbors:
        summands = [
            Summand(query.points, rows.points, part.distance, part.weight)
            for query, rows, part in zip(queries, self._rows, self._components)
        ]
        first = summands[0]
        if not _is_single(self._components) or not isinstance(first.queries, Points):
            return k_nearest(summands, k, radius=radius, skip_self=skip_self)
        return exact.k_nearest(
            first.queries,
            first.reference,
            k,
            distance=first.distance,
            radius=radius,
            skip_self=skip_self,
        )

    def _labels(self) -> Column | None:
        return None if self.label is None else self._reference._data[self.label]

    def _result(self, query_labels: Column | None, found: Neighbors) -> SFrame:
        return SFrame._wrap({
            "query_label": _labeled(query_labels, found.query),
            "reference_label": _labeled(self._labels(), found.reference),
            "distance": Column(float, found.distance),
            "rank": Column(int, found.rank),
        })  # fmt: skip

    def _training_stats(self) -> dict[str, Any]:
        return {name: self._fields[name] for name in STATISTICS}

    def _sections(self) -> dict[str, dict[str, str]]:
        sections = {"Attributes": SHOWN_FIELDS}
        if self.method in METHOD_TITLES:
            sections[METHOD_TITLES[self.method]] = METHOD_FIELDS[self.method]
        return sections

    def _shown(self, field: str) -> Any:
        value = self._fields[field]
        return round(value, 4) if isinstance(value, float) else value

    def _tables(self) -> dict[str, SFrame]:
        return {"reference": self._reference}

    @classmethod
    def _restored(cls, stored: Stored) -> NearestNeighborsModel:
        """Return the model that was saved. Raises OSError where its references don't fit it."""
        features, label = list(stored.fields["features"]), stored.fields["label"]
        reference = stored.table("reference")
        names = reference.column_names()
        if set(names) != {*features, *([] if label is None else [label])}:
            raise stored.damaged(f"{stored.tables['reference']} has the columns {names}")
        return cls(reference, _rows(reference, _components(stored.fields)), stored.fields)


def _rows(
    dataset: SFrame, components: list[Component], models: list[Features] | None = None
) -> list[Features]:
    """Return the rows of references, or of queries to `models`, for each component."""
    in_batches = _is_single(components)
    return [
        Features.of(dataset[part.features]._data, model, in_batches)
        for part, model in zip(components, models or [None] * len(components))
    ]


def _is_single(components: list[Component]) -> bool:
    """Return whether there is one distance, and no sum of distances."""
    return len(components) == 1 and components[0].weight == 1


def _components(fields: dict[str, Any]) -> list[Component]:
    """Return the components of the distance that the fields of a model describe."""
    return [Component(*part) for part in fields["distance"]]


class Graph:
    """A similarity graph: what of Turi Create's SGraph describes its vertices and edges."""

    def __init__(self, neighbors: SFrame) -> None:
        self.edges = neighbors.rename({"query_label": "__src_id", "reference_label": "__dst_id"})
        ends = self.edges["__src_id"].append(self.edges["__dst_id"])
        self.vertices = SFrame({"__id": ends.unique()})

    def summary(self) -> dict[str, int]:
        """Return the numbers of edges and vertices."""
        return {"num_edges": len(self.edges), "num_vertices": len(self.vertices)}

    def __repr__(self) -> str:
        return f"SGraph({self.summary()})"


def _labeled(labels: Column | None, rows: np.ndarray) -> Column:
    """Return the labels of rows; the row numbers where there are none."""
    return Column(int, rows) if labels is None else take(labels, rows)


__getattr__ = names_of_module(__name__, ["NearestNeighborsModel", "create"])
