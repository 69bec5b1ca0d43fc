"""Small networks whose gradients a pencil gives, and runs of them under hooks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import nn

import flow
from flow.hooking.records import Kind

WEIGHTS = {"a": 2.0, "b": 3.0, "c": 5.0}
"""L = 5 · 3 · 2 · x: the gradient is 5 at b's output, 15 at a's, 30 at x."""


def chain() -> nn.Sequential:
    """Three multiplications in a row."""
    network = nn.Sequential()
    for name, weight in WEIGHTS.items():
        layer = nn.Linear(1, 1, bias=False)
        nn.init.constant_(layer.weight, weight)
        network.add_module(name, layer)
    return network


def one(value: float = 7.0) -> torch.Tensor:
    """Return the input."""
    return torch.tensor([[value]], requires_grad=True)


def cnn(seed: int = 0) -> nn.Sequential:
    """Two convolutions with a ReLU and a dropout between, and weights of a seed."""
    draw = torch.Generator().manual_seed(seed)
    network = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, 4, 3), relu=nn.ReLU(), drop=nn.Dropout(0.3), conv2=nn.Conv2d(4, 2, 3)
        )
    )
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=draw))
    return network


PLACES = ("(input)", "a", "b", "c")
KINDS: tuple[Kind, ...] = (
    "forward pre",
    "forward",
    "full backward pre",
    "full backward",
    "tensor",
    "parameter",
    "post accumulate grad",
)


def on(kind: Kind, layer: str = "b") -> str:
    """Return what a hook of a kind is registered on."""
    return f"{layer}.weight" if kind in ("parameter", "post accumulate grad") else layer


def run(hooks: Sequence[flow.Hook], module: nn.Module | None = None) -> flow.Hooked:
    """Run a module once under hooks."""
    with flow.Hooking(module or chain(), hooks) as hooking:
        return hooking.run(one(), loss=torch.sum)


def numbers(found: flow.Hooked) -> tuple[list[float], list[float], list[float]]:
    """The values of a, b, c; the gradients of x, a, b, c; those of the weights of a, b, c."""
    gradients = [found.gradients[name] for name in PLACES]
    return (
        [each.item() for each in found.values.values()],
        [each.item() for each in gradients if each is not None],
        [each.item() for each in found.parameters.values() if each is not None],
    )


PLAIN = ([14, 42, 210], [30, 15, 5, 1], [105, 70, 42])


def hooks_of(module: nn.Module) -> list[object]:
    """Everything that hangs on a module and its parameters."""
    tables = [
        table
        for layer in module.modules()
        for name, table in vars(layer).items()
        if name.endswith("hooks") and table
    ]
    own = [
        table
        for each in module.parameters()
        for table in (each._backward_hooks, each._post_accumulate_grad_hooks)
        if table
    ]
    return [*tables, *own]
