"""What the steps are about: a card, and the ReLU of which the rule is derived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn

from experiment.setting import of_preset
from experiment.written.address import Experiment
from lessons.asking.exercise import Array, Exercise, choice
from lessons.claims.card import ERROR, Outcome
from lessons.claims.deck import CARDS
from lessons.claims.running import outcomes
from lessons.running.alone import alone
from lessons.running.numbers import whole
from lessons.running.trial import Trial, run_layer

SHAPE = (1, 1, 3, 3)

Outcomes = tuple[Outcome, ...]


@dataclass(frozen=True)
class Claim:
    """A card of the deck, by its key."""

    key: str

    def run(self) -> Outcomes:
        """Run its lines, and again with each changed line."""
        return outcomes(CARDS[self.key])

    def exercises(self) -> Mapping[str, Callable[[Outcomes], Exercise]]:
        """Ask what its lines come to."""
        return {self.key: partial(predicted, self.key)}

    def in_playground(self) -> Experiment:
        """Open a network in which this matters."""
        return Experiment(of_preset(CARDS[self.key].preset))


def predicted(key: str, came: Outcomes) -> Exercise:
    """Choose what the last line shows."""
    card = CARDS[key]
    options = {name: one if one == ERROR else f"`{one}`" for name, one in card.options.items()}
    return choice(key, options, card.came_to(came[0]))


@dataclass(frozen=True)
class Kept:
    """A ReLU, which keeps its result for the backward pass; a seed draws its numbers."""

    seed: int = 0

    def value(self) -> Array:
        """Return the input."""
        return whole(2 * self.seed, SHAPE)

    def upstream(self) -> Array:
        """Return the gradient that arrives."""
        return whole(2 * self.seed + 1, SHAPE)

    def run(self) -> Trial:
        """Run PyTorch's ReLU forward and backward."""
        return run_layer(
            nn.ReLU(), torch.from_numpy(self.value()), torch.from_numpy(self.upstream())
        )

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask nothing: the rule is derived."""
        return {}

    def in_playground(self) -> Experiment:
        """Open one ReLU with the same numbers."""
        return alone("ReLU", {}, self.value(), self.upstream())
