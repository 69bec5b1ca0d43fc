"""Where a layer without a module is added, and how a function's arguments are named."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flow.said import said
from models.fields import Value as FieldValue
from models.layers import LAYERS
from models.source.arithmetic import ValueProblem
from models.source.network import stem
from models.source.values import Data, Shape, Value, described

if TYPE_CHECKING:
    from models.source.network import Network

GIVE_SHAPE = said("Give the input shape, or write the number.")


@dataclass(frozen=True)
class Site:
    """Where a layer without a module is added: the network, the place, and how to name it."""

    network: Network
    node: ast.AST
    prefix: str = ""
    """Name of the module whose forward this is."""
    wanted: str = ""
    """The new variable that the result is given to."""

    def add(self, kind: str, data: Sequence[Value], fields: Mapping[str, FieldValue]) -> Data:
        """Add a layer of this kind and return its output."""
        if kind not in LAYERS:
            raise ValueProblem(said("there is no {kind} in the catalogue.", kind=kind))
        for value in data:
            if not isinstance(value, Data):
                raise ValueProblem(
                    said(
                        "{kind} needs the output of a layer, not {value}.",
                        kind=stem(kind),
                        value=described(value),
                    )
                )
        inputs = tuple(value.layer for value in data)
        before = f"{self.prefix}_" if self.prefix else ""
        name = before + self.wanted
        if not (self.wanted and self.network.is_free(name)):
            name = before + stem(kind)
        return Data(self.network.function(kind, inputs, fields, name, self.node))

    def sizes(self, data: Data) -> tuple[int, ...]:
        """Return the shape of a layer's output; ValueProblem where no input shape is given."""
        sizes = self.network.shape_of(data.layer)
        if sizes is None:
            raise ValueProblem(
                said(
                    "this needs {shape}. {give_shape}",
                    shape=described(Shape(data.layer)),
                    give_shape=GIVE_SHAPE,
                )
            )
        return sizes

    def rank(self, data: Data) -> int:
        """Return the number of dimensions; ValueProblem where no input shape is given."""
        return len(self.sizes(data))


Handler = Callable[[Site, Sequence[Value], Mapping[str, Value]], Value]


def arguments(
    parameters: tuple[str, ...], values: Sequence[Value], named: Mapping[str, Value]
) -> dict[str, Value]:
    """Return argument name -> value; ValueProblem when there are too many or unknown ones."""
    given = dict(zip(parameters, values, strict=False))
    known = ", ".join(parameters) or said("none")
    if len(values) > len(parameters) or set(named) - set(parameters) or set(named) & set(given):
        raise ValueProblem(
            said("these arguments are not supported here. Known are: {known}.", known=known)
        )
    return {**given, **named}
