"""What an address can say of a frozen value: each field's annotation carries its own reader.

``seed: Annotated[int, whole(MAX_SEED)] = 0``; a second note is the field's name in the address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from experiment.packing import pack
from experiment.readers import Reader
from models.cell_edits import Edits
from models.shapes import shape_text
from models.spec import ModelSpec

NOTHING = "all"
"""What is written where no single one is chosen: of channels, that is all of them."""


@dataclass(frozen=True)
class Parameter:
    """A part of an address, and the field that it sets."""

    name: str
    """In the address."""
    field: str
    read: Reader


@cache
def parameters(kind: Any) -> dict[str, Parameter]:
    """Return what an address can say of a value of this class, by its name in the address."""
    found = {}
    for field, hint in get_type_hints(kind, include_extras=True).items():
        read, *other = hint.__metadata__
        name = other[0] if other else field
        found[name] = Parameter(name, field, read)
    return found


def differing(value: Any, plain: Any) -> Iterator[tuple[str, str]]:
    """Yield what an address must say of a value so that it is told from the plain one."""
    kind: type = type(value)
    for name, each in parameters(kind).items():
        mine = getattr(value, each.field)
        if mine != getattr(plain, each.field):
            yield name, written(mine)


def written(value: Any) -> str:
    """Write a field's value as text for the address."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, ModelSpec):
        return pack(value)
    if isinstance(value, Edits):
        return value.to_text()
    if isinstance(value, tuple):
        return shape_text(value) if value else ""
    return NOTHING if value is None else str(value)
