"""Which input each mode wants, and what PyTorch says to another one."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional as F  # noqa: N812 - everybody's name for it

from viz.peak import shown_shape


@dataclass(frozen=True)
class Mixed:
    """A mode, the shape that it was given, and what came of it."""

    mode: str
    shape: tuple[int, ...]
    said: str
    """PyTorch's own error with its type; empty where it ran."""

    @property
    def call(self) -> str:
        """What was called."""
        return f'interpolate({shown_shape(self.shape)}, mode="{self.mode}")'


LINE, MAP = (1, 1, 2), (1, 1, 2, 2)
CALLS = (("linear", MAP), ("bilinear", LINE), ("trilinear", MAP))
"""Modes with an input of too many axes or of too few."""


def mixed_up() -> tuple[Mixed, ...]:
    """Call each mode with an input that it does not take, and keep the answer."""
    return tuple(Mixed(mode, shape, answer(mode, shape)) for mode, shape in CALLS)


def answer(mode: str, shape: tuple[int, ...]) -> str:
    """Return what PyTorch says to this input; empty where it takes it."""
    try:
        F.interpolate(torch.ones(shape), scale_factor=2, mode=mode)
    except (NotImplementedError, ValueError) as refusal:
        return f"{type(refusal).__name__}: {refusal}"
    return ""
