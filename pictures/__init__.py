"""Data sets made of pictures: deep features, one's own photographs, CIFAR-10.

loading   from a file to a picture as data sets store it, or why that can't be
features  pictures in, deep features out
network   EfficientNet-Lite0 as an ONNX graph, built once and kept
weights   its weights, read without PyTorch

It runs in `.venv` only, with the packages of requirements-pictures.txt.
"""

from __future__ import annotations

import os

# ONNX Runtime would report each session to its publisher; it asks once, when it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
