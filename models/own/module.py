"""A custom module: how it is made, what it is fed, and which part of its output is meant."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from flow.said import said
from flow.seeded import Seeded
from models.inputs import INPUTS
from models.inputs.shape import InputError
from models.own.errors import OwnError, told
from models.shapes import Shape


@dataclass(frozen=True)
class Given:
    """One input: its shape, and for whole numbers (tokens) how many different ones there are."""

    shape: Shape
    tokens: int = 0

    def make(self, kind: str, seed: int) -> Tensor:
        """Return its values; ``kind`` is a name in ``INPUTS``, which tokens do not use.

        Raises InputError.
        """
        if self.tokens:
            generator = torch.Generator().manual_seed(seed)
            return torch.randint(self.tokens, self.shape, generator=generator)
        if kind not in INPUTS:
            raise InputError(
                said(
                    "a module of the command line has no input {kind!r}. Choose another.", kind=kind
                )
            )
        return INPUTS[kind].make(self.shape, seed)


@dataclass(frozen=True, eq=False)
class Own:
    """What the command line names. ``problem`` is empty or says why it cannot be used."""

    name: str
    """As written: ``my_file.py:Net``."""
    inputs: tuple[Given, ...] = ()
    output: str = ""
    """Which part of the output the loss is taken of; empty for the first that can be."""
    maker: Callable[[], object] | nn.Module | None = None
    problem: str = ""
    large: bool = False
    """Whether its graph is first seen by layer."""
    report: str = ""
    """How the rehearsal went, a sentence for the terminal."""
    parts: Mapping[str, bool] = field(default_factory=dict)
    """The parts of its output; True for the one that the loss is taken of."""

    @property
    def title(self) -> str:
        """What the model is called in the list of models."""
        return self.name.rsplit(":", 1)[-1]

    def make(self, seed: int) -> nn.Module:
        """Return a module of this run alone; its weights are those of the seed.

        A module that the file holds ready-made is copied, with the weights it has. Raises OwnError.
        """
        if self.problem:
            raise OwnError(self.problem)
        if isinstance(self.maker, nn.Module):
            return copy.deepcopy(self.maker)
        with told(self.name), Seeded(seed):
            made = self.maker() if self.maker is not None else None
        if not isinstance(made, nn.Module):
            raise OwnError(
                said(
                    "{name} must give a torch.nn.Module. It gives {kind}.",
                    name=self.name,
                    kind=type(made).__name__,
                )
            )
        return made

    def values(self, kind: str, seed: int) -> tuple[Tensor, ...]:
        """Return the inputs: the first of that kind, further ones random. Raises InputError."""
        return tuple(
            given.make("random" if place else kind, seed + place)
            for place, given in enumerate(self.inputs)
        )

    def part(self, output: object) -> Tensor:
        """Return the part of the module's output that the loss is taken of; OwnError names all."""
        parts = dict(tensors(output))
        wanted = self.output or next(
            (name for name, tensor in parts.items() if tensor.requires_grad), next(iter(parts), "")
        )
        if wanted not in parts:
            names = ", ".join(name or said("(the whole)") for name in parts) or said("no tensor")
            raise OwnError(
                said(
                    "--output {number}: the output of {title} has no such part. It has {names}.",
                    number=self.output or "NAME",
                    title=self.title,
                    names=names,
                )
            )
        return parts[wanted]


def tensors(output: object, name: str = "") -> Iterator[tuple[str, Tensor]]:
    """Yield the floating-point tensors of an output with the way to them: ``logits``, ``1.0``."""
    if isinstance(output, Tensor):
        if output.is_floating_point():
            yield name, output
        return
    inside: Iterator[tuple[object, object]] = iter(())
    if isinstance(output, Mapping):
        inside = iter(output.items())
    elif isinstance(output, tuple | list):
        inside = iter(enumerate(output))
    for key, value in inside:
        yield from tensors(value, f"{name}.{key}" if name else str(key))
