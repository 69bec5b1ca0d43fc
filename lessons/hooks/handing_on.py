"""The first convolution behind a hook: it hands on what it gets by the rule that it always has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise
from lessons.choosing.study import Study
from lessons.hooks import network
from lessons.hooks.doing import Caught
from lessons.hooks.predicted.passing import gradient
from lessons.running.recipe import ran
from lessons.running.trial import Trial, run_layer
from lessons.showing.figure import Figure
from lessons.showing.shown import Shown
from viz.language import english

CELLS = network.SIDE**2
"""Of the input's gradient."""
TITLES = {
    "upstream": english("Arrives, hooked"),
    "downstream": english("∂L/∂x"),
}


@dataclass(frozen=True)
class HandingOn:
    """conv1, at which the gradient arrives that a full backward hook on conv2 left."""

    seed: int = 0
    action: str = "times"

    def run(self) -> Trial:
        """Run conv1 alone, with the gradient that arrives there in the hooked network."""
        arrives = gradient(ran(Caught(self.seed, action=self.action)).hooked, "conv1")
        conv1 = network.build(self.seed).conv1
        return run_layer(conv1, network.value(self.seed), torch.tensor(arrives))

    def exercises(self) -> Mapping[str, Callable[[Trial], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the network, without the hook."""
        return network.in_playground(self.seed)


def handing_on(study: Study) -> HandingOn:
    """Return the convolution behind the chosen hook."""
    return HandingOn(study.seed, study["action"])


def handed_on(study: Study) -> Figure:
    """Show what arrives at conv1, the sums, and its kernel."""
    return Shown(ran(handing_on(study)), TITLES).downstream_sum
