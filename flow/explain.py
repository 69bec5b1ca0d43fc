"""One gradient cell as a sum over upstream cells, and one upstream cell's reach.

A backward node is linear in its upstream gradient, so the coefficients of one downstream cell
are its derivative by the upstream. The node runs once more, alone: the engine starts at the
node's own edge with an upstream that asks for a gradient, and a hook stops it right behind the
node. Where a node has no second derivative, one-hot upstreams find the same coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from flow.arrays import to_array
from flow.errors import ExplainError
from flow.naming import name_coefficients
from flow.record import Array, Capture, Explanation, NodeRecord, Reach, Shape
from flow.walk import LiveGraph

ONE_HOT_LIMIT = 4096
"""Upstream cells up to which one-hot runs are tried: a quarter of a second at most."""

Method = Literal["double backward", "one-hot"]


class _StopError(Exception):
    """Ends the engine's run behind one node; never leaves this module."""


def explain(
    graph: LiveGraph, capture: Capture, node: str, cell: Shape, of: str, which: int
) -> Explanation:
    """Write one cell of a downstream or parameter gradient as a sum over upstream cells."""
    record = _record(capture, node)
    if of not in ("downstream", "parameter"):
        raise ExplainError(f"of: 'downstream' or 'parameter' is needed, {of!r} came.")
    if record.is_leaf or of == "parameter":
        return _explain_leaf(graph, capture, record, cell)
    value = _cell_of(record.downstream, which, cell, f"{node} downstream")
    index = int(node[1:])
    coefficients, method = _coefficients(graph, index, which, cell)
    explanation = _sum(record, which, cell, coefficients, value, method)
    return name_coefficients(graph, capture, index, explanation)


def reach(graph: LiveGraph, capture: Capture, node: str, cell: Shape, output: int) -> Reach:
    """Return how one upstream cell feeds every downstream cell of its node."""
    record = _record(capture, node)
    if record.is_leaf:
        raise ExplainError(f"{node}: AccumulateGrad stores what arrives and hands nothing on.")
    value = _cell_of(record.upstream, output, cell, f"{node} upstream")
    index = int(node[1:])
    vectors = _vectors(graph, index)
    vectors = [torch.zeros_like(vector) for vector in vectors]
    vectors[output][cell] = 1
    handed_on = _run_node(graph, index, vectors)
    inputs = tuple(
        None if target is None or part is None else to_array(part)
        for target, part in zip(record.targets, handed_on, strict=False)
    )
    return Reach(node, output, cell, value, inputs)


def _record(capture: Capture, node: str) -> NodeRecord:
    try:
        return capture.node(node)
    except KeyError:
        raise ExplainError(
            f"There is no node {node!r}: this run has n0 to n{len(capture.nodes) - 1}."
        ) from None


def _cell_of(
    gradients: Sequence[Array | None], which: int, cell: Shape, what: str
) -> float | complex:
    """Return one element, or raise ExplainError naming what does not exist."""
    if not 0 <= which < len(gradients):
        raise ExplainError(f"{what} {which}: it has {len(gradients)}, counted from 0.")
    gradient = gradients[which]
    if gradient is None:
        raise ExplainError(f"{what} {which}: no gradient flows here.")
    inside = len(cell) == gradient.ndim and all(
        0 <= place < size for place, size in zip(cell, gradient.shape, strict=True)
    )
    if not inside:
        raise ExplainError(f"{what} {which}: cell {cell} is outside its shape {gradient.shape}.")
    value: float | complex = gradient[cell].item()
    return value


