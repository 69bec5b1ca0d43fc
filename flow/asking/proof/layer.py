"""One layer run again in float64: its gradients there, and differences of its forward.

This is the same for every node of the layer, so the last layer's is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from flow.asking.again import Rounded
from flow.asking.linearity import unit_at
from flow.asking.matrix.sums import spread
from flow.asking.proof.comparison import Comparison
from flow.asking.proof.slopes import STEP, Cells, Known, slope
from flow.asking.proof.subject import Subject
from flow.asking.replay import Asked, Replay, Stage, refusing
from flow.asking.rounding import largest
from flow.record import Array
from flow.said import said

DIFFERENCE_CELLS = 12
"""Cells of each tensor that are moved up and down."""
DIFFERENCE_WORK = 1_000_000
"""Numbers that the evaluations for one tensor may touch: about a tenth of a second."""
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
    with refusing(said("{layer} cannot be differentiated in float64", layer=layer)):
        found = _run(subject, stage)
    for key in [key for key in tuple(known) if isinstance(key, tuple) and key[0] == LAST]:
        known.pop(key, None)
    known[LAST, layer] = found
    return found


def _run(subject: Subject, stage: Stage) -> Again:
    unit = _unit(subject)
    replay = stage.replay(subject.capture, subject.record, unit)
    exact = replay.gradients()
    rounding, known = _shaken(replay, unit, exact), _known(replay)
    return Again(
        layer=replay.layer,
        unit=unit,
        tensors=tuple(
            _moved(replay, known, *one) for one in zip(replay.asked, exact, rounding, strict=True)
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
    return max([subject.unit, *(unit_at(subject.graph, node.index) for node in nodes)])


def _shaken(replay: Replay, unit: float, once: list[Array]) -> list[Array]:
    """Return by how much rounding changes each cell of each gradient: it is tried, in float64.

    Everything that the layer reads, and every result on the way, forward and backward, is moved
    by about one rounding of the type it computed in.
    """
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


def _known(replay: Replay) -> Known:
    """Return what a difference quotient cannot resolve, for float64 rounds too: it is tried."""
    middle, size = replay.products()
    least = float(np.finfo(np.float64).eps)
    seen: list[float] = []
    for _ in _shakes(replay, 2 * least):
        with Rounded(2 * least):
            seen.append(abs(replay.products()[0] - middle))
    finite = [one for one in seen if np.isfinite(one)]
    return Known(middle, FLOOR * (least * size + max(finite, default=0.0)) / STEP, 0.0)


def _moved(replay: Replay, known: Known, one: Asked, exact: Array, rounding: Array) -> Moved:
    """Compare differences at some cells with autograd in float64."""
    comparison, bent = Comparison(), 0
    if not np.isfinite(one.gradient).all():
        return Moved(one, exact, rounding, comparison, bent)
    known = replace(known, relative=RELATIVE * largest(exact))
    for place in spread(_count(replay), exact.size):
        if exact.ndim and int(np.unravel_index(place, exact.shape)[0]) in one.left_out:
            comparison.remark(
                said(
                    "Row {left_out} is padding, which is not trained: left out.",
                    left_out=one.left_out[0],
                )
            )
            continue
        probe = slope(Cells(replay, one.value.data, exact, (place,)), known)
        if probe is None:
            bent += 1
        else:
            comparison.take(probe.slope, exact.reshape(-1)[place].item(), known.allowed(probe))
    return Moved(one, exact, rounding, comparison, bent)


def _count(replay: Replay) -> int:
    return max(2, min(DIFFERENCE_CELLS, DIFFERENCE_WORK // max(1, 2 * replay.work)))
