"""What moves the parameters: PyTorch's own optimizers. Adding one is adding one entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn, optim

from models.training.plan import Plan


@dataclass(frozen=True)
class OptimizerKind:
    """One optimizer."""

    label: str
    help: str
    name: str
    """Its class in ``torch.optim``."""
    rate: float
    """The learning rate with which it is offered."""
    has_momentum: bool = False

    def make(self, parameters: Iterable[nn.Parameter], plan: Plan) -> Any:
        """Return an optimizer of torch for these parameters."""
        return getattr(optim, self.name)(parameters, **self._arguments(plan))

    def written(self, plan: Plan) -> str:
        """Return the expression that makes the same for ``model``."""
        given = "".join(f", {name}={value!r}" for name, value in self._arguments(plan).items())
        return f"torch.optim.{self.name}(model.parameters(){given})"

    def _arguments(self, plan: Plan) -> Mapping[str, float]:
        return {"lr": plan.rate, **({"momentum": plan.momentum} if self.has_momentum else {})}


OPTIMIZERS: dict[str, OptimizerKind] = {
    "sgd": OptimizerKind(
        "SGD", "Takes the rate times the gradient from every parameter.", "SGD", rate=0.1
    ),
    "momentum": OptimizerKind(
        "SGD with momentum",
        "Moves along a running sum of the gradients, in which older ones fade.",
        "SGD",
        rate=0.03,
        has_momentum=True,
    ),
    "adam": OptimizerKind(
        "Adam",
        "Divides a running mean of the gradients by the root of that of their squares: every "
        "cell moves about as far as the rate says, however small its gradient is.",
        "Adam",
        rate=0.01,
    ),
}
