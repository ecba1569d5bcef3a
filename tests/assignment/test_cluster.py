"""The search on a cluster: the result of one machine, whatever happens to a worker."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import dask
import numpy as np
import psutil
import pytest

import turilite
from assignment import cluster

STATUS = Path("/proc/self/status")
PART_ROWS = cluster.PART_ROWS
LABELS = ["automobile", "bird", "cat", "dog"]


def table_of(rows: int, seed: int = 1) -> turilite.SFrame:
    """Return rows of few small whole numbers, so that many are equally far away."""
    random = np.random.default_rng(seed)
    return turilite.SFrame(
        {
            "id": 3 * np.arange(rows) + 5,
            "label": [LABELS[number] for number in random.integers(0, 4, rows)],
            "deep_features": turilite.SArray(random.integers(0, 3, (rows, 6)).astype(float)),
        }
    )


QUERIES = table_of(40, seed=2)["deep_features"].to_numpy()


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> str:
    folder = str(tmp_path_factory.mktemp("cluster") / "image_train_data")
    table_of(500).save(folder)
    return folder


@pytest.fixture(scope="module")
def client():
    with cluster.connect(workers=2) as client:
        yield client


@pytest.fixture(autouse=True)
def many_parts(monkeypatch):
    monkeypatch.setattr(cluster, "PART_ROWS", 37)


def on_one_machine(path: str, k: int, category: str | None) -> turilite.SFrame:
    rows = turilite.SFrame(path)
    if category:
        rows = rows[rows["label"] == category]
    model = turilite.nearest_neighbors.create(
        rows, features=["deep_features"], label="id", verbose=False
    )
    asked = turilite.SFrame({"deep_features": turilite.SArray(QUERIES)})
    return model.query(asked, k=k, verbose=False)


def assert_same(found: turilite.SFrame, expected: turilite.SFrame) -> None:
    assert found.column_names() == expected.column_names()
    for name in expected.column_names():
        np.testing.assert_array_equal(found[name].to_numpy(), expected[name].to_numpy(), name)


@pytest.mark.parametrize("category", [None, "dog"])
@pytest.mark.parametrize("k", [1, 5, 200])
def test_it_finds_what_one_machine_finds_ties_included(client, path, k, category):
    found = cluster.query(client, path, QUERIES, k, category=category, verbose=False)
    assert_same(found, on_one_machine(path, k, category))


def test_a_category_that_no_row_has_has_no_neighbors(client, path):
    assert len(cluster.query(client, path, QUERIES, 1, category="frog", verbose=False)) == 0


@pytest.mark.parametrize("rows", [0, 1, 37, 38])
def test_any_number_of_rows_is_searched(client, tmp_path, rows):
    table_of(max(rows, 1))[:rows].save(str(tmp_path / "few"))
    found = cluster.query(client, tmp_path / "few", QUERIES, 2, verbose=False)
    assert len(found) == len(QUERIES) * min(rows, 2)


@pytest.mark.parametrize(
    ("rows", "threads", "size"),
    [(0, 2, 1), (1, 2, 1), (37, 1, 37), (38, 1, 19), (74, 2, 37), (75, 2, 19), (1000, 3, 34)],
)
def test_threads_get_equally_many_parts_of_one_size(rows, threads, size):
    assert cluster.rows_of_a_part(rows, threads) == size


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_is_killed_in_the_middle_changes_nothing(path, workers):
    with cluster.connect(workers=workers) as client:
        victim = next(iter(client.scheduler_info()["workers"]))
        client.run(_die_at_the_first_part, workers=[victim])
        before = client.run(os.getpid)
        found = cluster.query(client, path, QUERIES, 5, category="cat", verbose=False)
        client.wait_for_workers(workers, timeout=60)
        assert before[victim] not in client.run(os.getpid).values()
    assert_same(found, on_one_machine(path, 5, "cat"))


@pytest.mark.skipif(not STATUS.exists(), reason="this system does not tell a process's peak")
def test_a_worker_stays_within_its_memory_whatever_the_size_of_the_data(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "PART_ROWS", PART_ROWS)
    features = np.random.default_rng(0).standard_normal((PART_ROWS, 4096), np.float32)
    part = turilite.SFrame({"id": np.arange(PART_ROWS), "deep_features": turilite.SArray(features)})
    part.append(part).append(part).save(str(tmp_path / "large"))
    limit = 350_000_000
    assert 3 * 8 * features.size > limit
    with cluster.connect(workers=1, memory_limit=limit) as client:
        found = cluster.query(client, tmp_path / "large", features[:2], 3, verbose=False)
        (peak,) = client.run(peak_memory).values()
    assert found["reference_label"].to_numpy().tolist() == [0] * 3 + [1] * 3
    assert found["distance"].to_numpy().tolist() == [0.0] * 6
    assert peak < limit


def peak_memory() -> int:
    """Return the most bytes that this process has taken."""
    return 1024 * int(re.search(r"VmHWM:\s+(\d+)", STATUS.read_text())[1])


def test_the_processes_end_with_the_client():
    with cluster.connect(workers=1) as client:
        processes = [psutil.Process(number) for number in client.run(os.getpid).values()]
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert (len(processes), alive) == (1, [])


def _die_at_the_first_part() -> None:
    cluster.search_part = lambda *_: os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_without_the_data_says_so_by_path(client, tmp_path):
    with pytest.raises(
        cluster.ClusterError, match=r"the worker tcp://127.+image_train_data"
    ) as said:
        cluster.query(client, tmp_path / "image_train_data", QUERIES, verbose=False)
    assert str(said.value).endswith("Every worker needs the SFrame at the same path.")


def test_a_named_scheduler_is_used(client, path):
    named = {"scheduler-address": client.scheduler.address}
    with dask.config.set(named), cluster.connect() as other:
        found = cluster.query(other, path, QUERIES, 1, verbose=False)
    assert len(found) == len(QUERIES)
    assert client.status == "running"


def test_a_named_scheduler_that_does_not_answer_is_told():
    silent = {"scheduler-address": "tcp://127.0.0.1:9", "distributed.comm.timeouts.connect": "1s"}
    with dask.config.set(silent), pytest.raises(cluster.ClusterError, match=r"127\.0\.0\.1:9"):
        cluster.connect()


def test_queries_can_be_rows_of_a_table(client, path):
    found = cluster.query(client, path, table_of(40, seed=2), 3, verbose=False)
    assert_same(found, on_one_machine(path, 3, None))


@pytest.mark.parametrize(
    ("queries", "sentence"),
    [
        (table_of(3)[["id", "label"]], "the queries have no column 'deep_features'"),
        (turilite.SFrame({"deep_features": ["a"]}), "the queries are not numbers"),
        ([[1.0, 2.0], [1.0]], "the queries are not numbers, as many for each"),
        ([{"deep_features": [1.0]}], "the queries are not numbers"),
        (None, "need a table"),
    ],
)
def test_queries_that_are_no_numbers_are_refused_with_a_sentence(client, path, queries, sentence):
    with pytest.raises(ValueError, match=sentence):
        cluster.query(client, path, queries, 1, verbose=False)


@pytest.mark.parametrize(("queries", "k"), [(QUERIES, 0), (QUERIES[0], 1)])
def test_what_is_no_question_is_refused(client, path, queries, k):
    with pytest.raises(ValueError, match="need a table and k >= 1"):
        cluster.query(client, path, queries, k, verbose=False)


def test_the_progress_bar_is_dasks(client, path, capsys):
    cluster.query(client, path, QUERIES, 1)
    assert "Completed" in capsys.readouterr().out
