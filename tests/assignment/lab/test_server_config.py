"""What the configuration of `make lab` sets is what the server has."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytest.importorskip("jupyterlab", reason="JupyterLab runs in the other environment")

from jupyterlab.labapp import LabApp
from traitlets.config.loader import PyFileConfigLoader
from traitlets.utils.importstring import import_item

from assignment.engine import kernel_name
from assignment.lab.contents import EngineContents
from tests.places import ROOT

CONFIG = ROOT / "assignment" / "lab" / "server_config.py"


@pytest.fixture
def config():
    return PyFileConfigLoader(str(CONFIG)).load_config()


def test_every_setting_is_one_of_the_installed_versions(config):
    from jupyter_client.multikernelmanager import MultiKernelManager
    from jupyter_server.serverapp import ServerApp

    classes = (ServerApp, LabApp, MultiKernelManager, EngineContents)
    known = {cls.__name__: cls.class_trait_names() for cls in classes}
    assert [
        f"{section}.{name}"
        for section, settings in config.items()
        for name in settings
        if name not in known[section]
    ] == []


def test_the_classes_it_names_can_be_imported(config):
    assert import_item(config.ServerApp.contents_manager_class) is EngineContents
    import_item(config.ServerApp.kernel_websocket_connection_class)


def test_notebooks_old_and_new_open_on_the_chosen_kernel(config):
    assert config.EngineContents.kernel == kernel_name()
    assert config.MultiKernelManager.default_kernel_name == kernel_name()


def test_the_extension_that_asks_about_news_is_disabled_beside_others(config):
    hook = config.ServerApp.tornado_settings["page_config_hook"]
    page_config = hook(None, {"disabledExtensions": ["another"]})
    assert hook(None, page_config)["disabledExtensions"] == [
        "another",
        "@jupyterlab/apputils-extension:announcements",
    ]


def test_an_engine_that_is_none_stops_make_lab_with_one_sentence():
    script = ROOT / "scripts" / "open_lab.py"
    environment = {**os.environ, "ENGINE": "graphlab"}
    run = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stderr.startswith("error: ENGINE=graphlab is no engine")
    assert run.stderr.count("\n") == 1
