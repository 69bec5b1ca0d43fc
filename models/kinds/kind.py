"""What there is to know about one kind of layer, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import nn

from models.fields import Field, Fields, Value
from models.kinds.rules import cost, reading
from models.shapes import Shapes

Code = Callable[[Fields, str, Sequence[str]], str]
"""From the fields, the layer's name and the variables that it reads: an expression."""


def always_right(_fields: Fields) -> str:
    """Accept all fields: where each is right, they go together."""
    return ""


def fits_anything(_fields: Fields, _shapes: Shapes) -> str:
    """Accept every input."""
    return ""


def called(_fields: Fields, name: str, data: Sequence[str]) -> str:
    """Write a call of the module."""
    return f"self.{name}({', '.join(data)})"


@dataclass(frozen=True)
class InputHint:
    """What a kind's fields tell about the input of a network that begins with this kind."""

    field: str
    """The field that says how many channels or features it reads."""
    axes: int
    """Axes after the channels: 2 for maps, 1 for lines; 0 where features come last."""
    samples: int = 1
    """Fewest samples that it needs while it trains."""


@dataclass(frozen=True)
class LayerKind:
    """What there is to know about one kind of layer; ``models.kinds.check`` holds it to that."""

    label: str
    help: str
    module: type[nn.Module]
    """Its fields carry the names of this class's constructor arguments, in their order."""
    fields: tuple[Field, ...] = ()
    inputs: tuple[int, int] = (1, 1)
    """Fewest and most layers it may read."""
    verify: Callable[[Fields], str] = always_right
    """Whether the fields agree with each other: empty, or what must hold."""
    fits: Callable[[Fields, Shapes], str] = fits_anything
    """Whether inputs of these shapes fit: empty, or what must hold, what came and what to do.

    The caller puts the layer's name in front. torch alone is not enough: its messages do not name
    the layer, and on the meta device it accepts some shapes that it refuses elsewhere.
    """
    operations: cost.Operations = cost.one_per_cell
    """Floating-point operations of a forward pass, as ``models.kinds.rules.cost`` defines them."""
    reads: reading.Reads = reading.unknown
    """Which input cells an output cell reads, where that can be told axis by axis."""
    positional: int = 0
    """How many leading fields source code writes without their names."""
    expression: str = ""
    """What source code uses where torch has no module, such as ``"+"`` or ``"torch.cat"``."""
    code: Code = called
    """The expression that source code writes for one call of the layer."""
    suggests_input: InputHint | None = None
    """What to try first for a network whose input shape nobody gave."""
    keeps: tuple[str, ...] = ()
    """Fields of the call that the module itself holds, as attributes."""
    takes_indices: bool = False
    """Whether its second input is a pool whose indices it uses."""
    saves_output: bool = False
    """Whether its backward needs its own output unchanged."""
    passes_through: bool = False
    """Whether its output may share memory with its input."""
    passes_tokens: bool = False
    """Whether token ids, which are whole numbers, come out as they went in."""
    rows: str = ""
    """The field that says how many token ids a table knows; empty for all other kinds."""
    saved_beside: Callable[[Fields, Shapes, bool, bool], int] | None = None
    """Bytes saved on a CPU beyond what the meta device shows, from fields, shapes of inputs,
    whether it trains and whether it is frozen; only for kinds that take another way there."""
    captured_beside: Callable[[Fields, Shapes, bool], int] | None = None
    """Bytes of gradients made on a CPU beyond what the meta device shows, from fields, shapes of
    inputs and whether it trains; only for kinds that take another way there."""

    def field(self, name: str) -> Field | None:
        """Return the field of that name, None when there is none."""
        return next((field for field in self.fields if field.name == name), None)

    def arguments(self, fields: Fields) -> dict[str, Value]:
        """Return the constructor arguments: the required ones and those that are not default."""
        return {
            field.name: fields[field.name] for field in self.fields if self._given(field, fields)
        }

    def _given(self, field: Field, fields: Fields) -> bool:
        stand_in = self.field(field.unless)
        if field.at_call or (stand_in and fields[field.unless] != stand_in.default):
            return False
        return field.required or fields[field.name] != field.default

    def make(self, fields: Fields) -> nn.Module:
        """Construct the module. Draws its weights from whatever generator torch is using."""
        module = self.module(**self.arguments(fields))
        for name in self.keeps:
            setattr(module, name, fields[name])
        return module
