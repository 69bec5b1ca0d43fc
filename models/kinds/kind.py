"""What there is to know about one kind of layer, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from models import agreement, expressions, fitting, operations, reads
from models.fields import Field, Fields, Value
from models.shapes import Shapes


@dataclass(frozen=True)
class LayerKind:
    """What there is to know about one kind of layer."""

    label: str
    help: str
    module: type[nn.Module]
    """Its fields carry the names of this class's constructor arguments, in their order."""
    fields: tuple[Field, ...] = ()
    inputs: tuple[int, int] = (1, 1)
    """Fewest and most layers it may read."""
    verify: Callable[[Fields], str] = agreement.always_right
    """Whether the fields agree with each other: empty, or what must hold."""
    fits: Callable[[Fields, Shapes], str] = fitting.fits_anything
    """Whether inputs of these shapes fit: empty, or what must hold."""
    operations: operations.Operations = operations.one_per_cell
    """Floating-point operations of a forward pass, as ``models.operations`` defines them."""
    reads: reads.Reads = reads.unknown
    """Which input cells an output cell reads, where that can be told axis by axis."""
    positional: int = 0
    """How many leading fields source code writes without their names."""
    expression: str = ""
    """What source code uses where torch has no module, such as ``"+"`` or ``"torch.cat"``."""
    code: expressions.Code = expressions.called
    """The expression that source code writes for one call of the layer."""
    keeps: tuple[str, ...] = ()
    """Fields of the call that the module itself holds, as attributes."""
    takes_indices: bool = False
    """Whether its second input is a pool whose indices it uses."""
    saves_output: bool = False
    """Whether its backward needs its own output unchanged."""
    passes_through: bool = False
    """Whether its output may share memory with its input."""
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
