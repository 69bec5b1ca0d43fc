"""What PyTorch itself says: a plain backward, and its nodes called on one-hot vectors.

Nothing here reads a recorded run but to find the same node in it.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd.graph import GradientEdge

from flow.record import Capture
from tests.flow.sweep.case import Case, Host, outputs_of

Array = NDArray[Any]

MOST_COLUMNS = 600
"""Upstream cells of one node that are tried one by one."""
SAME_VIEWS = {"ViewBackward0", "ReshapeAliasBackward0"}
"""Two names for one thing: which of them torch takes depends on whether a mode is active."""


class _StopError(Exception):
    """Ends the engine's run after the node that was called."""


@dataclass(frozen=True, eq=False)
class Seen:
    """One node of a plain backward: what its hook saw."""

    node: Any
    arrived: tuple[Tensor | None, ...]
    handed_on: tuple[Tensor | None, ...]


@dataclass(frozen=True, eq=False)
class Matrix:
    """Coefficients of one node: ``values[cell below, cell above]``, outputs laid end to end."""

    values: Array
    known: NDArray[np.bool_]
    """Which columns were tried."""
    silent: NDArray[np.bool_]
    """Columns of outputs where nothing arrived: a coefficient there multiplies 0."""

    @cached_property
    def copies(self) -> bool:
        """Whether the operation moves, adds or averages cells: each coefficient is 0, n or 1/n."""
        numbers = self.values[:, self.known & ~self.silent].real
        numbers = numbers[np.isfinite(numbers) & (numbers != 0)]
        whole = np.where(numbers < 1, 1 / numbers, numbers)
        return bool(((numbers > 0) & (np.abs(whole - np.rint(whole)) <= 1e-4 * whole)).all())

    def expected(self, listed: Array, rows: Any) -> Array:
        """Return the real coefficients of some rows; silent ones may be left out of a list."""
        true = self.values[rows].real
        return np.asarray(np.where(self.silent & (listed == 0), 0, true))


@dataclass(eq=False)
class Plain:
    """A plain forward and backward of a case."""

    host: Host
    inputs: tuple[Tensor, ...]
    outputs: list[Tensor]
    seen: dict[Any, Seen]
    known: dict[int, Mapping[int, Matrix]] = field(default_factory=dict)

    @cached_property
    def gradients(self) -> dict[str, Tensor | None]:
        """Return ``.grad`` of every input and parameter, by name."""
        found = {f"input {k}": tensor.grad for k, tensor in enumerate(self.inputs)}
        return found | {name: each.grad for name, each in self.host.named_parameters()}

    def matched(self, capture: Capture) -> dict[str, Seen]:
        """Return the plain node for each recorded one, walking both graphs from the outputs."""
        sources = {edge.target: edge.source for edge in capture.edges if edge.kind == "output"}
        waiting: list[tuple[str, Any]] = [
            (sources[f"o{k}"], output.grad_fn)
            for k, output in enumerate(self.outputs)
            if f"o{k}" in sources
        ]
        found: dict[str, Seen] = {}
        while waiting:
            name, node = waiting.pop()
            if name in found:
                continue
            record = capture.node(name)
            kinds = {record.name, type(node).__name__}
            assert len(kinds) == 1 or kinds <= SAME_VIEWS, f"{name}: {record.name}, {node}"
            found[name] = self.seen[node]
            following = [target for target, _ in node.next_functions]
            for target, behind in zip(record.targets, following, strict=True):
                assert (target is None) == (behind is None)
                if target is not None:
                    waiting.append((target, behind))
        return found

    def matrix(self, seen: Seen, which: int) -> Matrix | None:
        """Return the coefficients of what a node hands on to input ``which``; None for none."""
        key = id(seen.node)
        if key not in self.known:
            self.known[key] = matrices(seen)
        return self.known[key].get(which)


def plain(case: Case) -> Plain:
    """Run a case as anybody would, with a hook on every node."""
    host, inputs = case.host(), case.tensors()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        outputs = outputs_of(host(*inputs))
    seen: dict[Any, Seen] = {}
    handles = [
        node.register_hook(_watching(seen, node))
        for node in _nodes([output.grad_fn for output in outputs])
    ]
    torch.autograd.backward(outputs, case.vectors(outputs), retain_graph=True)
    for handle in handles:
        handle.remove()
    return Plain(host, inputs, outputs, seen)


