"""One operation to try: a function or a module, and the inputs that it gets.

Everything is made anew from the same numbers each time, so that a plain backward and a recorded
one run the same computation on tensors of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

import flow
from flow.run import Run

Shape = tuple[int, ...]

torch.set_num_threads(1)  # as the app does: the same bits everywhere, and no threads that wait

SEED = 3
"""Makes inputs, weights and upstream vectors."""


def _distinct(size: int, generator: torch.Generator) -> Tensor:
    """Return numbers without ties, at least a tenth apart, in no order."""
    return (torch.randperm(size, generator=generator) - size / 2 + 0.3) / 10


KINDS: dict[str, Callable[[int, torch.Generator], Tensor]] = {
    "normal": lambda size, generator: torch.randn(size, generator=generator),
    "positive": lambda size, generator: torch.rand(size, generator=generator) * 2 + 0.3,
    "within": lambda size, generator: torch.rand(size, generator=generator) * 1.6 - 0.8,
    "unit": lambda size, generator: torch.rand(size, generator=generator) * 0.8 + 0.1,
    "above": lambda size, generator: torch.rand(size, generator=generator) * 2 + 1.2,
    "distinct": _distinct,
    "complex": lambda size, generator: torch.randn(
        size, generator=generator, dtype=torch.complex64
    ),
}
"""How the cells of an input are drawn."""


@dataclass(frozen=True)
class Input:
    """One input of an operation: a leaf that asks for a gradient."""

    shape: Shape
    kind: str = "normal"
    values: tuple[float, ...] = ()
    """The cells themselves, instead of drawn ones."""
    asks: bool = True

    def tensor(self, generator: torch.Generator, dtype: torch.dtype) -> Tensor:
        """Return the input in a dtype; complex ones in the complex type of that precision."""
        if self.values:
            cells = torch.tensor(self.values)
        else:
            cells = KINDS[self.kind](math.prod(self.shape), generator)
        wanted = dtype.to_complex() if cells.is_complex() else dtype
        return cells.reshape(self.shape).to(wanted).requires_grad_(self.asks)


def positive(*shape: int) -> Input:
    return Input(shape, "positive")


def within(*shape: int) -> Input:
    """Cells between -0.8 and 0.8."""
    return Input(shape, "within")


def unit(*shape: int) -> Input:
    """Cells between 0.1 and 0.9."""
    return Input(shape, "unit")


def above(*shape: int) -> Input:
    """Cells above 1.2."""
    return Input(shape, "above")


def distinct(*shape: int) -> Input:
    return Input(shape, "distinct")


def complex_(*shape: int) -> Input:
    return Input(shape, "complex")


def values(*cells: float) -> Input:
    return Input((len(cells),), values=cells)


class Function(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: Tensor) -> Any:
        return self.function(*inputs)


class Host(nn.Module):
    """Gives the operation a layer name: ``op``."""

    def __init__(self, operation: nn.Module) -> None:
        super().__init__()
        self.op = operation

    def forward(self, *inputs: Tensor) -> Any:
        return self.op(*inputs)


@dataclass(frozen=True)
class Case:
    """What to run, on what, and what is known of it beforehand."""

    make: Callable[[], nn.Module]
    inputs: tuple[Input, ...]
    dtype: torch.dtype = torch.float32
    forward: str = ""
    """The kind that ``forward`` must give, with rows; empty where any true answer will do."""
    repeats: bool = True
    """Whether a second forward gives the same output: not where random numbers are drawn."""
    linear: bool = True
    """Whether every backward in it is linear in its upstream, as true gradients are."""
    derivative: bool = True
    """Whether its gradient is the derivative of its forward; finite differences may tell if not."""
    rounding: float = 1.0
    """How much more than others this operation may round, for what is ill-conditioned."""
    cancels: float = 0.0
    """Size of numbers that cancel on the way to much smaller coefficients: they round too."""

    def host(self) -> Host:
        """Return the operation with the weights of the seed."""
        with flow.Seeded(SEED):
            return Host(self.make().to(self.dtype))

    def tensors(self) -> tuple[Tensor, ...]:
        """Return the inputs: new leaves each time."""
        generator = torch.Generator().manual_seed(SEED)
        return tuple(each.tensor(generator, self.dtype) for each in self.inputs)

    def vectors(self, outputs: list[Tensor]) -> tuple[Tensor, ...]:
        """Return an upstream vector for each output."""
        generator = torch.Generator().manual_seed(SEED + 1)
        kinds = [torch.complex64 if out.is_complex() else torch.float32 for out in outputs]
        return tuple(
            torch.randn(out.shape, generator=generator, dtype=kind).to(out.dtype)
            for out, kind in zip(outputs, kinds, strict=True)
        )

    def run(self) -> Run:
        """Record it."""
        with flow.Seeded(0), torch.no_grad():
            outputs = outputs_of(self.host()(*self.tensors()))
        return flow.run(self.host(), self.tensors(), upstream=self.vectors(outputs), seed=0)


Cases = Mapping[str, Case]


def outputs_of(value: Any) -> list[Tensor]:
    """Return all tensors of a module's output, as the recorder orders them."""
    if isinstance(value, Tensor):
        return [value]
    return [tensor for part in value for tensor in outputs_of(part)]


def op(function: Callable[..., Any], *inputs: Shape | Input, **known: Any) -> Case:
    """Return a case for a function; a shape stands for normally distributed cells."""
    return Case(lambda: Function(function), _inputs(inputs), **known)


def layer(make: Callable[[], nn.Module], *inputs: Shape | Input, **known: Any) -> Case:
    """Return a case for a module."""
    return Case(make, _inputs(inputs), **known)


def _inputs(given: tuple[Shape | Input, ...]) -> tuple[Input, ...]:
    return tuple(each if isinstance(each, Input) else Input(each) for each in given)
