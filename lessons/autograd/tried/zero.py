"""Rounds of a loop: what stays in ``.grad`` where it is reset, and where that is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.optim import SGD

from lessons.autograd.tape.observed import Numbers
from lessons.autograd.tape.play import play
from lessons.autograd.tape.programs import TRIPLE, VECTOR

LossOf = Callable[[Tensor], Any]
RATE, DECAY = 0.1, 0.5
"""Learning rate and weight decay of the step that tells None from zeros."""
ROUNDS = 3
RESETS: Mapping[str, tuple[str, ...]] = {"forgotten": (), "none": ("none",), "zeros": ("zeros",)}
"""What is done after each backward."""


@dataclass(frozen=True)
class Rounds:
    """``x.grad`` in a loop."""

    after_backward: tuple[Numbers | None, ...]
    """In each round."""
    after_reset: Numbers | None
    """At the end of a round."""


def rounds() -> Mapping[str, Rounds]:
    """Go round with each way to reset."""
    return {way: _rounds(reset) for way, reset in RESETS.items()}


def _rounds(reset: tuple[str, ...]) -> Rounds:
    turn = ("again", "bv", *reset)
    states = play(TRIPLE, VECTOR, turn * ROUNDS)
    grads = [states[place * len(turn) + 2]["x"].grad for place in range(ROUNDS)]
    return Rounds(tuple(grads), states[-1]["x"].grad)


def training_loop(batches: list[Tensor], loss_of: LossOf, sgd: SGD) -> None:
    """Take a step for each batch."""
    for batch in batches:
        sgd.zero_grad()
        loss = loss_of(batch)
        loss.backward()
        sgd.step()


def moved(*, set_to_none: bool) -> float:
    """Return how far a step of SGD with weight decay moves a weight of 1 after a reset."""
    weight = torch.nn.Parameter(torch.ones(()))
    optimizer = SGD([weight], lr=RATE, weight_decay=DECAY)
    with torch.enable_grad():
        torch.autograd.backward(2 * weight)
    optimizer.zero_grad(set_to_none=set_to_none)
    optimizer.step()
    return abs(float(weight.detach()) - 1)
