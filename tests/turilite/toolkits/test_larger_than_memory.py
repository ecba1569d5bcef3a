"""The assignment on data larger than its budget: every answer is that of the data in memory."""

from __future__ import annotations

import tracemalloc
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import turilite as tc
from turilite import memory
from turilite.columns.iterating import each
from turilite.columns.values import listing

LABELS = ("dog", "cat", "automobile", "bird")
ROWS, WIDTH = 240, 256
BUDGETS = {
    "nothing fits": "64 KB",  # references are searched in batches
    "float32 rows fit": "1 MB",  # references are kept, float64 rows read again if they differ
}


@pytest.fixture(autouse=True)
def default_budget():
    yield
    memory.set_budget(None)


def features(kind: str, rows: int, seed: int) -> np.ndarray:
    """Return rows like deep features; many are equal or differ by very little."""
    random = np.random.default_rng(seed)
    base = np.maximum(random.standard_normal((12, WIDTH)), 0)
    near = base[random.integers(0, 12, rows)]
    near *= 1 + 2.0**-18 * random.integers(-1, 2, (rows, WIDTH)) * (random.random((rows, 1)) < 0.5)
    offset = {"pixels": 1000.0}.get(kind, 0.0)  # far from the origin
    return near + offset if kind == "float64" else (near + offset).astype(np.float32).astype(float)


