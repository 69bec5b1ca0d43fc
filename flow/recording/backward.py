"""Let the engine run an autograd graph once, and keep what went through every node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from flow.errors import BackwardError
from flow.recording.walk import (
    NO_EDGE,
    AccumulateGrad,
    Found,
    Kept,
    LiveGraph,
    Start,
    leaf_of,
    walk,
)
from flow.said import said

Gradients = tuple[Tensor | None, ...]

REENTRANT = ("checkpoint", ".grad()")
"""What the reentrant form of torch.utils.checkpoint mentions when it refuses ``autograd.grad``."""


class _Join(torch.autograd.Function):
    """Hands each of several outputs its vector, so that the backward has a single root."""

    @staticmethod
    def forward(ctx: Any, vectors: Sequence[Tensor], *outputs: Tensor) -> Tensor:
        ctx.vectors = vectors
        return outputs[0].new_zeros(())

    @staticmethod
    def backward(ctx: Any, _one: Tensor) -> Any:
        return None, *ctx.vectors


class _Notes:
    """What hooks on the nodes noted while the engine ran."""

    def __init__(self) -> None:
        self.plan: list[Any] = []
        """The nodes in the order in which the engine was going to run them."""
        self.parts: dict[Any, Sequence[Tensor | None]] = {}
        """What consumers of shared tensors handed on."""
        self.arrived: dict[Any, Gradients] = {}
        """What arrived at nodes where hooks of the user's changed it."""

    def note_plan(self, _gradients: Any) -> None:
        self.plan.extend(torch._C._current_graph_task_execution_order())  # type: ignore[attr-defined]

    def noting_parts(self, node: Any) -> Callable[[Any, Any], None]:
        self.parts[node] = ()  # stays so if the engine never comes here

        def note(handed_on: Sequence[Tensor | None], _arrived: Any) -> None:
            self.parts[node] = handed_on

        return note

    def noting_arrived(self, node: Any) -> Callable[[Any], None]:
        def note(gradients: Sequence[Tensor | None]) -> None:
            self.arrived[node] = tuple(gradients)

        return note


def run_backward(start: Start) -> LiveGraph:
    """Run the engine once and keep what went through every node.

    The gradients are those of one ordinary backward: each output of each node is requested
    as an edge, so no ``.grad`` is written. Where several consumers feed one tensor, or a hook
    of the user's may change what they feed it, hooks on those consumers tell the parts; they
    are removed before this function returns.
    """
    found = walk([tensor.grad_fn for tensor in (*start.tensors, *start.others)])
    hooked = {*start.hooked, *_hooked_leaves(found)}
    hooked = {place for place in hooked if place[0] in found}
    kept = None if start.kept is None else start.kept.nodes(found)
    wanted = None if kept is None or start.kept is None else _around(found, kept, start.kept)
    consumers = _consumers_of_shared(found, start, hooked)
    if wanted is not None:
        consumers = [one for one in consumers if not wanted.isdisjoint(found[one][0])]
    end, vector = _single_end(start)
    stored: dict[int, Tensor] | None = None
    try:
        with _noting(end, consumers, _nodes_of(hooked)) as notes:
            arrived = _gradients(end, vector, found, wanted)
    except RuntimeError as error:
        if not all(word in str(error).lower() for word in REENTRANT):
            raise BackwardError(said("The backward pass failed: {error}", error=error)) from error
        with _noting(end, consumers, found) as notes:
            stored = _stored_by_backward(end, vector, found, start)
        arrived = {node: (None,) * count for node, (_, count) in found.items()}
    arrived.update(notes.arrived)
    if wanted is not None:
        arrived = {
            node: tuple([one if (node, k) in wanted else None for k, one in enumerate(gradients)])
            for node, gradients in arrived.items()
        }
    nodes = [node for node in notes.plan if node in found]
    if len(nodes) < len(found):  # those that the engine never reached come last
        nodes = list(dict.fromkeys([*nodes, *found]))
    position = {node: index for index, node in enumerate(nodes)}
    return LiveGraph(
        nodes=nodes,
        edges=[
            tuple([NO_EDGE if to is None else (position[to], k) for to, k in found[node][0]])
            for node in nodes
        ],
        position=position,
        variables=[leaf_of(node) for node in nodes],
        births=[node._sequence_nr() for node in nodes],
        upstream=[arrived[node] for node in nodes],
        parts={position[node]: handed_on for node, handed_on in notes.parts.items()},
        hooked=frozenset([(position[node], output) for node, output in hooked]),
        begun=_begun(start, arrived, position),
        kept=None if kept is None else frozenset([position[node] for node in kept]),
        stored=stored,
    )


def _nodes_of(places: set[tuple[Any, int]]) -> list[Any]:
    """Return the nodes, without leaves, whose gradient autograd.grad tells before its hooks."""
    return [node for node, _ in places if type(node) is not AccumulateGrad]


