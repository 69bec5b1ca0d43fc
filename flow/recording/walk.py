"""Walk an autograd graph without recursion, and let the engine run it once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from flow.errors import BackwardError

AccumulateGrad: type = torch._C._functions.AccumulateGrad  # type: ignore[attr-defined]

Edges = tuple[tuple[int, int], ...]
"""For each input of a node: (index of the node it comes from, which output); (-1, 0) for none."""
NO_EDGE = (-1, 0)


@dataclass(slots=True, eq=False)
class LiveGraph:
    """The nodes of one autograd graph, kept alive, in the order in which the engine runs them."""

    nodes: list[Any]
    edges: list[Edges]
    position: dict[Any, int]
    """node -> index."""
    variables: list[Tensor | None]
    """The leaf of each AccumulateGrad node, None for every other node."""
    births: list[int]
    """Sequence number of each node."""
    upstream: list[tuple[Tensor | None, ...]]
    """What arrived at every output of every node; None for nothing."""
    parts: dict[int, Sequence[Tensor | None]]
    """What the consumers of shared tensors handed on; nothing for one that never ran."""
    begun: dict[tuple[int, int], Tensor]
    """The vectors that the backward began with, by index of the node and which output."""

    def shapes(self, index: int) -> tuple[tuple[int, ...], ...]:
        """Return the shape of every output of a node."""
        return tuple(
            [
                tuple(meta.shape if arrived is None else arrived.shape)
                for arrived, meta in zip(
                    self.upstream[index], self.nodes[index]._input_metadata, strict=True
                )
            ]
        )


Following = tuple[tuple[Any, int], ...]
"""For each input of a node: (the node it comes from, which output); (None, 0) for none."""
Found = dict[Any, tuple[Following, int]]
"""Nodes as the walk met them, with what follows behind and how many outputs they have."""
LEAF: tuple[Following, int] = ((), 1)


@dataclass(frozen=True, eq=False)
class Start:
    """Where the backward begins: output tensors that ask for a gradient, and their vectors."""

    tensors: tuple[Tensor, ...]
    vectors: tuple[Tensor | None, ...]
    others: tuple[Tensor, ...] = ()
    """Tensors whose graph is drawn too, though no gradient is sent there."""


class _Join(torch.autograd.Function):
    """Hands each of several outputs its vector, so that the backward has a single root."""

    @staticmethod
    def forward(ctx: Any, vectors: Sequence[Tensor], *outputs: Tensor) -> Tensor:
        ctx.vectors = vectors
        return outputs[0].new_zeros(())

    @staticmethod
    def backward(ctx: Any, _one: Tensor) -> Any:
        return None, *ctx.vectors


def walk(roots: Sequence[Any]) -> Found:
    """Return every node reachable from ``roots``, each once, without recursion."""
    found: Found = {}
    waiting = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        if node in found:
            continue
        if type(node) is AccumulateGrad:
            found[node] = LEAF
        else:
            following = node.next_functions
            found[node] = following, len(node._input_metadata)
            waiting.extend([target for target, _ in following if target is not None])
    return found


def run_backward(start: Start) -> LiveGraph:
    """Run the engine once and keep what went through every node.

    The gradients are those of one ordinary backward: each output of each node is requested
    as an edge, so no ``.grad`` is written. Where several consumers feed one tensor, hooks on
    those consumers tell the parts; they are removed before this function returns.
    """
    found = walk([tensor.grad_fn for tensor in (*start.tensors, *start.others)])
    begun = {(tensor.grad_fn, tensor.output_nr) for tensor in start.tensors}
    end, vector = _single_end(start)
    parts: dict[Any, Sequence[Tensor | None]] = {}
    plan: list[Any] = []
    with _hooked(_consumers_of_shared(found, begun), end.grad_fn, parts, plan):
        arrived = _gradients(end, vector, found)
    nodes = [node for node in plan if node in found]
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
        parts={position[node]: handed_on for node, handed_on in parts.items()},
        begun=_begun(start, position),
    )


def _begun(start: Start, position: dict[Any, int]) -> dict[tuple[int, int], Tensor]:
    """Return the vectors that the backward began with, by where they were put in."""
    begun: dict[tuple[int, int], Tensor] = {}
    for tensor, given in zip(start.tensors, start.vectors, strict=True):
        place = position[tensor.grad_fn], tensor.output_nr
        vector = torch.ones_like(tensor) if given is None else given
        begun[place] = begun[place] + vector if place in begun else vector
    return begun


def leaf_of(node: Any) -> Tensor | None:
    """Return the leaf of an AccumulateGrad node, None for every other node."""
    if type(node) is not AccumulateGrad:
        return None
    leaf: Tensor = node.variable  # type: ignore[attr-defined]
    return leaf


def _single_end(start: Start) -> tuple[Tensor, Tensor | None]:
    """Return one tensor to begin at; the engine tells its plan for a single root only."""
    if len(start.tensors) == 1:
        return start.tensors[0], start.vectors[0]
    joined: Tensor = _Join.apply(start.vectors, *start.tensors)  # type: ignore[no-untyped-call]
    return joined, None


def _gradients(
    end: Tensor, vector: Tensor | None, found: Found
) -> dict[Any, tuple[Tensor | None, ...]]:
    """Return the gradient of every output of every node."""
    wanted = [GradientEdge(node, k) for node, (_, count) in found.items() for k in range(count)]
    with torch.autograd.set_multithreading_enabled(False):
        try:
            flat = torch.autograd.grad(end, wanted, vector, retain_graph=True, allow_unused=True)
        except RuntimeError as error:
            raise BackwardError(_backward_message(error)) from error
    arrived: dict[Any, tuple[Tensor | None, ...]] = {}
    place = 0
    for node, (_, count) in found.items():
        arrived[node] = flat[place : place + count]
        place += count
    return arrived


def _backward_message(error: RuntimeError) -> str:
    if "checkpoint" in str(error).lower():
        return (
            "checkpoint: its reentrant form hides the inner graph from autograd.grad. "
            "Call checkpoint(..., use_reentrant=False)."
        )
    return f"The backward pass failed: {error}"


@contextmanager
def _hooked(
    consumers: list[Any], root: Any, parts: dict[Any, Sequence[Tensor | None]], plan: list[Any]
) -> Iterator[None]:
    """Note the engine's plan when it begins, and the parts of gradients that will be added."""
    handles = [root.register_prehook(_noting_plan(plan))]
    try:
        for node in consumers:
            parts[node] = ()  # stays so if the engine never comes here
            handles.append(node.register_hook(_noting_parts(parts, node)))
        yield
    finally:
        for handle in handles:
            handle.remove()


def _noting_plan(plan: list[Any]) -> Any:
    def note(_gradients: Any) -> None:
        plan.extend(torch._C._current_graph_task_execution_order())  # type: ignore[attr-defined]

    return note


def _noting_parts(parts: dict[Any, Sequence[Tensor | None]], node: Any) -> Any:
    def note(handed_on: Sequence[Tensor | None], _arrived: Any) -> None:
        parts[node] = handed_on

    return note


def _consumers_of_shared(found: Found, begun: set[tuple[Any, int]]) -> list[Any]:
    """Return the nodes that share a target with another edge or with a vector from outside."""
    seen = set(begun)
    shared: set[tuple[Any, int]] = set()
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
