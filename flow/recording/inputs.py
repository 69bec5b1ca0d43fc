"""What a model is called with: copies of the caller's tensors, each with a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from flow.record import INPUT
from flow.recording.structure import Path, paths_in, rebuilt


@dataclass(frozen=True, eq=False)
class Inputs:
    """The arguments of a model, positional and by keyword; tensors may stand inside others."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    def tensors(self) -> tuple[Tensor, ...]:
        """Return every tensor in order, positional ones first."""
        return tuple(tensor for _, tensor in self._paths())

    def names(self) -> tuple[str, ...]:
        """Return what each tensor is called as a leaf: ``(input)``, ``(input mask)``."""
        alone = len(self.args) == 1
        return tuple(
            _name(path[1:] if alone and path[0] == 0 else path) for path, _ in self._paths()
        )

    def own(self, device: torch.device) -> Inputs:
        """Return copies on ``device``: leaves that ask for a gradient if the originals did.

        A tensor given twice stays one tensor.
        """
        copies = {
            id(tensor): tensor.detach().to(device, copy=True).requires_grad_(tensor.requires_grad)
            for tensor in self.tensors()
        }

        def leaf(value: Any) -> Any:
            return copies.get(id(value), value) if isinstance(value, Tensor) else value

        return Inputs(*rebuilt((self.args, dict(self.kwargs)), leaf))

    def _paths(self) -> list[tuple[Path, Tensor]]:
        return [*paths_in(self.args), *paths_in(self.kwargs)]


def inputs_of(inputs: Any, kwargs: Mapping[str, Any] | None) -> Inputs:
    """Read what ``flow.run`` was given: a tuple holds several positional arguments.

    A named tuple, such as a packed sequence, is one argument.
    """
    several = isinstance(inputs, tuple) and not hasattr(inputs, "_fields")
    return Inputs(tuple(inputs) if several else (inputs,), dict(kwargs or {}))


def _name(path: Path) -> str:
    """Return ``(input)`` for the only or first argument, else where the tensor stands."""
    place = ".".join(map(str, path))
    return INPUT if place in ("", "0") else f"(input {place})"
