"""Walk an autograd graph without recursion, and let the engine run it once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from flow.errors import BackwardError

Edges = tuple[tuple[int, int], ...]
"""For each input of a node: (index of the node it comes from, which output); (-1, 0) for none."""


@dataclass(slots=True, eq=False)
class LiveGraph:
    """The nodes of one autograd graph, kept alive, in the order in which the engine runs them."""

    nodes: list[Any]
    edges: list[Edges]
    shapes: list[tuple[tuple[int, ...], ...]]
    position: dict[int, int]
    """id(node) -> index; valid as long as this object keeps the nodes alive."""
    variables: list[Tensor | None]
    """The leaf of each AccumulateGrad node, None for every other node."""
    births: list[int]
    """Sequence number of each node."""
    upstream: list[list[Tensor | None]]
    downstream: list[list[Tensor | None]]


@dataclass(frozen=True, eq=False)
class Start:
    """Where the backward begins: output tensors that ask for a gradient, and their vectors."""

    tensors: tuple[Tensor, ...]
    vectors: tuple[Tensor | None, ...]


def walk(roots: Sequence[Any]) -> list[Any]:
    """Return every node reachable from ``roots``, each once."""
    seen: set[int] = set()
    found: list[Any] = []
    waiting = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        found.append(node)
        waiting.extend(target for target, _ in node.next_functions if target is not None)
    return found


def run_backward(start: Start) -> LiveGraph:
    """Run the engine once and keep what went through every node.

    The gradients are those of one ordinary backward: each output of each node is requested
    as an edge, so no ``.grad`` is written. Where several consumers feed one tensor, hooks on
    those consumers tell the parts; they are removed before this function returns.
    """
    roots = [tensor.grad_fn for tensor in start.tensors]
    found = walk(roots)
    parts: dict[int, Sequence[Tensor | None]] = {}
    order: list[Any] = []
    with _hooked(found, roots, parts, order):
        flat = _gradients(start, found)
    nodes = _in_order(found, roots, order)
    position = {id(node): index for index, node in enumerate(nodes)}
    shapes = [tuple(tuple(meta.shape) for meta in node._input_metadata) for node in nodes]
    edges = [_edges(node, position) for node in nodes]
    upstream = [flat[id(node)] for node in nodes]
    downstream = [
        _downstream(targets, upstream, parts.get(id(node)))
        for node, targets in zip(nodes, edges, strict=True)
    ]
    variables = [leaf_of(node) for node in nodes]
    births = [node._sequence_nr() for node in nodes]
    return LiveGraph(nodes, edges, shapes, position, variables, births, upstream, downstream)


def leaf_of(node: Any) -> Tensor | None:
    """Return the tensor whose gradient an AccumulateGrad node stores, None for other nodes."""
    return node.variable if type(node).__name__ == "AccumulateGrad" else None


def _gradients(start: Start, nodes: list[Any]) -> dict[int, list[Tensor | None]]:
    """Return the gradient of every output of every node, by id of the node."""
    counts = [len(node._input_metadata) for node in nodes]
    wanted = [
        GradientEdge(node, k) for node, count in zip(nodes, counts, strict=True) for k in range(count)
    ]
    with torch.autograd.set_multithreading_enabled(False):
        try:
            flat = torch.autograd.grad(
                start.tensors, wanted, start.vectors, retain_graph=True, allow_unused=True
            )
        except RuntimeError as error:
            raise BackwardError(_backward_message(error)) from error
    remaining = iter(flat)
    return {
        id(node): [next(remaining) for _ in range(count)]
        for node, count in zip(nodes, counts, strict=True)
    }


def _backward_message(error: RuntimeError) -> str:
    if "checkpoint" in str(error).lower():
        return (
            "checkpoint: its reentrant form hides the inner graph from autograd.grad. "
            "Call checkpoint(..., use_reentrant=False)."
        )
    return f"The backward pass failed: {error}"


@contextmanager
def _hooked(
    nodes: list[Any],
    roots: list[Any],
    parts: dict[int, Sequence[Tensor | None]],
    order: list[Any],
) -> Iterator[None]:
    """Note the engine's plan when it begins, and the parts of gradients that will be added."""
    handles = [roots[0].register_prehook(_noting_order(order))] if len(roots) == 1 else []
    try:
        for node in _consumers_of_shared(nodes):
            handles.append(node.register_hook(_noting_parts(parts, id(node))))
        yield
    finally:
        for handle in handles:
            handle.remove()


def _noting_order(order: list[Any]) -> Any:
    def note(_gradients: Any) -> None:
        with suppress(RuntimeError):  # the engine tells its plan to a CPU thread of its own only
            order.extend(torch._C._current_graph_task_execution_order())

    return note


def _noting_parts(parts: dict[int, Sequence[Tensor | None]], key: int) -> Any:
    def note(handed_on: Sequence[Tensor | None], _arrived: Any) -> None:
        parts[key] = handed_on

    return note


def _consumers_of_shared(nodes: list[Any]) -> list[Any]:
    """Return the nodes that share a target with another edge."""
    count: dict[tuple[int, int], int] = {}
    for node in nodes:
        for target, output in node.next_functions:
            if target is not None:
                key = (id(target), output)
                count[key] = count.get(key, 0) + 1
    shared = {key for key, times in count.items() if times > 1}
    if not shared:
        return []
    return [
        node
        for node in nodes
        if any((id(target), output) in shared for target, output in node.next_functions)
    ]


def _in_order(found: list[Any], roots: list[Any], plan: list[Any]) -> list[Any]:
    """Sort the nodes as the engine ran them; those it never reached come last.

    The engine tells its plan only for a single root. For several roots, and where it
    refuses, its rule is applied here: of all nodes whose consumers have run, take the one
    with the highest sequence number (a leaf has the highest there is).
    """
    plan = plan or _planned(found, roots)
    planned = {id(node) for node in plan}
    return [*plan, *(node for node in found if id(node) not in planned)]


def _planned(found: list[Any], roots: list[Any]) -> list[Any]:
    waiting_for: dict[int, int] = dict.fromkeys((id(node) for node in found), 0)
    for node in found:
        for target, _ in node.next_functions:
            if target is not None:
                waiting_for[id(target)] += 1
    ready = [
        (-node._sequence_nr(), index, node)
        for index, node in enumerate(dict.fromkeys(roots))
        if waiting_for[id(node)] == 0
    ]
    heapify(ready)
    plan: list[Any] = []
    while ready:
        node = heappop(ready)[2]
        plan.append(node)
        for target, _ in node.next_functions:
            if target is not None:
                waiting_for[id(target)] -= 1
                if waiting_for[id(target)] == 0:
                    heappush(ready, (-target._sequence_nr(), len(plan) + len(ready), target))
    return plan


def _edges(node: Any, position: dict[int, int]) -> Edges:
    return tuple(
        (-1, 0) if target is None else (position[id(target)], output)
        for target, output in node.next_functions
    )


def _downstream(
    targets: Edges, upstream: list[list[Tensor | None]], parts: Sequence[Tensor | None] | None
) -> list[Tensor | None]:
    """Return what a node handed on: its own part, or all that its target received."""
    if parts is not None:
        return [
            None if index < 0 else part for (index, _), part in zip(targets, parts, strict=False)
        ]
    return [None if index < 0 else upstream[index][output] for index, output in targets]
