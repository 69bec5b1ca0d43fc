"""What there is to know about one kind of layer, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from models import agreement, fitting, operations
from models.fields import Field, Fields, Value
from models.fitting import Shapes


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
    """Floating-point operations of a forward pass; a multiplication and an addition are two."""
    positional: int = 0
    """How many leading fields source code writes without their names."""
    expression: str = ""
    """How source code writes it where torch has no module: ``"+"`` or ``"torch.cat"``."""
    takes_indices: bool = False
    """Whether its second input is a pool whose indices it uses."""
    saves_output: bool = False
    """Whether its backward needs its own output unchanged."""
    passes_through: bool = False
    """Whether its output may share memory with its input."""

    def field(self, name: str) -> Field | None:
        """Return the field of that name, None when there is none."""
        return next((field for field in self.fields if field.name == name), None)

    def arguments(self, fields: Fields) -> dict[str, Value]:
        """Return the constructor arguments: the required ones and those that are not default."""
        return {
            field.name: fields[field.name]
            for field in self.fields
            if not field.at_call and (field.required or fields[field.name] != field.default)
        }

    def make(self, fields: Fields) -> nn.Module:
        """Construct the module. Draws its weights from whatever generator torch is using."""
        return self.module(**self.arguments(fields))
