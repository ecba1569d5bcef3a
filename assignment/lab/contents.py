"""Notebooks that open on the chosen engine, and are stored as they were."""

from __future__ import annotations

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from traitlets import Unicode

STORED = {"display_name": "Python 3", "language": "python", "name": "python3"}


class EngineContents(AsyncLargeFileManager):
    """The files of JupyterLab; a notebook stored for `python3` opens on another kernel.

    The stored file says `python3` on every machine. Only what the page is told changes, so the
    kernel menu still offers every kernel, and saving leaves no trace of the one in use.
    """

    kernel = Unicode("python3", config=True, help="The kernel that stored notebooks open on.")

    async def get(self, *args, **options) -> dict:
        model = await super().get(*args, **options)
        notebook = notebook_of(model)
        if self.kernel != "python3" and names_kernel(notebook, "python3"):
            notebook["metadata"]["kernelspec"] = {**STORED, "name": self.kernel}
        return model

    async def save(self, model: dict, path: str = "") -> dict:
        notebook = notebook_of(model)
        if self.kernel != "python3" and names_kernel(notebook, self.kernel):
            notebook["metadata"]["kernelspec"] = dict(STORED)
        return await super().save(model, path)


def notebook_of(model: dict) -> dict:
    """Return the notebook in a contents model, or an empty one where it holds none."""
    return (model.get("type") == "notebook" and model.get("content")) or {}


def names_kernel(notebook: dict, name: str) -> bool:
    return notebook.get("metadata", {}).get("kernelspec", {}).get("name") == name
