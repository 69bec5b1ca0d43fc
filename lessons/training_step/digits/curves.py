"""Curves and tables of what the small MLP learnt on digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lessons.asking.exercise import Array
from lessons.by_hand import network
from lessons.by_hand.network import Network
from lessons.choosing.study import Study
from lessons.running.recipe import ran
from lessons.showing.cutting import below
from lessons.showing.grid import Grid
from lessons.training_step.digits.training import (
    HIDDEN,
    RATES,
    STARTS,
    STEPS,
    Rates,
    Trained,
    Training,
    begun,
)
from viz.language import Say, english
from viz.pictures.line import Curve, Line
from viz.theme import format_number

HIGHEST = 3.0
"""The largest loss that is drawn: guessing ten classes evenly costs 2.3."""
HEIGHT, LOW, LOWEST = 250, 180, 165
BINS = 21
MEAN_RATE = 0.1
BATCHES = (4, 16, 64)
REDUCED: Mapping[str, str] = {
    "mean": english("mean, rate 0.1"),
    "sum": english("sum, rate 0.1"),
    "divided": english("sum, rate 0.1 / N"),
}


def _line(title: str, curves: Sequence[Curve], say: Say, height: int = HEIGHT) -> Line:
    axes = (say("steps"), say("loss, up to 3"))
    return Line(title, axes, curves, height=height, begin=0, end=HIGHEST)


def _curve(title: str, losses: Sequence[float], *, dashed: bool = False) -> Curve:
    points = [(float(step), loss) for step, loss in enumerate(losses)]
    return Curve(title, below(points, HIGHEST), dashed=dashed)


# The learning rate


def rates(study: Study) -> Rates:
    """Return the network with every rate."""
    return Rates(study.seed)


def of_rates(study: Study, say: Say) -> Line:
    """Draw a curve for every learning rate."""
    found = ran(rates(study))
    title = say("Loss of 300 digits")
    return _line(title, [_curve(rate, found[rate].losses) for rate in RATES], say, LOW)


def reached(study: Study, say: Say) -> Grid:
    """List the losses before the first step, the largest one, and the last one."""
    found = ran(rates(study))
    rows = [(rate, *_losses(found[rate])) for rate in RATES]
    heads = (say("learning rate"), say("first"), say("largest"), say("last"))
    return Grid(heads, rows, frozenset({0, 1, 2, 3}))


def _losses(found: Trained) -> tuple[str, str, str]:
    first, *_between, last = found.losses
    return format_number(first), format_number(max(found.losses)), format_number(last)


# How it begins


def started(study: Study) -> Training:
    """Return the network as it is to begin."""
    return Training(study["start"], seed=study.seed)


def of_starts(study: Study, say: Say) -> Line:
    """Draw a curve for every way to begin; the one that is chosen is not dashed."""
    curves = [
        _curve(
            say(title),
            ran(Training(start, seed=study.seed)).losses,
            dashed=start != study["start"],
        )
        for start, title in STARTS.items()
    ]
    return _line(say("Loss of 300 digits"), curves, say, LOW)


def histogram(study: Study, say: Say) -> Line:
    """Draw how many of the first layer's weights begin near each number."""
    cells = _hidden(begun(study["start"], study.seed))
    counts, edges = np.histogram(cells, BINS, (-1.05, 1.05))
    middles = (edges[:-1] + edges[1:]) / 2
    points = list(zip(middles.round(6).tolist(), map(float, counts), strict=True))
    axes = (say("weight, from −1 to 1"), say("how many"))
    return Line(
        say("Weights of hidden"),
        axes,
        [Curve(say(STARTS[study["start"]]), points, "bars")],
        height=LOWEST,
    )


def facts(study: Study, say: Say) -> Grid:
    """List what became of the way that is chosen."""
    found = ran(started(study))
    largest = max(float(np.abs(cells).max()) for cells in found.first["hidden"])
    rows = [
        (say("largest first gradient of hidden"), format_number(largest)),
        (say("different hidden units after {steps} steps").format(steps=STEPS), units(found)),
        (say("loss after {steps} steps").format(steps=STEPS), format_number(found.losses[-1])),
    ]
    return Grid(("", say("measured")), rows, frozenset({1}))


def units(found: Trained) -> str:
    """Count the hidden units whose weights are not those of another one."""
    return f"{len(np.unique(_hidden(found.after), axis=0))} / {HIDDEN}"


def _hidden(layers: Network) -> Array:
    return network.every(layers)["hidden.weight"]


def begins(start: str, study: Study) -> bool:
    """Tell whether this way to begin is chosen."""
    return bool(study["start"] == start)


# Mean or sum


def batched(study: Study) -> Training:
    """Return the descent along the mean."""
    return Training(rate=MEAN_RATE, batch=study["batch"], seed=study.seed)


def _ways(study: Study) -> dict[str, Trained]:
    count, seed = study["batch"], study.seed
    return {
        "mean": ran(batched(study)),
        "sum": ran(Training(rate=MEAN_RATE, batch=count, summed=True, seed=seed)),
        "divided": ran(Training(rate=MEAN_RATE / count, batch=count, summed=True, seed=seed)),
    }


def of_batches(study: Study, say: Say) -> Line:
    """Draw the loss for steps along the mean and along the sum."""
    curves = [
        _curve(say(REDUCED[way]), found.losses, dashed=way == "divided")
        for way, found in _ways(study).items()
    ]
    return _line(say("Loss of 300 digits"), curves, say)


def sizes(study: Study, say: Say) -> Grid:
    """List how long the first gradients are, and where the loss ends."""
    rows = [
        (say(REDUCED[way]), format_number(_length(found)), format_number(found.losses[-1]))
        for way, found in _ways(study).items()
    ]
    heads = (say("way"), say("length of the first gradient"), say("last loss"))
    return Grid(heads, rows, frozenset({1, 2}))


def _length(found: Trained) -> float:
    every = [cells.reshape(-1) for own in found.first.values() for cells in own]
    return float(np.linalg.norm(np.concatenate(every)))


def of_batch(study: Study) -> Mapping[str, str]:
    """Return the number of digits in a step."""
    return {"count": str(study["batch"])}
