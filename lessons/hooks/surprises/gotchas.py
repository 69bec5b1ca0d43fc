"""Three surprises with hooks, each a function that stands on the page as it is here."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise
from lessons.choosing.study import Study
from lessons.hooks import network
from lessons.hooks.network import Small
from lessons.hooks.surprises.tried import first_sentence
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say, english
from viz.peak import shown_shape
from viz.theme import format_number


def inplace_relu(network: Small, x: Tensor) -> Any:
    """Hook a convolution whose output a ReLU overwrites."""
    network.relu.inplace = True
    network.conv1.register_full_backward_hook(lambda *_: None)
    return network(x)


def no_input_gradient(network: Small, x: Tensor) -> Any:
    """Hook the first layer, whose input asks for no gradient."""
    caught: list[Any] = []
    network.conv1.register_full_backward_hook(lambda _, grad_input, __: caught.append(grad_input))
    network(x.detach()).sum().backward()
    return caught[0]


def retain_grad_between(network: Small, x: Tensor) -> Any:
    """Register a hook, call retain_grad(), register another hook."""
    passed: Tensor = network.conv1(x)
    passed.register_hook(lambda grad: 2 * grad)
    passed.retain_grad()
    passed.register_hook(lambda grad: 3 * grad)
    network[1:](passed).sum().backward()
    return passed.grad


GOTCHAS: Mapping[str, Callable[[Small, Tensor], Any]] = {
    "inplace": inplace_relu,
    "none": no_input_gradient,
    "retain": retain_grad_between,
}
GOTCHA_WORDS: Mapping[str, str] = {
    "inplace": english("an in-place ReLU after the layer"),
    "none": english("an input that asks for no gradient"),
    "retain": english("a hook before retain_grad()"),
}


@dataclass(frozen=True)
class Gotcha:
    """The small CNN, in which a surprise is tried."""

    seed: int = 0
    which: str = "inplace"

    def run(self) -> tuple[str, str]:
        """Return what came of it, and what PyTorch says."""
        try:
            found = GOTCHAS[self.which](network.build(self.seed), network.value(self.seed))
        except RuntimeError as error:
            return "", first_sentence(str(error))
        return (written(found) if isinstance(found, Tensor) else repr(found)), ""

    def exercises(self) -> Mapping[str, Callable[[tuple[str, str]], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the network, without a hook."""
        return network.in_playground(self.seed)


def written(tensor: Tensor) -> str:
    """Write the shape and the cells of a small tensor."""
    cells = ", ".join(format_number(each) for each in tensor.reshape(-1).tolist())
    return f"{shown_shape(tuple(tensor.shape))}: {cells}"


# What it shows


def gotcha(study: Study) -> Gotcha:
    """Return the surprise that is chosen."""
    return Gotcha(study.seed, study["gotcha"])


def outcome(study: Study, say: Say) -> Grid:
    """List what came of it, and what PyTorch says."""
    chosen = gotcha(study)
    found, says = ran(chosen)
    rows = [(say("PyTorch says"), says)] if says else [(say("returned"), found)]
    if chosen.which == "retain":
        rows.insert(0, (say("∂L/∂conv1 without hooks"), plain(chosen.seed)))
    return Grid((say("what"), say("came of it")), rows)


def plain(seed: int) -> str:
    """Write the gradient at the first convolution's output that no hook changed."""
    passed = network.build(seed).conv1(network.value(seed))
    passed.retain_grad()
    network.build(seed)[1:](passed).sum().backward()
    return written(passed.grad)


def is_chosen(which: str, study: Study) -> bool:
    """Tell whether this surprise is chosen."""
    return bool(study["gotcha"] == which)
