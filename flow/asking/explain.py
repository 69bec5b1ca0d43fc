"""One gradient cell as a sum over upstream cells, and one upstream cell's reach.

A backward node is linear in its upstream gradient, so the coefficients of one downstream cell
are its derivative by the upstream. The node runs once more, alone, with an upstream that asks
for a gradient. Where it has no second derivative, one-hot upstreams find the same coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from flow.arrays import to_array
from flow.asking.arrivals import Part, origin_of, parts_of
from flow.asking.blocks import ONE_HOT_LIMIT, too_large
from flow.asking.local import arrived_vectors, find_gradient, find_node, run_node
from flow.asking.naming import name_terms
from flow.asking.notes import note_for
from flow.errors import ExplainError
from flow.ops.terms import Terms
from flow.record import Array, Capture, Explanation, NodeRecord, Reach, Shape
from flow.recording.walk import LiveGraph

Method = Literal["double backward", "one-hot"]


def explain(
    graph: LiveGraph, capture: Capture, node: str, cell: Shape, of: str, which: int
) -> Explanation:
    """Write one cell of a downstream, parameter or upstream gradient as a sum."""
    record = find_node(capture, node)
    if of not in ("downstream", "parameter", "upstream"):
        raise ExplainError(f"of: 'downstream', 'parameter' or 'upstream' is needed, {of!r} came.")
    if of == "upstream":
        return _accumulated(capture, record, which, cell)
    if record.is_leaf:
        return _stored(graph, capture, record, cell)
    if of == "parameter":
        raise ExplainError(f"{record.id}: {record.name} stores no parameter gradient.")
    return _handed_on(graph, capture, record, which, cell)


def reach(graph: LiveGraph, capture: Capture, node: str, cell: Shape, output: int) -> Reach:
    """Return how one upstream cell feeds every downstream cell of its node."""
    record = find_node(capture, node)
    if record.is_leaf:
        raise ExplainError(f"{node}: AccumulateGrad stores what arrives and hands nothing on.")
    value = _cell_of(record.upstream, output, cell, f"{node} upstream")
    index = int(node[1:])
    vectors = [torch.zeros_like(vector) for vector in arrived_vectors(graph, index)]
    vectors[output][cell] = 1
    handed_on = run_node(graph, index, vectors)
    inputs = tuple(
        None if target is None or part is None else to_array(part)
        for target, part in zip(record.targets, handed_on, strict=False)
    )
    return Reach(node, output, cell, value, inputs)


def _cell_of(
    gradients: Sequence[Array | None], which: int, cell: Shape, what: str
) -> float | complex:
    """Return one element, or raise ExplainError naming what does not exist."""
    gradient = find_gradient(gradients, which, what)
    inside = len(cell) == gradient.ndim and all(
        0 <= place < size for place, size in zip(cell, gradient.shape, strict=True)
    )
    if not inside:
        raise ExplainError(f"{what} {which}: cell {cell} is outside its shape {gradient.shape}.")
    value: float | complex = gradient[cell].item()
    return value


def _stored(graph: LiveGraph, capture: Capture, record: NodeRecord, cell: Shape) -> Explanation:
    """Explain what a leaf stored: at the node that made it, or as the sum of several parts."""
    _cell_of(record.upstream, 0, cell, f"{record.id} gradient")
    origin = origin_of(graph, capture, record)
    if origin is None:
        return _accumulated(capture, record, 0, cell)
    gradient = find_gradient(origin.record.downstream, origin.which, origin.record.id)
    place = _flat(cell, record.shapes[0])
    place = place if origin.cells is None else int(origin.cells[place])
    there = tuple(int(axis) for axis in np.unravel_index(place, gradient.shape))
    there = there if gradient.ndim else ()
    return _handed_on(graph, capture, origin.record, origin.which, there)


def _flat(cell: Shape, shape: Shape) -> int:
    return int(np.ravel_multi_index(cell, shape)) if cell else 0


def _accumulated(capture: Capture, record: NodeRecord, output: int, cell: Shape) -> Explanation:
    """Explain what arrived at a node as the sum of what its consumers handed on."""
    what = "gradient" if record.is_leaf else "upstream"
    value = _cell_of(record.upstream, output, cell, f"{record.id} {what}")
    consumers = parts_of(capture, record.id, output)
    parts = np.array(
        [part[cell] for node, which in consumers if (part := node.downstream[which]) is not None]
    )
    shape = record.shapes[output]
    return Explanation(
        node=record.id,
        input=0,
        cell=cell,
        coefficients=np.ones_like(parts),
        names=tuple(_part_name(part) for part in consumers),
        outputs=np.full(len(parts), output, dtype=np.int64),
        places=np.full(len(parts), _flat(cell, shape)),
        upstreams=parts,
        shapes=record.shapes,
        total=_add_in_order(parts) if consumers else value,
        autograd=value,
        method="accumulate",
        note="" if consumers else "The backward pass begins here, with this value.",
    )


def _part_name(part: Part) -> str:
    node, _ = part
    layer = f" of {node.layer}" if node.layer else ""
    return f"1 (part from {node.id} {node.name}{layer})"


def _handed_on(
    graph: LiveGraph, capture: Capture, record: NodeRecord, which: int, cell: Shape
) -> Explanation:
    """Explain one cell of what a node handed on."""
    value = _cell_of(record.downstream, which, cell, f"{record.id} downstream")
    index = int(record.id[1:])
    maps, method = _coefficients(graph, index, which, cell)
    if maps is None:
        return _refused(record, which, cell, value)
    coefficients, outputs, places, upstreams = _non_zero(record, maps)
    coefficients, kept = _without_foreign_infinity(coefficients, upstreams, value)
    outputs, places, upstreams = outputs[kept], places[kept], upstreams[kept]
    with np.errstate(all="ignore"):
        products = coefficients * upstreams
        total = _add_in_order(products)
    names = _names(graph, capture, record, which, cell, (outputs, places, coefficients))
    return Explanation(
        node=record.id,
        input=which,
        cell=cell,
        coefficients=coefficients,
        names=names,
        outputs=outputs,
        places=places,
        upstreams=upstreams,
        shapes=record.shapes,
        total=total,
        autograd=value,
        method=method,
        note=note_for(graph, record, coefficients, products, total, value),
    )


def _names(
    graph: LiveGraph,
    capture: Capture,
    record: NodeRecord,
    which: int,
    cell: Shape,
    found: tuple[Array, Array, Array],
) -> tuple[str, ...]:
    outputs, places, coefficients = found
    gradient = find_gradient(record.downstream, which, record.id)
    cells = np.full(len(places), _flat(cell, gradient.shape))
    node = graph.nodes[int(record.id[1:])]
    terms = Terms(node, record, capture, which, cells, outputs, places, coefficients)
    named = name_terms(terms)
    return () if named is None else tuple(named.names[i] for i in named.index.tolist())


def _coefficients(
    graph: LiveGraph, index: int, which: int, cell: Shape
) -> tuple[list[Tensor] | None, Method]:
    """Return d downstream[which][cell] / d upstream, one map per output; None if too large."""
    vectors = [vector.clone().requires_grad_() for vector in arrived_vectors(graph, index)]
    try:
        downstream = run_node(graph, index, vectors, differentiable=True)[which]
        if downstream is not None and downstream.requires_grad:
            maps = torch.autograd.grad(_real(downstream[cell]), vectors, allow_unused=True)
            if any(found is not None for found in maps):
                return _filled(maps, vectors), "double backward"
    except (RuntimeError, NotImplementedError):
        pass  # no second derivative, or marked as once differentiable: ask with one-hot vectors
    if sum(vector.numel() for vector in vectors) > ONE_HOT_LIMIT:
        return None, "one-hot"
    return _one_hot(graph, index, which, cell, vectors), "one-hot"


def _real(value: Tensor) -> Tensor:
    return value.real if value.is_complex() else value


def _filled(maps: Sequence[Tensor | None], vectors: Sequence[Tensor]) -> list[Tensor]:
    return [
        torch.zeros_like(vector) if found is None else found.detach()
        for found, vector in zip(maps, vectors, strict=True)
    ]


def _one_hot(
    graph: LiveGraph, index: int, which: int, cell: Shape, vectors: Sequence[Tensor]
) -> list[Tensor]:
    """Find the coefficients by one run for each upstream cell."""
    maps = [vector.detach().new_zeros(vector.shape) for vector in vectors]
    for output, found in enumerate(maps):
        for place in range(found.numel()):
            hot = [vector.detach().new_zeros(vector.shape) for vector in vectors]
            hot[output].view(-1)[place] = 1
            part = run_node(graph, index, hot)[which]
            found.view(-1)[place] = 0 if part is None else part[cell].to(found.dtype)
    return maps


def _non_zero(record: NodeRecord, maps: Sequence[Tensor]) -> tuple[Array, Array, Array, Array]:
    """Return the non-zero coefficients with output, place and upstream cell, row-major."""
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
    return (
        np.concatenate(coefficients),
        np.concatenate(outputs),
        np.concatenate(places),
        np.concatenate(upstreams),
    )


def _without_foreign_infinity(
    coefficients: Array, upstreams: Array, value: complex
) -> tuple[Array, Array]:
    """Drop the 0 x infinity that another cell's infinite derivative leaves in this cell's map.

    Only where this cell's own value is finite and the upstream there is not 0: then no such
    term can be part of it.
    """
    stray = np.isnan(coefficients) & (upstreams != 0)
    kept = np.flatnonzero(~stray) if np.isfinite(value) else np.arange(len(coefficients))
    return coefficients[kept], kept


def _refused(record: NodeRecord, which: int, cell: Shape, value: complex) -> Explanation:
    """Return an explanation without terms that says why there are none."""
    nothing = np.zeros(0, np.int64)
    count = sum(int(np.prod(shape)) for shape in record.shapes)
    return Explanation(
        node=record.id,
        input=which,
        cell=cell,
        coefficients=np.zeros(0, np.float32),
        names=(),
        outputs=nothing,
        places=nothing,
        upstreams=np.zeros(0, np.float32),
        shapes=record.shapes,
        total=float("nan"),
        autograd=value,
        method="one-hot",
        note=too_large(count),
    )


def _add_in_order(products: Array) -> float | complex:
    """Add one after the other in the array's own dtype, as a hand would."""
    if not len(products):
        return 0.0
    with np.errstate(all="ignore"):
        total: float | complex = np.add.accumulate(products)[-1].item()
    return total
