"""For every kind of layer, settings to try it with, and the shapes that it then reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import torch
from torch import Tensor

from models.fields import Value
from models.layers import LAYERS
from models.spec import INPUT, LayerSpec, ModelSpec

Shape = tuple[int, ...]
Settings = dict[str, Value]

MAPS, LINES, STEPS = (2, 2, 5, 6), (2, 2, 7), (2, 3, 8)
FEW_STEPS, TOKENS = (2, 2, 2), (2, 3, 4)
"""Small: a finite difference runs every step for every cell."""


@dataclass(frozen=True)
class Trial:
    """One kind with one setting, on an input of one shape."""

    kind: str
    shape: Shape
    fields: Settings = field(default_factory=dict, hash=False)
    operations: int | None = None
    """Of its forward pass, counted by hand; ``test_operations`` has those of other kinds."""

    @property
    def name(self) -> str:
        return f"{self.kind} {self.fields or ''} {'x'.join(map(str, self.shape))}"

    @property
    def spec(self) -> ModelSpec:
        """The layer after one that learns, so that a gradient arrives at its input."""
        if self.kind == "Embedding":
            layers = [_layer("spot", self.kind, (INPUT,), self.fields)]
        elif self.kind == "MaxUnpool2d":
            pooling: Settings = {"kernel_size": 2, "return_indices": True}
            layers = [
                _layer("pool", "MaxPool2d", ("before",), pooling),
                _layer("spot", self.kind, ("pool", "pool"), self.fields),
            ]
        else:
            reads = ("before",) * max(1, LAYERS[self.kind].inputs[0])
            layers = [_layer("spot", self.kind, reads, self.fields)]
        size = self.shape[-1]
        before = _layer("before", "Linear", (INPUT,), {"in_features": size, "out_features": size})
        if self.kind != "Embedding":
            layers = [before, *layers]
        return ModelSpec(layers=tuple(layers))

    def values(self) -> Tensor:
        """Numbers that suit the kind, the same ones every time."""
        generator = torch.Generator().manual_seed(1)
        if self.kind == "Embedding":
            return torch.randint(0, 16, self.shape, generator=generator).float()
        return torch.randn(self.shape, generator=generator)


def _layer(name: str, kind: str, inputs: tuple[str, ...], fields: Settings) -> LayerSpec:
    return LayerSpec.model_validate(
        {"name": name, "kind": kind, "inputs": inputs, "fields": fields}
    )


def _convolutions() -> Iterator[Trial]:
    channels: Settings = {"in_channels": 2, "out_channels": 4}
    yield Trial("Conv2d", MAPS, {**channels, "padding": "same"})
    yield Trial("Conv1d", LINES, {**channels, "padding": 1})
    for mode in ("zeros", "reflect", "replicate", "circular"):
        framed: Settings = {**channels, "padding_mode": mode}
        yield Trial("Conv2d", MAPS, {**framed, "padding": 1})
        yield Trial("Conv1d", LINES, {**framed, "padding": "same"})
    yield Trial("Conv2d", MAPS, {**channels, "padding": "valid", "stride": 2, "dilation": 2})
    uneven: Settings = {"kernel_size": (1, 3), "stride": (2, 1), "padding": (0, 1)}
    yield Trial("Conv2d", MAPS, {**channels, **uneven, "groups": 2, "bias": False})
    yield Trial("ConvTranspose2d", (2, 2, 3, 3), {**channels, "stride": 2, "output_padding": 1})
    uneven = {"kernel_size": (2, 3), "stride": (2, 3), "padding": (1, 0), "dilation": (1, 2)}
    yield Trial("ConvTranspose2d", (2, 2, 3, 3), {**channels, **uneven})
    yield Trial("ConvTranspose1d", LINES, {**channels, "stride": 3, "padding": 1})


def _pools() -> Iterator[Trial]:
    yield Trial("MaxPool2d", MAPS)
    yield Trial("MaxPool2d", MAPS, {"kernel_size": (2, 3), "stride": (1, 2), "padding": (1, 0)})
    yield Trial("MaxPool2d", MAPS, {"kernel_size": 2, "dilation": 2, "stride": 1})
    yield Trial("MaxPool1d", LINES, {"kernel_size": 3, "stride": 2, "ceil_mode": True})
    yield Trial("AvgPool2d", MAPS, {"kernel_size": 3, "stride": 2, "padding": 1})
    yield Trial("AvgPool2d", MAPS, {"kernel_size": (2, 1), "count_include_pad": False})
    yield Trial("LPPool2d", MAPS, {"norm_type": 4, "kernel_size": (2, 3)})
    # 16 powers, four sums of four cells, four roots
    yield Trial("LPPool2d", (1, 1, 4, 4), {}, operations=36)
    sizes: tuple[Value, ...] = (1, (2, 4), 8)
    for kind, size in product(("AdaptiveAvgPool2d", "AdaptiveMaxPool2d"), sizes):
        yield Trial(kind, MAPS, {"output_size": size})
    yield Trial("MaxUnpool2d", (2, 2, 5, 6))
    yield Trial("MaxUnpool2d", (1, 1, 4, 4), {"restore": False, "height": 5, "width": 5})
    yield Trial("BedOfNails", (2, 2, 2, 3), {"scale_factor": 3})


def _resampling() -> Iterator[Trial]:
    yield Trial("UpsamplingNearest2d", MAPS)
    for mode in ("nearest", "nearest-exact", "bilinear", "bicubic", "area"):
        yield Trial("Upsample", (1, 2, 4, 4), {"mode": mode, "scale_factor": 1.5})
        yield Trial("Upsample", (1, 2, 4, 4), {"mode": mode, "scale_factor": 0.5})
        yield Trial("Upsample", (1, 2, 4, 4), {"mode": mode, "size": (3, 7)})
    for mode, scale in product(("nearest", "bicubic"), (2.0, 1.25)):
        yield Trial("Upsample", (1, 2, 4, 4), {"mode": mode, "scale_factor": scale})
    for mode in ("bilinear", "bicubic"):
        yield Trial("Upsample", (1, 2, 4, 4), {"mode": mode, "align_corners": True})
    for mode in ("nearest", "nearest-exact", "linear", "area"):
        yield Trial("Upsample", LINES, {"mode": mode, "scale_factor": 1.5})
    yield Trial("Upsample", LINES, {"mode": "linear", "align_corners": True, "size": 3})
    yield Trial("PixelShuffle", (2, 8, 2, 3))


def _activations() -> Iterator[Trial]:
    for kind in ("ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Sigmoid", "Tanh"):
        yield Trial(kind, (2, 3))
    yield Trial("ReLU", (2, 3), {"inplace": True})
    yield Trial("GELU", (2, 3), {"approximate": "tanh"})
    yield Trial("LeakyReLU", (2, 3), {"negative_slope": 0.2})
    yield Trial("ELU", (2, 3), {"alpha": 0.5})
    for kind, (shape, dim) in product(("Softmax", "LogSoftmax"), (((2, 3), -1), ((2, 3, 2, 2), 1))):
        yield Trial(kind, shape, {"dim": dim})


def _norms() -> Iterator[Trial]:
    yield Trial("BatchNorm2d", MAPS, {"num_features": 2})
    yield Trial("BatchNorm2d", MAPS, {"num_features": 2, "affine": False})
    yield Trial("BatchNorm1d", (4, 3), {"num_features": 3})
    yield Trial("BatchNorm1d", (2, 3), {"num_features": 3})
    yield Trial("BatchNorm1d", LINES, {"num_features": 2})
    yield Trial("LayerNorm", STEPS)
    yield Trial("LayerNorm", STEPS, {"normalized_shape": (3, 8), "elementwise_affine": False})
    yield Trial("GroupNorm", (2, 4, 3, 3), {"num_groups": 2, "num_channels": 4})
    yield Trial("GroupNorm", (2, 4), {"num_groups": 2, "num_channels": 4, "affine": False})
    yield Trial("InstanceNorm2d", MAPS, {"num_features": 2})
    yield Trial("InstanceNorm2d", MAPS, {"num_features": 2, "affine": True})
    yield Trial("Dropout", MAPS, {"p": 0.3})
    yield Trial("Dropout2d", (3, 4, 2, 2), {"p": 0.4})


def _sequences() -> Iterator[Trial]:
    yield Trial("Linear", (2, 4), {"in_features": 4, "out_features": 3})
    yield Trial("Linear", (2, 3, 4), {"in_features": 4, "out_features": 3, "bias": False})
    yield Trial("Embedding", (2, 3))
    for kind in ("RNN", "GRU", "LSTM"):
        sizes: Settings = {"input_size": 2, "hidden_size": 3}
        yield Trial(kind, FEW_STEPS, sizes)
        yield Trial(kind, FEW_STEPS, {**sizes, "num_layers": 2, "outputs": "last"})
        first: Settings = {**sizes, "bias": False, "batch_first": False}
        yield Trial(kind, FEW_STEPS, {**first, "outputs": "last"})
    yield Trial("RNN", FEW_STEPS, {"input_size": 2, "hidden_size": 3, "nonlinearity": "relu"})
    tokens: Settings = {"embed_dim": 4, "num_heads": 2}
    yield Trial("MultiheadAttention", TOKENS, tokens)
    yield Trial("MultiheadAttention", TOKENS, {**tokens, "dropout": 0.3, "bias": False})
    yield Trial("MultiheadAttention", (1, 1, 8), {"num_heads": 1, "batch_first": False})
    block: Settings = {"d_model": 4, "nhead": 2, "dim_feedforward": 5}
    yield Trial("TransformerEncoderLayer", TOKENS, block)
    written: Settings = {**block, "dropout": 0.3, "activation": "gelu", "norm_first": True}
    yield Trial("TransformerEncoderLayer", TOKENS, {**written, "batch_first": False})


def _shapes() -> Iterator[Trial]:
    yield Trial("Flatten", MAPS)
    yield Trial("Unflatten", (2, 4, 3), {"unflattened_size": (2, -1)})
    yield Trial("View", (2, 4, 3), {"shape": (2, 2, -1)})
    yield Trial("Transpose", STEPS)
    yield Trial("Slice", (2, 2, 5), {"dim": 2, "start": 1, "end": 4, "step": 2})
    yield Trial("Slice", STEPS, {"start": 1})
    for kind in ("Mean", "Sum"):
        yield Trial(kind, MAPS)
        yield Trial(kind, STEPS, {"dim": -1, "keepdim": True})
    yield Trial("ZeroPad2d", MAPS)
    yield Trial("ZeroPad2d", MAPS, {"padding": (0, 1, 2, 3)})
    yield Trial("ZeroPad2d", LINES, {"padding": (1, 2, 0, 0)})
    yield Trial("Divide", (2, 3), {"divisor": 3.0})
    for kind in (
        "Scale",
        "Divide",
        "Shift",
        "Subtract",
        "Detach",
        "Add",
        "Multiply",
        "Concat",
        "Identity",
    ):
        yield Trial(kind, (2, 3))


TRIALS: tuple[Trial, ...] = (
    *_convolutions(),
    *_pools(),
    *_resampling(),
    *_activations(),
    *_norms(),
    *_sequences(),
    *_shapes(),
)
