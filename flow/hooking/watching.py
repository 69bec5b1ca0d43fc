"""See what went on from each layer, and the gradient of it, without a change to either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from torch import Tensor, nn
from torch.autograd.graph import get_gradient_edge

from flow.arrays import to_array
from flow.hooking.registering import Remove
from flow.record import Array
from flow.recording.structure import tensors_in


def copied(tensor: Tensor) -> Array:
    """Return the values of a tensor as they are now."""
    return to_array(tensor.detach().clone())


class Watch:
    """Values and gradients of one forward and backward, by name."""

    def __init__(self) -> None:
        self.values: dict[str, Array] = {}
        self.gradients: dict[str, Array | None] = {}
        self._nodes: list[object] = []
        """Held while it watches: only its graph holds a leaf's node, which may not be made yet."""
        self._removes: list[Remove] = []

    def follow(self, name: str, tensor: Tensor) -> None:
        """Note the gradient of a tensor when it comes: after all hooks on that tensor."""
        self.gradients[name] = None
        if tensor.requires_grad:
            edge = get_gradient_edge(tensor)
            arrived = partial(self._arrived, name, edge.output_nr)
            self._nodes.append(edge.node)
            self._removes.append(edge.node.register_prehook(arrived).remove)

    def let_go(self) -> None:
        """Watch no longer; a hook that holds its node would keep the graph for ever."""
        for remove in self._removes:
            remove()
        self._nodes.clear()

    def _arrived(self, name: str, output: int, gradients: tuple[Tensor | None, ...]) -> None:
        gradient = gradients[output]
        self.gradients[name] = None if gradient is None else copied(gradient)

    def called(self, path: str, _module: nn.Module, _args: Any, output: Any) -> None:
        """Note what a call of a layer returns."""
        first = next(tensors_in(output), None)
        if first is None:
            return
        calls = 1 + sum(name.partition("#")[0] == path for name in self.values)
        name = path if calls == 1 else f"{path}#{calls}"
        self.values[name] = copied(first)
        self.follow(name, first)


@contextmanager
def watching(module: nn.Module) -> Iterator[Watch]:
    """Watch every layer inside a module, after the hooks that it has already."""
    watch = Watch()
    removes: list[Remove] = []
    try:
        for path, layer in module.named_modules():
            if path:
                hook = partial(watch.called, path)
                removes.append(layer.register_forward_hook(hook).remove)
        yield watch
    finally:
        for remove in removes:
            remove()
        watch.let_go()
