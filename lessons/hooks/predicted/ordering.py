"""One hook of each kind on one layer, and the order in which they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import ne

import numpy as np

import flow
from experiment.written.address import Experiment
from flow.hooking.records import Fired, Given, Kind
from lessons.asking.exercise import Exercise, order
from lessons.choosing.study import Study
from lessons.hooks import network
from lessons.hooks.doing import FORWARD, KINDS, ON_WEIGHTS, hooked
from lessons.running.recipe import ran
from lessons.showing.grid import Grid
from viz.language import Say
from viz.peak import shown_shape

LAYER = "conv2"
Log = tuple[Fired, ...]


@dataclass(frozen=True)
class Ordered:
    """Hooks of all kinds on conv2, registered in an order that a seed draws."""

    seed: int = 0

    @property
    def registered(self) -> list[Kind]:
        """The kinds on gradients in the order in which they are registered, which no run has."""
        kinds: list[Kind] = [kind for kind in KINDS if kind not in FORWARD]
        moved = np.random.default_rng(self.seed).permutation(len(kinds))
        drawn = [kinds[int(at)] for at in moved]
        return [*drawn[1:], drawn[0]] if drawn[0] == "full backward pre" else drawn

    def run(self) -> Log:
        """Run the network once, and return what fired in what order."""
        hooks = [flow.Hook(kind, _on(kind)) for kind in (*self.registered, *FORWARD)]
        return hooked(self.seed, hooks).fired

    def exercises(self) -> Mapping[str, Callable[[Log], Exercise]]:
        """Ask for the order."""
        return {"order": partial(order_exercise, self)}

    def in_playground(self) -> Experiment:
        """Open the network, without hooks."""
        return network.in_playground(self.seed)


def _on(kind: Kind) -> str:
    return f"{LAYER}.weight" if kind in ON_WEIGHTS else LAYER


def order_exercise(recipe: Ordered, fired: Log) -> Exercise:
    """Predict in which order the hooks are called."""
    items: dict[str, str] = {kind: KINDS[kind] for kind in recipe.registered}
    truth = [each.hook.kind for each in fired if each.hook.kind in items]
    wrong: dict[str, Sequence[Kind]] = {
        "backward before weight": _back("pre tensor full weight stored"),
        "weight first": _back("weight stored pre tensor full"),
        "tensor first": _back("tensor pre weight stored full"),
        "stored first": _back("pre tensor stored weight full"),
        "as registered": recipe.registered,
    }
    narrow = sorted(wrong, key=lambda name: sum(map(ne, wrong[name], truth)))
    return order("order", items, truth, {name: wrong[name] for name in narrow})


def _back(names: str) -> list[Kind]:
    short: dict[str, Kind] = {
        "pre": "full backward pre",
        "tensor": "tensor",
        "weight": "parameter",
        "stored": "post accumulate grad",
        "full": "full backward",
    }
    return [short[name] for name in names.split()]


# What it shows


def ordered(study: Study) -> Ordered:
    """Return the hooks that are registered."""
    return Ordered(study.seed)


def log_of(study: Study) -> Log:
    """Return what was called."""
    found: Log = ran(ordered(study))
    return found


def log(study: Study, say: Say) -> Grid:
    """List what was called, in its order, with what it was given."""
    rows = [
        (str(place), say(KINDS[each.hook.kind]), ", ".join(map(argument, each.given)))
        for place, each in enumerate(log_of(study), 1)
    ]
    return Grid(("", say("called"), say("with")), rows, frozenset({0}))


def argument(given: Given) -> str:
    """Write an argument with its shapes, if it is of tensors."""
    shapes = ", ".join(shown_shape(each) if each is not None else "None" for each in given.shapes)
    return f"`{given.name}` {shapes}".strip()
