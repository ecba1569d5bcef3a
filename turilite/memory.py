"""How much memory turilite takes for large tables: one number, the budget, in bytes.

It is what was set last (`config.set_runtime_config`), else what the environment variable
TURILITE_MEMORY says, else a quarter of the machine's memory. What a search keeps and what is read
at once follows from it.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

SETTING = "TURILITE_MEMORY"
POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}
UNKNOWN_MACHINE = 4 * 10**9
CONTAINER_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
SHARE = 4  # of the machine's memory, where nothing is set
BATCH_BYTES = 1 << 22
"""Values that are read and worked on at a time: about what a processor's cache holds."""

_set: list[int] = []


def set_budget(size: float | str | None) -> None:
    """Set the budget, in bytes or as '500 MB'; None for the default. ValueError for no size."""
    _set[:] = [] if size is None else [_bytes(size)]


def given_budget() -> int | None:
    """Return the budget that the user has set, None where there is none."""
    if _set:
        return _set[0]
    text = os.environ.get(SETTING)
    return _bytes(text) if text else None


def budget() -> int:
    """Return how many bytes a search may keep."""
    given = given_budget()
    return machine_memory() // SHARE if given is None else given


def is_small(size: int) -> bool:
    """Return whether values of so many bytes are read whole and kept, which is faster."""
    return size <= budget() // 16


def batch_bytes() -> int:
    """Return how many bytes of values are read at a time."""
    return min(BATCH_BYTES, max(1 << 14, budget() // 32))


def room() -> int:
    """Return how many bytes may be taken at once.

    That is the budget, where one is set, else half of the machine's memory.
    """
    given = given_budget()
    return machine_memory() // 2 if given is None else given


def check_room(size: int, what: str, instead: str = "use fewer rows") -> None:
    """Raise MemoryError where `what` takes more bytes at once than there is room for."""
    if size > room():
        raise MemoryError(
            f"{what} would take {_text(size)} of memory at once, more than the {_text(room())} "
            f"that it may take: {instead}, or set {SETTING} to more."
        )


def _text(size: int) -> str:
    unit = next(unit for unit in "GMK" if size >= 1000 ** POWERS[unit] or unit == "K")
    return f"{size / 1000 ** POWERS[unit]:.1f} {unit}B"


def _bytes(size: float | str) -> int:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(iB|B)?\s*", str(size), re.I)
    if isinstance(size, bool) or not found or float(found[1]) == 0:
        raise ValueError(f"{SETTING} must be a size such as '2 GB' or a number of bytes: {size!r}")
    base = 1024 if str(found[3]).lower() == "ib" else 1000
    return int(float(found[1]) * base ** POWERS[found[2].upper()])


@lru_cache(maxsize=None)
def machine_memory() -> int:
    """Return the bytes of memory that this machine or container has."""
    known = [_physical_memory()]
    for path in CONTAINER_LIMITS:
        with suppress(OSError, ValueError):
            known.append(int(Path(path).read_text()))
    return min(size for size in known if size > 0)


def _physical_memory() -> int:
    if sys.platform == "win32":
        return _windows_memory()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return UNKNOWN_MACHINE


def _windows_memory() -> int:
    kilobytes = ctypes.c_ulonglong()
    found = ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
    return kilobytes.value * 1024 if found else UNKNOWN_MACHINE
