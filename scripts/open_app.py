"""Open a page that finds similar pictures in the chosen data set.

python scripts/open_app.py [options of Voila, such as --no-browser --port 8899]
"""

from __future__ import annotations

import sys
from pathlib import Path

from assignment.data_sets import data_name
from assignment.errors import OneLineError
from assignment.surroundings import prefer_own_kernels

try:
    from traitlets.config import Config
    from voila.app import Voila

    from pictures import app
    from pictures.app.similar import load_images_of_network
    from pictures.app.upload import MOST_BYTES
except ModuleNotFoundError as error:
    sys.exit(f"open_app: {sys.executable} has no {error.name}: use `make app`")

NOTEBOOK = Path(app.__file__).with_name("similar-pictures.ipynb")
# What the page is made of; other extensions of JupyterLab would be loaded, and fail.
EXTENSIONS = [
    "@voila-dashboards/widgets-manager8",
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
]
# Voila's template would fetch fonts from elsewhere; the page needs none, nor any network.
FROM_HERE_ONLY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
SETTINGS = Config(
    Voila={
        "ip": "127.0.0.1",
        "auto_token": True,  # a new one at each start, unless JUPYTER_TOKEN sets it
        "tornado_settings": {
            "websocket_max_message_size": MOST_BYTES + 1_000_000,
            "headers": {"Content-Security-Policy": FROM_HERE_ONLY},
        },
    },
    VoilaConfiguration={
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "extension_allowlist": EXTENSIONS,
    },
    MappingKernelManager={"cull_idle_timeout": 3600},  # s; a page that was lost leaves its kernel
)


def main() -> None:
    prefer_own_kernels()
    try:
        number = len(load_images_of_network())
    except OneLineError as error:
        sys.exit(f"open_app: {error}")
    print(f"{number:,} pictures of {data_name()}; Ctrl-C closes the page", flush=True)
    Voila.launch_instance([str(NOTEBOOK), *sys.argv[1:]], config=SETTINGS)


if __name__ == "__main__":
    main()
