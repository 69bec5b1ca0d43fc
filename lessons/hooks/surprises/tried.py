"""Hooks that do what they may, and what they may not: tried, and what PyTorch says.

The functions stand on the page as they are here.
"""

# ruff: noqa: ARG001 - PyTorch calls a hook with all of them

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise
from lessons.choosing.study import Study
from lessons.hooks import network
from lessons.hooks.network import Small
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say, english
from viz.peak import peak
from viz.theme import format_number

Gradients = tuple[Tensor, ...]


def new(module: nn.Module, grad_input: Gradients, grad_output: Gradients) -> Gradients:
    """Return a new gradient."""
    return (2 * grad_input[0],)


def in_place(module: nn.Module, grad_input: Gradients, grad_output: Gradients) -> None:
    """Change what is handed on, and return nothing."""
    grad_input[0].mul_(2)


def arrived(module: nn.Module, grad_input: Gradients, grad_output: Gradients) -> None:
    """Change what arrived, and return nothing."""
    grad_output[0].mul_(2)


def assigned(module: nn.Module, grad_input: Any, grad_output: Gradients) -> None:
    """Put another tensor into the tuple."""
    grad_input[0] = 2 * grad_input[0]


def two(module: nn.Module, grad_input: Gradients, grad_output: Gradients) -> Gradients:
    """Return two gradients, where the layer has one input."""
    return grad_input[0], grad_input[0]


def smaller(module: nn.Module, grad_input: Gradients, grad_output: Gradients) -> Gradients:
    """Return a gradient of another shape."""
    return (grad_input[0][..., :1],)


def output_in_place(network: Small, x: Tensor) -> Tensor:
    """Change the output of conv2, which has a full backward hook."""
    passed: Tensor = network.conv2(network.relu(network.conv1(x)))
    passed += 1
    result: Tensor = network.head(passed)
    return result


HOOKS: Mapping[str, Callable[..., Any]] = {
    "new": new,
    "in place": in_place,
    "arrived": arrived,
    "assigned": assigned,
    "two": two,
    "smaller": smaller,
}
TRIES: Mapping[str, Callable[..., Any]] = {**HOOKS, "output": output_in_place}
TRY_WORDS: Mapping[str, str] = {
    "new": english("return a new gradient"),
    "in place": english("write into grad_input"),
    "arrived": english("write into grad_output"),
    "assigned": english("assign to grad_input[0]"),
    "two": english("return two gradients"),
    "smaller": english("return another shape"),
    "output": english("write into the output"),
}


@dataclass(frozen=True, eq=False)
class Tried:
    """What came of a try: a refusal, or a gradient."""

    says: str
    """PyTorch's own words; empty where it says nothing."""
    plain: Array
    """∂L/∂x without the hook."""
    hooked: Array | None
    """And with it; None where it was refused."""


@dataclass(frozen=True)
class Try:
    """The small CNN, with a full backward hook on conv2 that does something."""

    seed: int = 0
    does: str = "new"

    def run(self) -> Tried:
        """Run it without the hook and with it."""
        plain, _says = _gradient(self.seed, network.build(self.seed))
        hooked = network.build(self.seed)
        hooked.conv2.register_full_backward_hook(HOOKS.get(self.does, _nothing))
        forward = hooked if self.does in HOOKS else (lambda x: output_in_place(hooked, x))
        found, says = _gradient(self.seed, forward)
        assert plain is not None  # noqa: S101 - nothing refuses the network without a hook
        return Tried(says, plain, found)

    def exercises(self) -> Mapping[str, Callable[[Tried], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the network, without the hook."""
        return network.in_playground(self.seed)


def _nothing(*_: object) -> None:
    """Be a hook that does nothing."""


def _gradient(seed: int, forward: Callable[[Tensor], Tensor]) -> tuple[Array | None, str]:
    """Run forward and backward; return the gradient of the input, or what PyTorch says."""
    x = network.value(seed)
    try:
        torch.autograd.backward(forward(x).sum())
    except (RuntimeError, TypeError) as error:
        return None, first_sentence(str(error))
    assert x.grad is not None  # noqa: S101 - it asked for one, and the score is made of it
    return x.grad.numpy(), ""


def first_sentence(text: str) -> str:
    """Return the first sentence of a message, which may be long."""
    first, dot, rest = text.partition(". ")
    return f"{first}. …" if dot and rest else first


# What it shows


def trying(study: Study) -> Try:
    """Return what is tried."""
    return Try(study.seed, study["tried"])


def outcome(study: Study, say: Say) -> Grid:
    """List what PyTorch says, and what of the gradient at the input it changed."""
    found = ran(trying(study))
    says = found.says or say("nothing")
    without = format_number(peak([found.plain]) or 0)
    hooked = say("none came") if found.hooked is None else format_number(peak([found.hooked]) or 0)
    rows = [
        (say("PyTorch says"), says),
        (say("largest of ∂L/∂x without the hook"), without),
        (say("largest of ∂L/∂x with it"), hooked),
    ]
    return Grid((say("what"), say("came of it")), rows)


def is_refused(study: Study) -> bool:
    """Tell whether PyTorch refuses it."""
    return bool(ran(trying(study)).says)


def is_tried(does: str, study: Study) -> bool:
    """Tell whether this is what is tried."""
    return bool(study["tried"] == does)
