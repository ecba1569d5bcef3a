"""`logistic_classifier.create` and its model, with Turi Create's arguments and results."""

from __future__ import annotations

import time
from array import array
from typing import Any

import numpy as np
import scipy.special

from ..arguments import all_spoken, spoken
from ..columns.column import Column
from ..columns.values import listing, make_column
from ..errors import ToolkitError
from ..missing_api import refuse
from ..tables.sarray import SArray
from ..tables.sframe import SFrame
from .classifier_metrics import METRICS, Predictions
from .encoding import Encoding, encode, learn
from .logistic_fit import Settings, fit
from .logistic_request import (
    check_action,
    check_examples,
    check_options,
    check_output_type,
    check_rows,
    check_size,
    check_top,
    check_validation,
    check_weights,
)
from .model import Model, check_sframe
from .saving import Stored

SECTIONS = {
    "Schema": {
        "Number of coefficients": "num_coefficients",
        "Number of examples": "num_examples",
        "Number of classes": "num_classes",
        "Number of feature columns": "num_features",
        "Number of unpacked features": "num_unpacked_features",
    },
    "Hyperparameters": {"L1 penalty": "l1_penalty", "L2 penalty": "l2_penalty"},
    "Training Summary": {
        "Solver": "solver",
        "Solver iterations": "training_iterations",
        "Solver status": "training_solver_status",
        "Training time (sec)": "training_time",
    },
    "Settings": {"Log-likelihood": "training_loss"},
}
SCORES = ("accuracy", "auc", "f1_score", "log_loss", "precision", "recall")
"""What is measured of the rows that were trained on."""


@spoken
def create(  # noqa: PLR0917 - Turi Create's arguments in its order
    dataset: SFrame,
    target: str,
    features: list[str] | None = None,
    l2_penalty: float = 0.01,
    l1_penalty: float = 0.0,
    solver: str = "auto",
    feature_rescaling: bool = True,
    convergence_threshold: float = 0.01,
    step_size: float = 1.0,
    lbfgs_memory_level: int = 11,
    max_iterations: int = 10,
    class_weights: Any = None,
    validation_set: Any = "auto",
    verbose: bool = True,
    seed: int | None = None,
) -> LogisticClassifier:
    """Return a classifier of the labels in column `target` (integers or strings).

    `features` are columns of numbers, vectors, dictionaries, strings or lists (see
    `turilite.toolkits.encoding`); all but the target where not given. All rows are trained on,
    also with validation_set='auto', for which Turi Create leaves out 5% at random. With more than
    500 coefficients the solver stops after `max_iterations`, far from the minimum, as Turi
    Create's does at another point. `step_size`, `verbose` and `seed` are accepted and change
    nothing; nothing is printed. Raises ToolkitError, TypeError and ValueError as Turi Create does,
    NotImplementedError for an `l1_penalty`.
    """
    start = time.perf_counter()
    options = {
        "l2_penalty": l2_penalty,
        "l1_penalty": l1_penalty,
        "solver": solver.lower() if isinstance(solver, str) else solver,
        "feature_rescaling": feature_rescaling,
        "convergence_threshold": convergence_threshold,
        "step_size": step_size,
        "lbfgs_memory_level": lbfgs_memory_level,
        "max_iterations": max_iterations,
    }
    check_options(options)
    examples = check_examples(dataset, target, features)
    names = [*examples.columns, target]
    check_validation(validation_set, dataset[names], names)
    weights = check_weights(class_weights, examples)
    if l1_penalty:
        raise refuse("an l1_penalty")
    encodings, rows = learn(examples.columns)
    size = (len(examples.classes) - 1) * (rows.shape[1] + 1)
    check_size(options["solver"], size)
    settings = Settings(**{name: options[name] for name in Settings._fields})
    found = fit(rows, examples.codes, weights[examples.codes], settings)
    classes, counts = examples.classes, np.bincount(examples.codes)
    unpacked = [name for encoding in encodings for name in encoding.unpacked]
    fields = {
        **options,
        "classes": classes,
        "class_weights": dict(zip(classes, weights.tolist())),
        "features": list(examples.columns),
        "num_classes": len(classes),
        "num_coefficients": size,
        "num_examples": len(dataset),
        "num_examples_per_class": dict(zip(classes, counts.tolist())),
        "num_features": len(encodings),
        "num_unpacked_features": len(unpacked),
        "solver": found.solver,
        "target": target,
        "training_iterations": found.iterations,
        "training_loss": found.loss,
        "training_solver_status": found.status,
        "training_time": time.perf_counter() - start,
        "unpacked_features": unpacked,
    }
    model = LogisticClassifier(fields, encodings, found.coefficients, found.errors)
    sets = {"training": (dataset, model._margins_of(rows))}
    if isinstance(validation_set, SFrame) and len(validation_set):
        sets["validation"] = validation_set, model._margins(validation_set, "auto")
    for name, (table, margins) in sets.items():
        model._fields.update(model._scores(model._predictions(table, margins), name))
    return model


