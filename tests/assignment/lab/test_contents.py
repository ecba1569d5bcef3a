"""A stored notebook opens on the chosen engine's kernel and is stored as it was."""

from __future__ import annotations

import nbformat
import pytest

pytest.importorskip("jupyter_server", reason="JupyterLab runs in the other environment")

from assignment.lab.contents import STORED, EngineContents


@pytest.fixture
def folder(tmp_path):
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": dict(STORED)})
    nbformat.write(notebook, tmp_path / "a.ipynb")
    return tmp_path


def kernel_of(model: dict) -> str:
    return model["content"]["metadata"]["kernelspec"]["name"]


async def test_a_notebook_stored_for_python3_opens_on_the_chosen_kernel(folder):
    contents = EngineContents(root_dir=str(folder), kernel="turicreate")
    assert kernel_of(await contents.get("a.ipynb")) == "turicreate"


async def test_saving_it_leaves_no_trace_of_that_kernel(folder):
    contents = EngineContents(root_dir=str(folder), kernel="turicreate")
    stored = (folder / "a.ipynb").read_bytes()
    await contents.save(await contents.get("a.ipynb"), "a.ipynb")
    assert (folder / "a.ipynb").read_bytes() == stored


async def test_a_notebook_stored_for_another_kernel_opens_on_that_one(folder):
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {**STORED, "name": "julia"}})
    nbformat.write(notebook, folder / "julia.ipynb")
    contents = EngineContents(root_dir=str(folder), kernel="turicreate")
    assert kernel_of(await contents.get("julia.ipynb")) == "julia"


async def test_a_folder_is_listed_as_ever(folder):
    contents = EngineContents(root_dir=str(folder), kernel="turicreate")
    model = await contents.get("")
    assert [entry["name"] for entry in model["content"]] == ["a.ipynb"]
