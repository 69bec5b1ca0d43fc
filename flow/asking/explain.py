"""One gradient cell as a sum over upstream cells, and one upstream cell's reach.

A backward node is linear in its upstream gradient, so the coefficients of one downstream cell
are its derivative by the upstream. The node runs once more, alone, with an upstream that asks
for a gradient. Where that does not lead to them, one-hot upstreams find the same coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from flow.arrays import to_array
from flow.asking.arrivals import origin_of
from flow.asking.linearity import precision_at
from flow.asking.local import arrived_vectors, find_gradient, find_node, run_node
from flow.asking.matrix.blocks import Asked, TooLargeError
from flow.asking.matrix.reals import width
from flow.asking.matrix.search import Method, Searched, of_single_cells, search
from flow.asking.matrix.summands import IN_PARTS, Summands, summands, turns
from flow.asking.naming import name_terms
from flow.asking.notes import Summed
from flow.asking.rounding import of_shown, of_tiny
from flow.errors import ExplainError
from flow.ops.common.terms import Terms
from flow.record import (
    Array,
    Capture,
    Explanation,
    NodeRecord,
    Reach,
    Shape,
    cell_at,
    is_cell,
    place_of,
)
from flow.recording.walk import LiveGraph
from flow.said import said

BEGUN = said("1 (where the backward pass begins)")
"""Name of the part that the backward pass began with, beside those of consumers."""


def explain(
    graph: LiveGraph, capture: Capture, node: str, cell: Shape, of: str, which: int
) -> Explanation:
    """Write one cell of a downstream, parameter or upstream gradient as a sum."""
    record = find_node(capture, node)
    if of not in ("downstream", "parameter", "upstream"):
        raise ExplainError(
            said("of: 'downstream', 'parameter' or 'upstream' is needed, {of!r} came.", of=of)
        )
    if of == "upstream":
        return _accumulated(graph, capture, record, which, cell)
    if record.is_leaf:
        return _stored(graph, capture, record, cell)
    if of == "parameter":
        raise ExplainError(
            said("{id}: {name} stores no parameter gradient.", id=record.id, name=record.name)
        )
    return _handed_on(graph, capture, record, which, cell)


def reach(graph: LiveGraph, capture: Capture, node: str, cell: Shape, output: int) -> Reach:
    """Return how one upstream cell feeds every downstream cell of its node."""
    record = find_node(capture, node)
    if record.is_leaf:
        raise ExplainError(
            said("{node}: AccumulateGrad stores what arrives and hands nothing on.", node=node)
        )
    value = _cell_of(record.upstream, output, cell, said("{node} upstream", node=node))
    answers = _answers(graph, record, output, cell, 1)
    imaginary = None
    if isinstance(value, complex):
        turned = _answers(graph, record, output, cell, 1j)
        imaginary = None if _multiplies(answers, turned) else turned
    return Reach(node, output, cell, value, answers, imaginary)


def _answers(
    graph: LiveGraph, record: NodeRecord, output: int, cell: Shape, number: complex
) -> tuple[Array | None, ...]:
    """Return what the node hands on where one upstream cell is that number, and all others 0."""
    index = record.index
    vectors = [torch.zeros_like(vector) for vector in arrived_vectors(graph, index)]
    vectors[output][cell] = torch.tensor(number, dtype=vectors[output].dtype)
    return tuple(
        None if target is None or part is None else to_array(part.detach())
        for target, part in zip(record.targets, run_node(graph, index, vectors), strict=False)
    )


def _multiplies(answers: Sequence[Array | None], turned: Sequence[Array | None]) -> bool:
    """Whether the answer to i is i times the answer to 1, for every input."""
    pairs = [
        (a, b) for a, b in zip(answers, turned, strict=True) if a is not None and b is not None
    ]
    return all(bool(turns(a, b).all()) for a, b in pairs)


def _cell_of(
    gradients: Sequence[Array | None], which: int, cell: Shape, what: str
) -> float | complex:
    """Return one element, or raise ExplainError naming what does not exist."""
    gradient = find_gradient(gradients, which, what)
    if not is_cell(cell, gradient.shape):
        raise ExplainError(
            said(
                "{what} {which}: cell {cell} is outside its shape {shape}.",
                what=what,
                which=which,
                cell=cell,
                shape=gradient.shape,
            )
        )
    value: float | complex = gradient[cell].item()
    return value


def _stored(graph: LiveGraph, capture: Capture, record: NodeRecord, cell: Shape) -> Explanation:
    """Explain what a leaf stored: at the node that made it, or as the sum of several parts."""
    _cell_of(record.upstream, 0, cell, said("{id} gradient", id=record.id))
    origin = origin_of(graph, capture, record)
    if origin is None:
        return _accumulated(graph, capture, record, 0, cell)
    gradient = find_gradient(origin.record.downstream, origin.which, origin.record.id)
    place = place_of(cell, record.shapes[0])
    place = place if origin.cells is None else int(origin.cells[place])
    there = cell_at(place, gradient.shape)
    return _handed_on(graph, capture, origin.record, origin.which, there)


def _accumulated(
    graph: LiveGraph, capture: Capture, record: NodeRecord, output: int, cell: Shape
) -> Explanation:
    """Explain what arrived at a node as the sum of what its consumers handed on.

    Where the backward began as well, the vector that it began with is a part of its own.
    """
    where = (
        said("{id} gradient", id=record.id)
        if record.is_leaf
        else said("{node} upstream", node=record.id)
    )
    value = _cell_of(record.upstream, output, cell, where)
    parts = [
        (_part_name(node), gradient[cell])
        for node, which in capture.parts(record.id, output)
        if (gradient := node.downstream[which]) is not None
    ]
    begun = graph.begun.get((record.index, output))
    if parts and begun is not None:
        parts.insert(0, (BEGUN, to_array(begun)[cell]))
    terms = np.array([part for _, part in parts])
    total = _add_in_order(terms) if parts else value
    precision = precision_at(graph, record.index)
    with np.errstate(all="ignore"):
        rounding = float(of_shown(len(terms), np.abs(terms).sum(), precision))
    return Explanation(
        node=record.id,
        input=0,
        cell=cell,
        coefficients=np.ones_like(terms),
        names=tuple(name for name, _ in parts),
        outputs=np.full(len(parts), output, dtype=np.int64),
        places=np.full(len(parts), place_of(cell, record.shapes[output])),
        upstreams=terms,
        shapes=record.shapes,
        total=total,
        autograd=value,
        method="accumulate",
        note=_note_of_parts(terms, total, value, rounding, hooked=output in record.hooked),
        unit=precision.unit,
    )


def _note_of_parts(
    terms: Array, total: complex, value: complex, rounding: float, *, hooked: bool
) -> str:
    if not len(terms):
        return said("The backward pass begins here, with this value.")
    if not hooked:
        return ""
    if total == value:
        return said("A hook received the sum of these parts and left it as it is.")
    if abs(total - value) <= rounding:
        return said("A hook received the sum of these parts and left it as it is, up to rounding.")
    digits = 6 if f"{total:.6g}" != f"{value:.6g}" else 17
    return said(
        "A hook received the sum of these parts, {total}, and made {value} of it.",
        total=f"{total:.{digits}g}",
        value=f"{value:.{digits}g}",
    )


def _part_name(node: NodeRecord) -> str:
    layer = said(" of {layer}", layer=node.layer) if node.layer else ""
    return said("1 (part from {id} {name}{layer})", id=node.id, name=node.name, layer=layer)


def _handed_on(
    graph: LiveGraph, capture: Capture, record: NodeRecord, which: int, cell: Shape
) -> Explanation:
    """Explain one cell of what a node handed on."""
    value = _cell_of(record.downstream, which, cell, said("{id} downstream", id=record.id))
    try:
        terms, method = _terms(graph, record, which, cell)
    except TooLargeError as reason:
        return _refused(record, which, cell, value, str(reason))
    terms = terms.without_foreign_infinity(value)
    with np.errstate(all="ignore"):
        products = terms.coefficients * terms.upstreams
        total = _add_in_order(products)
    summed = Summed(graph, record, which)
    place = place_of(cell, find_gradient(record.downstream, which, record.id).shape)
    note = summed.note(terms.coefficients, terms.upstreams, total, place)
    return Explanation(
        node=record.id,
        input=which,
        cell=cell,
        coefficients=terms.coefficients,
        names=_names(graph, capture, record, which, cell, terms),
        outputs=terms.outputs,
        places=terms.places,
        upstreams=terms.upstreams,
        shapes=record.shapes,
        total=total,
        autograd=value,
        method=method,
        note=note.text or (IN_PARTS if terms.parts else ""),
        parts=terms.parts,
        unit=summed.precision.unit,
        slack=note.slack + float(of_tiny(len(products), summed.precision)),
    )


def _terms(
    graph: LiveGraph, record: NodeRecord, which: int, cell: Shape
) -> tuple[Summands, Method]:
    """Return the terms of one cell, and how they were found."""
    gradient = find_gradient(record.downstream, which, record.id)
    place, pair = place_of(cell, gradient.shape), gradient.dtype.kind == "c"
    rows = np.array([2 * place, 2 * place + 1] if pair else [place])
    vectors = arrived_vectors(graph, record.index)
    asked = Asked(graph, record, which, rows, np.arange(width(vectors)))
    alone = of_single_cells(asked)
    searched = search(asked) if alone is None else Searched(alone, "one-hot")
    return summands(vectors, searched.found, pair), searched.method


def _names(
    graph: LiveGraph, capture: Capture, record: NodeRecord, which: int, cell: Shape, found: Summands
) -> tuple[str, ...]:
    gradient = find_gradient(record.downstream, which, record.id)
    cells = np.full(len(found.places), place_of(cell, gradient.shape))
    node = graph.nodes[record.index]
    terms = Terms(
        node, record, capture, which, cells, found.outputs, found.places, found.coefficients
    )
    named = None if found.parts else name_terms(terms)
    return () if named is None else tuple(named.names[i] for i in named.index.tolist())


def _refused(record: NodeRecord, which: int, cell: Shape, value: complex, why: str) -> Explanation:
    """Return an explanation without terms that says why there are none."""
    nothing = np.zeros(0, np.int64)
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
        note=why,
    )


def _add_in_order(products: Array) -> float | complex:
    """Add one after the other in the array's own dtype, as a hand would."""
    if not len(products):
        return 0.0
    with np.errstate(all="ignore"):
        total: float | complex = np.add.accumulate(products)[-1].item()
    return total