@all_spoken
class LogisticClassifier(Model):
    """Probabilities of classes, from a weighted sum of features; made by `create`.

    `coefficients` and `errors` are (classes - 1) x (numbers of a row + 1), the intercepts last;
    the first class is the reference. `errors` is None where there are no standard errors.
    """

    def __init__(
        self,
        fields: dict[str, Any],
        encodings: list[Encoding],
        coefficients: np.ndarray,
        errors: np.ndarray | None,
    ) -> None:
        super().__init__(fields)
        self._encodings = encodings
        self._coefficients = coefficients
        self._errors = errors

    @property
    def coefficients(self) -> SFrame:
        """name, index, class, value and standard error of every coefficient."""
        labels: list[tuple[str, str | None]] = [("(intercept)", None)]
        for encoding in self._encodings:
            labels += [(encoding.name, index) for index in encoding.indices]
        others = self.classes[1:]
        names, indices = zip(*(labels * len(others)))
        errors = self._errors
        return SFrame._wrap({
            "name": make_column(names),
            "index": make_column(indices, str),
            "class": make_column([label for label in others for _ in labels]),
            "value": Column(float, _intercepts_first(self._coefficients)),
            "stderr": make_column([None] * len(names), float)
            if errors is None
            else Column(float, _intercepts_first(errors)),
        })  # fmt: skip

    def predict(
        self, dataset: Any, output_type: str = "class", missing_value_action: str = "auto"
    ) -> SArray:
        """Return the likeliest class of each row, or the probabilities of all classes.

        `dataset` is an SFrame, one row (a dictionary) or a list of rows. `output_type` is 'class'
        or 'probability_vector'; with two classes also 'probability' or 'margin', those of the
        second. Missing numbers count as the means of what was trained on, unless
        `missing_value_action` is 'error'. Raises ToolkitError for another output type.
        """
        check_output_type(output_type, self.num_classes)
        margins = self._margins(dataset, missing_value_action)
        if output_type == "class":
            return SArray._wrap(self._named(_likeliest(margins)))
        if output_type == "margin":
            return SArray._wrap(Column(float, margins[:, 1]))
        probabilities = _probabilities(margins)
        if output_type == "probability_vector":
            return SArray._wrap(Column(array, probabilities))
        if self.num_classes > 2:
            raise ToolkitError(
                f"Output type '{output_type}' needs one probability for each row: use "
                "predict_topk() for more than two classes."
            )
        return SArray._wrap(Column(float, probabilities[:, 1]))

    def predict_topk(
        self,
        dataset: Any,
        output_type: str = "probability",
        k: int = 3,
        missing_value_action: str = "auto",
    ) -> SFrame:
        """Return id (row), class and probability, margin or rank of the `k` likeliest classes.

        Raises ToolkitError for more classes than there are; otherwise see `predict`.
        """
        width = check_top(output_type, k, self.num_classes)
        margins = self._margins(dataset, missing_value_action)
        scores = margins if output_type == "margin" else _probabilities(margins)
        top = np.argsort(-scores, axis=1, kind="stable")[:, :width]
        if output_type == "rank":
            values = Column(int, np.tile(np.arange(width), len(scores)))
        else:
            values = Column(float, np.take_along_axis(scores, top, axis=1).ravel())
        return SFrame._wrap({
            "id": Column(int, np.repeat(np.arange(len(scores)), width)),
            "class": self._named(top.ravel()),
            output_type: values,
        })  # fmt: skip

    def classify(self, dataset: Any, missing_value_action: str = "auto") -> SFrame:
        """Return class and probability of the likeliest class; see `predict`."""
        margins = self._margins(dataset, missing_value_action)
        return SFrame._wrap({
            "class": self._named(_likeliest(margins)),
            "probability": Column(float, _probabilities(margins).max(axis=1)),
        })  # fmt: skip

    def evaluate(
        self,
        dataset: SFrame,
        metric: str = "auto",
        missing_value_action: str = "auto",
        with_predictions: bool = False,
    ) -> dict[str, Any]:
        """Return how well the classes of `dataset` are predicted, by metric; all with 'auto'.

        - accuracy: the share of the rows whose class is predicted.
        - precision, recall, f1_score: where exactly two labels occur, as the class of a row or as
          a prediction, those of the greater one. Otherwise the mean over the labels for which the
          score is defined, None where it is for none: a label that is never predicted has no
          precision, one without rows no recall; F1 is then the other of the two.
        - log_loss: of probabilities cut to 1e-15 .. 1 - 1e-15.
        - auc, roc_curve: of the second of two trained classes, or of each of more (the mean of
          the areas); from 1000 bins of probabilities. Rates without rows are NaN.
        - confusion_matrix: how often each label is predicted as which.

        A label that was not trained counts as one with the probability 0, and its rows are left
        out of auc and roc_curve. With `with_predictions`, 'predictions' has the probabilities and
        classes. Raises ToolkitError for another metric and where there are no rows.
        """
        if metric != "auto" and (not isinstance(metric, str) or metric not in METRICS):
            allowed = ", ".join(f"'{name}'" for name in ("auto", *METRICS))
            raise ToolkitError(
                f"Evaluation metric '{metric}' not recognized. The supported evaluation metrics "
                f"are ({allowed})."
            )
        check_sframe(dataset)
        if self.target not in dataset.column_names():
            raise ToolkitError(
                f"Input data does not contain the target column {self.target!r} to compare with."
            )
        of = self._predictions(dataset, self._margins(dataset, missing_value_action))
        wanted = METRICS if metric == "auto" else (metric,)
        measured = {name: METRICS[name](of) for name in wanted}
        if with_predictions:
            measured["predictions"] = SFrame._wrap({
                "probs": Column(array, of.probabilities),
                "class": self._named(of.predicted),
            })  # fmt: skip
        return measured

    def _predictions(self, dataset: SFrame, margins: np.ndarray) -> Predictions:
        true = listing(dataset._data[self.target])
        return Predictions(self.classes, true, _probabilities(margins), _likeliest(margins))

    def _scores(self, of: Predictions, prefix: str) -> dict[str, Any]:
        return {f"{prefix}_{name}": METRICS[name](of) for name in SCORES}

    def _margins(self, dataset: Any, missing_value_action: str) -> np.ndarray:
        """Return how far each class (n x classes) is ahead of the first."""
        impute = check_action(missing_value_action)
        return self._margins_of(encode(check_rows(dataset, self.features), self._encodings, impute))

    def _margins_of(self, rows: Any) -> np.ndarray:
        margins = rows @ self._coefficients[:, :-1].T + self._coefficients[:, -1]
        return np.column_stack([np.zeros(rows.shape[0]), margins])

    def _named(self, codes: np.ndarray) -> Column:
        return make_column([self.classes[code] for code in codes], type(self.classes[0]))

    def _sections(self) -> dict[str, dict[str, str]]:
        return SECTIONS

    def _shown(self, field: str) -> Any:
        value = self._fields[field]
        return round(value, 4) if isinstance(value, float) else value

    # --- a directory --------------------------------------------------------------------------

    def _tables(self) -> dict[str, SFrame]:
        """Return the numbers of each coefficient (one for each class but the first), and keys."""
        numbers = SFrame()
        numbers["value"] = SArray._wrap(Column(array, self._coefficients.T.copy()))
        if self._errors is not None:
            numbers["error"] = SArray._wrap(Column(array, self._errors.T.copy()))
        keys = [list(encoding.keys) for encoding in self._encodings]
        features = {
            "name": make_column([encoding.name for encoding in self._encodings]),
            "mode": make_column([encoding.mode for encoding in self._encodings]),
            "keys": make_column(keys, list),
            "means": make_column([encoding.means for encoding in self._encodings], array),
        }
        return {"coefficients": numbers, "features": SFrame._wrap(features)}

    @classmethod
    def _restored(cls, stored: Stored) -> LogisticClassifier:
        """Return the model that was saved. Raises OSError where its coefficients don't fit it."""
        numbers, features = stored.table("coefficients"), stored.table("features")
        encodings = [
            Encoding(
                row["name"],
                row["mode"],
                {key: place for place, key in enumerate(row["keys"])},
                np.array(row["means"]),
            )
            for row in features
        ]
        fields = dict(stored.fields)
        for name in ("class_weights", "num_examples_per_class"):  # JSON has strings as keys only
            fields[name] = dict(zip(fields["classes"], fields[name].values()))
        found = [
            numbers[name].to_numpy().T if name in numbers.column_names() else None
            for name in ("value", "error")
        ]
        width = 1 + sum(encoding.width for encoding in encodings)
        if found[0].shape != (len(fields["classes"]) - 1, width):
            raise stored.damaged("its coefficients are not those of its features and classes")
        return cls(fields, encodings, *found)


def _intercepts_first(numbers: np.ndarray) -> np.ndarray:
    return np.roll(numbers, 1, axis=1).ravel()


def _likeliest(margins: np.ndarray) -> np.ndarray:
    """Return the likeliest class of each row: of two equal ones the second, of more the first."""
    if margins.shape[1] == 2:
        return (scipy.special.expit(margins[:, 1]) >= 0.5).astype(np.int64)
    return margins.argmax(axis=1)


def _probabilities(margins: np.ndarray) -> np.ndarray:
    return scipy.special.softmax(margins, axis=1)
