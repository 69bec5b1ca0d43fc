"""A call that PyTorch may refuse, and the recipe of an experiment that asks for one option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import torch

from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise
from lessons.autograd.tripled import triple

Found = TypeVar("Found")


def refused(call: Callable[[], object]) -> str:
    """Call; return the first line of what PyTorch says where it refuses, else nothing."""
    try:
        call()
    except RuntimeError as refusal:
        return str(refusal).partition("\n")[0]
    return ""


def leaf() -> torch.Tensor:
    """Return x of two cells, which asks for its gradient."""
    return torch.tensor([2.0, 3.0], requires_grad=True)


def vector() -> torch.Tensor:
    """Return what backward begins with."""
    return torch.tensor([100.0, 0.1])


@dataclass(frozen=True)
class Tried(Generic[Found]):
    """An experiment without settings: it always comes out the same."""

    key: str
    """Of its exercise."""
    made: Callable[[], Found]
    asked: Callable[[Found], Exercise]

    def run(self) -> Found:
        """Make it where a graph is made."""
        with torch.enable_grad():
            return self.made()

    def exercises(self) -> Mapping[str, Callable[[Found], Exercise]]:
        """Ask for one option."""
        return {self.key: self.asked}

    def in_playground(self) -> Experiment:
        """Open y = 3x."""
        return triple()
