"""Run one node of a finished backward alone, on any upstream vectors.

The engine starts at the node's own edge and a hook stops it as soon as the node has run, so what
it hands on is reduced and cast as in the real backward, Python nodes work too, and paths around
the node (a residual connection) add nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import get_ident
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from flow.errors import ExplainError
from flow.record import Array, Capture, NodeRecord
from flow.recording.walk import LiveGraph
from flow.said import said


class AloneError(ExplainError):
    """A node whose backward failed on vectors other than the recorded ones."""


class _StopError(Exception):
    """Ends the engine's run after one node; never leaves this module."""


def find_node(capture: Capture, node: str) -> NodeRecord:
    """Return the record of a node, or raise ExplainError saying which ids there are."""
    try:
        return capture.node(node)
    except KeyError:
        raise ExplainError(
            said(
                "There is no node {node!r}: this run has n0 to n{number}.",
                node=node,
                number=len(capture.nodes) - 1,
            )
        ) from None


def find_gradient(gradients: Sequence[Array | None], which: int, what: str) -> Array:
    """Return one of several gradients, or raise ExplainError saying why it is not there."""
    if not 0 <= which < len(gradients):
        raise ExplainError(
            said(
                "{what} {which}: it has {count}, counted from 0.",
                what=what,
                which=which,
                count=len(gradients),
            )
        )
    gradient = gradients[which]
    if gradient is None:
        raise ExplainError(said("{what} {which}: no gradient flows here.", what=what, which=which))
    return gradient


def arrived_vectors(graph: LiveGraph, index: int) -> list[Tensor]:
    """Return the upstream of every output of a node, dense, zeros where nothing arrived."""
    arrived = graph.upstream[index]
    if all(vector is None for vector in arrived):
        raise ExplainError(
            said("n{index}: no gradient arrived at this node, so there is no sum.", index=index)
        )
    return [
        torch.zeros(meta.shape, dtype=meta.dtype, device=meta.device)
        if vector is None
        else dense(vector.detach())
        for vector, meta in zip(arrived, graph.nodes[index]._input_metadata, strict=True)
    ]


def dense(vector: Tensor) -> Tensor:
    """Return a sparse tensor as a dense one, every other one as it is."""
    return vector if vector.layout is torch.strided else vector.to_dense()


def resolution(graph: LiveGraph, index: int, which: int) -> tuple[float, float]:
    """Return what the coarsest type among a node's gradients can tell apart.

    The unit in its last place, and the distance between the smallest numbers that it has.
    """
    target, output = graph.edges[index][which]
    below = graph.nodes[target]._input_metadata[output].dtype
    above = [meta.dtype for meta in graph.nodes[index]._input_metadata]
    kinds = [torch.finfo(kind) for kind in [below, *above]]
    return max(kind.eps for kind in kinds), max(kind.tiny * kind.eps for kind in kinds)


def run_node(
    graph: LiveGraph, index: int, vectors: Sequence[Tensor | None], *, differentiable: bool = False
) -> Sequence[Tensor | None]:
    """Run one node alone on given upstream vectors and return what it hands on.

    None for an output means that nothing arrives there: some nodes then use another formula than
    for zeros. With ``differentiable`` the result can be differentiated by the vectors. Hooks of the
    user's on the node's outputs run too, but what they return is put aside: the upstream of a node
    is what they made of it. Several threads may do this at once: the engine runs every node in the
    thread that asked, so the hooks of each thread let the others pass. AloneError when the node
    fails.
    """
    node, asking = graph.nodes[index], get_ident()
    caught: list[Sequence[Tensor | None]] = []

    def stop(handed_on: Sequence[Tensor | None], _arrived: Any) -> None:
        if get_ident() == asking:
            caught.append(handed_on)
            raise _StopError

    def put_aside(_changed: Any) -> tuple[Tensor | None, ...] | None:
        return tuple(vectors) if get_ident() == asking else None

    hooked = any(at == index for at, _ in graph.hooked)
    beyond = [GradientEdge(target, k) for target, k in node.next_functions if target is not None]
    given = [(GradientEdge(node, k), one) for k, one in enumerate(vectors) if one is not None]
    with graph.hooking:
        handles = [node.register_hook(stop)]
        handles += [node.register_prehook(put_aside)] if hooked else []
    try:
        with torch.autograd.set_multithreading_enabled(False):
            torch.autograd.grad(
                [edge for edge, _ in given],
                beyond,
                [vector for _, vector in given],
                retain_graph=True,
                create_graph=differentiable,
                allow_unused=True,
            )
    except _StopError:
        pass
    except Exception as error:  # a backward is anybody's code
        raise _failed(index, error) from error
    finally:
        for handle in handles:
            handle.remove()
    return caught[0]


def _failed(index: int, error: Exception) -> ExplainError:
    if "torch.utils.checkpoint is incompatible with .grad()" in str(error):
        return ExplainError(
            said(
                "n{index}: a reentrant checkpoint runs again only in a whole backward, so its "
                "node cannot be asked alone. Call checkpoint(..., use_reentrant=False).",
                index=index,
            )
        )
    if "modified by an inplace operation" in str(error):
        return ExplainError(
            said(
                "n{index}: a value that its backward needs was changed after the run, for example "
                "by a training step. Run the module again.",
                index=index,
            )
        )
    reason = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
    return AloneError(
        said(
            "n{index}: its backward fails when it runs alone on a chosen upstream gradient: "
            "{reason}.",
            index=index,
            reason=reason,
        )
    )
