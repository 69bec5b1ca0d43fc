"""What one round of a training loop does, in which order, and what other orders come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, order
from lessons.by_hand.losses import MeanSquare
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from lessons.training_step import twins
from lessons.training_step.small import Small
from viz.language import Say, english
from viz.theme import format_number

LINES: Mapping[str, str] = {
    "backward": "`loss.backward()`",
    "step": "`optimizer.step()`",
    "forward": "`output = model(x)`",
    "zero": "`optimizer.zero_grad()`",
    "loss": "`loss = mse(output, y)`",
}
RIGHT = ("zero", "forward", "loss", "backward", "step")
WRONG: Mapping[str, tuple[str, ...]] = {
    "cleared last": ("forward", "loss", "backward", "step", "zero"),
    "cleared too late": ("forward", "loss", "backward", "zero", "step"),
    "stepped too early": ("zero", "forward", "loss", "step", "backward"),
    "cleared meanwhile": ("forward", "loss", "zero", "backward", "step"),
    "loss first": ("zero", "loss", "forward", "backward", "step"),
}
TRIED = ("right", "cleared last", "cleared too late", "stepped too early", "cleared meanwhile")
"""Orders that run; the others stop at a name that nothing has."""
SAID: Mapping[str, str] = {
    "right": english("as it should be"),
    "cleared last": english("cleared last"),
    "cleared too late": english("cleared before step()"),
    "stepped too early": english("step() before backward()"),
    "cleared meanwhile": english("cleared before backward()"),
}


@dataclass(eq=False)
class Round:
    """One round of a training loop, line by line, on the small network."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    x: Tensor
    target: Array
    output: Tensor | None = None
    found: Tensor | None = None

    def do(self, line: str) -> None:
        """Do one line."""
        if line == "zero":
            self.optimizer.zero_grad()
        elif line == "forward":
            self.output = self.model(self.x)
        elif line == "loss" and self.output is not None:
            self.found = twins.loss_of(MeanSquare(), self.output, self.target)
        elif line == "backward" and self.found is not None:
            self.found.backward()  # type: ignore[no-untyped-call]
        elif line == "step":
            self.optimizer.step()


@dataclass(frozen=True)
class Ordered:
    """A round in every order; a seed draws the numbers."""

    seed: int = 0

    @property
    def small(self) -> Small:
        """The network."""
        return Small(self.seed)

    def run(self) -> Mapping[str, Array]:
        """Return the first layer's weight after a round in each order that runs."""
        orders = {"right": RIGHT, **WRONG}
        return {name: self._weight(orders[name]) for name in TRIED}

    def _weight(self, lines: tuple[str, ...]) -> Array:
        """Do the lines after a backward pass of the batch before."""
        drawn = self.small.numbers
        model = twins.twin(drawn.network)
        descent = torch.optim.SGD(model.parameters(), lr=float(self.small.rate))
        earlier = model(torch.from_numpy(drawn.before))
        twins.loss_of(MeanSquare(), earlier, drawn.target).backward()  # type: ignore[no-untyped-call]
        begun = Round(model, descent, torch.from_numpy(drawn.x), drawn.target)
        for line in lines:
            begun.do(line)
        return twins.numbers(model)["hidden.weight"]

    def exercises(self) -> Mapping[str, Callable[[Mapping[str, Array]], Exercise]]:
        """Ask for the order."""
        return {"order": partial(order_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the network, one step later."""
        return self.small.in_playground()


def order_exercise(recipe: Ordered, _found: Mapping[str, Array]) -> Exercise:
    """Ask for the order; the seed draws how the lines stand before."""
    moved = np.random.default_rng(recipe.seed).permutation(len(LINES))
    keys = [list(LINES)[int(at)] for at in moved]
    if tuple(keys) == RIGHT:
        keys.reverse()
    return order("order", {key: LINES[key] for key in keys}, RIGHT, WRONG)


def ordered(study: Study) -> Ordered:
    """Return the rounds with these numbers."""
    return Ordered(study.seed)


def outcomes(study: Study, say: Say) -> Grid:
    """List how far one weight moved in each order."""
    recipe = ordered(study)
    before = twins.numbers(twins.twin(recipe.small.numbers.network))["hidden.weight"][0, 0]
    rows = [
        (say(SAID[name]), format_number(before), format_number(after[0, 0]))
        for name, after in ran(recipe).items()
    ]
    heads = (say("order"), say("one weight"), say("after"))
    return Grid(heads, rows, frozenset({1, 2}))
