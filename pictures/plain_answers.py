"""The assignment's answers for a data set, by plain NumPy: no model, no engine, no table.

All that notebooks ask for but the accuracies of two classifiers, which are trained.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from assignment.data_sets import LABELS
from assignment.distances import euclidean

from .data_set import Rows

NEIGHBORS = 5  # of a mean distance, and of a precision
MOST_NEIGHBORS = 25  # of a vote
BLOCK = 1000  # rows that are compared with all at a time
CAT_ROW = 18  # the training image that the course's module takes, where it is a cat


def plain_answers(train: Rows, test: Rows) -> dict[str, Any]:
    """Return the answers by the keys of `assignment.answers.QUESTIONS`."""
    labels, test_labels, ids = (np.array(part) for part in (train.labels, test.labels, train.ids))
    features, queries = (np.asarray(part.features, np.float64) for part in (train, test))
    every, among = euclidean(queries, features), euclidean(features, features)
    order = every.argsort(axis=1, kind="stable")
    pixels = euclidean(*(np.asarray(part.pixels, np.float64) for part in (test, train)))
    five = {label: float(np.sort(every[0][labels == label])[:NEIGHBORS].mean()) for label in LABELS}
    correct = correct_counts(every, test_labels, labels)
    cats = np.flatnonzero(labels == "cat")
    cat = CAT_ROW if labels[CAT_ROW] == "cat" else cats[0]
    k = best_k(among, labels)
    return {
        "least_common_label": min(LABELS, key=train.labels.count),
        "own_neighbors": own_neighbors(among, labels),
        "nearest_cat": nearest(every[0], labels, ids, "cat"),
        "nearest_dog": nearest(every[0], labels, ids, "dog"),
        "mean_distance_cats": five["cat"],
        "mean_distance_dogs": five["dog"],
        "closer_to": min("cat", "dog", key=five.get),
        "dog_correct": correct["dog"],
        "dog_accuracy": correct["dog"] / test.labels.count("dog"),
        "cat_correct": correct["cat"],
        "accuracy": sum(correct.values()) / len(test.labels),
        "similar_to_cat": int(ids[among[cat].argsort(kind="stable")[1]]),
        "pixel_precision": precision(labels[pixels.argsort(axis=1, kind="stable")], test_labels),
        "deep_precision": precision(labels[order], test_labels),
        "best_k": k,
        "best_k_accuracy": vote_accuracy(labels[order], test_labels, k),
        "left_out_accuracy": left_out_accuracy(
            np.concatenate([features, queries]), np.concatenate([labels, test_labels])
        ),
    }


def nearest(distances: np.ndarray, labels: np.ndarray, ids: np.ndarray, label: str) -> int:
    return int(ids[np.where(labels == label, distances, np.inf).argmin()])


def own_neighbors(among: np.ndarray, labels: np.ndarray) -> int:
    """Count the training images whose nearest one of their label is at their own place."""
    same = np.where(labels[:, None] == labels, among, np.inf)
    return int((same.argmin(axis=1) == np.arange(len(labels))).sum())


def correct_counts(every: np.ndarray, test_labels: np.ndarray, labels: np.ndarray) -> dict:
    """Count, by label, the test images strictly nearer to it than to every other label."""
    lowest = np.array([every[:, labels == label].min(axis=1) for label in LABELS])
    counts = {}
    for place, label in enumerate(LABELS):
        own = lowest[:, test_labels == label]
        counts[label] = int((own[place] < np.delete(own, place, axis=0).min(axis=0)).sum())
    return counts


def precision(found: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of the nearest ones' labels that are those of their queries."""
    return float((found[:, :NEIGHBORS] == labels[:, None]).mean())


def vote_accuracy(found: np.ndarray, labels: np.ndarray, k: int) -> float:
    """Return how often the k nearest vote right; of equal votes, the nearer one counts."""
    winners = [Counter(row).most_common(1)[0][0] for row in found[:, :k].tolist()]
    return float((np.array(winners) == labels).mean())


def best_k(among: np.ndarray, labels: np.ndarray) -> int:
    """Return the k that is right most often for training images left out in turn."""
    others = among.copy()
    np.fill_diagonal(others, np.inf)
    found = labels[others.argsort(axis=1, kind="stable")]
    return max(range(1, MOST_NEIGHBORS + 1), key=lambda k: vote_accuracy(found, labels, k))


def left_out_accuracy(features: np.ndarray, labels: np.ndarray) -> float:
    """Return how often the nearest other row has the label of a row."""
    nearest = []
    for start in range(0, len(features), BLOCK):
        found = euclidean(features[start : start + BLOCK], features)
        rows = np.arange(len(found))
        found[rows, start + rows] = np.inf
        nearest.append(found.argmin(axis=1))
    return float((labels[np.concatenate(nearest)] == labels).mean())
