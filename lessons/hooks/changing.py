"""What the steps on changed gradients and values show: with the hook, minus without it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from flow.hooking.records import Fired, Given, Kind
from flow.record import INPUT
from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.hooks import network
from lessons.hooks.doing import Both, Caught
from lessons.hooks.predicted.passing import gradient
from lessons.running.recipe import ran
from lessons.showing.figure import Figure
from lessons.showing.grid import Grid
from viz.language import Say, english
from viz.maps.rows import Map
from viz.peak import shown_shape

PLACED = {
    INPUT: english("Δ ∂L/∂x"),
    "conv1": english("Δ ∂L/∂conv1"),
    "relu": english("Δ ∂L/∂relu"),
    "conv2": english("Δ ∂L/∂conv2"),
    "head": english("Δ ∂L/∂score"),
}
"""What the difference of the gradient at each place is called."""
WEIGHED = {
    "conv1.weight": english("Δ ∂L/∂w of conv1"),
    "conv2.weight": english("Δ ∂L/∂w of conv2"),
    "head.weight": english("Δ ∂L/∂w of head"),
}
VALUED = {
    "conv1": english("Δ conv1's output"),
    "relu": english("Δ relu's output"),
    "conv2": english("Δ conv2's output"),
    "head": english("Δ score"),
}


def caught(study: Study) -> Caught:
    """Return the hook that is chosen."""
    return Caught(study.seed, study["layer"], study["kind"], study["action"])


def changed_gradients(study: Study) -> Figure:
    """Show what the hook changed of every gradient: of the maps, then of the weights."""
    both = ran(caught(study))
    weights = [_difference(name, title, *_weights(both, name)) for name, title in WEIGHED.items()]
    return Figure([[*_of_maps(both), *weights]])


def _of_maps(both: Both) -> list[Map]:
    return [
        _difference(place, title, gradient(both.plain, place), gradient(both.hooked, place))
        for place, title in PLACED.items()
    ]


def _weights(both: Both, name: str) -> tuple[Array, Array]:
    plain, hooked = both.plain.parameters[name], both.hooked.parameters[name]
    assert plain is not None  # noqa: S101 - each weight takes part in the score
    assert hooked is not None  # noqa: S101
    return plain, hooked


def _difference(key: str, title: str, plain: Array, hooked: Array) -> Map:
    return Map(
        key=key,
        title=title,
        subtitle=shown_shape(plain.shape),
        array=hooked - plain,
        group="difference",
        symbol="Δ",
        reach=True,
    )


def replaced(study: Study) -> Caught:
    """Return the forward hook that is chosen."""
    return Caught(study.seed, study["layer"], study["before"], study["action"])


def changed_values(study: Study) -> Figure:
    """Show what the hook changed of every value."""
    both = ran(replaced(study))
    values = [
        _difference(f"value {name}", title, both.plain.values[name], both.hooked.values[name])
        for name, title in VALUED.items()
    ]
    return Figure([values])


def following_gradients(study: Study) -> Figure:
    """Show what it changed of the gradients of the maps."""
    return Figure([_of_maps(ran(replaced(study)))])


def of_change(study: Study) -> Mapping[str, str]:
    """Return how many values and gradients are others, of how many."""
    return _counted(ran(caught(study)))


def of_replaced(study: Study) -> Mapping[str, str]:
    """Return the same of a forward hook."""
    return _counted(ran(replaced(study)))


def _counted(both: Both) -> Mapping[str, str]:
    names = {
        "x" if place == INPUT else place: np.array_equal(
            gradient(both.plain, place), gradient(both.hooked, place)
        )
        for place in network.PLACES
    }
    names |= {name: np.array_equal(*_weights(both, name)) for name in network.WEIGHTS}
    changed = [name for name, same in names.items() if not same]
    values = [
        name
        for name in network.LAYERS
        if not np.array_equal(both.plain.values[name], both.hooked.values[name])
    ]
    return {
        "gradients": str(len(changed)),
        "all": str(len(names)),
        "values": str(len(values)),
        "maps": str(len(network.LAYERS)),
    }


def is_of(kinds: Collection[Kind], study: Study) -> bool:
    """Tell whether a hook of one of these kinds is chosen."""
    return study["kind"] in kinds


# The signature


def arguments(study: Study, say: Say) -> Grid:
    """List what the chosen hook was called with: names, types and shapes, as it printed them."""
    fired: tuple[Fired, ...] = ran(caught(study)).hooked.fired
    rows = []
    for each in fired[0].given:
        shapes = ", ".join("None" if one is None else shown_shape(one) for one in each.shapes)
        rows.append((f"`{each.name}`", typed(each), shapes))
    return Grid((say("argument"), say("type"), say("shape")), rows)


def typed(given: Given) -> str:
    """Write the type of an argument, and the types of what is in it."""
    return f"{given.type} ({', '.join(given.inside)})" if given.inside else given.type
