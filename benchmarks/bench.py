"""Compare the engines on the assignment's work, each in the environment that has it.

    python benchmarks/bench.py [--quick]

Needs what `make bench` sets up first. Makes data like the course's in a temporary folder, runs
`worker.py` for every engine and task with the same number of threads, `large.py` on tables of
growing size, and `on_cluster.py` on one of them. Prints tables of times, memory and ratios, and
writes `benchmarks/results.md` and `benchmarks/results.png`. Takes some minutes, 24 GiB of disk and
less than 8 GiB of memory; `--quick` leaves out the largest sizes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from operator import itemgetter
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import turilite

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build"
WIDTH, THREADS = 4096, 2
ENGINES = {  # engine: the Python it runs in
    "turicreate": str(HERE.parent / ".turicreate" / "bin" / "python"),
    "turilite": sys.executable,
    "scikit-learn": sys.executable,
    "faiss": sys.executable,
    "matrix product": sys.executable,
}
ACCURACY = "accuracy step: 4 x 500 references, 4 x 1,000 queries, k=1"
TASKS = {
    "load": ("load 2,000 x 4,096 features", 2000, 4000),
    "accuracy": (ACCURACY, 2000, 4000),
    "accuracy fresh": (f"{ACCURACY}; each in a new process", 2000, 4000),
    "single": ("20 single-image queries among 2,000 references, k=5", 2000, 4000),
    "growth 500": ("100 queries among 500 references, k=5", 500, 100),
    "growth 5000": ("100 queries among 5,000 references, k=5", 5000, 100),
    "growth 50000": ("100 queries among 50,000 references, k=5", 50000, 100),
}
RUNS = 3
NOTE = """\
From the second run on turilite has the queries in float32 already. A run in a new process begins
with float64 columns or rows, and with nothing else. scikit-learn, FAISS and the product load .npy
files, the other two SFrames.
"""
LARGE_ENGINES = ("turicreate", "turilite")
LARGE_ROWS = (2000, 20000, 60000)
LARGE_TASKS = {  # of large.py
    "read": "read every number (their sum)",
    "dogs": "open, summary of the labels, filter, model of the dogs (a quarter)",
    "all": "open, model of all rows, 100 queries, k=5",
}
CLUSTER_ROWS = 20000
CLUSTER_WORKERS = (0, 1, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="without the largest size")
    tasks, large_rows = dict(TASKS), LARGE_ROWS
    if parser.parse_args().quick:
        del tasks["growth 50000"]
        large_rows = LARGE_ROWS[:-1]
    BUILD.mkdir(exist_ok=True)
    results = {}
    for task, (title, references, queries) in tasks.items():
        print(title, flush=True)
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            make_data(Path(folder), references, queries)
            results[task] = {
                engine: measure(python, engine, task, folder) for engine, python in ENGINES.items()
            }
        print(flush=True)
    text = described(tasks, results) + described_large(measure_large(large_rows))
    text += described_cluster(measure_cluster())
    (HERE / "results.md").write_text(text, encoding="utf-8")
    print(text)
    draw(tasks, results)


def make_data(folder: Path, references: int, queries: int) -> None:
    """Write features like those after a rectifier: half of them zero, single precision."""
    draw = np.random.default_rng(0)
    for name, rows in {"references": references, "queries": queries}.items():
        features = np.maximum(draw.standard_normal((rows, WIDTH), np.float32), 0).astype(float)
        np.save(folder / f"{name}.npy", features)
        frame = turilite.SFrame(
            {
                "id": list(range(rows)),
                "label": [str(row % 4) for row in range(rows)],
                "deep_features": turilite.SArray(features),
            }
        )
        frame.save(str(folder / name))


def measure(python: str, engine: str, task: str, folder: str) -> dict:
    """Return the best of some runs, which are in one process or in a new one each."""
    runs, processes = (1, RUNS) if task.endswith("fresh") else (RUNS, 1)
    command = ("worker.py", engine, task.split(maxsplit=1)[0], folder, str(runs))
    result = min((run(python, *command) for _ in range(processes)), key=itemgetter("seconds"))
    show(engine, result)
    return result


def show(name: str, result: dict) -> None:
    print(f"  {name:<24}{result['seconds']:9.3f} s {result['megabytes']:8.0f} MB", flush=True)


def run(python: str, script: str, *arguments: str) -> dict:
    """Return what a script prints, run in a new process with the same threads for all engines."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    limits = {name: str(THREADS) for name in (*threads, "TURI_NUM_THREADS")}
    command = [python, str(HERE / script), *arguments]
    done = subprocess.run(
        command, env={**os.environ, **limits}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"bench: {arguments} failed: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout.splitlines()[-1])


def measure_large(sizes: tuple[int, ...]) -> dict[tuple[str, int, str], dict]:
    """Return the results by task, rows and engine, of tables that Turi Create writes."""
    results = {}
    for rows in sizes:
        print(f"{rows:,} x {WIDTH:,} features on disk", flush=True)
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            table = str(Path(folder) / "table")
            run(ENGINES["turicreate"], "large.py", "turicreate", "make", table, str(rows))
            for task in LARGE_TASKS:
                for engine in LARGE_ENGINES:
                    result = run(ENGINES[engine], "large.py", engine, task, table)
                    show(f"{task}, {engine}", result)
                    results[task, rows, engine] = result
                if len({results[task, rows, engine]["answer"] for engine in LARGE_ENGINES}) > 1:
                    sys.exit(f"bench: the engines disagree about {task}")
    return results


def described_large(results: dict[tuple[str, int, str], dict]) -> str:
    lines = ["", "Tables on disk, written by Turi Create; each task in a new process, once.", ""]
    lines += ["| task | rows | engine | seconds | MB/s of float64 | peak memory, MB |"]
    lines += ["| --- | ---: | --- | ---: | ---: | ---: |"]
    for (task, rows, engine), result in results.items():
        speed = f"{rows * WIDTH * 8 / 1e6 / result['seconds']:.0f}" if task == "read" else ""
        figures = (f"{result['seconds']:.2f}", speed, f"{result['megabytes']:.0f}")
        lines.append(f"| {' | '.join((LARGE_TASKS[task], f'{rows:,}', engine, *figures))} |")
    return "\n".join(lines) + "\n"


def measure_cluster() -> dict[int, dict]:
    """Return the results by the number of Dask workers; 0 is one process without Dask."""
    print(f"1,000 queries among {CLUSTER_ROWS:,} rows, on Dask workers", flush=True)
    results = {}
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        table = str(Path(folder) / "table")
        run(ENGINES["turicreate"], "large.py", "turicreate", "make", table, str(CLUSTER_ROWS))
        for workers in CLUSTER_WORKERS:
            results[workers] = run(sys.executable, "on_cluster.py", str(workers), table)
            show(f"{workers} workers", results[workers])
    if len({result["answer"] for result in results.values()}) > 1:
        sys.exit("bench: the cluster and one process disagree")
    return results


def described_cluster(results: dict[int, dict]) -> str:
    lines = ["", f"1,000 queries among {CLUSTER_ROWS:,} rows of such a table, k=5, with turilite."]
    lines += ["Each Dask worker is a process of one thread.", ""]
    lines += ["| searched by | seconds | peak memory of a process, MB |", "| --- | ---: | ---: |"]
    for workers, result in results.items():
        name = f"{workers} Dask workers" if workers else f"one process, {THREADS} threads"
        lines.append(f"| {name} | {result['seconds']:.2f} | {result['megabytes']:.0f} |")
    return "\n".join(lines) + "\n"


def described(tasks: dict, results: dict) -> str:
    lines = [f"Measured on {machine()}, {THREADS} threads; the best of {RUNS} runs.", "", NOTE]
    lines += ["| task | engine | seconds | times the matrix product | peak memory, MB |"]
    lines += ["| --- | --- | ---: | ---: | ---: |"]
    for task, (title, *_) in tasks.items():
        bare = results[task]["matrix product"]["seconds"]
        for engine, result in results[task].items():
            ratio = "" if task == "load" else f"{result['seconds'] / bare:.1f}"
            cells = (title, engine, f"{result['seconds']:.3f}", ratio, f"{result['megabytes']:.0f}")
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].split(":")[1].strip() if names else model
    return f"{platform.system()}, {model}, {os.cpu_count()} cores"


def draw(tasks: dict, results: dict) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), dpi=110)
    engines = list(ENGINES)
    seconds = [results["accuracy"][engine]["seconds"] for engine in engines]
    bars = left.barh(engines, seconds, color=["#9a9996", "#1a5fb4", *["#9a9996"] * 3])
    left.bar_label(bars, [f"{value:.2f} s" for value in seconds], padding=4)
    left.invert_yaxis()
    left.set(title="the accuracy step", xlabel="seconds", xlim=(0, max(seconds) * 1.2))
    sizes = [size for task, (_, size, _) in tasks.items() if task.startswith("growth")]
    for engine, marker in zip(engines, "osv^x"):
        times = [results[f"growth {size}"][engine]["seconds"] for size in sizes]
        color = "#1a5fb4" if engine == "turilite" else "#555555"
        right.loglog(sizes, times, marker=marker, color=color, linewidth=1, label=engine)
    right.set(title="100 queries, k=5", xlabel="references", ylabel="seconds")
    right.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(HERE / "results.png")


if __name__ == "__main__":
    main()
