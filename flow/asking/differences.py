"""Central differences of a layer's forward in float64, against the gradients it handed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch.autograd.function import BackwardCFunction

from flow.asking.comparison import CheckName, Comparison, plural, skipped
from flow.asking.hooks import hook_on
from flow.asking.linearity import unit_at
from flow.asking.replay import REFUSALS, Asked, Replay, ReplayError, Stage
from flow.asking.rounding import largest, of_sum, words
from flow.asking.subject import Subject
from flow.asking.sums import spread
from flow.record import LOSS, Array, Check, NodeRecord

NAME: CheckName = "finite differences"
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
FLOOR = 64
"""How many roundings of the sum of products in float64 a difference may hold."""
RELATIVE = 1e-7
"""What the third derivative leaves, relative to the largest cell."""
ALMOST_ZERO = 64
"""Roundings of the upstream below which a gradient is what cancelling left."""
SHAKES = 3
"""Runs with all that the layer reads moved by its own rounding."""
SHAKEN = 16
"""How many times the change that they show may be the layer's rounding."""


@dataclass(frozen=True, eq=False)
class _Probe:
    """The slope at one cell, and by how much it differs on its two sides."""

    slope: float
    jump: float


def finite_differences(subject: Subject, stage: Stage, asked: NodeRecord) -> Check:
    """Compare differences with autograd in float64, and that with the gradients handed on."""
    unit = _unit(subject)
    try:
        replay = stage.replay(subject.capture, subject.record, unit)
        tensors = [place for place, one in enumerate(replay.asked) if _concerns(one, asked)]
        if not all(np.isfinite(replay.asked[place].gradient).all() for place in tensors):
            return skipped(NAME, f"{replay.layer}: a gradient here is not finite.")
        exact, rounding = replay.gradients(), _shaken(replay, unit)
    except ReplayError as reason:
        return skipped(NAME, str(reason))
    except REFUSALS as error:
        layer = subject.record.layer
        return skipped(NAME, f"{layer} cannot be differentiated again in float64: {error}")
    comparison, bent = Comparison(), 0
    for place in tensors:
        one = replay.asked[place]
        bent += _moved(replay, one, exact[place], comparison)
        _recorded(subject, replay, one, (exact[place], rounding[place], unit), comparison)
    return _judged(subject, replay, comparison, bent)


def _concerns(one: Asked, asked: NodeRecord) -> bool:
    """Whether a tensor of the layer is what was asked about: a leaf asks for itself alone."""
    return not asked.is_leaf or one.name == asked.parameter.rpartition(".")[2]


def _unit(subject: Subject) -> float:
    """Return the unit roundoff of the coarsest type in which the layer computed."""
    layer = subject.record.layer
    nodes = [node for node in subject.capture.nodes if node.layer == layer and not node.is_leaf]
    return max([subject.unit, *(unit_at(subject.graph, int(node.id[1:])) for node in nodes)])


def _shaken(replay: Replay, unit: float) -> list[Array]:
    """Return by how much rounding changes each cell of each gradient: it is tried, in float64.

    Everything that the layer reads is moved by about one rounding of the type it computed in.
    """
    once = replay.gradients()
    found = [np.zeros(part.shape) for part in once]
    for _ in _shakes(replay, 2 * unit):
        moved = replay.gradients()
        found = [np.maximum(f, np.abs(m - o)) for f, m, o in zip(found, moved, once, strict=True)]
    return found


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
    seen = [abs(replay.products()[0] - middle) for _ in _shakes(replay, 2 * least)]
    return FLOOR * (least * size + max(seen)) / STEP


def _moved(replay: Replay, one: Asked, exact: Array, comparison: Comparison) -> int:
    """Compare differences at some cells; return how many were left out where f bends."""
    bent, (middle, size) = 0, replay.products()
    limit = _resolution(replay, middle, size) + RELATIVE * largest(exact)
    for place in spread(_count(replay), exact.size):
        if exact.ndim and int(np.unravel_index(place, exact.shape)[0]) in one.left_out:
            comparison.remark(f"Row {one.left_out[0]} is padding, which is not trained: left out.")
            continue
        expected = exact.reshape(-1)[place].item()
        slope = _slope(replay, one, place, (middle, expected, limit))
        if slope is None:
            bent += 1
        else:
            comparison.take(slope, expected, limit)
    return bent


