"""What to do where `import turicreate` or `import graphlab` finds no such package.

`assignment` installs this, and the kernels that the setup registers load it as an IPython
extension, so that a notebook that never heard of this project gets the advice, too.
"""

from __future__ import annotations

import sys
from typing import Any

ADVICE = (
    "No module named '{name}': this kernel has turilite, which speaks the same API. Write `import "
    "turilite as {short}`, or start Jupyter with the folder turilite/aliases on PYTHONPATH, as "
    "turilite/README.md says"
)
SHORT = {"turicreate": "tc", "graphlab": "graphlab"}


class ImportAdvice:
    """The last finder that Python asks: what reaches it is not installed."""

    @staticmethod
    def find_spec(name: str, _path: Any = None, _target: Any = None) -> None:
        """Raise ModuleNotFoundError with advice for an engine, find nothing for other names."""
        if name in SHORT:
            raise ModuleNotFoundError(ADVICE.format(name=name, short=SHORT[name]), name=name)


def install() -> None:
    if ImportAdvice not in sys.meta_path:
        sys.meta_path.append(ImportAdvice)


def load_ipython_extension(_shell: Any) -> None:
    install()
