"""Walk an autograd graph without recursion, and let the engine run it once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Any, NamedTuple

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


class Found(NamedTuple):
    """One node as the walk met it; reading these from torch twice would cost twice."""

    node: Any
    next_functions: tuple[tuple[Any, int], ...]
    shapes: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Start:
    """Where the backward begins: output tensors that ask for a gradient, and their vectors."""

    tensors: tuple[Tensor, ...]
    vectors: tuple[Tensor | None, ...]


def walk(roots: Sequence[Any]) -> list[Found]:
    """Return every node reachable from ``roots``, each once, without recursion."""
    seen: set[int] = set()
    found: list[Found] = []
    waiting = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        following = node.next_functions
        shapes = tuple([tuple(meta.shape) for meta in node._input_metadata])
        found.append(Found(node, following, shapes))
        waiting.extend([target for target, _ in following if target is not None])
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
    plan: list[Any] = []
    with _hooked(found, roots, parts, plan):
        flat = _gradients(start, found)
    ordered = _in_order(found, roots, plan)
    nodes = [entry.node for entry in ordered]
    position = {id(node): index for index, node in enumerate(nodes)}
    edges = [_edges(entry.next_functions, position) for entry in ordered]
    upstream = [flat[id(node)] for node in nodes]
    return LiveGraph(
        nodes=nodes,
        edges=edges,
        shapes=[entry.shapes for entry in ordered],
        position=position,
        variables=[leaf_of(node) for node in nodes],
        births=[node._sequence_nr() for node in nodes],
        upstream=upstream,
        downstream=[
            _downstream(targets, upstream, parts.get(id(node)))
            for node, targets in zip(nodes, edges, strict=True)
        ],
    )


def leaf_of(node: Any) -> Tensor | None:
    """Return the tensor whose gradient an AccumulateGrad node stores, None for other nodes."""
    return node.variable if type(node).__name__ == "AccumulateGrad" else None


def _gradients(start: Start, found: list[Found]) -> dict[int, list[Tensor | None]]:
    """Return the gradient of every output of every node, by id of the node."""
    wanted = [GradientEdge(entry.node, k) for entry in found for k in range(len(entry.shapes))]
    with torch.autograd.set_multithreading_enabled(False):
        try:
            flat = torch.autograd.grad(
                start.tensors, wanted, start.vectors, retain_graph=True, allow_unused=True
            )
        except RuntimeError as error:
            raise BackwardError(_backward_message(error)) from error
    remaining = iter(flat)
    return {id(entry.node): [next(remaining) for _ in entry.shapes] for entry in found}


def _backward_message(error: RuntimeError) -> str:
    if "checkpoint" in str(error).lower():
        return (
            "checkpoint: its reentrant form hides the inner graph from autograd.grad. "
            "Call checkpoint(..., use_reentrant=False)."
        )
    return f"The backward pass failed: {error}"


@contextmanager
def _hooked(
    found: list[Found],
    roots: list[Any],
    parts: dict[int, Sequence[Tensor | None]],
    plan: list[Any],
) -> Iterator[None]:
    """Note the engine's plan when it begins, and the parts of gradients that will be added."""
    handles = [roots[0].register_prehook(_noting_plan(plan))] if len(roots) == 1 else []
    try:
        for node in _consumers_of_shared(found):
            handles.append(node.register_hook(_noting_parts(parts, id(node))))
        yield
    finally:
        for handle in handles:
            handle.remove()


def _noting_plan(plan: list[Any]) -> Any:
    def note(_gradients: Any) -> None:
        with suppress(RuntimeError):  # the engine tells its plan to a CPU thread of its own only
            plan.extend(torch._C._current_graph_task_execution_order())

    return note


def _noting_parts(parts: dict[int, Sequence[Tensor | None]], key: int) -> Any:
    def note(handed_on: Sequence[Tensor | None], _arrived: Any) -> None:
        parts[key] = handed_on

    return note


def _consumers_of_shared(found: list[Found]) -> list[Any]:
    """Return the nodes that share a target with another edge."""
    uses: dict[tuple[int, int], int] = {}
    for entry in found:
        for target, output in entry.next_functions:
            key = (id(target), output)
            uses[key] = uses.get(key, 0) + 1
    shared = {key for key, times in uses.items() if times > 1 and key[0] != id(None)}
    if not shared:
        return []
    return [
        entry.node
        for entry in found
        if any((id(target), output) in shared for target, output in entry.next_functions)
    ]


def _in_order(found: list[Found], roots: list[Any], plan: list[Any]) -> list[Found]:
    """Sort the nodes as the engine ran them; those it never reached come last.

    The engine tells its plan only for a single root. For several roots, and where it
    refuses, its rule is applied here: of all nodes whose consumers have run, take the one
    with the highest sequence number (a leaf has the highest there is).
    """
    by_id = {id(entry.node): entry for entry in found}
    keys = [id(node) for node in plan] or _planned(by_id, roots)
    planned = set(keys)
    rest = [entry for key, entry in by_id.items() if key not in planned]
    return [*(by_id[key] for key in keys), *rest]


def _planned(by_id: dict[int, Found], roots: list[Any]) -> list[int]:
    waiting_for = dict.fromkeys(by_id, 0)
    for entry in by_id.values():
        for target, _ in entry.next_functions:
            if target is not None:
                waiting_for[id(target)] += 1
    ready: list[tuple[int, int, Any]] = []
    arrivals = count()
    for node in dict.fromkeys(roots):
        if waiting_for[id(node)] == 0:
            heappush(ready, (-node._sequence_nr(), next(arrivals), node))
    plan: list[int] = []
    while ready:
        node = heappop(ready)[2]
        plan.append(id(node))
        for target, _ in by_id[id(node)].next_functions:
            if target is not None:
                waiting_for[id(target)] -= 1
                if waiting_for[id(target)] == 0:
                    heappush(ready, (-target._sequence_nr(), next(arrivals), target))
    return plan


def _edges(following: tuple[tuple[Any, int], ...], position: dict[int, int]) -> Edges:
    return tuple(
        [
            (-1, 0) if target is None else (position[id(target)], output)
            for target, output in following
        ]
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
