"""The server's configuration, for `jupyter lab --config`."""

from __future__ import annotations

from assignment.engine import kernel_name

ANNOUNCEMENTS = "@jupyterlab/apputils-extension:announcements"


def without_announcements(_handler, page_config: dict) -> dict:
    """Return a page's settings without the extension that asks whether to fetch news."""
    disabled = page_config.setdefault("disabledExtensions", [])
    if ANNOUNCEMENTS not in disabled:
        disabled.append(ANNOUNCEMENTS)
    return page_config


c = get_config()  # noqa: F821 (Jupyter defines it)
c.ServerApp.allow_root = True  # matters in containers, where root is the only user
c.ServerApp.kernel_websocket_connection_class = "assignment.lab.connection.RestartableConnection"
c.ServerApp.contents_manager_class = "assignment.lab.contents.EngineContents"
c.EngineContents.kernel = kernel_name()
c.MultiKernelManager.default_kernel_name = kernel_name()  # for new notebooks
c.ServerApp.tornado_settings = {"page_config_hook": without_announcements}
c.LabApp.news_url = None
