"""Leave a module as it was found: attributes, buffers, parameters and random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn


class Held(NamedTuple):
    """A parameter or buffer, with what it was before the run."""

    tensor: Tensor
    copy: Tensor
    version: int
    requires_grad: bool


class Snapshot:
    """What a module looked like before a run, with a copy of each parameter and buffer.

    One walk over the module serves the whole run, so the members and names found on it are
    kept here too. Tensors are keyed by ``id()``: the module holds them while the run lasts.
    """

    def __init__(self, module: nn.Module) -> None:
        self.modules: dict[str, nn.Module] = {}
        self.parameter_names: dict[int, list[str]] = {}
        self.parameters: dict[int, Tensor] = {}
        self.held: dict[int, Held] = {}
        self._tables: list[tuple[dict[str, Any], dict[str, Any]]] = []
        seen: set[int] = set()
        for path, child in module.named_modules(remove_duplicate=False):
            self._name_parameters(path, child)
            if id(child) not in seen:
                seen.add(id(child))
                self._take(path, child)

    def _name_parameters(self, path: str, child: nn.Module) -> None:
        prefix = f"{path}." if path else ""
        for name, tensor in child._parameters.items():
            if tensor is not None:
                self.parameters[id(tensor)] = tensor
                self.parameter_names.setdefault(id(tensor), []).append(prefix + name)

    def _take(self, path: str, child: nn.Module) -> None:
        self.modules[path] = child
        for table in (child.__dict__, child._parameters, child._buffers):
            self._tables.append((table, table.copy()))
        for members in (child._parameters, child._buffers):
            for tensor in members.values():
                if tensor is not None and id(tensor) not in self.held:
                    copy = tensor.detach().clone()
                    self.held[id(tensor)] = Held(
                        tensor, copy, tensor._version, tensor.requires_grad
                    )

    def restore(self) -> None:
        """Put back whatever differs."""
        for table, before in self._tables:
            table.clear()
            table.update(before)
        for tensor, copy, version, requires_grad in self.held.values():
            if tensor._version != version:
                # .data has a version counter of its own, so the graph stays usable.
                tensor.data.copy_(copy)
            if tensor.requires_grad is not requires_grad:
                tensor.requires_grad_(requires_grad)


@contextmanager
def preserved(module: nn.Module) -> Iterator[Snapshot]:
    """Hand out a snapshot of the module and restore it at the end, whatever happens."""
    snapshot = Snapshot(module)
    try:
        yield snapshot
    finally:
        snapshot.restore()


class RandomState:
    """The state of the global generators that a forward on ``device`` could draw from."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._states = self._read()

    def _read(self) -> list[Tensor]:
        states = [torch.get_rng_state()]
        if self._device.type == "cuda":
            states.append(torch.cuda.get_rng_state(self._device))
        return states

    def moved(self) -> bool:
        """Whether somebody has drawn since."""
        return any(
            not torch.equal(now, before)
            for now, before in zip(self._read(), self._states, strict=True)
        )

    def restore(self) -> None:
        """Put the global generators back."""
        torch.set_rng_state(self._states[0])
        if self._device.type == "cuda":
            torch.cuda.set_rng_state(self._states[1], self._device)
