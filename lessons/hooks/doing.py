"""The kinds of hook that can be chosen, what they can do, and a run of the small CNN under one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

import flow
from experiment.written.address import Experiment
from flow.hooking.actions import clamp, keep, negate, noise, positive, times
from flow.hooking.records import Action, Kind, nothing
from lessons.asking.exercise import Exercise
from lessons.hooks import network
from lessons.running.trial import SettingError
from viz.language import english

KINDS: Mapping[Kind, str] = {
    "full backward": english("full backward hook"),
    "full backward pre": english("full backward pre-hook"),
    "tensor": english("tensor hook on output"),
    "post accumulate grad": english("post accumulate grad"),
    "parameter": english("tensor hook on weight"),
    "forward": english("forward hook"),
    "forward pre": english("forward pre-hook"),
}
"""What each kind is called."""
FORWARD: tuple[Kind, ...] = ("forward pre", "forward")
ON_WEIGHTS: tuple[Kind, ...] = ("parameter", "post accumulate grad")
BOUND = 2
"""Of what is clamped."""


ACTIONS: Mapping[str, Callable[[int], Action]] = {
    "times": lambda _seed: times(2),
    "clamp": lambda _seed: clamp(BOUND),
    "zero": lambda _seed: times(0),
    "negate": lambda _seed: negate,
    "noise": lambda seed: noise(1.0, seed),
    "guided": lambda _seed: positive,
    "print": lambda _seed: nothing,
    "keep": lambda _seed: keep([]),
    "nothing": lambda _seed: nothing,
}
"""By key, what a seed makes of each."""
ACTION_WORDS: Mapping[str, str] = {
    "times": english("return it times 2"),
    "clamp": english("clamp it to ±2"),
    "zero": english("return it times 0"),
    "negate": english("return it negated"),
    "noise": english("add normal noise, std 1"),
    "guided": english("cut negatives (guided backprop)"),
    "print": english("print types and shapes"),
    "keep": english("keep it in a list"),
    "nothing": english("return nothing"),
}


MOST_NAMES = 8
"""Of layers that a refusal lists."""


def no_weight(layer: str, layers: Sequence[str]) -> SettingError:
    """Say that a layer has no weight to be hooked, and which layers have one."""
    if not layers:
        return SettingError(
            english(
                "Layer: a hook on a weight needs a layer with a parameter named weight; no layer "
                "of this network has one. Choose another kind of hook."
            )
        )
    listed = ", ".join(layers[:MOST_NAMES]) + (", …" if len(layers) > MOST_NAMES else "")
    return SettingError(
        english(
            "Layer: a hook on a weight needs a layer with a parameter named weight; {layer} has "
            "none of that name. Choose one of {layers}, or another kind of hook."
        ),
        layer=layer,
        layers=listed,
    )


@dataclass(frozen=True, eq=False)
class Both:
    """The same run without the hook and with it."""

    plain: flow.Hooked
    hooked: flow.Hooked


@dataclass(frozen=True)
class Caught:
    """The small CNN under one hook."""

    seed: int = 0
    layer: str = "conv2"
    kind: Kind = "full backward"
    action: str = "times"

    @property
    def hook(self) -> flow.Hook:
        """The hook. Raises SettingError where the layer has no weight to be hooked."""
        action = ACTIONS[self.action](self.seed)
        if self.kind not in ON_WEIGHTS:
            return flow.Hook(self.kind, self.layer, action)
        if self.layer not in network.KERNELS:
            raise no_weight(self.layer, list(network.KERNELS))
        return flow.Hook(self.kind, f"{self.layer}.weight", action)

    def run(self) -> Both:
        """Run it without the hook and with it. Raises SettingError."""
        return Both(hooked(self.seed, []), hooked(self.seed, [self.hook]))

    def exercises(self) -> Mapping[str, Callable[[Both], Exercise]]:
        """Ask for nothing."""
        return {}

    def in_playground(self) -> Experiment:
        """Open the network, without a hook."""
        return network.in_playground(self.seed)


def hooked(seed: int, hooks: list[flow.Hook]) -> flow.Hooked:
    """Run the small CNN once under hooks; its loss is the score itself."""
    with flow.Hooking(network.build(seed), hooks) as hooking:
        return hooking.run(network.value(seed), loss=torch.sum)