def _hooked_leaves(found: Found) -> list[tuple[Any, int]]:
    """Return where the gradient of a leaf arrives that carries a hook."""
    return [
        (node, 0)
        for node in found
        if type(node) is AccumulateGrad and node.variable._backward_hooks  # type: ignore[attr-defined]
    ]


def _begun(
    start: Start, arrived: dict[Any, Gradients], position: dict[Any, int]
) -> dict[tuple[int, int], Tensor]:
    """Return the vectors that the backward began with, by where they were put in."""
    begun: dict[tuple[int, int], Tensor] = {}
    for tensor, given in zip(start.tensors, start.vectors, strict=True):
        place = position[tensor.grad_fn], tensor.output_nr
        # without a vector it is the loss, which nothing in the graph reads: all that arrived
        vector = arrived[tensor.grad_fn][tensor.output_nr] if given is None else given
        if vector is not None:
            begun[place] = begun[place] + vector if place in begun else vector
    return begun


def _single_end(start: Start) -> tuple[Tensor, Tensor | None]:
    """Return one tensor to begin at; the engine tells its plan for a single root only."""
    if len(start.tensors) == 1:
        return start.tensors[0], start.vectors[0]
    joined: Tensor = _Join.apply(start.vectors, *start.tensors)  # type: ignore[no-untyped-call]
    return joined, None


def _around(found: Found, kept: set[Any], what: Kept) -> set[tuple[Any, int]]:
    """Return where the gradients stand that arrive at kept nodes, or that they hand on."""
    wanted = {(node, k) for node in kept for k in range(found[node][1])}
    wanted.update(edge for node in kept for edge in found[node][0] if edge[0] is not None)
    return wanted.union(what.places)


def _gradients(
    end: Tensor, vector: Tensor | None, found: Found, wanted: set[tuple[Any, int]] | None
) -> dict[Any, Gradients]:
    """Return the gradient of every output of every node, or of the wanted ones.

    Those of the leaves are asked for in any case, so that the engine does the same as ever.
    """
    places = [
        (node, k)
        for node, (_, count) in found.items()
        for k in range(count)
        if wanted is None or type(node) is AccumulateGrad or (node, k) in wanted
    ]
    edges = [GradientEdge(node, k) for node, k in places]
    with torch.autograd.set_multithreading_enabled(False):
        flat = torch.autograd.grad(end, edges, vector, retain_graph=True, allow_unused=True)
    if wanted is not None:
        known = dict(zip(places, flat, strict=True))
        return {
            node: tuple([known.get((node, k)) for k in range(count)])
            for node, (_, count) in found.items()
        }
    arrived: dict[Any, Gradients] = {}
    place = 0
    for node, (_, count) in found.items():
        arrived[node] = flat[place : place + count]
        place += count
    return arrived


def _stored_by_backward(
    end: Tensor, vector: Tensor | None, found: Found, start: Start
) -> dict[int, Tensor]:
    """Run an ordinary backward and return what it stored, by ``id()`` of the parameter.

    A reentrant checkpoint allows nothing else, and it alone stores the gradients of what was
    used inside it. Every ``.grad`` is put back.
    """
    leaves = [node.variable for node in found if type(node) is AccumulateGrad]  # type: ignore[attr-defined]
    before = [(leaf, leaf.grad) for leaf in (*leaves, *start.parameters)]
    try:
        for leaf, _ in before:
            leaf.grad = None
        with torch.autograd.set_multithreading_enabled(False):
            torch.autograd.backward(end, vector, retain_graph=True)
        return {id(leaf): leaf.grad for leaf, _ in before if leaf.grad is not None}
    except RuntimeError as error:
        raise BackwardError(said("The backward pass failed: {error}", error=error)) from error
    finally:
        for leaf, gradient in before:
            leaf.grad = gradient


@contextmanager
def _noting(end: Tensor, consumers: Sequence[Any], receivers: Any) -> Iterator[_Notes]:
    """Note the engine's plan, what consumers hand on, and what arrives at receivers."""
    notes = _Notes()
    root: Any = end.grad_fn
    with ExitStack() as stack:
        stack.callback(root.register_prehook(notes.note_plan).remove)
        for node in consumers:
            stack.callback(node.register_hook(notes.noting_parts(node)).remove)
        for node in receivers:
            stack.callback(node.register_prehook(notes.noting_arrived(node)).remove)
        yield notes


def _consumers_of_shared(found: Found, start: Start, hooked: set[tuple[Any, int]]) -> list[Any]:
    """Return the nodes that share a target with another edge or with a vector from outside.

    Also those that feed a tensor with a hook.
    """
    seen = {(tensor.grad_fn, tensor.output_nr) for tensor in start.tensors}
    shared = set(hooked)
    for following, _ in found.values():
        for edge in following:
            if edge in seen:
                shared.add(edge)
            else:
                seen.add(edge)
    shared.discard((None, 0))
    if not shared:
        return []
    return [node for node, (following, _) in found.items() if not shared.isdisjoint(following)]
