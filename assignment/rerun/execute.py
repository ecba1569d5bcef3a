"""Notebooks executed in memory, each in a kernel of its own."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from jupyter_client.kernelspec import NoSuchKernel, find_kernel_specs, get_kernel_spec
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from .notebooks import Notebooks, code_cells

AT_ONCE = 2  # notebooks; each mostly waits for its engine to start
CELL_TIMEOUT = 300  # seconds; without one a dead kernel is waited for for ever


def execute_all(notebooks: Notebooks, folder: Path, kernel: str) -> dict[str, str]:
    """Execute every notebook, print a line for each, and return {name: why it failed}.

    `folder` is the working folder of the kernels, `kernel` the name of their kernelspec.
    """
    failures = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        execute_one = partial(timed_execute, folder=folder, kernel=kernel)
        runs = pool.map(execute_one, notebooks.values())
        for name in notebooks:
            print(f"  {name:<34}", end="", flush=True)
            error, seconds = next(runs)
            print(f"{'FAILED' if error else 'ok':<8}{seconds:5.1f} s", flush=True)
            if error:
                failures[name] = error
    return failures


def timed_execute(notebook: NotebookNode, folder: Path, kernel: str) -> tuple[str | None, float]:
    start = time.monotonic()
    return execute(notebook, folder, kernel), time.monotonic() - start


def execute(notebook: NotebookNode, folder: Path, kernel: str) -> str | None:
    """Execute a notebook in memory; return None, or in a line the failing cell and its error."""
    clear_outputs(notebook)
    started: list = []
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name=kernel,
        record_timing=False,  # outputs that are the same each time
        coalesce_streams=True,
        on_cell_start=lambda cell, cell_index: started.append(cell),
        extra_arguments=quiet_arguments(kernel),
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        message = " ".join(error.evalue.split())
        return f"{place_of(started, notebook)}: {error.ename}: {message}"
    except CellTimeoutError:
        return f"{place_of(started, notebook)}: no result within {CELL_TIMEOUT} s"
    except DeadKernelError:
        return f"{place_of(started, notebook)}: the kernel died"
    except (NoSuchKernel, RuntimeError) as error:  # nbclient raises no error of its own
        return f"the kernel {kernel} did not start ({error}): `make check` says more"
    return None


def quiet_arguments(kernel: str) -> list[str]:
    """Return what lets a kernel log errors only: all warn about their transport at the start.

    The kernels that the setup registers do so by themselves, and take it only once.
    """
    option = "--log-level="
    argv = get_kernel_spec(kernel).argv if kernel in find_kernel_specs() else []
    return [] if any(word.startswith(option) for word in argv) else [f"{option}40"]


def clear_outputs(notebook: NotebookNode) -> None:
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None


def place_of(started: list, notebook: NotebookNode) -> str:
    """Return the code cell that execution reached, by its number in the notebook's margin."""
    code = [cell for cell in started if cell.cell_type == "code"]
    return f"cell {len(code)} of {len(code_cells(notebook))}"
