"""What the lesson asks first: what stands in .grad in the middle of a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise
from lessons.choosing.study import Study
from lessons.hooks import network
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say, english

ANSWERS: Mapping[str, str] = {
    "grad": english("it reads .grad after backward()"),
    "graph": english("it asks the graph: grad_fn keeps it"),
    "hook": english("a function is called while backward() runs"),
    "again": english("it computes the layer's gradient once more itself"),
}


@dataclass(frozen=True)
class Tensor:
    """A tensor of the run, after backward()."""

    name: str
    leaf: bool
    grad: bool
    """Whether ``.grad`` holds something."""


@dataclass(frozen=True)
class Asked:
    """The small CNN without a hook."""

    seed: int = 0

    def run(self) -> tuple[Tensor, ...]:
        """Run it, and return what each tensor keeps."""
        module, passed = network.build(self.seed), network.value(self.seed)
        found: list[tuple[str, torch.Tensor]] = [("x", passed)]
        for name, layer in module.named_children():
            passed = layer(passed)
            found += [(f"{name}.{own}", each) for own, each in layer.named_parameters()]
            found.append((f"{name}(…)", passed))
        torch.autograd.backward(passed.sum())
        return tuple(
            Tensor(name, each.is_leaf, each.is_leaf and each.grad is not None)
            for name, each in found
        )

    def exercises(self) -> Mapping[str, Callable[[tuple[Tensor, ...]], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the network."""
        return network.in_playground(self.seed)


def kept(study: Study, say: Say) -> Grid:
    """List which tensors keep a gradient once the backward pass is over."""
    rows = [
        (f"`{each.name}`", say("yes") if each.leaf else say("no"), "✓" if each.grad else "None")
        for each in ran(Asked(study.seed))
    ]
    return Grid((say("tensor"), say("leaf"), "`.grad`"), rows)
