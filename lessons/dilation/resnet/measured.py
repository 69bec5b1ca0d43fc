"""The stages of a ResNet, measured without computing a number: on PyTorch's meta device."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise, Mistake
from lessons.dilation.resnet.build import STAGES, Net, with_head
from lessons.dilation.resnet.opened import narrow_experiment
from lessons.dilation.windows import Sight, sights
from viz.language import english

CELL_BYTES = 4
"""Of a float32."""
STEM = "maxpool"


@dataclass(frozen=True)
class Child:
    """One child of a network: what it returned of one picture, and what it holds."""

    name: str
    shape: tuple[int, ...]
    parameters: int
    map_bytes: int
    """Of all maps that its convolutions return, as float32."""

    @property
    def side(self) -> int:
        """Rows or columns of its map; 1 for a vector."""
        return self.shape[2] if len(self.shape) > 2 else 1


def children(model: nn.Sequential, side: int) -> tuple[Child, ...]:
    """Run a picture of this side through a model that is on the meta device, child by child."""
    value, found = torch.empty(1, 3, side, side, device="meta"), []
    for name, child in model.named_children():
        maps: list[int] = []

        def note(_module: nn.Module, _read: object, made: Tensor, maps: list[int] = maps) -> None:
            maps.append(CELL_BYTES * made.numel())

        convolutions = [each for each in child.modules() if isinstance(each, nn.Conv2d)]
        hooks = [each.register_forward_hook(note) for each in convolutions]
        with torch.no_grad():
            value = child(value.flatten(1) if isinstance(child, nn.Linear) else value)
        for hook in hooks:
            hook.remove()
        held = sum(each.numel() for each in child.parameters())
        found.append(Child(name, tuple(value.shape), held, sum(maps)))
    return tuple(found)


@dataclass(frozen=True)
class Stages:
    """A ResNet at full width, on one picture of some size."""

    net: Net = field(default_factory=Net)
    side: int = 473

    def run(self) -> tuple[Child, ...]:
        """Measure the children of the whole classifier."""
        with torch.device("meta"):
            model = with_head(self.net).eval()
        return children(model, self.side)

    def exercises(self) -> Mapping[str, Callable[[tuple[Child, ...]], Exercise]]:
        """Ask for the sizes after the stem and after each stage."""
        return {"sizes": partial(sizes_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open a ResNet-18 of four channels with the same switches."""
        return narrow_experiment(self.net.switches, self.side)


def sizes(found: tuple[Child, ...]) -> list[int]:
    """Return the sizes after the stem's pool and after each stage."""
    return [child.side for child in found if child.name in (STEM, *STAGES)]


def sizes_exercise(recipe: Stages, found: tuple[Child, ...]) -> Exercise:
    """Predict the five sizes."""
    side = recipe.side

    def of(strides: Sequence[int], first: int) -> list[int]:
        """Halve and round up where there is a stride."""
        made = [first]
        for stride in strides:
            made.append(-(-made[-1] // stride))
        return made

    strides = (1, *(1 if each else 2 for each in recipe.net.switches))
    stem = sizes(found)[0]
    early = (1, *(1 if each else 2 for each in recipe.net.switches[1:]), 2)
    wrong = {
        "rounded down": [side // 4 // int(np.prod(strides[: k + 1])) for k in range(-1, 4)],
        "dilation shrinks": of((1, 2, 2, 2), stem),
        "list starts at layer1": of(early, stem),
        "pool forgotten": of(strides, -(-side // 2)),
    }
    return Exercise(
        "sizes",
        np.array(sizes(found), float),
        tuple(Mistake(name, np.array(each, float)) for name, each in wrong.items()),
        heads=(english("max pool"), *STAGES),
    )


# Fields


def stage_sights(net: Net) -> list[Sight]:
    """Return what a cell sees after the stem and after each stage, by the formula."""
    parts = net.windows()
    every = sights([window for part in parts for window in part])
    ends = np.cumsum([len(part) for part in parts])
    return [every[end - 1] for end in ends]


def stage_fields(net: Net) -> list[int]:
    """Return the field after the stem and after each stage."""
    return [sight.field for sight in stage_sights(net)]


def output_strides(net: Net) -> list[int]:
    """Return input cells from one cell to the next, after the stem and after each stage."""
    return [sight.step for sight in stage_sights(net)]
