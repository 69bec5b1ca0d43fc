"""One map behind a hook: what of the gradient reaches the first convolution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch

import flow
from experiment.written.address import Experiment
from flow.hooking.records import Kind
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.choosing.study import Study
from lessons.hooks import network
from lessons.hooks.doing import ACTION_WORDS, ACTIONS, BOUND, KINDS, Both, hooked
from lessons.hooks.predicted.narrow import narrow_first
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of
from lessons.showing.grid import Grid
from viz.language import Say, english
from viz.theme import format_number

CASES: tuple[tuple[Kind, str], ...] = (
    ("full backward", "clamp"),
    ("tensor", "clamp"),
    ("full backward", "guided"),
    ("full backward", "times"),
    ("full backward pre", "guided"),
    ("tensor", "negate"),
)
"""Kind and action; a seed takes one after the other."""


@dataclass(frozen=True)
class Passing:
    """The small CNN under a hook on conv2."""

    seed: int = 0

    @property
    def case(self) -> tuple[Kind, str]:
        """Kind and action."""
        return CASES[self.seed % len(CASES)]

    def run(self) -> Both:
        """Run it without the hook and with it."""
        kind, action = self.case
        hook = flow.Hook(kind, "conv2", ACTIONS[action](self.seed))
        return Both(hooked(self.seed, []), hooked(self.seed, [hook]))

    def exercises(self) -> Mapping[str, Callable[[Both], Exercise]]:
        """Ask for the gradient at the first convolution's output."""
        return {"passed": partial(passed_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the network, without the hook."""
        return network.in_playground(self.seed)


def passed_exercise(recipe: Passing, both: Both) -> Exercise:
    """Predict what reaches the output of conv1."""
    kind, action = recipe.case
    drawn = network.numbers(recipe.seed)
    head, factor = drawn.kernels["head"][0, 0], drawn.kernels["conv2"].item()
    passes = network.convolved(drawn.value[0, 0], drawn.kernels["conv1"][0, 0]) > 0

    def acted(cells: Array) -> Array:
        tensor = torch.from_numpy(np.array(cells, np.float32))
        changed = ACTIONS[action](recipe.seed)(tensor)
        return cells if changed is None else changed.numpy()

    handed_on, arrived = acted(factor * head), factor * acted(head)
    right, other = (handed_on, arrived) if kind == "full backward" else (arrived, handed_on)
    dropped = np.where(np.abs(factor * head) > BOUND, 0, factor * head)
    truth = gradient(both.hooked, "conv1")[0, 0]
    return Exercise(
        "passed",
        truth,
        narrow_first(
            truth,
            (
                Mistake("only here", passes * factor * head),
                Mistake("other end", passes * other),
                Mistake("mask forgotten", right),
                Mistake("conv2 forgotten", passes * acted(head)),
                Mistake("cut to zero", passes * dropped),
            ),
        ),
    )


def gradient(run: flow.Hooked, place: str) -> Array:
    """Return the gradient of a place of the small CNN, each of which has one."""
    found = run.gradients[place]
    assert found is not None  # noqa: S101 - the input asks for a gradient, and all lead to it
    return found


# What it shows


def passing(study: Study) -> Passing:
    """Return the hook that is asked about."""
    return Passing(study.seed)


def of_passing(study: Study) -> Mapping[str, str]:
    """Return the one weight of conv2."""
    return {"weight": format_number(network.numbers(study.seed).kernels["conv2"].item())}


def registered(study: Study, say: Say) -> Grid:
    """Write the hook as a row."""
    kind, action = passing(study).case
    heads = (say("layer"), say("kind"), say("does"))
    return Grid(heads, [("`conv2`", say(KINDS[kind]), say(ACTION_WORDS[action]))])


def asked(study: Study) -> Figure:
    """Show what is known: the values at the ReLU, and the head's kernel, which is what it sends."""
    both = ran(passing(study))
    value = map_of(
        "value", english("Values at conv1's output"), both.plain.values["conv1"], value=True
    )
    kernel = network.numbers(study.seed).kernels["head"]
    return Figure([[value, map_of("kernel", english("The head's kernel"), kernel, scale="kernel")]])


def answered(study: Study) -> Figure:
    """Show the gradients of the three places, with the hook, and without it below."""
    both = ran(passing(study))
    rows = []
    for name, run in (("hooked", both.hooked), ("plain", both.plain)):
        titles = HOOKED if name == "hooked" else PLAIN
        rows.append(
            [map_of(f"{name} {place}", titles[place], gradient(run, place)) for place in TITLED]
        )
    return Figure(rows)


TITLED = ("conv1", "relu", "conv2")
HOOKED = {
    "conv1": english("∂L/∂conv1, hooked"),
    "relu": english("∂L/∂relu, hooked"),
    "conv2": english("∂L/∂conv2, hooked"),
}
PLAIN = {
    "conv1": english("∂L/∂conv1, no hook"),
    "relu": english("∂L/∂relu, no hook"),
    "conv2": english("∂L/∂conv2, no hook"),
}
