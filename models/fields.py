"""The settings of a layer: what a setting may be, and a frozen mapping of chosen values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Value = bool | int | float | str

LONGEST_SHOWN = 40
"""Characters of a wrong value that an error repeats."""
LARGEST_SHOWN_BITS = 64
"""Whole numbers with more bits are described, not printed."""


class Fields(Mapping[str, Value]):
    """Settings of one layer by name: a mapping that is frozen, hashable and picklable."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        self._values: dict[str, Value] = dict(values or {})

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Fields({self._values!r})"

    def whole(self, name: str) -> int:
        """Return the whole number of that name."""
        return int(self._values[name])


@dataclass(frozen=True)
class Field:
    """One setting of a layer kind.

    ``default`` is what a control shows first. An argument that equals its default is left out
    of constructor calls, so it must mean what the constructor does without it; ``required``
    arguments are always given. Defaults are part of the saved form of a model.
    """

    name: str
    """The name of the constructor's argument."""
    kind: Literal["int", "float", "bool", "choice"]
    default: Value
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()
    required: bool = False
    at_call: bool = False
    """Whether it belongs to the call in ``forward`` rather than to the constructor."""
    help: str = ""

    def accept(self, value: object) -> Value:
        """Return the value in this field's own type; ValueError says what must hold."""
        if self.kind == "bool":
            if isinstance(value, bool):
                return value
        elif self.kind == "choice":
            if isinstance(value, str) and value in self.choices:
                return value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            return self._accept_number(value)
        raise ValueError(self._must_be(value))

    def _accept_number(self, value: float) -> Value:
        whole_needed = self.kind == "int" and not isinstance(value, int)
        if whole_needed or not self.low <= value <= self.high:
            raise ValueError(self._must_be(value))
        return value if self.kind == "int" else float(value)

    def _must_be(self, value: object) -> str:
        expected = {
            "bool": "true or false",
            "choice": "one of " + ", ".join(self.choices),
            "int": f"a whole number from {self.low:g} to {self.high:.0f}",
            "float": f"a number from {self.low:g} to {self.high:g}",
        }[self.kind]
        return f"{self.name} must be {expected}. It is {shown(value)}."


def shown(value: object) -> str:
    """Return the value as an error may repeat it: short, on one line."""
    if isinstance(value, int) and value.bit_length() > LARGEST_SHOWN_BITS:
        return "a much larger number" if value > 0 else "a much smaller number"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
