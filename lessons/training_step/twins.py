"""The same network in PyTorch: its numbers, its backward pass, its optimizer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from lessons.asking.exercise import Array
from lessons.by_hand.convolution import Convolution
from lessons.by_hand.layers import Flatten, Layer, Linear, MaxPool
from lessons.by_hand.losses import CrossEntropy, Loss, MeanSquare
from lessons.by_hand.network import Network, Pass

LOSSES: Mapping[type[Loss], Callable[[Tensor, Tensor], Tensor]] = {
    MeanSquare: F.mse_loss,
    CrossEntropy: F.cross_entropy,
}


def twin(network: Network) -> nn.Sequential:
    """Return PyTorch's layers with the same numbers."""
    made = nn.Sequential()
    for name, layer in network.items():
        made.add_module(name, _layer(layer))
    return made


def _layer(layer: Layer) -> nn.Module:
    if isinstance(layer, Linear):
        wide, many = layer.weight.shape[::-1]
        return _filled(partial(nn.Linear, wide, many), layer.weight, layer.bias)
    if isinstance(layer, Convolution):
        many, wide, side, _side = layer.kernel.shape
        return _filled(partial(nn.Conv2d, wide, many, side), layer.kernel, layer.bias)
    if isinstance(layer, MaxPool):
        return nn.MaxPool2d(layer.side)
    return nn.Flatten() if isinstance(layer, Flatten) else nn.ReLU()


def _filled(kind: Callable[[], nn.Module], weight: Array, bias: Array) -> nn.Module:
    with torch.device("meta"):  # its own random numbers are not drawn
        layer = kind()
    layer.weight = nn.Parameter(torch.from_numpy(weight.copy()))
    layer.bias = nn.Parameter(torch.from_numpy(bias.copy()))
    return layer


def loss_of(loss: Loss, output: Tensor, target: Array) -> Tensor:
    """Return PyTorch's own loss."""
    return LOSSES[type(loss)](output, torch.from_numpy(target))


def run(network: Network, loss: Loss, x: Array, target: Array) -> Pass:
    """Run it forward and backward by autograd."""
    module = twin(network)
    passed = [torch.from_numpy(x.copy()).requires_grad_()]
    for layer in module:
        passed.append(layer(passed[-1]))
        passed[-1].retain_grad()
    found = loss_of(loss, passed[-1], target)
    found.backward()  # type: ignore[no-untyped-call]
    return Pass(
        float(found.detach()),
        tuple(each.detach().numpy() for each in passed),
        tuple(map(gradient, passed)),
        {
            name: tuple(gradient(each) for each in layer.parameters())
            for name, layer in module.named_children()
        },
    )


def gradient(tensor: Tensor) -> Array:
    """Return what a tensor's ``.grad`` holds."""
    assert tensor.grad is not None  # noqa: S101 - asked after the backward pass
    found: Array = tensor.grad.numpy()
    return found


def stepped(
    network: Network, loss: Loss, x: Array, target: Array, rate: float
) -> tuple[Mapping[str, Array], float]:
    """Return all parameters after one step of PyTorch's optimizer, and the loss with them."""
    module, value = twin(network), torch.from_numpy(x.copy())
    descent = torch.optim.SGD(module.parameters(), lr=rate)
    loss_of(loss, module(value), target).backward()  # type: ignore[no-untyped-call]
    descent.step()
    with torch.no_grad():
        after = float(loss_of(loss, module(value), target))
    return numbers(module), after


def numbers(module: nn.Module) -> Mapping[str, Array]:
    """Return copies of all parameters."""
    return {name: each.detach().numpy().copy() for name, each in module.named_parameters()}
