"""What takes long to import is imported by what needs it, not by every kernel and command."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("name", "unneeded"),
    [
        ("turilite", {"matplotlib.pyplot", "scipy", "sklearn"}),
        ("turilite.toolkits.nearest_neighbors", {"matplotlib.pyplot", "scipy", "sklearn"}),
        ("turilite.toolkits.models", {"matplotlib.pyplot", "sklearn"}),
    ],
)
def test_a_module_leaves_what_few_need_to_those(name, unneeded):
    code = f"import sys, {name}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert unneeded.isdisjoint(run.stdout.split())
