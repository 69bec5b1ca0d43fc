"""The settings of a layer: what a setting may be, and a frozen mapping of chosen values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from flow.said import chained, said

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
            known = ", ".join(self._values) or said("none at all")
            raise MissingFieldError(
                said("There is no field {name} among {known}.", name=name, known=known)
            )
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
        words = said(", or {names}", names=alternatives(self.choices)) if self.choices else ""
        between = said("from {low:g} to {high:.0f}", low=self.low, high=self.high)
        expected = {
            "bool": said("true or false"),
            "choice": said("one of {names}", names=", ".join(self.choices)),
            "int": said("a whole number {between}{words}", between=between, words=words),
            "float": said("a number from {low:g} to {high:g}", low=self.low, high=self.high),
            "pair": said(
                "a whole number or two (height, width) {between}{words}",
                between=between,
                words=words,
            ),
            "sizes": said(
                "one to {most_sizes} whole numbers {between}",
                most_sizes=MOST_SIZES,
                between=between,
            ),
        }[self.kind]
        return said(
            "{name} must be {expected}. It is {value}.",
            name=self.name,
            expected=expected,
            value=shown(value),
        )


def alternatives(names: Iterable[str]) -> str:
    """Return names of which one is meant."""
    return chained(names, "{one} or {other}")


def shown(value: object) -> str:
    """Return the value as an error may repeat it: short, on one line."""
    if isinstance(value, int) and value.bit_length() > LARGEST_SHOWN_BITS:
        return said("a much larger number") if value > 0 else said("a much smaller number")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list | tuple):
        inside = [shown(one) for one in value[: MOST_SIZES + 1]]
        return _shortened(f"({', '.join(inside)})")
    return _shortened(repr(value))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."
