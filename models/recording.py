"""How many bytes a recorded run holds, counted in its forward pass on the meta device.

The autograd graph is the same there: every gradient that will be made has the shape of what a
node leads to, so all of them are counted before one exists.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from models.kinds.rules.cost import CELL_BYTES

HANDS_ON_A_VIEW = frozenset(
    (
        "TBackward0",
        "TransposeBackward0",
        "PermuteBackward0",
        "SqueezeBackward1",
        "UnsqueezeBackward0",
    )
)
"""Nodes whose downstream gradient lies in the memory of their upstream, whatever its layout."""
SUMS_OF_A_LAYER = 2
"""A layer that reads one tensor twice adds its parts up; so may a layer inside it."""
COPIES_AFTER_THE_OUTPUT = 5
"""Of the output at most: its own gradient, and what a loss hands from node to node."""

Reading = tuple[Any, int]
"""A node of the graph, and which of its outputs is read."""


class RecordedBytes:
    """Counts values and gradients of a growing graph, each once.

    What was counted is kept alive, so that nothing else takes its identity.
    """

    def __init__(self) -> None:
        self._values: dict[int, Tensor] = {}
        self._readers: Counter[Reading] = Counter()
        self._nodes: set[Any] = set()
        self.of_values = 0
        """Bytes of every tensor that has entered or left a module so far."""

    @contextmanager
    def noting(self, modules: Iterable[nn.Module]) -> Iterator[None]:
        """Count what these modules, and those inside them, are given and return."""
        handles = [
            called.register_forward_hook(self._note)
            for module in modules
            for called in module.modules()
        ]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _note(self, _module: nn.Module, inputs: Any, output: Any) -> None:
        """Count what a module was given and what it returned."""
        for tensor in _tensors((inputs, output)):
            if id(tensor) not in self._values:
                self._values[id(tensor)] = tensor
                self.of_values += tensor.numel() * tensor.element_size()

    def gradients(self, output: Tensor) -> int:
        """Return the bytes of gradients on the way to ``output`` that were not counted before."""
        total, here = 0, Counter[Reading]()
        for node in self._new_nodes(output):
            leaf = _leaf(node)
            if leaf is not None and not isinstance(leaf, nn.Parameter):
                total += _bytes_of((node, 0))  # an input: its value is copied
            view = type(node).__name__ in HANDS_ON_A_VIEW
            for reading in node.next_functions:
                if reading[0] is None:
                    continue
                self._readers[reading] += 1
                here[reading] += 1
                sums = (self._readers[reading] == 2) + SUMS_OF_A_LAYER * (here[reading] == 2)
                total += _bytes_of(reading) * (sums + (not view))
        return total

    def _new_nodes(self, output: Tensor) -> Iterator[Any]:
        """Yield every node that leads to ``output`` that was not met before, without recursion."""
        waiting = [output.grad_fn]
        while waiting:
            node = waiting.pop()
            if node is None or node in self._nodes:
                continue
            self._nodes.add(node)
            yield node
            waiting.extend([target for target, _ in node.next_functions])


def after_the_output(output: Tensor) -> int:
    """Return at least the bytes of the gradients of a model's output and of a loss of it."""
    return output.numel() * CELL_BYTES * COPIES_AFTER_THE_OUTPUT


def _bytes_of(reading: Reading) -> int:
    """Return the bytes of the gradient at one output of a node."""
    node, place = reading
    leaf = _leaf(node)
    shape = node._input_metadata[place].shape if leaf is None else leaf.shape
    return int(math.prod(shape)) * CELL_BYTES


def _leaf(node: Any) -> Tensor | None:
    """Return the tensor of an AccumulateGrad node, None for every other node."""
    leaf: Tensor | None = getattr(node, "variable", None)
    return leaf


def _tensors(values: Any) -> Iterator[Tensor]:
    """Yield the tensors of nested tuples."""
    if isinstance(values, torch.Tensor):
        yield values
    elif isinstance(values, tuple):
        for value in values:
            yield from _tensors(value)