@pytest.fixture(scope="module", params=["float32", "float64", "pixels"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    for seed, name in enumerate(("train", "test")):
        table = tc.SFrame(
            {"id": list(range(ROWS)), "label": [LABELS[(i * i + i // 5) % 4] for i in range(ROWS)]}
        )
        table["deep_features"] = tc.SArray(features(request.param, ROWS, seed // 2))
        table.save(str(folder / name))
    return folder


def rows_in(table: tc.SFrame) -> list:
    return [list(each(column)) for column in table._data.values()]


def opened(folder: Path) -> tuple[tc.SFrame, tc.SFrame]:
    return tc.SFrame(str(folder / "train")), tc.SFrame(str(folder / "test"))


def answers(train: tc.SFrame, test: tc.SFrame) -> dict[str, object]:
    """Return what the assignment asks for, and other selections on the same data."""
    parts = {label: train[train["label"] == label] for label in LABELS}
    models = {
        label: tc.nearest_neighbors.create(
            part, features=["deep_features"], label="id", verbose=False
        )
        for label, part in parts.items()
    }
    dogs = test[test["label"] == "dog"]
    nearest = {label: model.query(dogs, k=1, verbose=False) for label, model in models.items()}
    distances = tc.SFrame({label: table["distance"] for label, table in nearest.items()})
    whole = tc.nearest_neighbors.create(train, features=["deep_features"], label="id")
    return {
        "summary": str(train["label"].summary()),
        "one picture": rows_in(whole.query(test[18:19], k=5)),
        "nearest": [rows_in(table) for table in nearest.values()],
        "mean": models["cat"].query(test[0:1])["distance"].mean(),
        "correct": int(distances.apply(lambda row: row["dog"] == min(row.values())).sum()),
        "all": rows_in(whole.query(test, label="id", k=None, radius=0.02)),
        "graph": rows_in(whole.similarity_graph(k=2, output_type="SFrame")),
        "sorted": rows_in(
            tc.nearest_neighbors.create(
                train.sort("label", ascending=False), features=["deep_features"], label="id"
            ).query(test.filter_by(["cat"], "label").sample(0.5, seed=1), k=4)
        ),
        "cosine": rows_in(
            tc.nearest_neighbors.create(
                train, features=["deep_features"], label="id", distance="cosine"
            ).query(test[:40], k=3)
        ),
        "manhattan": rows_in(
            tc.nearest_neighbors.create(
                train, features=["deep_features"], label="id", distance="manhattan"
            ).query(test[:10], k=3)
        ),
    }


@pytest.mark.parametrize("budget", BUDGETS)
def test_every_answer_is_that_of_the_data_in_memory(folder: Path, budget: str) -> None:
    expected = answers(*opened(folder))
    memory.set_budget(BUDGETS[budget])
    assert tc.SFrame(str(folder / "train"))._data["deep_features"].is_streamed
    found = answers(*opened(folder))
    for name, answer in expected.items():
        assert found[name] == answer, name


def test_a_budget_that_is_lowered_when_all_is_in_memory_changes_no_answer(folder: Path) -> None:
    tables = opened(folder)
    expected = answers(*tables)
    memory.set_budget(BUDGETS["nothing fits"])
    assert not tables[0]._data["deep_features"].is_streamed
    assert tables[0].sort("label")._data["deep_features"].is_streamed
    found = answers(*tables)
    for name, answer in expected.items():
        assert found[name] == answer, name


def derived(folder: Path, work: Path) -> dict[str, object]:
    """Return what else is made of a table, and what files hold that are written of it."""
    table = tc.SFrame(str(folder / "train"))
    some = table[table["label"] != "cat"].sort("id", ascending=False)
    both = some.append(table[10:200:3])
    both.save(str(work / "both"))
    both.export_csv(str(work / "both.csv"))
    again = tc.SFrame(str(work / "both"))
    again.save(str(work / "both"))  # over the folder that it is read from
    return {
        "both": rows_in(both),
        "saved": rows_in(again),
        "read again": rows_in(tc.SFrame(str(work / "both"))),
        "csv": (work / "both.csv").read_text(),
        "sum": table["deep_features"].sum(),
        "mean": table["deep_features"].mean(),
        "lengths": listing(table["deep_features"].item_length()._data),
        "largest": listing(table["deep_features"].apply(max)._data),
        "rows": [row["deep_features"] for row in table[5:9]],
        "one": table[7]["deep_features"],
        "labels": sorted(table["label"].unique()),
        "groups": rows_in(table.groupby("label", {"n": tc.aggregate.COUNT()})),
        "first": rows_in(table.groupby("label", {"v": tc.aggregate.SELECT_ONE("deep_features")})),
        "complete": len(table.dropna()),
        "text": str(table.head(2)["id"]),
    }


@pytest.mark.parametrize("budget", BUDGETS)
def test_tables_made_of_it_are_those_of_the_data_in_memory(
    folder: Path, budget: str, tmp_path: Path
) -> None:
    expected = derived(folder, tmp_path)
    memory.set_budget(BUDGETS[budget])
    found = derived(folder, tmp_path)
    for name, answer in expected.items():
        assert found[name] == answer, name


def peak(work) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a table of 32 MB in float64."""
    folder = tmp_path_factory.mktemp("large") / "table"
    matrix = np.random.default_rng(0).random((4000, 1024), np.float32).astype(float)
    tc.SFrame({"id": list(range(4000)), "v": tc.SArray(matrix)}).save(str(folder))
    return folder


def test_searching_writing_and_appending_keep_within_the_budget(
    large: Path, tmp_path: Path
) -> None:
    memory.set_budget("4 MB")
    table = tc.SFrame(str(large))

    def search() -> None:
        model = tc.nearest_neighbors.create(table, features=["v"], label="id")
        assert model.query(table[:20], k=1)["distance"].sum() == 0

    assert peak(search) < 8_000_000
    assert peak(lambda: table.append(table).save(str(tmp_path / "twice"))) < 8_000_000
    assert peak(table["v"].item_length) < 8_000_000
    assert tc.SFrame(str(tmp_path / "twice")).num_rows() == 8000


def test_what_is_asked_for_as_a_whole_and_does_not_fit_is_refused(large: Path) -> None:
    memory.set_budget("4 MB")
    table = tc.SFrame(str(large))
    for whole in (table["v"].to_numpy, lambda: table["v"] * 2, table.to_dataframe):
        with pytest.raises(MemoryError, match=r"4,000 rows of type array would take .* use fewer"):
            whole()
    assert table["v"][:10].to_numpy().shape == (10, 1024)


@pytest.mark.parametrize("numbers", ["all 0", "0 to 3", "some with fractions"])
def test_vectors_that_are_packed_small_count_with_what_they_take_in_memory(
    tmp_path: Path, numbers: str
) -> None:
    draw = np.random.default_rng(0)
    matrix = draw.integers(0, 4, (4000, 1024)).astype(float) * (numbers != "all 0")
    if numbers == "some with fractions":
        matrix[:, ::50] += draw.random((4000, 21))
    tc.SFrame({"id": list(range(4000)), "v": tc.SArray(matrix)}).save(str(tmp_path / "small"))
    memory.set_budget("4 MB")
    table = tc.SFrame(str(tmp_path / "small"))
    assert table._data["v"].nbytes == pytest.approx(matrix.nbytes, rel=0.01)

    def search() -> None:
        model = tc.nearest_neighbors.create(table, features=["v"], label="id")
        assert model.query(table[:20], k=1)["distance"].sum() == 0

    assert peak(search) < 12_000_000  # 60 MB where they count as they are stored
    assert peak(lambda: list(table[table["id"] == 7]["v"])) < 4_000_000
    with pytest.raises(MemoryError, match=r"4,000 rows of type array would take 32\.8 MB"):
        table["v"].to_numpy()


def test_selections_of_what_is_in_memory_are_copied_in_parts(large: Path, tmp_path: Path) -> None:
    table = tc.SFrame(str(large))
    table["v"].to_numpy()
    memory.set_budget("4 MB")
    odd = table[table["id"] % 2 == 1]

    def search() -> None:
        model = tc.nearest_neighbors.create(odd, features=["v"], label="id")
        assert model.query(table[:20], k=1)["reference_label"][1] == 1

    assert peak(search) < 8_000_000
    assert peak(lambda: odd.append(table).save(str(tmp_path / "more"))) < 8_000_000
    assert peak(lambda: table["v"][5:]._data.values) < 100_000
    with pytest.raises(MemoryError, match=r"2,000 rows of type array would take 16\.4 MB"):
        odd["v"].to_numpy()


def test_results_that_do_not_fit_are_refused_before_anything_is_read(large: Path) -> None:
    memory.set_budget("4 MB")
    table = tc.SFrame(str(large))
    model = tc.nearest_neighbors.create(table, features=["v"], label="id")
    some = table[:5]
    assert len(model.query(some, k=None)) == 20_000
    for ask, *arguments in (
        (model.query, table, None, None),
        (model.query, table, None, 11),
        (model.query, table[:20], None, 10**9),
        (model.similarity_graph, None, None, False, "SFrame"),
        (model.similarity_graph, 7),
    ):
        assert peak(partial(refused, ask, *arguments)) < 100_000


def refused(ask, *arguments) -> None:
    pattern = r"a result of .* x .* neighbors would take .*: ask for fewer neighbors \(k\) or"
    with pytest.raises(MemoryError, match=pattern):
        ask(*arguments)


def test_missing_and_unequal_rows_are_noticed_as_in_memory(tmp_path: Path) -> None:
    gaps = [[0.1, 2.0, 3.0]] * 30 + [None] + [[4.3, 5.0, 7.0]] * 30
    uneven = [*gaps[:30], [1.0], *gaps[31:]]
    for name, rows in {"gaps": gaps, "uneven": uneven}.items():
        tc.SFrame({"v": rows, "x": list(range(61))}).save(str(tmp_path / name))
    whole = tc.SFrame({"v": gaps[31:] + gaps[:5]})
    seen = []
    for budget in (None, 6000):
        memory.set_budget(budget)
        tables = {name: tc.SFrame(str(tmp_path / name)) for name in ("gaps", "uneven")}
        assert tables["gaps"]._data["v"].is_streamed == (budget is not None)
        for table in tables.values():
            with pytest.raises(tc.errors.ToolkitError) as error:
                tc.nearest_neighbors.create(table, features=["v"])
            seen.append(str(error.value))
        model = tc.nearest_neighbors.create(whole, features=["v"])
        seen.append(rows_in(model.query(tables["gaps"], k=1)))
        with pytest.raises(tc.errors.ToolkitError) as error:
            model.query(tables["uneven"], k=1)
        seen.append(str(error.value))
    assert seen[:4] == seen[4:]