def _recorded(
    subject: Subject,
    replay: Replay,
    one: Asked,
    known: tuple[Array, Array, float],
    comparison: Comparison,
) -> None:
    """Compare all cells that were handed on with autograd's in float64."""
    (exact, rounding, unit), here = known, Comparison()
    mine = [part for part in subject.gradients if part.value is one.gradient]
    terms = max(sum(vector.numel() for vector in replay.vectors), 1)
    with np.errstate(all="ignore"):
        most = np.quantile(rounding, 0.9) if rounding.size else 0.0
        long = of_sum(terms, np.sqrt(terms) * largest(rounding), 1.0)
        limit = SHAKEN * (rounding + most) + (mine[0].allowed(subject.unit) if mine else long)
    here.take(one.gradient.astype(np.float64), exact, limit + _almost_zero(replay, exact, unit))
    hook = "" if here.passed else _hook(subject, one)
    if not hook:
        comparison.merge(here)
        return
    comparison.remark(
        f"{hook} changed a gradient of {replay.layer} after its backward had made it, so the "
        "recorded one is not compared here."
    )


def _almost_zero(replay: Replay, exact: Array, unit: float) -> float:
    """Return what more is allowed where all of a gradient is lost in the upstream's rounding."""
    lost = ALMOST_ZERO * unit * max(largest(vector.numpy()) for vector in replay.vectors)
    return lost if largest(exact) <= lost else 0.0


def _hook(subject: Subject, one: Asked) -> str:
    """Return the hook that changed a gradient of the layer; empty for none."""
    if subject.record.layer == LOSS:
        return ""
    return hook_on(subject.capture, subject.capture.layer(subject.record.layer), one.name)


def _count(replay: Replay) -> int:
    return max(2, min(DIFFERENCE_CELLS, DIFFERENCE_WORK // max(1, 2 * replay.work)))


def _slope(
    replay: Replay, one: Asked, place: int, known: tuple[float, float, float]
) -> float | None:
    """Return the central difference at one cell; None where the function bends there.

    A smaller and a larger step are tried where the first is off. A function that bends jumps from
    one slope to another however small the step; one that is curved changes its slope less.
    """
    middle, expected, limit = known
    found: list[_Probe] = []
    for factor in STEPS:
        found.append(_probe(replay, one, place, factor, middle))
        if abs(found[-1].slope - expected) <= limit:
            return found[-1].slope
    if found[1].jump > max(found[0].jump / BEND, BEND * limit):
        return None
    return min((probe.slope for probe in found), key=lambda slope: abs(slope - expected))


def _probe(replay: Replay, one: Asked, place: int, factor: float, middle: float) -> _Probe:
    """Move one cell up and down and put it back."""
    flat = one.value.data.view(-1)
    before = flat[place].item()
    step = STEP * factor * max(1.0, abs(before))
    flat[place] = before + step
    above = replay.products()[0]
    flat[place] = before - step
    below = replay.products()[0]
    flat[place] = before
    return _Probe((above - below) / (2 * step), abs(above - 2 * middle + below) / step)


def _judged(subject: Subject, replay: Replay, comparison: Comparison, bent: int) -> Check:
    layer = replay.layer
    if not comparison.cells and comparison.passed:
        why = (
            "every cell looked at stands where the function bends (0 of a ReLU, a tie of a pool)"
            if bent
            else "no gradient of this layer is its own alone"
        )
        return skipped(NAME, f"{layer}: {why}.")
    if bent:
        verb = "was" if bent == 1 else "were"
        comparison.remark(f"{plural(bent, 'cell')} where the function bends {verb} left out.")
    if replay.cuts.values:
        comparison.remark("What it detaches was held at its value, as the backward pass does.")
    if replay.narrow.widened:
        comparison.remark("Its conversions to a narrower type were left out.")
    if not comparison.passed:
        comparison.remark(_blamed(subject, layer))
    sentence = (
        f"{layer} run again in float64 with {plural(comparison.cells, 'cell')} moved by "
        f"{STEP:g} up and down, and all its gradients compared with those in float64. Rounding in "
        f"{words(subject.unit)} may explain a few times what it changes to move all that the "
        "layer reads by one rounding."
    )
    return comparison.judged(NAME, sentence)


def _blamed(subject: Subject, layer: str) -> str:
    """Return the sentence for a layer that failed."""
    names = dict.fromkeys(
        node.name
        for node in subject.capture.nodes
        if node.layer == layer
        and isinstance(subject.graph.nodes[int(node.id[1:])], BackwardCFunction)
    )
    by_hand = f" {', '.join(names)} is written by hand." if names else ""
    return f"The backward of {layer} is not the derivative of its forward.{by_hand}"
