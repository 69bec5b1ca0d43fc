"""Steps of plain gradient descent before a run, as ``torch.optim.SGD(parameters, lr)`` takes them.

Every pass is fed the same input and draws the random numbers of the same seed, so a dropout layer
drops the same cells in each, and the loss changes by the step alone. What training does besides,
such as the running means of a BatchNorm, stays done. Frozen parameters stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from flow.seeded import Seeded, UnseededOperationError, global_numbers

MAX_RATE = 1000.0
"""No network here learns with a larger one; more is a slip of the keyboard."""
MAX_STEPS = 100
"""Each costs a forward and a backward whenever the link is opened."""
FIRST_RATE = 0.1
"""With it the first steps of the smallest networks can be seen in the second digit of the loss."""


@dataclass(frozen=True)
class Sgd:
    """How many steps are taken, and how far along the gradient each goes."""

    rate: float = FIRST_RATE
    """The learning rate, above 0 and at most MAX_RATE."""
    steps: int = 0

    @property
    def rate_text(self) -> str:
        """The learning rate, as Python reads it back to the bit."""
        return rate_text(self.rate)

    def to_text(self) -> str:
        """Return it as it stands in a link, such as ``0.1,3``."""
        return f"{self.rate_text},{self.steps}"


NO_STEPS = Sgd()


def rate_text(rate: float) -> str:
    """Return a learning rate as Python reads it back to the bit, a whole one without a point."""
    return repr(rate).removesuffix(".0")


@dataclass(frozen=True, eq=False)
class Pass:
    """A forward and a backward of a module on its inputs, up to the loss."""

    module: nn.Module
    inputs: Sequence[Tensor]
    loss: Callable[[Any], Tensor]

    def run(self, numbers: AbstractContextManager[object]) -> float:
        """Leave the gradient in every parameter's ``.grad``, and return the loss."""
        self.module.zero_grad()
        with numbers, torch.enable_grad():
            loss = self.loss(self.module(*(value.detach() for value in self.inputs)))
            if loss.requires_grad:
                loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.item())


def learn(one: Pass, sgd: Sgd, seed: int, device: torch.device) -> tuple[float, ...]:
    """Take the steps, which move the module's parameters; return the loss before each of them.

    Module and inputs are moved to the device. Raises what the module raises.
    """
    module = one.module.to(device)
    one = Pass(module, [value.to(device) for value in one.inputs], one.loss)
    losses = []
    for _ in range(sgd.steps):
        losses.append(one_pass(one, seed, device))
        with torch.no_grad():
            for parameter in module.parameters():
                if parameter.grad is not None:
                    parameter.add_(parameter.grad, alpha=-sgd.rate)
    module.zero_grad()
    return tuple(losses)


def one_pass(one: Pass, seed: int, device: torch.device) -> float:
    """Run one pass with numbers of its own; where an operation takes none, with the global ones."""
    before = [(buffer, buffer.clone()) for buffer in one.module.buffers()]
    try:
        return one.run(Seeded(seed))
    except UnseededOperationError:
        for buffer, values in before:
            buffer.copy_(values)
        return one.run(global_numbers(seed, device))
