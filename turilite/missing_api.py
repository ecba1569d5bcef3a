"""The answer to a name that is not there: what is offered, what is not, what to write instead.

A name is either one of Turi Create that turilite lacks, a column, a habit from pandas or GraphLab
Create, or a slip of the pen. Each is answered by an AttributeError that says what to write. Names
that begin with an underscore are those by which Python and notebooks probe: they get Python's own
words.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Callable

ENSEMBLES = "sklearn.ensemble"
RECOMMENDERS = "scikit-surprise or implicit"
GRAPHS = "networkx"
NETWORKS = "torchvision or keras"
DATES = "apply, with the attributes of datetime"
MODULES = {
    "Edge": GRAPHS,
    "SArrayBuilder": "a list and SArray(...)",
    "SFrameBuilder": "a list of rows and pandas.DataFrame(...), then SFrame(...)",
    "SGraph": GRAPHS,
    "Vertex": GRAPHS,
    "activity_classifier": "sktime",
    "boosted_trees_classifier": ENSEMBLES,
    "boosted_trees_regression": ENSEMBLES,
    "classifier": "logistic_classifier",
    "clustering": "sklearn.cluster",
    "connected_components": GRAPHS,
    "data_structures": "SArray and SFrame, as names of turilite",
    "dbscan": "sklearn.cluster.DBSCAN",
    "decision_tree_classifier": "sklearn.tree",
    "decision_tree_regression": "sklearn.tree",
    "degree_counting": GRAPHS,
    "drawing_classifier": NETWORKS,
    "extensions": "the functions of turilite",
    "factorization_recommender": RECOMMENDERS,
    "graph_analytics": GRAPHS,
    "graph_coloring": GRAPHS,
    "image_analysis": "Pillow, through Image._to_pil_image()",
    "image_classifier": "the deep_features column and logistic_classifier",
    "image_similarity": "the deep_features column and nearest_neighbors",
    "item_content_recommender": RECOMMENDERS,
    "item_similarity_recommender": RECOMMENDERS,
    "kcore": GRAPHS,
    "kmeans": "sklearn.cluster.KMeans",
    "label_propagation": GRAPHS,
    "linear_regression": "sklearn.linear_model",
    "load_audio": "scipy.io.wavfile",
    "load_images": "Image(path) for each file, and SFrame(...)",
    "load_sgraph": GRAPHS,
    "nearest_neighbor_classifier": "nearest_neighbors, or sklearn.neighbors",
    "object_detector": NETWORKS,
    "one_shot_object_detector": NETWORKS,
    "pagerank": GRAPHS,
    "plot": "show(x, y)",
    "popularity_recommender": RECOMMENDERS,
    "random_forest_classifier": ENSEMBLES,
    "random_forest_regression": ENSEMBLES,
    "ranking_factorization_recommender": RECOMMENDERS,
    "recommender": RECOMMENDERS,
    "regression": "sklearn.linear_model",
    "shortest_path": GRAPHS,
    "sound_classifier": NETWORKS,
    "style_transfer": NETWORKS,
    "svm_classifier": "sklearn.svm",
    "text_classifier": "text_analytics.count_words and logistic_classifier",
    "topic_model": "sklearn.decomposition.LatentDirichletAllocation",
    "triangle_counting": GRAPHS,
    "turicreate": "turilite itself",
    "util": "Python's own modules",
    "version_info": "turilite.__version__",
}
BOTH = {
    "plot": "show()",
    "read_json": "json.load and SFrame(...)",
    "split_datetime": DATES,
}
NOT_OFFERED: dict[str, dict[str, str]] = {
    "turilite": MODULES,
    "SFrame": {
        **BOTH,
        "export_json": "to_dataframe().to_json(...)",
        "flat_map": "a list comprehension over the rows and SFrame(...)",
        "from_sql": "pandas.read_sql and SFrame(...)",
        "to_sql": "to_dataframe().to_sql(...)",
    },
    "SArray": {
        **BOTH,
        "date_range": "pandas.date_range and SArray(...)",
        "datetime_to_str": "apply, with datetime.strftime",
        "random_integers": "numpy.random.default_rng().integers(...) and SArray(...)",
        "str_to_datetime": "apply, with datetime.strptime",
        **dict.fromkeys(
            ["cumulative_" + name for name in ("max", "mean", "min", "std", "sum", "var")],
            "to_numpy() and numpy.cumsum, cumprod or maximum.accumulate",
        ),
        **dict.fromkeys(
            ["rolling_" + name for name in ("count", "max", "mean", "min", "stdv", "sum", "var")],
            "to_dataframe() and pandas' rolling(...)",
        ),
    },
    "distances": {"dot_product": "transformed_dot_product"},
    "text_analytics": {},
    "visualization": {
        **dict.fromkeys(
            ["plot", "scatter", "heatmap", "categorical_heatmap", "box_plot"], "show(x, y)"
        ),
        **dict.fromkeys(["Plot", "histogram", "item_frequency"], "SArray.show()"),
        "columnwise_summary": "SFrame.show()",
    },
    "config": {
        "get_client_log_location": "logging",
        "get_environment_config": "os.environ",
        "get_num_gpus": "nothing: turilite uses no GPU",
        "init_logger": "logging",
        "set_log_level": "logging",
        "set_num_gpus": "nothing: turilite uses no GPU",
    },
}  # fmt: skip
"""What Turi Create has and turilite has not, by where it is, with what to use."""

HABITS: dict[str, dict[str, str]] = {
    "SFrame": {
        "T": "sf.to_numpy().T",
        "agg": "sf.groupby(['a'], {'n': turilite.aggregate.COUNT()})",
        "aggregate": "sf.groupby(['a'], {'n': turilite.aggregate.COUNT()})",
        "assign": "sf['new'] = ...",
        "at": "sf[3]['a']",
        "columns": "sf.column_names()",
        "concat": "sf.append(other)",
        "corr": "sf.to_dataframe().corr()",
        "count": "sf.num_rows()",
        "describe": "sf['a'].summary() or sf.show()",
        "drop": "sf.remove_column('a'), or sf.dropna()",
        "dtypes": "sf.column_types()",
        "empty": "sf.num_rows() == 0",
        "filter": "sf[sf['a'] > 1]",
        "get": "sf['a']",
        "iat": "sf[3]['a']",
        "iloc": "sf[3] for a row, sf[3:10] for rows",
        "index": "sf.add_row_number()",
        "info": "sf.column_names() and sf.column_types()",
        "insert": "sf.add_column(values, 'a')",
        "isna": "sf['a'] == None",
        "isnull": "sf['a'] == None",
        "iterrows": "for row in sf",
        "itertuples": "for row in sf",
        "items": "for name in sf.column_names()",
        "ix": "sf[3] for a row, sf['a'] for a column",
        "keys": "sf.column_names()",
        "loc": "sf[sf['a'] == 1] for rows, sf['a'] for a column",
        "map": "sf.apply(function)",
        "melt": "sf.stack('a')",
        "merge": "sf.join(other, on='a')",
        "nlargest": "sf.topk('a', 5)",
        "nsmallest": "sf.topk('a', 5, reverse=True)",
        "pivot": "sf.unstack(['a', 'b'])",
        "pivot_table": "sf.groupby(['a'], {'n': turilite.aggregate.COUNT()})",
        "plot": "sf.show()",
        "pop": "sf['a'], then sf.remove_column('a')",
        "query": "sf[sf['a'] > 1]",
        "reset_index": "sf.add_row_number()",
        "set_index": "sf.add_row_number()",
        "size": "sf.num_rows() * sf.num_columns()",
        "sort_values": "sf.sort('a')",
        "to_csv": "sf.export_csv('file.csv')",
        "to_dict": "list(sf)",
        "to_json": "sf.to_dataframe().to_json(...)",
        "to_pandas": "sf.to_dataframe()",
        "to_parquet": "sf.to_dataframe().to_parquet(...)",
        "transform": "sf.apply(function)",
        "values": "sf.to_numpy()",
        "value_counts": "sf['a'].value_counts()",
        "where": "sf[sf['a'] > 1]",
    },
    "SArray": {
        "T": "sa.to_numpy()",
        "at": "sa[3]",
        "columns": "sa alone: an SArray is one column",
        "count": "len(sa), or len(sa) - sa.countna()",
        "describe": "sa.summary()",
        "drop_duplicates": "sa.unique()",
        "dt": "sa.apply(lambda date: date.year)",
        "flatten": "sa.stack()",
        "groupby": "SFrame({'a': sa}).groupby('a', ...), or sa.value_counts()",
        "iloc": "sa[3], or sa[3:10]",
        "index": "range(len(sa))",
        "isin": "sa.filter_by(values), or sa.is_in(value)",
        "isna": "sa == None",
        "isnull": "sa == None",
        "ix": "sa[3], or sa[3:10]",
        "length": "len(sa)",
        "loc": "sa[3], or sa[sa == value]",
        "map": "sa.apply(function)",
        "ndim": "sa.to_numpy().ndim",
        "nunique": "len(sa.unique())",
        "quantile": "sa.summary().quantile(0.5)",
        "replace": "sa.apply(lambda value: ...)",
        "reshape": "sa.to_numpy().reshape(...)",
        "round": "sa.apply(lambda value: round(value, 2))",
        "sort_values": "sa.sort()",
        "str": "sa.apply(lambda text: text.lower())",
        "to_dict": "dict(enumerate(sa))",
        "to_frame": "SFrame({'a': sa})",
        "to_list": "list(sa)",
        "to_pandas": "SFrame({'a': sa}).to_dataframe()['a']",
        "tolist": "list(sa)",
        "values": "sa.to_numpy()",
    },
    "turilite": {
        "DataFrame": "turilite.SFrame(...)",
        "Series": "turilite.SArray(...)",
        "array": "turilite.SArray(...)",
        "concat": "sf.append(other)",
        "read_csv": "turilite.SFrame.read_csv('file.csv')",
        "read_json": "json.load and turilite.SFrame(...)",
    },
}  # fmt: skip
"""What others call it, and what to write; `sf` is an SFrame, `sa` an SArray."""

SIMILAR = 0.6  # of 1: how alike names are that are proposed
PROPOSED = 3


def refuse(what: str, name: str = "", error: type[Exception] = NotImplementedError) -> Exception:
    """Return the error that says that `what` is not offered and what to use.

    `name` is that of a toolkit or method, which stands in `NOT_OFFERED`.
    """
    instead = next((names[name] for names in NOT_OFFERED.values() if name in names), "")
    advice = f" Use {instead}." if instead else " See turilite/README.md for what there is."
    return error(f"turilite does not offer {what}.{advice}")


def unknown(owner: str, name: str) -> AttributeError:
    """Return the plain error for a name that `owner` has not."""
    error = AttributeError(f"{owner} has no attribute {name!r}.")
    error.name = name  # type: ignore[attr-defined] # so Python adds no guess of its own
    return error


def missing(
    owner: str, name: str, offered: Iterable[str], columns: Iterable[str] = ()
) -> AttributeError:
    """Return the error for a name that `owner` has not.

    `owner` is 'SFrame', 'SArray', 'turilite' or what else is asked, `offered` the names that it
    has, `columns` those of its columns.
    """
    error = unknown(owner, name)
    if not name.startswith("_"):
        error.args = (_answer(owner, name, offered, columns),)
    return error


def _answer(owner: str, name: str, offered: Iterable[str], columns: Iterable[str]) -> str:
    none = f"{owner} has no attribute {name!r}"
    if name in columns:
        return f"{none}: a column is sf[{name!r}]."
    absent = NOT_OFFERED.get(owner, {})
    if name in absent:
        return _refusal(owner, name)
    if name in HABITS.get(owner, {}):
        return f"{none}: write {HABITS[owner][name]}."
    return _guess(owner, name, [*columns, *_public(offered), *absent], set(columns))


def _guess(owner: str, name: str, known: list[str], columns: set[str]) -> str:
    """Return the answer to a slip of the pen."""
    near = _similar(name, dict.fromkeys(known))
    if not near:
        return f"{owner} has no attribute {name!r}. turilite/README.md says what there is."
    written = [f"sf[{each!r}]" if each in columns else each for each in near]
    answer = f"{owner} has no attribute {name!r}. Did you mean {' or '.join(written)}?"
    absent = NOT_OFFERED.get(owner, {})
    return f"{answer} {_refusal(owner, near[0])}" if near[0] in absent else answer


def _refusal(owner: str, name: str) -> str:
    place = owner if owner[:1].isupper() or owner == "turilite" else f"turilite.{owner}"
    return f"turilite does not offer {place}.{name}. Use {NOT_OFFERED[owner][name]}."


def _public(names: Iterable[str]) -> list[str]:
    return [name for name in names if not name.startswith("_")]


def _similar(name: str, known: Iterable[str]) -> list[str]:
    """Return the names that are most alike, whatever their case and underscores."""
    by_letters: dict[str, list[str]] = {}
    for other in known:
        by_letters.setdefault(_plain(other), []).append(other)
    near = get_close_matches(_plain(name), by_letters, PROPOSED, SIMILAR)
    return [other for letters in near for other in by_letters[letters]]


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


class Answering(type):
    """A class that answers for the names that it lacks itself."""

    def __getattr__(cls, name: str) -> Any:
        raise missing(cls.__name__, name, dir(cls))


class Answers(metaclass=Answering):
    """What answers for the names that it lacks; so does its class."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        kind = type(self)
        if name.startswith("_"):  # a probe, which costs nothing
            raise unknown(kind.__name__, name)
        raise missing(kind.__name__, name, dir(kind), self._own_names())

    def _own_names(self) -> Iterable[str]:
        """Return the names of what it holds: columns."""
        return ()


def names_of_module(module: str, offered: Iterable[str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module that offers these names."""
    owner = module.rpartition(".")[2]

    def answer(name: str) -> Any:
        raise missing(owner, name, offered)

    return answer
