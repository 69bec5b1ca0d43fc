"""Leave a module as it was found: attributes, buffers, parameters and random numbers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from operator import is_
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from flow.errors import RunError
from flow.said import said
from flow.seeded import TURN

CONTAINERS = frozenset({dict, list, set, OrderedDict})
"""Types of attributes whose contents are put back too."""


LARGE = 2**20
"""Bytes from which a parameter is copied on write: a network of 45 MB would else take 45 more."""


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
        self._gradients: list[tuple[Tensor, Tensor | None]] = []
        """Each parameter with its ``.grad``."""
        self._gradient_copies: dict[int, tuple[Tensor, int]] = {}
        """Values and version of each of those, by its ``id()``."""
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
        self._copy_gradients()

    def _take(self, child: nn.Module) -> None:
        attributes = child.__dict__
        self._attributes.append((attributes, attributes.copy()))
        containers = [value for value in attributes.values() if type(value) in CONTAINERS]
        self._full.extend([(value, value.copy()) for value in containers if value])
        self._empty.extend([value for value in containers if not value])

    def _copy_values(self, buffers: dict[int, Tensor]) -> None:
        """Copy all tensors, and note what else could change about them."""
        tensors = {**buffers, **self.parameters}
        if not tensors:
            return
        try:
            copies = _copies(list(tensors.values()))
            versions = [tensor._version for tensor in tensors.values()]
        except (RuntimeError, ValueError) as error:
            reason = self._unfit()
            if not reason:
                raise
            raise RunError(reason) from error
        for (key, tensor), copy, version in zip(tensors.items(), copies, versions, strict=True):
            self.held[key] = Held(
                tensor, copy, version, tensor.requires_grad, key not in self.parameters
            )

    def _copy_gradients(self) -> None:
        """Note every ``.grad``, which a backward inside the forward would add to."""
        self._gradients = [(tensor, tensor.grad) for tensor in self.parameters.values()]
        present = {id(grad): grad for _, grad in self._gradients if grad is not None}
        if present:
            copies = _copies(list(present.values()))
            self._gradient_copies = {
                key: (copy, grad._version)
                for (key, grad), copy in zip(present.items(), copies, strict=True)
            }

    def _unfit(self) -> str:
        """Say which tensor of the module autograd cannot work with, and what to do."""
        for path, child in self.modules.items():
            for name, tensor in (*child._parameters.items(), *child._buffers.items()):
                where = f"{path}.{name}" if path else name
                if tensor is not None and is_lazy(tensor):
                    return said(
                        "{where} has no shape yet: {kind} learns it from its "
                        "first input. Call the module once before you record it.",
                        where=where,
                        kind=type(child).__name__,
                    )
                if tensor is not None and tensor.is_inference():
                    return said(
                        "{where} was made under torch.inference_mode(), so it can have no "
                        "gradient. Build the module outside of it.",
                        where=where,
                    )
        return ""

    def devices(self) -> set[torch.device]:
        """Return where the parameters and buffers are."""
        return {held.tensor.device for held in self.held.values()}

    def restore(self) -> None:
        """Put back whatever differs."""
        for container, before in self._full:
            if not _same(container, before):
                _put_back(container, before)
        for container in self._empty:
            if container:
                container.clear()
        for attributes, before in self._attributes:
            if not _same_values(attributes, before):
                _put_back(attributes, before)
        while self.replaced:
            tensor, data = self.replaced.pop()
            tensor.data = data
        self._restore_values()
        self._restore_gradients()

    def _restore_gradients(self) -> None:
        for tensor, before in self._gradients:
            if tensor.grad is not before:
                tensor.grad = before
            if before is not None:
                copy, version = self._gradient_copies[id(before)]
                if before._version != version:
                    before.data.copy_(copy)

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


def _copies(tensors: list[Tensor]) -> list[Tensor]:
    """Copy tensors: the large ones on write, the small ones in one call."""
    with torch.no_grad():
        large = {
            place: _copy_on_write(tensor)
            for place, tensor in enumerate(tensors)
            if tensor.device.type == "cpu"
            and tensor.layout is torch.strided
            and tensor.nbytes >= LARGE
            and not _is_shared(tensor)
        }
        small = [tensor for place, tensor in enumerate(tensors) if place not in large]
        copies = iter(torch._foreach_clone(small) if small else ())
        return [large[at] if at in large else next(copies) for at in range(len(tensors))]


def _is_shared(tensor: Tensor) -> bool:
    """Whether somebody else looks at a tensor's memory.

    An array of numpy would lose sight of it when the tensor moves to memory of its own.
    """
    handle = tensor.untyped_storage()
    count: int = torch._C._storage_Use_Count(handle._cdata)
    return count > 2  # the tensor and the handle


def _copy_on_write(tensor: Tensor) -> Tensor:
    """Return a copy that shares its memory until somebody writes into the original.

    The original then moves to memory of its own, and views of it move along. Memory that
    torch did not allocate itself, such as numpy's, cannot be shared and is copied at once.
    """
    try:
        return torch._lazy_clone(tensor)
    except RuntimeError:
        return tensor.clone()


def _same(container: Any, before: Any) -> bool:
    """Whether a list, dict or set still has the same members in the same order."""
    if len(container) != len(before) or not all(map(is_, container, before)):
        return False
    return type(container) is list or type(container) is set or _same_values(container, before)


def _same_values(table: dict[str, Any], before: dict[str, Any]) -> bool:
    return len(table) == len(before) and all(map(is_, table.values(), before.values()))


def _put_back(container: Any, before: Any) -> None:
    """Give a list, dict or set its former contents."""
    container.clear()
    if type(container) is list:
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
        self._seed, self._states = self._read()

    def _read(self) -> tuple[int, list[Tensor]]:
        with TURN:
            states = [torch.get_rng_state()]
            if self._device.type == "cuda":
                states.append(torch.cuda.get_rng_state(self._device))
            return torch.initial_seed(), states

    def moved(self) -> bool:
        """Whether somebody has drawn since."""
        return not all(map(torch.equal, self._read()[1], self._states))

    def was_seeded(self) -> bool:
        """Whether somebody has seeded since; not seen where the seed and the state were so."""
        seed, (state, *_) = self._read()
        return seed != self._seed or torch.equal(
            state, torch.Generator().manual_seed(seed).get_state()
        )

    def restore(self) -> None:
        """Put the global generators back."""
        with TURN:
            torch.set_rng_state(self._states[0])
            if self._device.type == "cuda":
                torch.cuda.set_rng_state(self._states[1], self._device)
