"""JupyterLab with the configuration of `make lab`, in a real browser where there is one."""

from __future__ import annotations

import os
import sys

import nbformat
import pytest

from assignment.engine import kernel_name
from tests.browser import chromium, server, unused_port
from tests.places import ROOT

SESSION = "window.jupyterapp?.shell?.currentWidget?.sessionContext"

pytest.importorskip("jupyterlab", reason="JupyterLab runs in the other environment")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return the address of a notebook in JupyterLab."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("print(6 * 7)")],
        metadata={"kernelspec": {"display_name": "", "language": "python", "name": "python3"}},
    )
    nbformat.write(notebook, folder / "a.ipynb")
    port = unused_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", str(folder)]
    command += [f"--config={ROOT / 'assignment' / 'lab' / 'server_config.py'}"]
    command += ["--IdentityProvider.token=only-here", "--LabApp.expose_app_in_browser=True"]
    environment = {**os.environ, "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces")}
    with server(command, f"http://localhost:{port}/api", env=environment):
        yield f"http://localhost:{port}/lab/tree/a.ipynb?reset&token=only-here"


@pytest.fixture(scope="module")
def page(address):
    with chromium() as page:
        with page.expect_request(lambda r: r.method != "GET" and "/api/sessions" in r.url):
            page.goto(address, wait_until="domcontentloaded")
        yield page


def test_a_cell_runs_after_restarts_before_the_kernel_is_idle(page):
    page.wait_for_function(f"{SESSION}?.session?.kernel")
    for _ in range(3):
        page.evaluate("void jupyterapp.commands.execute('notebook:restart-kernel')")
        page.click(".jp-Dialog button.jp-mod-accept")
    page.evaluate("void jupyterapp.commands.execute('notebook:run-cell')")
    page.wait_for_selector(".jp-OutputArea-output >> text=42")


def test_a_notebook_stored_for_python3_is_open_on_the_chosen_kernel(page):
    assert page.evaluate(f"{SESSION}.session.kernel.name") == kernel_name()


def test_there_is_no_question_about_news(page):
    extension = "@jupyterlab/apputils-extension:announcements"
    assert page.evaluate(f"jupyterapp.isPluginActivated?.('{extension}') ?? false") is False
    assert page.locator("text=/Jupyter news/i").count() == 0
