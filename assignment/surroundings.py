"""What of the user's own settings the notebooks do not see, so that they run alike everywhere."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from typing import Any

# Another backend shows no picture; files that Python and IPython run first can change anything.
KEPT_OUT = ("MPLBACKEND", "PYTHONSTARTUP", "PYTHONWARNINGS", "JUPYTER_PATH")


def prefer_own_kernels() -> None:
    """Have Jupyter look for kernels and templates in this environment first.

    Another Python's kernel of the same name would not have the project's packages.
    """
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    for name in KEPT_OUT:
        os.environ.pop(name, None)


def keep_out_settings() -> None:
    """Give the kernels that are started from here an IPython without the user's profile.

    Its folder is removed when this program ends. Kernels that run already keep theirs.
    """
    prefer_own_kernels()
    folder = tempfile.mkdtemp(prefix="ipython-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["IPYTHONDIR"] = folder


def set_up_pictures() -> None:
    """Show pictures in the notebook, in matplotlib's own style, whatever the user has set.

    Outside a notebook only the style is set.
    """
    import matplotlib as mpl  # noqa: PLC0415 (slow, and only notebooks draw)
    from IPython import get_ipython  # noqa: PLC0415 (as above)

    mpl.rcdefaults()
    shell = get_ipython()
    if shell is not None and hasattr(shell, "kernel"):
        show_inline(shell)


def show_inline(shell: Any) -> None:
    """Use the notebook's backend as it is without settings: PNG, cut to what is drawn, closed."""
    from matplotlib_inline.backend_inline import (  # noqa: PLC0415 (only in a kernel)
        InlineBackend,
        set_matplotlib_formats,
    )

    backend = InlineBackend.instance(parent=shell)
    backend.rc, backend.close_figures = {}, True
    backend.print_figure_kwargs = {"bbox_inches": "tight"}
    shell.run_line_magic("matplotlib", "inline")
    set_matplotlib_formats("png")