def _nodes(roots: Sequence[Any]) -> list[Any]:
    found: dict[Any, None] = {}
    waiting = [root for root in roots if root is not None]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = None
            waiting.extend(target for target, _ in node.next_functions if target is not None)
    return list(found)


def _watching(seen: dict[Any, Seen], node: Any) -> Any:
    def hook(handed_on: Sequence[Tensor | None], arrived: Sequence[Tensor | None]) -> None:
        seen[node] = Seen(node, _copies(arrived), _copies(handed_on))

    return hook


def _copies(gradients: Sequence[Tensor | None]) -> tuple[Tensor | None, ...]:
    return tuple(None if one is None else one.detach().clone() for one in gradients)


def called(node: Any, vectors: Mapping[int, Tensor]) -> Sequence[Tensor | None]:
    """Return what a node hands on for upstream vectors of some of its outputs."""
    caught: list[Sequence[Tensor | None]] = []

    def stop(handed_on: Sequence[Tensor | None], _arrived: object) -> None:
        caught.append(handed_on)
        raise _StopError

    behind = [GradientEdge(to, k) for to, k in node.next_functions if to is not None]
    handle = node.register_hook(stop)
    try:
        torch.autograd.grad(
            [GradientEdge(node, output) for output in vectors],
            behind,
            list(vectors.values()),
            retain_graph=True,
            allow_unused=True,
        )
    except _StopError:
        pass
    finally:
        handle.remove()
    return caught[0]


def matrices(seen: Seen) -> dict[int, Matrix]:
    """Return the coefficients of every input of a node, found column by column.

    Where nothing arrived at an output, the node gets nothing there, as in the backward; while
    the columns of such an output are tried, all outputs are given.
    """
    metas = seen.node._input_metadata
    sizes = [math.prod(meta.shape) for meta in metas]
    begins = np.cumsum([0, *sizes])
    below = {
        which: _flat(part).size
        for which, part in enumerate(seen.handed_on)
        if part is not None and seen.node.next_functions[which][0] is not None
    }
    known = np.zeros(begins[-1], np.bool_)
    found = {which: np.zeros((size, begins[-1]), np.complex128) for which, size in below.items()}
    loud = [k for k, arrived in enumerate(seen.arrived) if arrived is not None]
    for output, size in enumerate(sizes):
        wanted = loud if output in loud else range(len(sizes))
        given = {k: torch.zeros(tuple(metas[k].shape), dtype=metas[k].dtype) for k in wanted}
        for place in _spread(MOST_COLUMNS, size):
            hot = {k: vector.clone() for k, vector in given.items()}
            hot[output].view(-1)[place] = 1
            try:
                parts = called(seen.node, hot)
            except (RuntimeError, NotImplementedError):
                break
            column = begins[output] + place
            known[column] = True
            for which, matrix in found.items():
                part = parts[which]
                matrix[:, column] = 0 if part is None else _flat(part)
    silent = np.repeat([arrived is None for arrived in seen.arrived], sizes)
    return {which: Matrix(matrix, known, silent) for which, matrix in found.items()}


def _spread(most: int, size: int) -> list[int]:
    return sorted({step * size // most for step in range(most)}) if size > most else [*range(size)]


def _flat(tensor: Tensor) -> Array:
    return array_of(tensor).reshape(-1)


def array_of(tensor: Tensor) -> Array:
    """Return the cells of any tensor, widened."""
    dense = tensor.detach().to_dense() if tensor.layout is not torch.strided else tensor.detach()
    wide = torch.complex128 if dense.is_complex() else torch.float64
    array: Array = dense.to(wide).resolve_conj().resolve_neg().numpy()
    return array


def jacobians(case: Case) -> list[Array] | None:
    """Return d(first output)/d(input) for each real input, in float64 where that can be run.

    None where the operation is another one each time or has complex numbers in it.
    """
    tensors = case.tensors()
    if not case.repeats or any(tensor.is_complex() for tensor in tensors):
        return None
    for kind in (torch.float64, case.dtype):
        operation = copy.deepcopy(case.host().op).to(kind)
        leaves = tuple(tensor.detach().to(kind) for tensor in tensors)
        try:
            found = torch.autograd.functional.jacobian(
                lambda *xs, run=operation: outputs_of(run(*xs))[0], leaves
            )
            size = outputs_of(operation(*leaves))[0].numel()
        except RuntimeError:
            continue
        return [array_of(one.reshape(size, -1)) for one in found]
    return None
