"""EfficientNet-Lite0, trained on ImageNet, as an ONNX graph: built from its weights, and kept.

Network: https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite; names of
the weights: https://github.com/ml-illustrated/EfficientNet-Lite-PyTorch. Each batch norm is made
part of the convolution before it, in float64.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import platformdirs

from .weights import read_weights

SIDE = 224  # pixels of the input, (n, SIDE, SIDE, 3) of uint8
WIDTH = 1280  # numbers of the output
EPSILON = 1e-3  # this and HALVING_BLOCKS: the network's definition, not in its weights
BLOCKS = 16
HALVING_BLOCKS = (1, 3, 5, 11)  # the blocks whose depthwise convolution has stride 2
OPSET, IR_VERSION = 17, 8
SHA256 = "8b2a218dc3dbc66daf7f1397ba12245f77f42e1fda3e46b04c0fe5ae5ad52dfe"  # of the graph


def network() -> bytes:
    """Return the graph as the bytes of an ONNX file: kept from an earlier call, or built.

    What is kept is verified by its hash. Building takes 2 s.
    """
    path = cache_folder() / "efficientnet-lite0.onnx"
    with suppress(OSError):
        kept = path.read_bytes()
        if is_known(kept):
            return kept
    built = build(read_weights())
    if is_known(built):
        with suppress(OSError):  # a read-only home: then it is built each time
            keep(built, path)
    return built


def cache_folder() -> Path:
    """Return where programs of this user keep what can be made again."""
    return platformdirs.user_cache_path("deep-features-assignment")


def is_known(graph: bytes) -> bool:
    return hashlib.sha256(graph).hexdigest() == SHA256


def keep(graph: bytes, path: Path) -> None:
    """Write a file by one rename: two runs at once don't disturb each other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as partial:
        try:
            partial.write(graph)
            partial.close()
            os.replace(partial.name, path)  # noqa: PTH105 (the name is a str)
        except BaseException:
            Path(partial.name).unlink(missing_ok=True)
            raise


class Builder:
    """A graph that grows by one operation at a time, each named after its weights."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        # Slow to import, and needed once: whoever finds the graph kept does without.
        import onnx  # noqa: PLC0415

        self.onnx, self.weights = onnx, weights
        self.nodes: list = []
        self.constants: list = []

    def add(self, operation: str, name: str, *inputs: str, **attributes: object) -> str:
        """Add an operation whose output has its name; return that."""
        node = self.onnx.helper.make_node(operation, inputs, [name], name=name, **attributes)
        self.nodes.append(node)
        return name

    def constant(self, name: str, value: np.ndarray | float) -> str:
        value = np.asarray(value, np.float32)
        self.constants.append(self.onnx.numpy_helper.from_array(value, name))
        return name

    def convolution(self, x: str, size: int, name: str, norm: str, stride: int = 1) -> str:
        """Add a convolution and its batch norm, of an input `size` pixels wide and high.

        Zeros are added around as TensorFlow's "SAME" does: as few as keep every `stride`-th
        position, the odd one at the bottom and on the right.
        """
        kernel = self.weights[f"{name}.weight"]
        scale, shift, mean, variance = (
            self.weights[f"{norm}.{part}"]
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        scale = scale / np.sqrt(variance + EPSILON)
        side = kernel.shape[2]
        zeros = max((-(-size // stride) - 1) * stride + side - size, 0)
        before, after = zeros // 2, zeros - zeros // 2
        return self.add(
            "Conv",
            name,
            x,
            self.constant(f"{name}.kernel", kernel * scale[:, None, None, None]),
            self.constant(f"{name}.bias", shift - mean * scale),
            strides=[stride, stride],
            pads=[before, before, after, after],
            group=len(kernel) if kernel.shape[1] == 1 else 1,
        )

    def activated(self, x: str) -> str:
        return self.add("Clip", f"{x}.activated", x, "zero", "six")

    def block(self, x: str, size: int, number: int) -> str:
        """Add an inverted residual: expand, convolve each channel, project, add the input."""
        name, y = f"_blocks.{number}.", x
        stride = 2 if number in HALVING_BLOCKS else 1
        expands = f"{name}_expand_conv.weight" in self.weights
        if expands:
            y = self.activated(self.convolution(y, size, f"{name}_expand_conv", f"{name}_bn0"))
        y = self.convolution(y, size, f"{name}_depthwise_conv", f"{name}_bn1", stride)
        y = self.convolution(self.activated(y), size, f"{name}_project_conv", f"{name}_bn2")
        first = self.weights[f"{name}{'_expand' if expands else '_depthwise'}_conv.weight"]
        width = first.shape[1] if expands else first.shape[0]
        adds = stride == 1 and width == len(self.weights[f"{name}_project_conv.weight"])
        return self.add("Add", f"{name}sum", x, y) if adds else y


def build(weights: dict[str, np.ndarray]) -> bytes:
    """Return the graph: `pixels`, (n, SIDE, SIDE, 3) of uint8, to `features`, (n, WIDTH)."""
    graph = Builder(weights)
    for name, value in {"zero": 0, "six": 6, "middle": 127, "range": 128}.items():
        graph.constant(name, value)
    x = graph.add("Cast", "numbers", "pixels", to=graph.onnx.TensorProto.FLOAT)
    x = graph.add("Div", "scaled", graph.add("Sub", "centered", x, "middle"), "range")
    x = graph.add("Transpose", "planes", x, perm=[0, 3, 1, 2])
    x = graph.activated(graph.convolution(x, SIDE, "_conv_stem", "_bn0", stride=2))
    size = SIDE // 2
    for number in range(BLOCKS):
        x = graph.block(x, size, number)
        size //= 2 if number in HALVING_BLOCKS else 1
    x = graph.activated(graph.convolution(x, size, "_conv_head", "_bn1"))
    graph.add("Flatten", "features", graph.add("GlobalAveragePool", "means", x))
    return serialized(graph)


def serialized(graph: Builder) -> bytes:
    helper, kinds = graph.onnx.helper, graph.onnx.TensorProto
    pixels = helper.make_tensor_value_info("pixels", kinds.UINT8, ["n", SIDE, SIDE, 3])
    features = helper.make_tensor_value_info("features", kinds.FLOAT, ["n", WIDTH])
    made = helper.make_graph(
        graph.nodes, "EfficientNet-Lite0", [pixels], [features], graph.constants
    )
    opset = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(made, opset_imports=opset, ir_version=IR_VERSION)
    graph.onnx.checker.check_model(model)
    return model.SerializeToString()
