"""Three independent proofs of what a node handed on.

Autograd's numbers against the closed form of the rule, against central differences of the
layer's forward in float64, and against the sums of terms that ``explain`` writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from flow.asking.arrivals import origin_of
from flow.asking.explain import explain
from flow.asking.local import arrived_vectors, find_node
from flow.asking.notes import magnitude, tolerance
from flow.asking.replay import Asked, Replay, ReplayError, Stage
from flow.ops import OPS
from flow.ops.closed import Backward, NoClosedFormError, double
from flow.record import Array, Capture, Check, NodeRecord, Shape
from flow.recording.walk import LiveGraph

SUM_CELLS = 12
"""Cells of each gradient whose terms are added up: a few milliseconds."""
DIFFERENCE_CELLS = 12
"""Cells of each tensor that are moved up and down."""
DIFFERENCE_WORK = 1_000_000
"""Numbers that the evaluations for one tensor may touch: about a tenth of a second."""
CLOSED_CELLS = 1_000_000
"""Upstream and downstream cells up to which a closed form is computed."""
STEP = 1e-5
"""Central differences are off by STEP^2 x f''' and by 1e-16 / STEP: both far below float32."""
CLOSED_ROUNDINGS = 100
"""Units in the last place of the sum of |terms| that autograd's own order of additions costs."""
DIFFERENCE_ROUNDINGS = 1000
"""The same, plus what float32 rounded in the layer's own statistics and saved values."""
DIFFERENCE_FLOOR = 64 * float(np.finfo(np.float64).eps) / STEP
"""What a difference of two float64 numbers of size 1, STEP apart, cannot resolve."""
CheckName = Literal["closed form", "finite differences", "sum of terms"]
CHECKS: tuple[CheckName, ...] = get_args(CheckName)

SEED = 20
"""Where the even spread of compared cells begins."""


@dataclass(eq=False)
class _Worst:
    """The comparison that came closest to its tolerance, or went furthest beyond it."""

    difference: float = 0.0
    tolerance: float = 0.0
    cells: int = 0
    passed: bool = True

    def take(self, difference: float, tolerance: float, cells: int = 1) -> None:
        """Compare one more gradient or cell with a tolerance of its own."""
        self.cells += cells
        self.passed = self.passed and difference <= tolerance
        if not self.tolerance or difference * self.tolerance > self.difference * tolerance:
            self.difference, self.tolerance = difference, tolerance

    def judged(self, name: CheckName, sentence: str) -> Check:
        """Return the finished check."""
        return Check(name, self.difference, self.tolerance, self.passed, self.cells, sentence)


@dataclass(frozen=True, eq=False)
class _Subject:
    """The gradients of one node that are checked."""

    graph: LiveGraph
    capture: Capture
    record: NodeRecord
    sizes: dict[int, float]
    """For each checked input the largest sum of |coefficient x upstream| that was seen."""
    epsilon: float
    """Unit in the last place of the gradients' type."""

    def scale(self, gradient: Array) -> float:
        """Return what the rounding of a gradient is relative to."""
        own = [size for k, size in self.sizes.items() if self.record.downstream[k] is gradient]
        return max(
            [*own, _largest(gradient)] if own else [*self.sizes.values(), _largest(gradient)]
        )


def check(graph: LiveGraph, capture: Capture, stage: Stage, node: str) -> tuple[Check, ...]:
    """Return the three checks of a node, each run or with the reason why not."""
    record = find_node(capture, node)
    asked = record
    inputs = tuple(k for k, part in enumerate(record.downstream) if part is not None)
    if record.is_leaf and record.upstream[0] is None:
        return tuple(_skipped(name, "No gradient arrived at this leaf.") for name in CHECKS)
    if record.is_leaf:
        origin = origin_of(graph, capture, record)
        if origin is None:
            return _accumulated(graph, capture, record)
        record, inputs = origin.record, (origin.which,)
    summed, sizes = _sum_of_terms(graph, capture, record, inputs)
    gradients = [part for k in inputs if (part := record.downstream[k]) is not None]
    kinds = [np.finfo(part.dtype).eps for part in gradients if part.dtype.kind in "fc"]
    epsilon = float(max(kinds, default=np.finfo(np.float32).eps))
    subject = _Subject(graph, capture, record, sizes, epsilon)
    return (_closed_form(subject), _finite_differences(subject, stage, asked), summed)


def spread(count: int, size: int) -> list[int]:
    """Return at most ``count`` positions, evenly spread, the same ones every time."""
    if size <= count:
        return list(range(size))
    return sorted({(SEED + step * size // count) % size for step in range(count)})


def _skipped(name: CheckName, sentence: str) -> Check:
    return Check(name, None, None, None, 0, sentence)


def _sum_of_terms(
    graph: LiveGraph, capture: Capture, record: NodeRecord, inputs: tuple[int, ...]
) -> tuple[Check, dict[int, float]]:
    """Add up the terms of some cells; also return the largest sum of |terms| of each input."""
    worst, sizes = _Worst(), dict.fromkeys(inputs, 0.0)
    for which in inputs:
        gradient = record.downstream[which]
        for place in [] if gradient is None else spread(SUM_CELLS, gradient.size):
            cell = _cell(place, () if gradient is None else gradient.shape)
            explanation = explain(graph, capture, record.id, cell, "downstream", which)
            if np.isnan(explanation.total) and explanation.note:
                return _skipped("sum of terms", explanation.note), sizes
            with np.errstate(all="ignore"):
                products = explanation.coefficients * explanation.upstreams
                sizes[which] = max(sizes[which], magnitude(graph, record, products))
            worst.take(explanation.difference, tolerance(graph, record, products))
    if not worst.cells:
        return _skipped("sum of terms", f"{record.name} hands no gradient on."), sizes
    sentence = f"The terms of {worst.cells} cells added one by one, in row-major order."
    return worst.judged("sum of terms", sentence), sizes


def _cell(place: int, shape: Shape) -> Shape:
    return tuple(int(axis) for axis in np.unravel_index(place, shape)) if shape else ()


def _accumulated(graph: LiveGraph, capture: Capture, record: NodeRecord) -> tuple[Check, ...]:
    """Check a leaf that several consumers share: their parts must add up."""
    worst, gradient = _Worst(), record.upstream[0]
    for place in [] if gradient is None else spread(SUM_CELLS, gradient.size):
        cell = _cell(place, record.shapes[0])
        explanation = explain(graph, capture, record.id, cell, "parameter", 0)
        worst.take(explanation.difference, tolerance(graph, record, explanation.upstreams))
    shared = "Several consumers share this leaf: check each of them."
    sentence = f"The consumers' parts of {worst.cells} cells added one by one."
    return (
        _skipped("closed form", shared),
        _skipped("finite differences", shared),
        worst.judged("sum of terms", sentence),
    )


def _closed_form(subject: _Subject) -> Check:
    """Compare every cell with the rule's closed form, where there is one."""
    record = subject.record
    known = OPS.get(record.name)
    if known is None or known.closed_form is None:
        return _skipped("closed form", f"No closed form is written down for {record.name}.")
    index = int(record.id[1:])
    gradients = [part for part in record.downstream if part is not None]
    cells = sum(part.size for part in (*gradients, *(u for u in record.upstream if u is not None)))
    if cells > CLOSED_CELLS:
        return _skipped("closed form", f"{cells:,} cells are more than are computed at once.")
    if any(part.dtype.kind != "f" for part in gradients):
        return _skipped("closed form", "Closed forms are written for real numbers only.")
    vectors = arrived_vectors(subject.graph, index)
    backward = Backward(
        node=subject.graph.nodes[index],
        name=record.name,
        upstream=tuple(double(vector) for vector in vectors),
        below=tuple(None if part is None else part.shape for part in record.downstream),
    )
    try:
        with np.errstate(all="ignore"):
            found = known.closed_form(backward)
    except NoClosedFormError as reason:
        return _skipped("closed form", str(reason))
    return _compared_with(subject, found)


def _compared_with(subject: _Subject, found: tuple[Array | None, ...]) -> Check:
    worst = _Worst()
    for which in subject.sizes:
        gradient = subject.record.downstream[which]
        expected = found[which] if which < len(found) else None
        if gradient is not None and expected is not None:
            allowed = CLOSED_ROUNDINGS * subject.epsilon * subject.scale(gradient)
            worst.take(_distance(gradient, expected), allowed, gradient.size)
    if not worst.cells:
        return _skipped("closed form", "The closed form says nothing about this gradient.")
    sentence = (
        f"All {worst.cells} cells computed by the rule alone in float64; autograd may round "
        f"{CLOSED_ROUNDINGS} times in the last place of the sum of |terms|."
    )
    return worst.judged("closed form", sentence)


def _distance(gradient: Array, expected: Array) -> float:
    """Return the largest difference; cells that are the same non-finite value count as equal."""
    with np.errstate(all="ignore"):
        apart = np.abs(gradient.astype(np.float64) - expected)
    same = (gradient == expected) | (np.isnan(gradient) & np.isnan(expected))
    apart = np.where(same, 0.0, np.where(np.isnan(apart), np.inf, apart))
    return float(apart.max(initial=0.0))


def _largest(gradient: Array) -> float:
    finite = np.abs(gradient[np.isfinite(gradient)])
    return float(finite.max(initial=0.0))


def _finite_differences(subject: _Subject, stage: Stage, asked: NodeRecord) -> Check:
    """Compare the layer's gradients with central differences of its forward in float64."""
    try:
        replay = stage.replay(subject.capture, subject.record)
    except ReplayError as reason:
        return _skipped("finite differences", str(reason))
    tensors = replay.asked
    if asked.is_leaf:
        own = asked.parameter.rpartition(".")[2]
        tensors = tuple(one for one in tensors if one.name == own)
    if not all(np.isfinite(one.gradient).all() for one in tensors):
        return _skipped("finite differences", f"{replay.layer}: a gradient here is not finite.")
    worst, bent, middle = _Worst(), 0, replay.scalar()
    for one in tensors:
        limit = DIFFERENCE_ROUNDINGS * subject.epsilon * subject.scale(one.gradient)
        limit += DIFFERENCE_FLOOR * abs(middle)
        for place in spread(_count(replay), one.gradient.size):
            slope = _slope(replay, one, place, middle, limit)
            if slope is None:
                bent += 1
            else:
                worst.take(abs(slope - one.gradient.reshape(-1)[place].item()), limit)
    return _judged(replay.layer, worst, bent)


def _judged(layer: str, worst: _Worst, bent: int) -> Check:
    if not worst.cells:
        why = (
            "every cell looked at stands where the function bends (0 of a ReLU, a tie of a pool)"
            if bent
            else "no gradient of this layer is its own alone"
        )
        return _skipped("finite differences", f"{layer}: {why}.")
    left = f" {bent} cells where the function bends were left out." if bent else ""
    sentence = (
        f"{layer} run again in float64 with {worst.cells} cells moved by {STEP:g} up and down; "
        f"autograd may round {DIFFERENCE_ROUNDINGS} times in the last place of the sum of |terms|."
        f"{left}"
    )
    return worst.judged("finite differences", sentence)


def _count(replay: Replay) -> int:
    return max(2, min(DIFFERENCE_CELLS, DIFFERENCE_WORK // max(1, 2 * replay.work)))


def _slope(replay: Replay, one: Asked, place: int, middle: float, limit: float) -> float | None:
    """Return the central difference at one cell; None where the slopes of both sides differ."""
    flat = one.value.view(-1)
    before = flat[place].item()
    step = STEP * max(1.0, abs(before))
    flat[place] = before + step
    above = replay.scalar()
    flat[place] = before - step
    below = replay.scalar()
    flat[place] = before
    if abs((above - middle) - (middle - below)) > limit * step:
        return None
    return (above - below) / (2 * step)
