"""Memory for the batches of large columns, used again once nobody holds what is in it.

Pages that a process gets anew cost as much as decoding what is written to them.
"""

from __future__ import annotations

import weakref
from threading import Lock

import numpy as np

from ..memory import BATCH_BYTES

SIZES = range(BATCH_BYTES // 4, 2 * BATCH_BYTES)
"""Bytes of what is kept; the allocator itself keeps what is smaller."""
KEPT = 6  # as many as are under way with a few threads

_free: list[bytearray] = []
_lock = Lock()


def empty_matrix(rows: int, width: int) -> np.ndarray:
    """Return a float64 matrix with anything in it."""
    size = 8 * rows * width
    if size not in SIZES:
        return np.empty((rows, width))
    buffer = _taken(size)
    numbers = np.frombuffer(buffer)
    # Every view of it holds `numbers`, and `numbers` the buffer.
    weakref.finalize(numbers, _free.append, buffer).atexit = False
    return numbers.reshape(rows, width)


def _taken(size: int) -> bytearray:
    with _lock:  # what is given back meanwhile is added at the end
        for place, buffer in enumerate(_free):
            if len(buffer) == size:
                return _free.pop(place)
        del _free[: -KEPT + 1]
    return bytearray(size)