def _explain_leaf(
    graph: LiveGraph, capture: Capture, record: NodeRecord, cell: Shape
) -> Explanation:
    """Explain what a leaf stored: by its one consumer, or as the sum of several consumers."""
    if not record.is_leaf:
        raise ExplainError(f"{record.id}: {record.name} stores no parameter gradient.")
    value = _cell_of(record.upstream, 0, cell, f"{record.id} gradient")
    consumers = [
        (node, which)
        for node in capture.nodes
        for which, target in enumerate(node.targets)
        if target == record.id and node.downstream[which] is not None
    ]
    if len(consumers) == 1:
        node, which = consumers[0]
        return explain(graph, capture, node.id, cell, "downstream", which)
    parts = np.array(
        [part[cell] for node, which in consumers if (part := node.downstream[which]) is not None]
    )
    return Explanation(
        node=record.id,
        input=0,
        cell=cell,
        coefficients=np.ones_like(parts),
        names=tuple(f"1 (part from {node.id} {node.name})" for node, _ in consumers),
        outputs=np.zeros(len(parts), dtype=np.int64),
        places=np.full(len(parts), np.ravel_multi_index(cell, record.shapes[0]) if cell else 0),
        upstreams=parts,
        shapes=record.shapes,
        total=_add_in_order(parts),
        autograd=value,
        method="accumulate",
        note="",
    )


def _vectors(graph: LiveGraph, index: int) -> list[Tensor]:
    """Return the upstream of every output of a node, zeros where nothing arrived."""
    return [
        torch.zeros(meta.shape, dtype=meta.dtype, device=meta.device)
        if vector is None
        else vector.detach()
        for vector, meta in zip(
            graph.upstream[index], graph.nodes[index]._input_metadata, strict=True
        )
    ]


def _run_node(
    graph: LiveGraph, index: int, vectors: Sequence[Tensor], *, differentiable: bool = False
) -> Sequence[Tensor | None]:
    """Run one node alone on given upstream vectors and return what it hands on."""
    node = graph.nodes[index]
    caught: list[Sequence[Tensor | None]] = []

    def stop(handed_on: Sequence[Tensor | None], _arrived: Any) -> None:
        caught.append(handed_on)
        raise _StopError

    beyond = [GradientEdge(target, k) for target, k in node.next_functions if target is not None]
    handle = node.register_hook(stop)
    try:
        torch.autograd.grad(
            [GradientEdge(node, k) for k in range(len(vectors))],
            beyond,
            list(vectors),
            retain_graph=True,
            create_graph=differentiable,
            allow_unused=True,
        )
    except _StopError:
        pass
    finally:
        handle.remove()
    return caught[0]


def _coefficients(
    graph: LiveGraph, index: int, which: int, cell: Shape
) -> tuple[list[Tensor], Method]:
    """Return d downstream[which][cell] / d upstream, one map per output."""
    vectors = [vector.clone().requires_grad_() for vector in _vectors(graph, index)]
    maps = _by_differentiation(graph, index, which, cell, vectors)
    count = sum(vector.numel() for vector in vectors)
    if maps is not None and (count > ONE_HOT_LIMIT or _finite(maps)):
        return maps, "double backward"
    if _ignores_upstream(graph, index, which, cell, vectors):
        return [torch.zeros_like(vector.detach()) for vector in vectors], "one-hot"
    return _one_hot(graph, index, which, cell, vectors), "one-hot"


def _by_differentiation(
    graph: LiveGraph, index: int, which: int, cell: Shape, vectors: Sequence[Tensor]
) -> list[Tensor] | None:
    """Differentiate the node's backward by its upstream; None where that tells nothing."""
    try:
        downstream = _run_node(graph, index, vectors, differentiable=True)[which]
        if downstream is None or not downstream.requires_grad:
            return None
        maps = torch.autograd.grad(_real(downstream[cell]), vectors, allow_unused=True)
    except (RuntimeError, NotImplementedError):
        return None  # no second derivative
    if all(found is None for found in maps):
        return None  # computed outside torch, or marked as once differentiable
    return [
        torch.zeros_like(vector) if found is None else found.detach()
        for found, vector in zip(maps, vectors, strict=True)
    ]


