"""One layer run again in float64: its gradients there, and differences of its forward.

This is the same for every node of the layer, so the last layer's is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from flow.asking.again import Rounded
from flow.asking.linearity import unit_at
from flow.asking.matrix.sums import spread
from flow.asking.proof.comparison import Comparison
from flow.asking.proof.subject import Subject, cell_at
from flow.asking.replay import REFUSALS, Asked, Replay, ReplayError, Stage
from flow.asking.rounding import largest
from flow.record import Array

DIFFERENCE_CELLS = 12
"""Cells of each tensor that are moved up and down."""
DIFFERENCE_WORK = 1_000_000
"""Numbers that the evaluations for one tensor may touch: about a tenth of a second."""
STEP = 1e-5
"""Central differences are off by STEP^2 times a third derivative and by rounding / STEP."""
STEPS = (1.0, 1 / 16, 16.0)
"""Multiples of it: a smaller one where the function is curved, a larger one where it rounds."""
BEND = 4.0
"""A slope that jumps does so however small the step; of a curve's change a 16th is left."""
UNEVEN = 4 * float(np.finfo(np.float64).eps) / STEP
"""What it leaves of a slope's change that a step up is not quite as long as a step down."""
FLOOR = 64
"""How many roundings of the sum of products in float64 a difference may hold."""
RELATIVE = 1e-7
"""What the third derivative leaves, relative to the largest cell."""
SHAKES = 3
"""Runs with all that the layer reads moved by its own rounding."""
LAST = "last layer run again"
"""Where the last layer's result is kept among what is known of a graph."""


@dataclass(frozen=True, eq=False)
class Moved:
    """One tensor that a layer reads: what autograd and differences say of it in float64."""

    asked: Asked
    exact: Array
    """Its gradient, by autograd in float64."""
    rounding: Array
    """By how much one rounding of all that the layer reads changes it."""
    comparison: Comparison
    """Differences against ``exact``; without a cell where the recorded gradient is not finite."""
    bent: int
    """Cells that were left out because the function bends there."""


@dataclass(frozen=True, eq=False)
class Again:
    """What running a layer again told."""

    layer: str
    unit: float
    """Unit roundoff of the coarsest type in which the layer computed."""
    tensors: tuple[Moved, ...]
    terms: int
    """Cells of all its outputs: the most terms that a gradient may be a sum of."""
    peak: float
    """The largest cell that arrived at it."""
    cuts: bool
    """Whether it detaches something."""
    widened: bool
    """Whether it converts to a narrower type."""


def again(subject: Subject, stage: Stage) -> Again:
    """Return the layer of a node run again; ReplayError says why it cannot be."""
    layer, known = subject.record.layer, subject.graph.known
    last: Again | None = known.get((LAST, layer))
    if last is not None:
        return last
    try:
        found = _run(subject, stage)
    except ReplayError:
        raise
    except REFUSALS as error:
        raise ReplayError(f"{layer} cannot be differentiated in float64: {error}") from error
    for key in [key for key in known if isinstance(key, tuple) and key[0] == LAST]:
        known.pop(key, None)
    known[LAST, layer] = found
    return found


def _run(subject: Subject, stage: Stage) -> Again:
    unit = _unit(subject)
    replay = stage.replay(subject.capture, subject.record, unit)
    exact, rounding = replay.gradients(), _shaken(replay, unit)
    return Again(
        layer=replay.layer,
        unit=unit,
        tensors=tuple(
            _moved(replay, *one) for one in zip(replay.asked, exact, rounding, strict=True)
        ),
        terms=max(sum(vector.numel() for vector in replay.vectors), 1),
        peak=max((largest(vector.numpy()) for vector in replay.vectors), default=0.0),
        cuts=bool(replay.cuts.values),
        widened=replay.narrow.widened,
    )


def _unit(subject: Subject) -> float:
    """Return the unit roundoff of the coarsest type in which the layer computed."""
    layer = subject.record.layer
    nodes = [node for node in subject.capture.nodes if node.layer == layer and not node.is_leaf]
    return max([subject.unit, *(unit_at(subject.graph, int(node.id[1:])) for node in nodes)])


