"""The settings of a layer: what a setting may be, and a frozen mapping of chosen values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Value = bool | int | float | str | tuple[int, ...]

LONGEST_SHOWN = 40
"""Characters of a wrong value that an error repeats."""
LARGEST_SHOWN_BITS = 64
"""Whole numbers with more bits are described, not printed."""
MOST_SIZES = 4
"""Numbers of a field of sizes: the dimensions after the batch."""


class MissingFieldError(KeyError):
    """A field that was asked for and that the layer's kind does not have."""

    def __str__(self) -> str:
        return str(self.args[0])


class Fields(Mapping[str, Value]):
    """Settings of one layer by name: a mapping that is frozen, hashable and picklable."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        self._values: dict[str, Value] = dict(values or {})

    def __getitem__(self, name: str) -> Value:
        if name not in self._values:
            known = ", ".join(self._values) or "none at all"
            raise MissingFieldError(f"There is no field {name} among {known}.")
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
        value = self[name]
        assert isinstance(value, int)  # noqa: S101 - a field of whole numbers holds one
        return value

    def number(self, name: str) -> float:
        """Return the number of that name."""
        value = self[name]
        assert isinstance(value, int | float)  # noqa: S101 - a field of numbers holds one
        return float(value)

    def each(self, name: str, axes: int) -> tuple[int, ...]:
        """Return one whole number for each axis: a single one stands for all of them."""
        value = self[name]
        return value if isinstance(value, tuple) else (self.whole(name),) * axes

    def sizes(self, name: str) -> tuple[int, ...]:
        """Return the sizes of that name, a single number as one size."""
        return self.each(name, 1)


@dataclass(frozen=True)
class Field:
    """One setting of a layer kind.

    ``default`` is what a control shows first. An argument that equals its default is left out
    of constructor calls, so it must mean what the constructor does without it; ``required``
    arguments are always given. Defaults are part of the saved form of a model.
    """

    name: str
    """The name of the constructor's argument."""
    kind: Literal["int", "float", "bool", "choice", "pair", "sizes"]
    """``pair``: a whole number, or two of them (height, width); two equal ones become one.
    ``sizes``: a whole number, or one to four of them, for as many dimensions."""
    default: Value
    low: float = 0
    high: float = 0
    """Bounds of every number."""
    choices: tuple[str, ...] = ()
    """Words that are accepted: all there is for a choice, besides numbers for an int or a pair."""
    required: bool = False
    at_call: bool = False
    """Whether it belongs to the call in ``forward`` rather than to the constructor."""
    unless: str = ""
    """The field that stands in for this one: where that is not its default, this is left out."""
    help: str = ""

    def accept(self, value: object) -> Value:
        """Return the value in this field's own type; ValueError says what must hold."""
        if isinstance(value, str):
            if value in self.choices:
                return value
        elif isinstance(value, bool):
            if self.kind == "bool":
                return value
        elif isinstance(value, list | tuple):
            return self._accept_several(tuple(value))
        elif isinstance(value, int | float) and self.kind not in ("bool", "choice"):
            return self._accept_number(value)
        raise ValueError(self._must_be(value))

    def _accept_number(self, value: float) -> int | float:
        whole_needed = self.kind != "float" and not isinstance(value, int)
        if whole_needed or not self.low <= value <= self.high:
            raise ValueError(self._must_be(value))
        return float(value) if self.kind == "float" else value

    def _accept_several(self, values: tuple[object, ...]) -> Value:
        most = {"pair": 2, "sizes": MOST_SIZES}.get(self.kind, 0)
        fewest = 2 if self.kind == "pair" else 1
        whole = [value for value in values if isinstance(value, int) and value is not True]
        inside = all(self.low <= value <= self.high for value in whole)
        if not fewest <= len(values) <= most or len(whole) < len(values) or not inside:
            raise ValueError(self._must_be(values))
        same = len(set(whole)) == 1 if self.kind == "pair" else len(whole) == 1
        return whole[0] if same else tuple(whole)

    def _must_be(self, value: object) -> str:
        words = f", or {' or '.join(self.choices)}" if self.choices else ""
        between = f"from {self.low:g} to {self.high:.0f}"
        expected = {
            "bool": "true or false",
            "choice": "one of " + ", ".join(self.choices),
            "int": f"a whole number {between}{words}",
            "float": f"a number from {self.low:g} to {self.high:g}",
            "pair": f"a whole number or two (height, width) {between}{words}",
            "sizes": f"one to {MOST_SIZES} whole numbers {between}",
        }[self.kind]
        return f"{self.name} must be {expected}. It is {shown(value)}."


def shown(value: object) -> str:
    """Return the value as an error may repeat it: short, on one line."""
    if isinstance(value, int) and value.bit_length() > LARGEST_SHOWN_BITS:
        return "a much larger number" if value > 0 else "a much smaller number"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list | tuple):
        inside = [shown(one) for one in value[: MOST_SIZES + 1]]
        return _shortened(f"({', '.join(inside)})")
    return _shortened(repr(value))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