def _finite(maps: Sequence[Tensor]) -> bool:
    """Whether no 0 x infinite spoiled cells that have nothing to do with the one asked for."""
    return all(bool(found.isfinite().all()) for found in maps)


def _ignores_upstream(
    graph: LiveGraph, index: int, which: int, cell: Shape, vectors: Sequence[Tensor]
) -> bool:
    """Whether the cell is 0 for two unrelated upstreams, so that no upstream cell feeds it."""
    others = [
        torch.arange(1, vector.numel() + 1, device=vector.device).sin().view_as(vector).to(vector)
        for vector in vectors
    ]
    parts = [
        _run_node(graph, index, [vector.detach() for vector in given])[which]
        for given in (vectors, others)
    ]
    return all(part is None or bool(part[cell] == 0) for part in parts)


def _real(value: Tensor) -> Tensor:
    return value.real if value.is_complex() else value


def _one_hot(
    graph: LiveGraph, index: int, which: int, cell: Shape, vectors: Sequence[Tensor]
) -> list[Tensor]:
    """Find the coefficients by one run for each upstream cell."""
    count = sum(vector.numel() for vector in vectors)
    if count > ONE_HOT_LIMIT:
        raise ExplainError(
            f"n{index}: this operation has no second derivative and its upstream has {count} "
            f"cells; one run for each is done up to {ONE_HOT_LIMIT}. Use a smaller input."
        )
    maps = [torch.zeros_like(vector.detach()) for vector in vectors]
    for output, found in enumerate(maps):
        for place in range(found.numel()):
            hot = [torch.zeros_like(vector.detach()) for vector in vectors]
            hot[output].view(-1)[place] = 1
            part = _run_node(graph, index, hot)[which]
            found.view(-1)[place] = 0 if part is None else part[cell].to(found.dtype)
    return maps


def _sum(
    record: NodeRecord,
    which: int,
    cell: Shape,
    maps: Sequence[Tensor],
    value: float | complex,
    method: Method,
) -> Explanation:
    """Keep the non-zero coefficients and add their products in row-major order."""
    coefficients, outputs, places, upstreams = [], [], [], []
    for output, found in enumerate(maps):
        flat = to_array(found).reshape(-1)
        kept = np.flatnonzero(flat)
        arrived = record.upstream[output]
        coefficients.append(flat[kept])
        outputs.append(np.full(len(kept), output))
        places.append(kept)
        upstreams.append(
            np.zeros_like(flat[kept]) if arrived is None else arrived.reshape(-1)[kept]
        )
    joined = np.concatenate(coefficients)
    cells = np.concatenate(upstreams)
    with np.errstate(all="ignore"):
        total = _add_in_order(joined * cells)
    return Explanation(
        node=record.id,
        input=which,
        cell=cell,
        coefficients=joined,
        names=(),
        outputs=np.concatenate(outputs),
        places=np.concatenate(places),
        upstreams=cells,
        shapes=record.shapes,
        total=total,
        autograd=value,
        method=method,
        note=_note(record, joined, total, value),
    )


def _add_in_order(products: Array) -> float | complex:
    """Add one after the other in the array's own dtype, as a hand would."""
    if not len(products):
        return 0.0
    with np.errstate(all="ignore"):
        total: float | complex = np.add.accumulate(products)[-1].item()
    return total


def _note(record: NodeRecord, coefficients: Array, total: complex, value: complex) -> str:
    """Return the sentence that a sum needs when it is not the plain one."""
    if not np.isfinite(coefficients).all():
        return "A local derivative is infinite here, so the sum has no finite value."
    scale = max(abs(value), float(np.abs(coefficients).max(initial=0)), 1e-30)
    if np.isfinite(value) and abs(total - value) > 1e-2 * scale:
        return (
            f"The terms do not add up to autograd's value: the backward of {record.name} is not "
            "linear in its upstream gradient."
        )
    if not len(coefficients):
        return "No upstream cell feeds this cell: every coefficient is 0, so its gradient is 0."
    return ""
