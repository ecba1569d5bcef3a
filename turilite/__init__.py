"""The part of Turi Create's API that the assignment uses, on NumPy, pandas and scikit-learn."""

from . import aggregate
from .image import Image
from .sarray import SArray
from .sframe import SFrame, load_sframe
from .sketch import Sketch

__all__ = ["Image", "SArray", "SFrame", "Sketch", "aggregate", "load_sframe"]
