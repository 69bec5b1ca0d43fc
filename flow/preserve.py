"""Leave a module as it was found: attributes, buffers, parameters and random numbers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from operator import is_
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

CONTAINERS = frozenset({dict, list, set, OrderedDict})
"""Types of attributes whose contents are put back too."""


class Held(NamedTuple):
    """A parameter or buffer, with what it was before the run."""

    tensor: Tensor
    copy: Tensor
    version: int
    requires_grad: bool
    is_buffer: bool


class Snapshot:
    """What a module looked like before a run, with a copy of each parameter and buffer.

    Held are the attributes of every submodule, the contents of attributes that are lists,
    dicts or sets, and the values of parameters and buffers. One walk over the module serves
    the whole run, so the members and names found on it are kept here too. Tensors are keyed
    by ``id()``: the module holds them while the run lasts.
    """

    def __init__(self, module: nn.Module) -> None:
        self.modules: dict[str, nn.Module] = {}
        self.parameter_names: dict[int, list[str]] = {}
        self.parameters: dict[int, Tensor] = {}
        self.held: dict[int, Held] = {}
        self.replaced: list[tuple[Tensor, Tensor]] = []
        """Tensors whose ``.data`` is about to be set, with what it was."""
        self.touched = False
        """Whether the forward reached for memory in a way that leaves no version behind."""
        self._attributes: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self._full: list[tuple[Any, Any]] = []
        self._empty: list[Any] = []
        buffers: dict[int, Tensor] = {}
        seen: set[int] = set()
        for prefix, child in _members(module):
            for name, tensor in child._parameters.items():
                if tensor is not None:
                    self.parameters[id(tensor)] = tensor
                    self.parameter_names.setdefault(id(tensor), []).append(prefix + name)
            if id(child) not in seen:
                seen.add(id(child))
                self.modules[prefix[:-1]] = child
                self._take(child)
                buffers.update((id(b), b) for b in child._buffers.values() if b is not None)
        self._copy_values(buffers)

    def _take(self, child: nn.Module) -> None:
        attributes = child.__dict__
        self._attributes.append((attributes, attributes.copy()))
        containers = [value for value in attributes.values() if type(value) in CONTAINERS]
        self._full.extend([(value, value.copy()) for value in containers if value])
        self._empty.extend([value for value in containers if not value])

    def _copy_values(self, buffers: dict[int, Tensor]) -> None:
        """Copy all tensors in one call; a call for each would take twice the time."""
        tensors = {**buffers, **self.parameters}
        if not tensors:
            return
        with torch.no_grad():
            copies = torch._foreach_clone(list(tensors.values()))
        for (key, tensor), copy in zip(tensors.items(), copies, strict=True):
            self.held[key] = Held(
                tensor, copy, tensor._version, tensor.requires_grad, key not in self.parameters
            )

    def devices(self) -> set[torch.device]:
        """Return where the parameters and buffers are."""
        return {held.tensor.device for held in self.held.values()}

    def restore(self) -> None:
        """Put back whatever differs."""
        for container, before in self._full:
            _put_back(container, before)
        for container in self._empty:
            if container:
                container.clear()
        for attributes, before in self._attributes:
            if len(attributes) != len(before) or not all(
                map(is_, attributes.values(), before.values())
            ):
                attributes.clear()
                attributes.update(before)
        while self.replaced:
            tensor, data = self.replaced.pop()
            tensor.data = data
        self._restore_values()

    def _restore_values(self) -> None:
        for tensor, copy, version, requires_grad, is_buffer in self.held.values():
            # batch normalisation writes into its buffers without a new version
            suspicious = is_buffer or self.touched or tensor._version != version
            if suspicious and not torch.equal(tensor, copy):
                # .data has a version counter of its own, so the graph stays usable
                tensor.data.copy_(copy)
            if tensor.requires_grad is not requires_grad:
                tensor.requires_grad_(requires_grad)


def _members(module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Yield every submodule with its dotted prefix, as often as it has a name, outer ones first."""
    waiting = [("", module)]
    while waiting:
        prefix, child = waiting.pop()
        yield prefix, child
        waiting.extend(
            [
                (f"{prefix}{name}.", member)
                for name, member in reversed(child._modules.items())
                if member is not None
            ]
        )


def _put_back(container: Any, before: Any) -> None:
    """Give a list, dict or set its former contents if they differ."""
    same = len(container) == len(before) and all(map(is_, container, before))
    if same and isinstance(container, dict):
        same = all(map(is_, container.values(), before.values()))
    if same:
        return
    container.clear()
    if isinstance(container, list):
        container.extend(before)
    else:
        container.update(before)


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
