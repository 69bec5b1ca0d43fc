"""Walk an autograd graph without recursion."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import torch
from torch import Tensor

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
    hooked: frozenset[tuple[int, int]]
    """Where a hook may have changed what arrived, by index of the node and which output."""
    begun: dict[tuple[int, int], Tensor]
    """The vectors that the backward began with, by index of the node and which output."""
    kept: frozenset[int] | None
    """Indices of the nodes whose gradients were kept; None where all were."""
    stored: dict[int, Tensor] | None
    """What a backward with reentrant checkpoints stored in each parameter, by its ``id()``.

    None where the backward was an ordinary one.
    """
    hooking: Lock = field(default_factory=Lock)
    """Held while a hook is put on a node: its list of hooks may be read by another thread."""
    known: dict[Hashable, Any] = field(default_factory=dict)
    """What questions found out about nodes, so that the next one need not."""

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
class Kept:
    """What a run keeps that does not keep everything."""

    spans: Sequence[tuple[int, int]]
    """Sequence numbers at which the kept layers' calls began and ended."""
    places: Collection[tuple[Any, int]]
    """Where the gradients of their inputs and outputs stand: (node, which output)."""
    leaves: Collection[int]
    """``id()`` of their parameters."""

    def nodes(self, found: Found) -> set[Any]:
        """Return the nodes that are kept."""
        return {node for node in found if self._has(node)}

    def _has(self, node: Any) -> bool:
        if type(node) is AccumulateGrad:
            return id(node.variable) in self.leaves  # type: ignore[attr-defined]
        birth = node._sequence_nr()
        return any(start <= birth < end for start, end in self.spans)


@dataclass(frozen=True, eq=False)
class Start:
    """Where the backward begins: output tensors that ask for a gradient, and their vectors."""

    tensors: tuple[Tensor, ...]
    vectors: tuple[Tensor | None, ...]
    others: tuple[Tensor, ...] = ()
    """Tensors whose graph is drawn too, though no gradient is sent there."""
    hooked: Collection[tuple[Any, int]] = ()
    """Where the forward hung hooks on tensors that are no leaves: (node, which output)."""
    kept: Kept | None = None
    """What to keep the gradients of; None for everything."""
    parameters: Collection[Tensor] = ()
    """Parameters that the backward may store a gradient in."""


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


def leaf_of(node: Any) -> Tensor | None:
    """Return the leaf of an AccumulateGrad node, None for every other node."""
    if type(node) is not AccumulateGrad:
        return None
    leaf: Tensor = node.variable  # type: ignore[attr-defined]
    return leaf
