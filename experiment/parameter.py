"""What an address must say of a frozen value; ``viz.answering.parameter`` says what it can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from experiment.packing import pack
from models.cell_edits import Edits
from models.sgd import Sgd
from models.shapes import shape_text
from models.spec import ModelSpec
from viz.answering.parameter import parameters

NOTHING = "all"
"""What is written where no single one is chosen: of channels, that is all of them."""


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
    if isinstance(value, Edits | Sgd):
        return value.to_text()
    if isinstance(value, tuple):
        return shape_text(value) if value else ""
    return NOTHING if value is None else str(value)
