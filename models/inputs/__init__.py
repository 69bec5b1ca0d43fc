"""What a network is fed: kinds of inputs, their shapes, pictures and token ids."""

from __future__ import annotations

from models.inputs.catalogue import INPUTS, TOKENS, InputKind, unsuited

__all__ = ["INPUTS", "TOKENS", "InputKind", "unsuited"]
