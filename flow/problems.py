"""What can be odd about a run, found in its records and said in a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from flow.record import Array, Capture, LayerRecord, NodeRecord, Problem, Severity
from flow.said import chained, joined, said

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

LISTED = 4
"""Names written out in one sentence; the rest is counted."""


def find_problems(capture: Capture) -> tuple[Problem, ...]:
    """List everything odd about a run, most serious first."""
    found = [problem for find in FINDERS for problem in find(capture)]
    return tuple(sorted(found, key=lambda problem: SEVERITIES.index(problem.severity)))


def _finite(arrays: Iterable[Array | None]) -> bool:
    return all(array is None or bool(np.isfinite(array).all()) for array in arrays)


def _present(arrays: Iterable[Array | None]) -> list[Array]:
    return [array for array in arrays if array is not None]


def _listing(names: list[str]) -> str:
    shown = ", ".join(names[:LISTED])
    return (
        shown
        if len(names) <= LISTED
        else said("{shown} and {number} more", shown=shown, number=len(names) - LISTED)
    )


def _what(array: Array) -> str:
    return "NaN" if bool(np.isnan(array).any()) else said("infinite values")


def _non_finite_loss(capture: Capture) -> Iterator[Problem]:
    if capture.loss is not None and not np.isfinite(capture.loss):
        yield Problem(
            "non-finite loss", "error", said("The loss is {loss}, not a number.", loss=capture.loss)
        )


def _non_finite_forward(capture: Capture) -> Iterator[Problem]:
    for position, array in enumerate(capture.inputs):
        if not _finite([array]):
            message = said(
                "Input {position} already contains {what}; it spreads from there.",
                position=position,
                what=_what(array),
            )
            yield Problem("non-finite input", "error", message)
    for layer in capture.layers:
        if layer.leaf and _finite(layer.inputs) and not _finite(layer.outputs):
            bad = next(array for array in _present(layer.outputs) if not _finite([array]))
            message = said(
                "{name} ({kind}) turned finite input into {what} in the forward "
                "pass. It is the first layer that did; look at its input and its parameters.",
                name=layer.name,
                kind=layer.kind,
                what=_what(bad),
            )
            yield Problem("non-finite forward", "error", message, layer=layer.name)
            return


def _non_finite_backward(capture: Capture) -> Iterator[Problem]:
    for node in capture.nodes:
        bad = [array for array in _present(node.downstream) if not _finite([array])]
        if bad and _finite(node.upstream):
            place = said(" in {layer}", layer=node.layer) if node.layer else ""
            line = f" ({node.source})" if node.source else ""
            message = said(
                "{name}{place}{line} turned a finite upstream gradient into {what}. "
                "It is the first node that did: its local derivative is infinite or 0 x infinite.",
                name=node.name,
                place=place,
                line=line,
                what=_what(bad[0]),
            )
            yield Problem("non-finite backward", "error", message, node.id, node.layer)
            return


def _zero_gradient(capture: Capture) -> Iterator[Problem]:
    """Report where gradients became zero everywhere, once for each kind of node.

    A gradient that was close to the smallest number of its type is said to have vanished
    instead: there the derivative need not be 0.
    """
    stopping = [node for node in capture.nodes if _stops(capture, node)]
    faded = [node for node in stopping if _faint(node)]
    if faded:
        first = faded[0]
        message = said(
            "{where} received a gradient of at most {largest:.1g} and hands on 0: "
            "the gradient vanished, it became too small for {kind}.",
            where=_where(first),
            largest=_largest(first),
            kind=_dtypes(first)[0],
        )
        yield Problem("vanished gradient", "warning", message, first.id, first.layer)
    kinds: dict[str, list[NodeRecord]] = {}
    for node in stopping:
        if not _faint(node):
            kinds.setdefault(node.name, []).append(node)
    for first, *others in kinds.values():
        message = said(
            "{where} received a gradient and hands on exactly 0{others}: "
            "its derivative is 0 at every cell, so nothing before it learns through it.",
            where=_where(first),
            others=_count_of(others),
        )
        yield Problem("zero gradient", "warning", message, first.id, first.layer)


def _stops(capture: Capture, node: NodeRecord) -> bool:
    """Whether something other than zero arrived, and nothing but zero goes to what came before.

    What parameters get counts only where a node has nothing else: zeros at the input of a
    convolution stop what its weights get, and nothing more.
    """
    edges = [
        (array, target)
        for array, target in zip(node.downstream, node.targets, strict=False)
        if array is not None and array.size
    ]
    before = [array for array, target in edges if not _is_for_parameter(capture, target)]
    handed_on = before or [array for array, _target in edges]
    return (
        bool(handed_on)
        and not any(array.any() for array in handed_on)
        and any(arrived.any() for arrived in _present(node.upstream))
    )


def _is_for_parameter(capture: Capture, target: str | None) -> bool:
    """Whether a gradient goes to a parameter, at once or through a node that only turns it."""
    if target is None:
        return False
    node = capture.node(target)
    if not node.is_leaf and len(node.targets) == 1 and node.targets[0] is not None:
        node = capture.node(node.targets[0])
    return node.is_leaf and not node.parameter.startswith("(")


def _largest(node: NodeRecord) -> float:
    """Return the largest absolute value that arrived."""
    return max(float(np.abs(array).max()) for array in _present(node.upstream) if array.size)


def _faint(node: NodeRecord) -> bool:
    """Whether what arrived was so small that its products round to zero."""
    types = [np.finfo(array.dtype) for array in _present(node.upstream) if array.size]
    return bool(_largest(node) < max(float(kind.tiny) / float(kind.eps) ** 0.5 for kind in types))


def _where(node: NodeRecord) -> str:
    return said("{name} in {layer}", name=node.name, layer=node.layer) if node.layer else node.name


def _count_of(others: list[NodeRecord]) -> str:
    """Return the addition for further nodes of the same kind."""
    if not others:
        return ""
    layers = list(dict.fromkeys(node.layer for node in others if node.layer))
    named = said(" ({names})", names=_listing(layers)) if layers else ""
    if len(others) == 1:
        return said(", and so does 1 more{named}", named=named)
    return said(", and so do {count} more{named}", count=len(others), named=named)


def _parameters_left_out(capture: Capture) -> Iterator[Problem]:
    """Report parameters without a gradient; those of detached layers are told with the layers."""
    told = {
        record.name
        for layer in capture.layers
        if _is_detached(layer)
        for record in layer.parameters
    }
    lost = [
        record.name for record in capture.parameters if record.left_out and record.name not in told
    ]
    if lost:
        message = said(
            "No gradient reaches {names}: not used in the forward pass, or cut off by "
            "detach(), no_grad() or an operation without derivative.",
            names=_listing(lost),
        )
        yield Problem("not in the graph", "warning", message)
    frozen = [record.name for record in capture.parameters if not record.trainable]
    if frozen:
        message = said(
            "Frozen (requires_grad is off), so without a gradient: {names}.", names=_listing(frozen)
        )
        yield Problem("frozen", "note", message)


def _detached_layers(capture: Capture) -> Iterator[Problem]:
    """Report layers that could learn and get nothing, together where one thing cuts them off."""
    found: dict[str | None, list[LayerRecord]] = {}
    for layer in capture.layers:
        if _is_detached(layer):
            found.setdefault(layer.cut, []).append(layer)
    for cut, (first, *others) in found.items():
        kinds = _listing([f"{layer.name} ({layer.kind})" for layer in (first, *others)])
        message = (
            said(
                "{kinds} have trainable parameters, but their outputs are not connected to the "
                "loss: no gradient comes back to them.",
                kinds=kinds,
            )
            if others
            else said(
                "{kinds} has trainable parameters, but its output is not connected to the loss: "
                "no gradient comes back to it.",
                kinds=kinds,
            )
        )
        if cut is not None:
            message = joined((message, _detached_in(cut, several=bool(others))))
        yield Problem("detached", "warning", message, layer=first.name)


def _detached_in(cut: str, *, several: bool) -> str:
    """Say where what came of layers is detached."""
    where = said("in {cut}", cut=cut) if cut else said("in the model's own forward")
    if several:
        return said("What came of them is detached {where}.", where=where)
    return said("What came of it is detached {where}.", where=where)


def _is_detached(layer: LayerRecord) -> bool:
    learns = layer.kept and any(record.trainable for record in layer.parameters)
    if any(record.gradient is not None and record.node is None for record in layer.parameters):
        return False  # inside a reentrant checkpoint
    return learns and bool(layer.outputs) and not _present(layer.upstreams)


def _mixed_dtypes(capture: Capture) -> Iterator[Problem]:
    """Report where number types change, once for each pair of types."""
    found: dict[tuple[str, ...], list[NodeRecord]] = {}
    for node in capture.nodes:
        kinds = tuple(_dtypes(node))
        if len(kinds) > 1:
            found.setdefault(kinds, []).append(node)
    for kinds, (first, *others) in found.items():
        message = said(
            "{where} joins different number types{others}: its gradients are {names}.",
            where=_where(first),
            others=_count_of(others),
            names=chained(kinds, "{one} and {other}"),
        )
        yield Problem("dtype", "note", message, first.id, first.layer)


def _dtypes(node: NodeRecord) -> list[str]:
    arrays = _present((*node.upstream, *node.downstream))
    return sorted({str(array.dtype) for array in arrays})


def _names_of_shared_tensors(capture: Capture) -> Iterator[Problem]:
    names = [layer.name for layer in capture.layers if layer.shared]
    if len(names) == 1:
        yield Problem("shared", "note", capture.layer(names[0]).shared, layer=names[0])
    elif names:
        message = said(
            "{names} return their input itself, and several operations read it after "
            "them. Which read it through these layers cannot be told: their gradients are what "
            "all of those operations handed on.",
            names=_listing(names),
        )
        yield Problem("shared", "note", message, layer=names[0])


def _detaching_layers(capture: Capture) -> Iterator[Problem]:
    told = {layer.cut for layer in capture.layers if _is_detached(layer)}
    for layer in capture.layers:
        if layer.detaches and layer.name not in told:
            message = said(
                "{name} ({kind}) detaches a tensor that asks for a gradient: no "
                "gradient passes through the detached value, though the output depends on it.",
                name=layer.name,
                kind=layer.kind,
            )
            yield Problem("detach", "note", message, layer=layer.name)


def _reentrant_checkpoints(capture: Capture) -> Iterator[Problem]:
    for node in capture.nodes:
        if node.name == "CheckpointFunctionBackward":
            message = said(
                "{where} hides what was computed inside it: a reentrant checkpoint is one "
                "node of the graph. The gradients of its parameters are shown, those of the layers "
                "inside are not. Call checkpoint(..., use_reentrant=False) to see them.",
                where=_where(node),
            )
            yield Problem("checkpoint", "note", message, node.id, node.layer)


def _changed_by_hooks(capture: Capture) -> Iterator[Problem]:
    """Report gradients that a hook of the user's changed."""
    for node in capture.nodes:
        if any(_differs(_handed_to(capture, node.id, k), node.upstream[k]) for k in node.hooked):
            what = node.parameter or said("the output of {where}", where=_where(node))
            message = said(
                "A hook on {what} changed its gradient on arrival: what is shown as its gradient "
                "is what the hook returned, not what was handed on to it.",
                what=what,
            )
            yield Problem("hook", "note", message, node.id, node.layer)
        elif node.name == HOOKED_MODULE and any(map(_differs, node.upstream, node.downstream)):
            message = said(
                "A backward hook of {name} changed a gradient: what is shown as handed on is what "
                "the hook returned.",
                name=node.layer or said("the model"),
            )
            yield Problem("hook", "note", message, node.id, node.layer)