def _shaken(replay: Replay, unit: float) -> list[Array]:
    """Return by how much rounding changes each cell of each gradient: it is tried, in float64.

    Everything that the layer reads, and every result on the way, forward and backward, is moved
    by about one rounding of the type it computed in.
    """
    once = replay.gradients()
    found = [np.zeros(part.shape) for part in once]
    for _ in _shakes(replay, 2 * unit):
        moved = _rounded(replay, unit)
        with np.errstate(all="ignore"):
            apart = [np.abs(m - o) for m, o in zip(moved, once, strict=True)]
            finite = [np.where(np.isfinite(one), one, 0.0) for one in apart]
            found = [np.maximum(f, a) for f, a in zip(found, finite, strict=True)]
    return found


def _rounded(replay: Replay, unit: float) -> list[Array]:
    """Return the gradients with every result rounded; a decomposition may not survive that."""
    with Rounded(unit):
        found = replay.gradients()
    return found if all(np.isfinite(one).all() for one in found) else replay.gradients()


def _shakes(replay: Replay, unit: float) -> Iterator[None]:
    """Move all that the layer reads, relative, by random numbers up to ``unit``; put it back."""
    generator = np.random.default_rng(3)
    tensors = [one for one in (*replay.read, *replay.vectors) if one.is_floating_point()]
    for _ in range(SHAKES):
        kept = [one.detach().clone() for one in tensors]
        for one, before in zip(tensors, kept, strict=True):
            move = generator.uniform(1 - unit, 1 + unit, tuple(one.shape))
            one.data.copy_(before * torch.as_tensor(move))
        yield
        for one, before in zip(tensors, kept, strict=True):
            one.data.copy_(before)


def _resolution(replay: Replay, middle: float, size: float) -> float:
    """Return what a difference quotient cannot resolve, for float64 rounds too: it is tried."""
    least = float(np.finfo(np.float64).eps)
    seen = []
    for _ in _shakes(replay, 2 * least):
        with Rounded(2 * least):
            seen.append(abs(replay.products()[0] - middle))
    return FLOOR * (least * size + max(seen)) / STEP


def _moved(replay: Replay, one: Asked, exact: Array, rounding: Array) -> Moved:
    """Compare differences at some cells with autograd in float64."""
    comparison, bent = Comparison(), 0
    if not np.isfinite(one.gradient).all():
        return Moved(one, exact, rounding, comparison, bent)
    middle, size = replay.products()
    limit = _resolution(replay, middle, size) + RELATIVE * largest(exact)
    for place in spread(_count(replay), exact.size):
        if exact.ndim and int(np.unravel_index(place, exact.shape)[0]) in one.left_out:
            comparison.remark(f"Row {one.left_out[0]} is padding, which is not trained: left out.")
            continue
        expected = exact.reshape(-1)[place].item()
        probe = _slope(replay, one, place, (middle, expected, limit))
        if probe is None:
            bent += 1
        else:
            comparison.take(probe.slope, expected, limit + UNEVEN * probe.jump)
    return Moved(one, exact, rounding, comparison, bent)


def _count(replay: Replay) -> int:
    return max(2, min(DIFFERENCE_CELLS, DIFFERENCE_WORK // max(1, 2 * replay.work)))


@dataclass(frozen=True, eq=False)
class _Probe:
    """The slope at one cell, and by how much it differs on its two sides."""

    slope: float
    jump: float


def _slope(
    replay: Replay, one: Asked, place: int, known: tuple[float, float, float]
) -> _Probe | None:
    """Return the central difference at one cell; None where the function bends there.

    A smaller and a larger step are tried where the first is off. A function that bends jumps from
    one slope to another however small the step; one that is curved changes its slope less.
    """
    middle, expected, limit = known
    found: list[_Probe] = []
    for factor in STEPS:
        probe = _probe(replay, one, place, factor, middle)
        found.append(probe)
        if abs(probe.slope - expected) <= limit + UNEVEN * probe.jump:
            return probe
    if found[1].jump > max(found[0].jump / BEND, BEND * limit):
        return None
    return min(found, key=lambda probe: abs(probe.slope - expected))


def _probe(replay: Replay, one: Asked, place: int, factor: float, middle: float) -> _Probe:
    """Move one cell up and down and put it back."""
    cells, at = one.value.data, cell_at(place, tuple(one.value.shape))
    before = cells[at].item()
    step = STEP * factor * max(1.0, abs(before))
    cells[at] = before + step
    above = replay.products()[0]
    cells[at] = before - step
    below = replay.products()[0]
    cells[at] = before
    return _Probe((above - below) / (2 * step), abs(above - 2 * middle + below) / step)
