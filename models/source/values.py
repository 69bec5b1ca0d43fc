"""What names stand for while a text is read.

Numbers, texts, lists and dictionaries are Python's own; everything else is one of these classes.
No tensor and no module is ever made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flow.said import said
from models.fields import Fields, shown

Value = Any
"""A Python number, text, None, list, tuple, dict or range, or a class of this file."""
SCALARS = (bool, int, float, str, type(None))


@dataclass(eq=False)
class Data:
    """A tensor: the output of a layer. What changes it in place changes ``layer``."""

    layer: str


@dataclass(frozen=True)
class Indices:
    """The second value that a pool returns."""

    pool: str


@dataclass(frozen=True)
class Unknown:
    """A number that is known only when the network runs."""


@dataclass(frozen=True)
class Second(Unknown):
    """What a recurrent or an attention layer returns beside its output."""

    kind: str
    instead: str = ""
    """What of the output can be used in its place."""


@dataclass(frozen=True)
class Length(Unknown):
    """``x.size(0)``: the length of one dimension of a layer's output."""

    layer: str
    dim: int
    size: int | None = None
    """What it is on the given input; None where no input is given."""


@dataclass(frozen=True)
class Shape:
    """``x.shape`` of a layer's output, or from dimension ``start`` on."""

    layer: str
    start: int = 0
    sizes: tuple[int, ...] | None = None
    """All sizes of the output on the given input, from dimension 0 on."""


@dataclass(frozen=True)
class Training:
    """``self.training``: whether the network is being trained."""


@dataclass(frozen=True)
class Library:
    """Something of Python or torch by its full name, such as ``torch.nn.Conv2d``."""

    path: str

    @property
    def name(self) -> str:
        """The last word of the path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class Method:
    """A method of a value that is not an instance of a class of the text: ``x.view``."""

    owner: Value
    name: str


@dataclass(eq=False)
class Scope:
    """Names and what they stand for, inside the names of an enclosing function."""

    names: dict[str, Value] = field(default_factory=dict)
    outer: Scope | None = None


@dataclass(eq=False)
class Function:
    """A function of the text."""

    node: ast.FunctionDef
    scope: Scope | None
    owner: Class | None = None
    """The class whose method it is."""


@dataclass(frozen=True)
class Bound:
    """A function with the instance on which it is called."""

    function: Function
    instance: Instance


@dataclass(eq=False)
class Class:
    """A class of the text and what it is derived from."""

    node: ast.ClassDef
    base: Class | Library
    scope: Scope | None = None

    @property
    def name(self) -> str:
        """Its name in the text."""
        return self.node.name

    def lineage(self) -> Iterator[Class]:
        """Return the class and the classes of the text that it is derived from, nearest first."""
        yield self
        if isinstance(self.base, Class):
            yield from self.base.lineage()

    @property
    def root(self) -> str:
        """What it is derived from in the end: ``Module`` or ``Sequential`` of torch.nn."""
        last = list(self.lineage())[-1].base
        return last.path.removeprefix("torch.nn.") if isinstance(last, Library) else ""


@dataclass(frozen=True)
class Super:
    """``super()``: an instance seen as one of the class that its own is derived from."""

    instance: Instance
    owner: Class


@dataclass(eq=False)
class Layer:
    """A layer of the catalogue that was made, not yet called."""

    kind: str
    fields: Fields
    line: int
    stateful: bool
    """Whether it has weights or running averages."""
    frozen: bool = False
    calls: int = 0


@dataclass(eq=False)
class Unsupported:
    """A module outside the catalogue; only calling it is an error."""

    path: str


@dataclass(eq=False)
class Container:
    """``nn.Sequential``, ``nn.ModuleList`` or ``nn.ModuleDict``."""

    kind: str
    children: dict[str, Value] = field(default_factory=dict)

    def add(self, child: Value) -> None:
        """Append a child under its number."""
        self.children[str(len(self.children))] = child


@dataclass(eq=False)
class Instance:
    """An object of a class of the text."""

    definition: Class
    attributes: dict[str, Value] = field(default_factory=dict)
    ready: bool = False
    """Whether ``super().__init__()`` was called."""

    @property
    def children(self) -> dict[str, Value]:
        """The attributes that are modules."""
        return {name: value for name, value in self.attributes.items() if is_module(value)}


MODULES = (Layer, Container, Instance, Unsupported)
WORDS: dict[type, str] = {
    Data: said("the output of a layer"),
    Indices: said("the indices of a pool"),
    Shape: said("the shape of a layer's output"),
    Training: "self.training",
    Function: said("a function"),
    Bound: said("a method"),
    Class: said("a class"),
    Super: "super()",
    Layer: said("a layer"),
    Container: said("a list of layers"),
    Instance: said("an object"),
    list: said("a list"),
    tuple: said("a tuple"),
    dict: said("a dictionary"),
    range: said("a range"),
}


def length(shape: Shape, index: int) -> Length:
    """Return one size of a shape; IndexError when the known shape has no such dimension."""
    dim = index + shape.start if index >= 0 else index
    return Length(shape.layer, dim, None if shape.sizes is None else shape.sizes[dim])


def known(value: Value) -> Value:
    """Return the number or the sizes that a value stands for on the given input, else itself."""
    if isinstance(value, Length) and value.size is not None:
        return value.size
    if isinstance(value, Shape) and value.sizes is not None:
        return value.sizes[value.start :]
    return value


def is_module(value: Value) -> bool:
    """Whether the value is a module."""
    return isinstance(value, MODULES)


def is_number(value: Value) -> bool:
    """Whether the value is an int or a float, and not a switch."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def described(value: Value) -> str:
    """Return what a value is, as an error may say it: short, whatever it holds."""
    if isinstance(value, SCALARS):
        return shown(value)
    if isinstance(value, Library):
        return shown(value.path)
    if isinstance(value, Unsupported):
        return value.path
    if isinstance(value, Second):
        return said(
            "the second value of {kind} (only the first is supported{instead})",
            kind=value.kind,
            instead=value.instead,
        )
    if isinstance(value, Unknown):
        return said("a size that is known only when the network runs")
    if isinstance(value, tuple | list) and all(isinstance(part, SCALARS) for part in value[:9]):
        return shown(type(value)(value[:9]))
    return WORDS.get(type(value), said("a value of another kind"))
