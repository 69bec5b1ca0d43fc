"""Handles: hooks that are registered, fire at every run, and are removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch

import flow
from experiment.written.address import Experiment
from flow.hooking.actions import times
from flow.record import INPUT
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.choosing.study import Study
from lessons.hooks import network
from lessons.hooks.predicted.narrow import narrow_first
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say, english
from viz.theme import format_number

DOING: Mapping[str, str] = {
    "add": english("register it"),
    "run": english("run"),
    "first": english("remove() the oldest"),
    "last": english("remove() the newest"),
}
"""What can be done, one after the other."""
MOST = 6
FACTORS = (3.0, 2.0, 5.0, 0.5)
"""What the hook multiplies by; a seed takes one after the other."""
ORDERS = (
    ("add", "run", "add", "run", "first", "run", "last", "run"),
    ("add", "add", "run", "last", "run", "run", "first", "run"),
    ("add", "run", "run", "add", "run", "last", "last", "run"),
)
"""What is done in the exercise: four runs each."""


@dataclass(frozen=True, eq=False)
class Done:
    """What came of it: the factor of ∂L/∂x in each run, and all handles at the end."""

    factors: tuple[float, ...]
    handles: tuple[flow.Handle, ...]


@dataclass(frozen=True)
class Removing:
    """The small CNN, on whose conv2 one hook is registered and removed."""

    seed: int = 0
    done: tuple[str, ...] = ()
    """Empty for what the exercise does."""

    @property
    def factor(self) -> float:
        """What the hook multiplies by."""
        return FACTORS[self.seed % len(FACTORS)]

    @property
    def doing(self) -> tuple[str, ...]:
        """What is done."""
        return self.done or ORDERS[self.seed % len(ORDERS)]

    def run(self) -> Done:
        """Do one after the other; a remove() without a live handle does nothing."""
        hook = flow.Hook("full backward", "conv2", times(self.factor))
        with flow.Hooking(network.build(self.seed)) as hooking:
            plain = _gradient(hooking, self.seed)
            at = np.unravel_index(np.abs(plain).argmax(), plain.shape)
            factors = []
            for each in self.doing:
                live = [handle.number for handle in hooking.handles if handle.live]
                if each == "add":
                    hooking.add(hook)
                elif each == "run":
                    factors.append(float(_gradient(hooking, self.seed)[at] / plain[at]))
                elif live:
                    hooking.remove(live[0 if each == "first" else -1])
            return Done(tuple(factors), hooking.handles)

    def exercises(self) -> Mapping[str, Callable[[Done], Exercise]]:
        """Ask for the factor in each run."""
        return {"removed": partial(removed_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the network, without a hook."""
        return network.in_playground(self.seed)


def _gradient(hooking: flow.Hooking, seed: int) -> Array:
    found = hooking.run(network.value(seed), loss=torch.sum).gradients[INPUT]
    assert found is not None  # noqa: S101 - the input asks for it
    return found


def removed_exercise(recipe: Removing, done: Done) -> Exercise:
    """Predict the factor of the input's gradient in each run."""
    factor = recipe.factor
    counts, kept, once, none = _counted(recipe.doing)
    powers = factor ** np.array(counts, float)
    truth = np.array(done.factors)
    return Exercise(
        "removed",
        truth,
        narrow_first(
            truth,
            (
                Mistake("still there", factor ** np.array(kept, float)),
                Mistake("registered once", factor ** np.array(once, float)),
                Mistake("all removed", factor ** np.array(none, float)),
                Mistake("added up", np.array([each * factor if each else 1.0 for each in counts])),
                Mistake("accumulated", np.cumsum(powers)),
            ),
        ),
        heads=tuple(RUNS[: len(powers)]),
    )


RUNS = (english("run 1"), english("run 2"), english("run 3"), english("run 4"))


def _counted(doing: Sequence[str]) -> tuple[list[int], list[int], list[int], list[int]]:
    """Count the hooks at each run: those live, those ever added, one at most, all or none."""
    found: tuple[list[int], ...] = ([], [], [], [])
    live = added = once = none = 0
    for each in doing:
        if each == "add":
            live, added, once, none = live + 1, added + 1, 1, none + 1
        elif each == "run":
            for counts, now in zip(found, (live, added, once, none), strict=True):
                counts.append(now)
        else:
            live, once, none = max(live - 1, 0), 0, 0
    return found[0], found[1], found[2], found[3]


# What it shows


def removing(study: Study) -> Removing:
    """Return what the exercise does."""
    return Removing(study.seed)


def played(study: Study) -> Removing:
    """Return what the visitor does; nothing yet is no run."""
    return Removing(study.seed, study["done"])


def of_removing(study: Study) -> Mapping[str, str]:
    """Return the factor of the hook."""
    return {"factor": format_number(removing(study).factor)}


LINES = {
    "add": "handles.append(register())",
    "run": "run()",
    "first": "handles.pop(0).remove()",
    "last": "handles.pop().remove()",
}
"""What each does, as a line of code."""


def listed(study: Study, say: Say) -> Grid:
    """Write what is done, line by line; runs are numbered."""
    rows, runs = [], 0
    for each in removing(study).doing:
        runs += each == "run"
        rows.append((f"`{LINES[each]}`", say(RUNS[runs - 1]) if each == "run" else ""))
    return Grid((say("line"), ""), rows)


def handles(study: Study, say: Say) -> Grid:
    """List every handle that the visitor got: its hook, whether it is live, how often it fired."""
    found = ran(played(study)).handles if study["done"] else ()
    rows = [
        (
            str(each.number),
            f"`{each.hook.on}`",
            say("live") if each.live else say("removed"),
            str(each.fired),
        )
        for each in found
    ]
    heads = (say("handle"), say("layer"), say("state"), say("fired"))
    return Grid(heads, rows or [(say("none"), "", "", "")], frozenset({0, 3}))


def factors(study: Study, say: Say) -> Grid:
    """List the factor of the input's gradient in each run that the visitor asked for."""
    found = ran(played(study)).factors if study["done"] else ()
    rows = [(str(place), format_number(each)) for place, each in enumerate(found, 1)]
    return Grid((say("run"), say("∂L/∂x times")), rows or [(say("none"), "")], frozenset({0, 1}))
