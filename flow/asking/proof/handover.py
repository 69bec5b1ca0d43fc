"""The downstream gradient of one node is the upstream gradient of the node behind it.

Where several nodes read one tensor, their parts add up there. Each of them runs once more, alone,
on what had arrived at it, so the comparison is with numbers that were made apart from the pass.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from flow.arrays import to_array
from flow.asking.hooks import hook_at, runs_a_hook
from flow.asking.linearity import unit_at
from flow.asking.local import find_gradient, find_node, run_node
from flow.asking.rounding import largest, of_sum
from flow.errors import ExplainError
from flow.record import Array, Capture, Handover, NodeRecord
from flow.recording.walk import LiveGraph
from flow.said import said


def handover(graph: LiveGraph, capture: Capture, node: str, which: int) -> Handover:
    """Add up the parts that go where ``node`` hands its input ``which``, and compare."""
    record = find_node(capture, node)
    find_gradient(record.downstream, which, said("{node} downstream", node=node))
    target, output = record.targets[which], record.target_outputs[which]
    received = None if target is None else capture.node(target).upstream[output]
    if target is None or received is None:
        raise ExplainError(
            said("{node} downstream {which}: no node waits for it.", node=node, which=which)
        )
    givers = capture.parts(target, output)
    parts = [_part(graph, giver, side) for giver, side in givers]
    begun = graph.begun.get((int(target[1:]), output))
    if begun is not None:  # the backward began here, too
        parts.append(begun)
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    apart = _distance(to_array(total), received)
    allowed = _rounding(parts, unit_at(graph, int(target[1:]))) if len(parts) > 1 else 0.0
    hook = hook_at(capture.node(target), output) if apart > allowed else ""
    return Handover(
        target=target,
        givers=tuple(dict.fromkeys(giver.id for giver, _ in givers)),
        difference=apart,
        tolerance=allowed,
        note=hook and said("{hook} changed this gradient on the way.", hook=hook),
    )


def _part(graph: LiveGraph, giver: NodeRecord, which: int) -> Tensor:
    """Return what a node hands on alone; what it did hand on where a hook runs with it."""
    recorded = giver.downstream[which]
    if recorded is not None and runs_a_hook(giver):
        return torch.from_numpy(recorded.copy())
    return _alone(graph, giver.index, which)


def _alone(graph: LiveGraph, index: int, which: int) -> Tensor:
    """Return what a node hands on when it runs alone on what had arrived at it."""
    arrived = [None if one is None else one.detach() for one in graph.upstream[index]]
    part = run_node(graph, index, arrived)[which]
    if part is None:
        raise ExplainError(
            said("n{index} downstream {which}: no gradient flows here.", index=index, which=which)
        )
    return part.detach()


def _distance(total: Array, received: Array) -> float:
    """Return the largest difference; cells that are the same non-finite value count as equal."""
    with np.errstate(all="ignore"):
        apart = np.abs(total - received)
    same = (total == received) | (np.isnan(total) & np.isnan(received))
    apart = np.where(same, 0.0, np.where(np.isnan(apart), np.inf, apart))
    return float(apart.max(initial=0.0))


def _rounding(parts: Sequence[Tensor], unit: float) -> float:
    """Return what another order of additions may change."""
    sizes = np.sum([np.abs(to_array(part)) for part in parts], axis=0)
    return float(2 * of_sum(len(parts), largest(sizes), unit))
