"""Old submissions run: GraphLab's names, paths of anybody's computer, the ImageNet model.

`import graphlab` and `import turicreate` give the engine of the kernel. What the engine has already
is left as it is.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Callable

ALIASES = ("turicreate", "graphlab")
# Any folder or address before it; a file of the SFrame or a slash after it.
PART = re.compile(
    r"(?:^|[/\\:])(image_(?:train|test)_data)(?:\.gl|\.sframe)?"
    r"(?:[/\\]+[^/\\]*\.(?:frame_idx|ini|sidx|[0-9]{4}))?[/\\]*$",
    re.IGNORECASE,
)
CSV = re.compile(
    r"(?:^|[/\\:])(image_(?:train|test)_data)\.csv(?:\.(?:gz|zip|bz2))?$", re.IGNORECASE
)
COURSE_MODEL = re.compile("imagenet", re.IGNORECASE)


def prepare(engine: ModuleType, data: Path) -> None:
    """Make an engine take old names and paths; `data` is the sandbox's copy of the data set."""
    redirect_paths(engine, data)
    know_course_model(engine, data)
    add_names(engine)


# --- paths ----------------------------------------------------------------------------------------


def here(path: Any, data: Path) -> Any:
    """Return where a path of the data set lies in this sandbox; another path as it is."""
    match = PART.search(str(path).strip()) if isinstance(path, (str, Path)) else None
    return str(data / match[1].lower()) if match else path


def to_read(path: Any, data: Path) -> Any:
    """Return where what a path names is read from: of a CSV copy of the data set, one made here."""
    match = CSV.search(str(path).strip()) if isinstance(path, (str, Path)) else None
    return str(as_csv(match[1].lower(), data)) if match else here(path, data)


def as_csv(part: str, data: Path) -> Path:
    """Return a CSV file of a part of the data set, made where it isn't there yet.

    Its folder is not the data set's: the assignment's own functions would prefer it.
    """
    made = data.parent / "tables" / f"{part}.csv"
    if not made.exists():
        import turilite  # noqa: PLC0415  slow to import, and few read CSV files

        made.parent.mkdir(exist_ok=True)
        turilite.SFrame(str(data / part)).save(str(made), format="csv")
    return made


def redirect_paths(engine: ModuleType, data: Path) -> None:
    change_argument(engine.SFrame, "__init__", 1, lambda path: to_read(path, data))
    change_argument(engine.SFrame, "save", 1, lambda path: here(path, data))
    change_argument(engine, "load_sframe", 0, lambda path: here(path, data))
    redirect_csv(engine.SFrame, data)


def redirect_csv(owner: Any, data: Path) -> None:
    """Have `read_csv`, of pandas or of the engine's tables, read the sandbox's copy."""
    change_argument(owner, "read_csv", 0, lambda path: to_read(path, data))
    if isinstance(owner, type):  # what was a method of the class is a function now
        owner.read_csv = staticmethod(owner.read_csv)  # type: ignore[attr-defined]


def change_argument(owner: Any, name: str, position: int, change: Callable) -> None:
    """Have `owner.name` get its path changed, given by position or by keyword."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def changed(*given: Any, **options: Any) -> Any:
        given = tuple(change(one) if at == position else one for at, one in enumerate(given))
        for keyword in ("data", "filename", "url", "filepath_or_buffer"):
            if keyword in options:
                options[keyword] = change(options[keyword])
        return original(*given, **options)

    setattr(owner, name, changed)


def fix_data_dir(data_sets: ModuleType, data: Path) -> None:
    """Have the assignment's own functions use the sandbox's copy, whatever `DATA_DIR` is set to."""
    data_sets.data_dir = lambda: data  # type: ignore[attr-defined]


# --- the course's model ---------------------------------------------------------------------------


class CourseModel:
    """The network of the course, of which only the features are here that the data set has."""

    def __init__(self, engine: ModuleType, data: Path) -> None:
        self._engine = engine
        self._data = data

    def extract_features(self, dataset: Any, *_: Any, **__: Any) -> Any:
        """Return the deep features of the rows, known by their column or by their ids."""
        if "deep_features" in dataset.column_names():
            return dataset["deep_features"]
        if "id" not in dataset.column_names():
            raise ValueError("the features of these images are not known: keep their column 'id'")
        known = {}
        for part in ("image_train_data", "image_test_data"):
            images = self._engine.SFrame(str(self._data / part))
            known.update(zip(images["id"], images["deep_features"]))
        return self._engine.SArray([known.get(number) for number in dataset["id"]])


def know_course_model(engine: ModuleType, data: Path) -> None:
    original = engine.load_model

    @functools.wraps(original)
    def load_model(location: Any, *given: Any, **options: Any) -> Any:
        if COURSE_MODEL.search(str(location)) and not Path(str(location)).exists():
            return CourseModel(engine, data)
        return original(location, *given, **options)

    engine.load_model = load_model  # type: ignore[attr-defined]


# --- GraphLab's names -----------------------------------------------------------------------------


def add_names(engine: ModuleType) -> None:
    """Add the names of GraphLab that the course's notebooks use, where the engine lacks them."""
    nothing = SimpleNamespace(
        set_target=ignore, show=ignore, get_target=lambda: "ipynb", __name__="graphlab.canvas"
    )
    settings = {
        "canvas": nothing,
        "product_key": SimpleNamespace(set_product_key=ignore, get_product_key=ignore),
        "set_runtime_config": ignore,
        "get_runtime_config": dict,
        "get_dependencies": ignore,
    }
    for name, thing in settings.items():
        add(engine, name, thing)
    frame, column = engine.SFrame, engine.SArray
    add(frame, "num_cols", lambda table: table.num_columns())
    add(column, "sketch_summary", lambda values, *_, **__: values.summary())
    rename_keyword(frame, "groupby", "key_columns", "key_column_names")
    rename_keyword(frame, "add_column", "name", "column_name", inplace=True)
    rename_keyword(frame, "remove_column", "name", "column_name", inplace=True)
    for kind in (frame, column):
        accept_view(kind)


def ignore(*_: Any, **__: Any) -> None:
    """Do nothing: a setting of a window or a license that is not here."""


def add(owner: Any, name: str, thing: Any) -> None:
    if not hasattr(owner, name):
        setattr(owner, name, thing)


def rename_keyword(owner: type, method: str, old: str, new: str, **always: Any) -> None:
    """Have a method take its argument's old name too, then with what the old method did."""
    original = getattr(owner, method)

    @functools.wraps(original)
    def renamed(*given: Any, **options: Any) -> Any:
        if old in options:
            options = {**always, **options, new: options[old]}
            del options[old]
        return original(*given, **options)

    setattr(owner, method, renamed)


def accept_view(kind: type) -> None:
    """Have `show` take GraphLab's `view=`, `x=` and `y=`, which chose a page of its window."""
    original = kind.show  # type: ignore[attr-defined]

    @functools.wraps(original)
    def show(thing: Any, *given: Any, **options: Any) -> Any:
        given = () if given and not hasattr(thing, "dtype") else given
        for name in ("view", "x", "y", "columns"):
            options.pop(name, None)
        if hasattr(getattr(thing, "dtype", None), "pixel_data"):
            return thing.explore()  # there is no plot of pictures; GraphLab showed them
        return original(thing, *given, **options)

    kind.show = show  # type: ignore[attr-defined]


def add_model_names(models: ModuleType) -> None:
    """Add GraphLab's `show` to the engine's models: it printed them where there was no window."""
    add(models.Model, "show", lambda model, *_, **__: print(model))
