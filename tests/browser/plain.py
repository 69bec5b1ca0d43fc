"""The networks once more, in plain PyTorch: what the page must agree with."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from models.build import build
from models.losses import LOSSES
from models.presets import PRESETS


class Plain(nn.Module):
    """conv1, upsample, conv2, flatten, fc, as in the preset; every gradient is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 1, 1)
        self.upsample = nn.UpsamplingNearest2d(scale_factor=2)
        self.conv2 = nn.Conv2d(1, 1, 3)
        self.fc = nn.Linear(4, 1)
        self.kept: dict[str, Tensor] = {}

    @classmethod
    def of_seed(cls, seed: int) -> Plain:
        """Return the network with the weights of a seed; the global generator is left alone."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return cls()

    def keep(self, name: str, value: Tensor) -> Tensor:
        value.retain_grad()
        self.kept[name] = value
        return value

    def forward(self, values: Tensor) -> Tensor:
        values = self.keep("conv1", self.conv1(values))
        values = self.keep("upsample", self.upsample(values))
        values = self.keep("conv2", self.conv2(values))
        values = self.keep("flatten", values.flatten(1))
        return self.keep("fc", self.fc(values))


def plain(seed: int = 0) -> tuple[Plain, Tensor]:
    """Run the network forward and backward; return it with its loss."""
    model = Plain.of_seed(seed)
    values = torch.arange(1.0, 9.0).view(2, 1, 2, 2)
    return model, run(model, values, lambda output: F.mse_loss(output, torch.zeros_like(output)))


def run(model: Plain, values: Tensor, loss: Callable[[Tensor], Tensor]) -> Tensor:
    """Run any such network on any input forward and backward; return the loss."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as the server does: more threads add up in another order
    try:
        found = loss(model(values))
        torch.autograd.backward(found, retain_graph=True)
    finally:
        torch.set_num_threads(threads)
    return found


def gradient(tensor: Tensor | None) -> Tensor:
    """The gradient of a tensor, which must have one."""
    assert tensor is not None
    assert tensor.grad is not None
    return tensor.grad


def preset(name: str, seed: int = 0) -> tuple[nn.Module, dict[str, Tensor]]:
    """Run a preset forward and backward by PyTorch alone; also return each layer's output.

    Every output keeps its gradient.
    """
    chosen = PRESETS[name]
    model = build(chosen.spec, seed)
    kept: dict[str, Tensor] = {}

    def keep(layer: str) -> Callable[..., None]:
        def hook(_module: nn.Module, _inputs: object, output: Tensor) -> None:
            output.retain_grad()
            kept[layer] = output

        return hook

    for layer in chosen.spec.layers:
        model.get_submodule(layer.name).register_forward_hook(keep(layer.name))
    output = model(chosen.values(seed))
    loss = LOSSES[chosen.loss].make(tuple(output.shape), chosen.target)
    torch.autograd.backward(loss(output))
    return model, kept
