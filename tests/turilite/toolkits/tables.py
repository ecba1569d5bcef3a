"""Small tables that tests of models are made of."""

from __future__ import annotations

import numpy as np

import turilite


def vectors(rows, **columns):
    return turilite.SFrame({"v": turilite.SArray(np.asarray(rows, dtype=float)), **columns})
