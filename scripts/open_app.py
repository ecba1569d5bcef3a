"""Open a page that finds similar pictures in the chosen data set.

python scripts/open_app.py [options of Voila, such as --no-browser --port 8899]
"""

from __future__ import annotations

import html
import logging
import sys
import threading
import webbrowser
from pathlib import Path

import own_packages  # noqa: F401 - first of all

from assignment.data_sets import data_name
from assignment.errors import OneLineError
from assignment.surroundings import keep_out_settings

try:
    from jupyter_server.base.handlers import JupyterHandler
    from tornado.httputil import url_concat
    from tornado.ioloop import IOLoop
    from tornado.log import gen_log
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
# Voila's template would fetch fonts from elsewhere; the page needs none, nor any network. No other
# page can hold this one in a frame, and have people click on what they don't see.
FROM_HERE_ONLY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'"
)


def leave_cookie(page: JupyterHandler, **_notebook: object) -> None:
    """Leave the cookie that a page must show to end its kernel, of 0.3 GB, when it is closed."""
    page.xsrf_token  # noqa: B018 (asked for, it is sent)


SETTINGS = Config(
    Voila={
        "config_file_paths": [],  # a voila.json of the user's could open the page to others
        "ip": "127.0.0.1",
        "auto_token": True,  # a new one at each start, unless JUPYTER_TOKEN sets it
        "log_level": "ERROR",  # the rest is for its developers; ARGS=--debug shows it
        "log_format": "open_app: %(message)s",
        "tornado_settings": {
            "websocket_max_message_size": MOST_BYTES + 1_000_000,
            "headers": {"Content-Security-Policy": FROM_HERE_ONLY},
        },
    },
    VoilaConfiguration={
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "extension_allowlist": EXTENSIONS,
        "prelaunch_hook": leave_cookie,
    },
    MappingKernelManager={"cull_idle_timeout": 3600},  # s; a page that was lost leaves its kernel
)


class App(Voila):
    """Voila, which tells its address only among much else, and opens a browser without the token.

    Without it the browser would show a form that asks for it.
    """

    def listen(self) -> None:
        """Print the address when the port is known, and answer at it until Ctrl-C."""
        IOLoop.current().add_callback(lambda: print(self.display_url, flush=True))
        super().listen()

    def launch_browser(self) -> None:
        """Open the page with its token, which stands in a file: all users see a command's words."""
        address = url_concat(self.connection_url, {"token": self.identity_provider.token})
        page = Path(self.connection_dir) / "open.html"  # for this user's eyes; Voila removes it
        page.write_text(f'<meta http-equiv="refresh" content="0; url={html.escape(address)}">')
        try:
            browser = webbrowser.get(self.browser or None)
        except webbrowser.Error:
            return  # there is none, and the address has been printed
        threading.Thread(target=browser.open, args=[page.as_uri()]).start()


def main() -> None:
    keep_out_settings()
    try:
        number = len(load_images_of_network())
    except OneLineError as error:
        sys.exit(f"open_app: {error}")
    print(f"{number:,} pictures of {data_name()}; Ctrl-C closes the page", flush=True)
    gen_log.setLevel(logging.ERROR)  # Tornado would warn of what Jupyter itself has set
    App.launch_instance([str(NOTEBOOK), *sys.argv[1:]], config=SETTINGS)


if __name__ == "__main__":
    main()
