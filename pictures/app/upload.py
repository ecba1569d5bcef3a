"""A field to choose a picture, or to drop one on the page.

ipywidgets' own `FileUpload` takes no drop, and a file that is larger than the server takes would
end the connection without a word. anywidget carries a small script to the page, and lets it speak.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import anywidget
import traitlets

HERE = Path(__file__).parent
MOST_BYTES = 30_000_000  # of a file: the largest photographs of phones have 25 MB


class Upload(anywidget.AnyWidget):
    """The field; what is chosen comes as bytes to `taken`, with the file's name."""

    _esm = HERE / "upload.js"
    most_bytes = traitlets.Int(MOST_BYTES).tag(sync=True)

    def __init__(self, taken: Callable[[str, bytes], None]) -> None:
        super().__init__()
        self._taken = taken
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: dict, buffers: list) -> None:
        try:
            self._taken(str(content.get("name", "the file")), bytes(buffers[0] if buffers else b""))
        finally:
            self.send({"done": True})
