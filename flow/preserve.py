"""Leave a module as it was found: attributes, buffers, parameters and random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


class Snapshot:
    """What a module looked like before a run, with a copy of each parameter and buffer."""

    def __init__(self, module: nn.Module) -> None:
        self._attributes = [_attributes(child) for child in module.modules()]
        tensors = dict.fromkeys((*module.parameters(), *module.buffers()))
        self._copies: dict[Tensor, Tensor] = {
            tensor: tensor.detach().clone() for tensor in tensors
        }
        self._state = {tensor: (tensor._version, tensor.requires_grad) for tensor in tensors}

    def value(self, tensor: Tensor) -> Tensor:
        """Return the copy that was made of a parameter or buffer."""
        return self._copies[tensor]

    def restore(self) -> None:
        """Put back whatever differs."""
        for child, members in self._attributes:
            for owner, before in members:
                owner.clear()
                owner.update(before)
            del child
        for tensor, (version, requires_grad) in self._state.items():
            if tensor._version != version:
                # .data has a version counter of its own, so the graph stays usable.
                tensor.data.copy_(self._copies[tensor])
            if tensor.requires_grad != requires_grad:
                tensor.requires_grad_(requires_grad)


def _attributes(module: nn.Module) -> tuple[nn.Module, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Pair every attribute table of a module with a shallow copy of it."""
    tables = (module.__dict__, module._parameters, module._buffers)
    return module, [(table, dict(table)) for table in tables]


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
