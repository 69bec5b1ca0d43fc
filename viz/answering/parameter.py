"""What can be said of a frozen value: each field's annotation carries its own reader.

``seed: Annotated[int, whole(MAX_SEED)] = 0``; a second note is the field's name where it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from viz.answering.readers import Reader


@dataclass(frozen=True)
class Parameter:
    """A part of what is said, and the field that it sets."""

    name: str
    """Where it is said, such as in an address."""
    field: str
    read: Reader


@cache
def parameters(kind: Any) -> dict[str, Parameter]:
    """Return what can be said of a value of this class, by the name there."""
    found = {}
    for field, hint in get_type_hints(kind, include_extras=True).items():
        read, *other = hint.__metadata__
        name = other[0] if other else field
        found[name] = Parameter(name, field, read)
    return found
