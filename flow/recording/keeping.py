"""Keep the gradients and values of some layers only, and let go of what the others saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor

from flow.errors import ExplainError, RunError
from flow.said import said

LISTED = 8
"""Layer names written out in a sentence."""


class _Saved:
    """A tensor that a node saved, until it is let go of."""

    __slots__ = ("tensor", "version")

    def __init__(self, tensor: Tensor) -> None:
        self.tensor: Tensor | None = tensor
        self.version = tensor._version


class Keeping:
    """Which layers are kept: all, or those named and what is inside them.

    While the forward runs under ``saving()``, nodes made outside the kept layers save their
    tensors in a way that ``let_go()`` can undo once the backward is over.
    """

    def __init__(self, names: Sequence[str] | None) -> None:
        self.names = None if names is None else tuple(names)
        self.inside = False
        """Whether the forward is inside a kept layer."""
        self._saved: list[_Saved] = []

    def check(self, paths: Iterable[str]) -> None:
        """Raise RunError unless every name is that of a layer."""
        known = [path for path in paths if path]
        for name in self.names or ():
            if name not in known:
                shown = ", ".join(known[:LISTED]) + (", ..." if len(known) > LISTED else "")
                raise RunError(
                    said(
                        "keep: there is no layer {name!r}. The layers are {shown}.",
                        name=name,
                        shown=shown,
                    )
                )

    def covers(self, path: str) -> bool:
        """Whether the layer of a path is kept."""
        return self.names is None or any(
            path == name or path.startswith(f"{name}.") for name in self.names
        )

    def saving(self) -> AbstractContextManager[Any]:
        """Return the context in which the forward is to run."""
        if self.names is None:
            return nullcontext()
        return torch.autograd.graph.saved_tensors_hooks(self._pack, _unpacking(self.names))

    def _pack(self, tensor: Tensor) -> _Saved:
        saved = _Saved(tensor)
        if not self.inside:
            self._saved.append(saved)
        return saved

    def let_go(self) -> None:
        """Free what nodes outside the kept layers saved."""
        for saved in self._saved:
            saved.tensor = None
        self._saved.clear()


def _unpacking(names: tuple[str, ...]) -> Callable[[_Saved], Tensor]:
    """Return what hands a node the tensor it saved."""

    def unpack(saved: _Saved) -> Tensor:
        if saved.tensor is None:
            raise ExplainError(not_kept(names))
        if saved.tensor._version != saved.version:  # torch itself looks only where no hook is
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an "
                f"inplace operation: it is at version {saved.tensor._version}; expected version "
                f"{saved.version} instead."
            )
        return saved.tensor

    return unpack


def not_kept(names: Sequence[str], what: str = said("What this question needs")) -> str:
    """Say that something was not kept, and what to do."""
    return said(
        "{what} was not kept: this run keeps {kept} alone. "
        "Run the module again with it in keep=, or without keep=.",
        what=what,
        kept=", ".join(names) or said("no layer"),
    )
