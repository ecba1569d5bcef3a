"""What of Turi Create is not offered, and what to use in its place."""

from __future__ import annotations

INSTEAD = {
    "date_range": "pandas.date_range and SArray(...)",
    "read_json": "json.load and SFrame(...)",
    "export_json": "to_dataframe().to_json(...)",
    "from_sql": "pandas.read_sql and SFrame(...)",
    "to_sql": "to_dataframe().to_sql(...)",
    "split_datetime": "apply, with the attributes of datetime",
    "datetime_to_str": "apply, with datetime.strftime",
    "str_to_datetime": "apply, with datetime.strptime",
    "rolling": "to_dataframe() and pandas' rolling(...)",
    "cumulative": "to_numpy() and numpy.cumsum, cumprod or maximum.accumulate",
    "flat_map": "a list comprehension over the rows and SFrame(...)",
    "plot": "show()",
    "image_classifier": "the deep_features column and logistic_classifier",
    "image_analysis": "Pillow, through Image._to_pil_image()",
    "SGraph": "networkx",
    "recommender": "scikit-surprise or implicit",
    "linear_regression": "sklearn.linear_model",
    "text_analytics": "sklearn.feature_extraction.text",
    "kmeans": "sklearn.cluster.KMeans",
    "boosted_trees_classifier": "sklearn.ensemble",
    "decision_tree_classifier": "sklearn.tree",
    "random_forest_classifier": "sklearn.ensemble",
}
FAMILIES = ("rolling", "cumulative")


def refuse(what: str, name: str = "", error: type[Exception] = NotImplementedError) -> Exception:
    """Return the error that says that `what` is not offered and what to use."""
    family = next((key for key in FAMILIES if name.startswith(key)), name)
    instead = INSTEAD.get(family, "")
    advice = f" Use {instead}." if instead else " See turilite/README.md for what there is."
    return error(f"turilite does not offer {what}.{advice}")
