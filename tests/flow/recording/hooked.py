"""What hooks see in an ordinary backward: the oracle for order and gradients of every node."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Fired:
    """One node as its hooks saw it."""

    name: str
    arrived: tuple[Tensor | None, ...]
    handed_on: tuple[Tensor | None, ...]
    follows: tuple[bool, ...]
    """Whether a node waits behind each input."""


def nodes_behind(roots: Sequence[Any]) -> list[Any]:
    """Every node that can be reached, found the plainest way."""
    found: list[Any] = []
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if all(node is not known for known in found):
            found.append(node)
            waiting.extend(target for target, _ in node.next_functions if target is not None)
    return found


def fired_in_order(
    outputs: Sequence[Tensor], vectors: Sequence[Tensor | None] | None = None
) -> list[Fired]:
    """Call backward with a hook on every node and return the nodes as they fired."""
    fired: list[Fired] = []

    def watch(node: Any) -> Callable[..., None]:
        def hook(handed_on: tuple[Any, ...], arrived: tuple[Any, ...]) -> None:
            follows = tuple(target is not None for target, _ in node.next_functions)
            fired.append(Fired(type(node).__name__, _copies(arrived), _copies(handed_on), follows))

        return hook

    nodes = nodes_behind([output.grad_fn for output in outputs])
    handles = [node.register_hook(watch(node)) for node in nodes]
    torch.autograd.backward(outputs, vectors)
    for handle in handles:
        handle.remove()
    return fired


def _copies(gradients: Sequence[Tensor | None]) -> tuple[Tensor | None, ...]:
    return tuple(None if one is None else one.detach().clone() for one in gradients)