HOOKED_MODULE = "BackwardHookFunctionBackward"
"""The node that torch puts before and after a module with full backward hooks: an identity."""


def _handed_to(capture: Capture, target: str, output: int) -> list[Array]:
    """Return the parts that the consumers of one output of a node handed on."""
    parts = [giver.downstream[which] for giver, which in capture.parts(target, output)]
    return _present(parts)


def _differs(parts: list[Array] | Array | None, arrived: Array | None) -> bool:
    """Whether something arrived that is not the sum of the parts, up to their rounding."""
    given = [parts] if isinstance(parts, np.ndarray) else parts
    if not given or arrived is None:
        return False
    total = sum(given[1:], given[0])
    if len(given) == 1 or not np.issubdtype(arrived.dtype, np.inexact):
        return not np.array_equal(total, arrived, equal_nan=True)
    rounding = len(given) * float(np.finfo(arrived.dtype).eps)
    size = sum(np.abs(part) for part in given)
    return bool((np.abs(total - arrived) > rounding * size).any())


FINDERS = (
    _non_finite_loss,
    _non_finite_forward,
    _non_finite_backward,
    _zero_gradient,
    _parameters_left_out,
    _detached_layers,
    _mixed_dtypes,
    _names_of_shared_tensors,
    _detaching_layers,
    _changed_by_hooks,
    _reentrant_checkpoints,
)
