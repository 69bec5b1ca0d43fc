"""The factors by which a hook that multiplies changes each part of the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

import flow
from experiment.written.address import Experiment
from flow.hooking.actions import times
from flow.hooking.records import Hooked, Kind
from flow.record import INPUT
from lessons.asking.exercise import Array, Exercise, Mistake
from lessons.choosing.study import Study
from lessons.hooks import network
from lessons.hooks.doing import KINDS, Both, hooked
from lessons.hooks.predicted.narrow import narrow_first
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say, english
from viz.theme import format_number

CASES: tuple[tuple[str, Kind, float], ...] = (
    ("conv2", "full backward", 2),
    ("conv2", "tensor", 3),
    ("conv1", "full backward", -1),
    ("head", "full backward", 0.5),
    ("relu", "full backward", 2),
    ("conv1", "full backward pre", 3),
    ("conv2", "full backward pre", -1),
    ("head", "tensor", 2),
    ("relu", "tensor", 0),
)
"""Layer, kind and factor; a seed takes one after the other."""
HEADS = (
    "x",
    english("weight of conv1"),
    english("weight of conv2"),
    english("weight of head"),
    english("the score"),
)
"""What changes or not: gradients of four, and a value."""
STAND = (0, 1, 2, 3)
"""Where x and the weights stand on the way from the input to the score."""
RETURNED: Mapping[Kind, str] = {
    "full backward": "({factor} * grad_input[0],)",
    "full backward pre": "({factor} * grad_output[0],)",
    "tensor": "{factor} * grad",
}
"""What a hook of each kind returns, as code."""
LAYERS_STAND = {"conv1": 1.0, "relu": 1.5, "conv2": 2.0, "head": 3.0}


@dataclass(frozen=True)
class Factored:
    """The small CNN under a hook that multiplies."""

    seed: int = 0

    @property
    def case(self) -> tuple[str, Kind, float]:
        """Layer, kind and factor."""
        return CASES[self.seed % len(CASES)]

    def run(self) -> Both:
        """Run it without the hook and with it."""
        layer, kind, factor = self.case
        hook = flow.Hook(kind, layer, times(factor))
        return Both(hooked(self.seed, []), hooked(self.seed, [hook]))

    def exercises(self) -> Mapping[str, Callable[[Both], Exercise]]:
        """Ask for the factors."""
        return {"factors": partial(factors_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the network, without a hook."""
        return network.in_playground(self.seed)


def factors_exercise(recipe: Factored, both: Both) -> Exercise:
    """Predict the factor of each gradient, and that of the score."""
    layer, kind, factor = recipe.case
    here = LAYERS_STAND[layer]
    handed_on = kind == "full backward"

    def scaled(*places: float, score: bool = False) -> Array:
        gradients = [factor if place in places else 1.0 for place in STAND]
        return np.array([*gradients, factor if score else 1.0])

    before = [place for place in STAND if place < here]
    own = [here] if here in STAND else []
    later = [place for place in STAND if place > here]
    right = before if handed_on else [*before, *own]
    repeated = [factor ** (len(right) - place) for place in range(len(right))]
    truth = measured(both)
    return Exercise(
        "factors",
        truth,
        narrow_first(
            truth,
            (
                Mistake("towards the loss", scaled(*later)),
                Mistake("own weight too", scaled(*before, *own)),
                Mistake("own weight left out", scaled(*before)),
                Mistake("only here", scaled(*own)),
                Mistake("forward too", scaled(*right, *later, score=True)),
                Mistake("both ways", scaled(*right, *later)),
                Mistake(
                    "at every layer", np.array([*repeated, *[1.0] * (len(HEADS) - len(right))])
                ),
            ),
        ),
        heads=HEADS,
    )


def measured(both: Both) -> Array:
    """Return by which factor each part differs, from its largest cell."""
    parts = zip(_parts(both.plain), _parts(both.hooked), strict=True)
    found = []
    for plain, changed in parts:
        at = np.unravel_index(np.abs(plain).argmax(), plain.shape)
        found.append(float(changed[at] / plain[at]))
    return np.array(found)


def _parts(run: Hooked) -> list[Array]:
    arrays = [run.gradients[INPUT], *(run.parameters[name] for name in network.WEIGHTS)]
    return [*(each for each in arrays if each is not None), np.array([run.loss])]


# What it shows


def factored(study: Study) -> Factored:
    """Return the hook that is asked about."""
    return Factored(study.seed)


def of_case(study: Study) -> Mapping[str, str]:
    """Return layer, factor and kind of the hook."""
    layer, kind, factor = factored(study).case
    return {"layer": layer, "kind": kind, "factor": format_number(factor)}


def registered(study: Study, say: Say) -> Grid:
    """Write the hook as a row: on what, which kind, what it returns."""
    layer, kind, factor = factored(study).case
    returned = f"`{RETURNED[kind].format(factor=format_number(factor))}`"
    heads = (say("layer"), say("kind"), say("returns"))
    return Grid(heads, [(f"`{layer}`", say(KINDS[kind]), returned)])


def compared(study: Study, say: Say) -> Grid:
    """List the largest cell of each part, without the hook and with it."""
    both = ran(factored(study))
    rows = []
    for name, plain, changed in zip(HEADS, _parts(both.plain), _parts(both.hooked), strict=True):
        at = np.unravel_index(np.abs(plain).argmax(), plain.shape)
        numbers = (float(plain[at]), float(changed[at]), float(changed[at] / plain[at]))
        shown = say(name) if name == HEADS[-1] else f"∂L/∂ {say(name)}"
        rows.append((shown, *(format_number(each) for each in numbers)))
    heads = (say("largest cell of"), say("without"), say("with the hook"), say("factor"))
    return Grid(heads, rows, frozenset({1, 2, 3}))
