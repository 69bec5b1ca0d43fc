"""Run one node of a finished backward alone, on any upstream vectors.

The engine starts at the node's own edge and a hook stops it right behind the node, so what it
hands on is reduced and cast as in the real backward, Python nodes work too, and paths around
the node (a residual connection) add nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from flow.errors import ExplainError
from flow.record import Array, Capture, NodeRecord
from flow.recording.walk import LiveGraph


class _StopError(Exception):
    """Ends the engine's run behind one node; never leaves this module."""


def find_node(capture: Capture, node: str) -> NodeRecord:
    """Return the record of a node, or raise ExplainError saying which ids there are."""
    try:
        return capture.node(node)
    except KeyError:
        raise ExplainError(
            f"There is no node {node!r}: this run has n0 to n{len(capture.nodes) - 1}."
        ) from None


def find_gradient(gradients: Sequence[Array | None], which: int, what: str) -> Array:
    """Return one of several gradients, or raise ExplainError saying why it is not there."""
    if not 0 <= which < len(gradients):
        raise ExplainError(f"{what} {which}: it has {len(gradients)}, counted from 0.")
    gradient = gradients[which]
    if gradient is None:
        raise ExplainError(f"{what} {which}: no gradient flows here.")
    return gradient


def arrived_vectors(graph: LiveGraph, index: int) -> list[Tensor]:
    """Return the upstream of every output of a node, zeros where nothing arrived."""
    arrived = graph.upstream[index]
    if all(vector is None for vector in arrived):
        raise ExplainError(f"n{index}: no gradient arrived at this node, so there is no sum.")
    return [
        torch.zeros(meta.shape, dtype=meta.dtype, device=meta.device)
        if vector is None
        else vector.detach()
        for vector, meta in zip(arrived, graph.nodes[index]._input_metadata, strict=True)
    ]


def run_node(
    graph: LiveGraph, index: int, vectors: Sequence[Tensor], *, differentiable: bool = False
) -> Sequence[Tensor | None]:
    """Run one node alone on given upstream vectors and return what it hands on.

    With ``differentiable`` the result can be differentiated by the vectors; a node without a
    second derivative then raises RuntimeError or NotImplementedError.
    """
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
    except RuntimeError as error:
        if "torch.utils.checkpoint is incompatible with .grad()" in str(error):
            raise ExplainError(
                f"n{index}: a reentrant checkpoint runs again only in a whole backward, so its "
                "node cannot be asked alone. Call checkpoint(..., use_reentrant=False)."
            ) from error
        if "modified by an inplace operation" not in str(error):
            raise
        raise ExplainError(
            f"n{index}: a value that its backward needs was changed after the run, for example by "
            "a training step. Run the module again."
        ) from error
    finally:
        handle.remove()
    return caught[0]
