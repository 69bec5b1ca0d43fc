"""What the name of a coefficient claims, against the coefficient.

``2 (y - t)/12 = 0.25``, ``1/4 (average)``, ``-1 (negated)``, ``op.weight[0,1]``, ``1/other[2]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from torch import Tensor

from flow.record import INPUT
from tests.flow.sweep.oracle import Array, Plain, Seen, array_of

COPY = "1 (copy)"
NUMBER = r"[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|inf|nan)"
EQUATION = re.compile(rf"= ({NUMBER})$")
FRACTION = re.compile(r"([-+]?\d+)/(\d+)(?: |$)")
PLAIN_NUMBER = re.compile(rf"({NUMBER})(?: \([^\[]*$|$)")
INVERSE = re.compile(rf"1/({NUMBER})$")
ENTRY = re.compile(rf"(?:({NUMBER}) )?(-?)(1/)?([^\[\]/]+)\[([\d,]+)\]$")

SHARE = re.compile(r"\((?:\w*linear|bicubic)\)$")
"""Shares of a resampled cell: torch computes them from places, which it rounds."""
RESAMPLED = 8
ROUNDINGS = 8
"""Units in the last place between a coefficient and the value that is named."""
FOUR_DIGITS, SIX_DIGITS = 6e-4, 6e-6
"""What writing a number with so many digits may take from it."""
SAVED = {"x", "weight", "other", "first", "second"}
"""Labels of tensors that are not parameters: the node saved them, or they are inputs."""


def wrong_claim(
    name: str, coefficient: complex, plain: Plain, nodes: Sequence[Seen], eps: float
) -> str:
    """Return what a name claims where its coefficient is something else; empty if it is right."""
    claimed = _number(name)
    if claimed is not None:
        value, slack = claimed
        shift = RESAMPLED * eps if SHARE.search(name) else 0.0
        near = _near(coefficient, value, slack + ROUNDINGS * eps, shift)
        return "" if near else f"{value:.6g}"
    entry = ENTRY.match(name)
    if entry is None:
        return ""
    times, minus, over, label, index = entry.groups()
    factor = float(times or 1)
    inputs = _inputs(plain)
    cell = tuple(int(axis) for axis in index.split(","))
    found = [factor * _signed(one, minus, over) for one in _entries(label, cell, plain, nodes)]
    if not found and label not in SAVED and label not in inputs:
        return ""
    if any(_near(coefficient, one, ROUNDINGS * eps) for one in found):
        return ""
    return " or ".join(dict.fromkeys(f"{one:.6g}" for one in found)) or "no entry of that place"


def _number(name: str) -> tuple[float, float] | None:
    """Return the number that a name states, and what its digits leave open."""
    if found := EQUATION.search(name):
        return float(found[1]), FOUR_DIGITS
    if found := FRACTION.match(name):
        return _quotient(int(found[1]), int(found[2])), 0.0
    if found := PLAIN_NUMBER.match(name):
        return float(found[1]), SIX_DIGITS
    if found := INVERSE.match(name):
        return _quotient(1, float(found[1])), SIX_DIGITS
    return None


def _near(coefficient: complex, value: float, slack: float, shift: float = 0.0) -> bool:
    if not np.isfinite(value):
        return not bool(np.isfinite(coefficient))
    allowed = slack * abs(value) + shift + float(np.finfo(np.float32).tiny)
    return abs(coefficient - value) <= allowed


def _signed(value: float, minus: str, over: str) -> float:
    value = -value if minus else value
    return _quotient(1, value) if over else value


def _quotient(top: float, bottom: float) -> float:
    return top / bottom if bottom else np.inf


def _entries(label: str, cell: tuple[int, ...], plain: Plain, nodes: Sequence[Seen]) -> list[float]:
    """Return that entry of every tensor that the label may mean."""
    return [
        float(array[cell].real)
        for seen in nodes
        for array in map(array_of, _tensors(label, plain, seen))
        if _inside(array, cell)
    ]


def _inside(array: Array, cell: tuple[int, ...]) -> bool:
    return array.ndim == len(cell) and all(
        place < size for place, size in zip(cell, array.shape, strict=True)
    )


def _inputs(plain: Plain) -> dict[str, Tensor]:
    """Return the inputs by the names that they have in a run: ``(input)``, ``(input 1)``, ..."""
    several = len(plain.inputs) > 1
    return {
        INPUT if not which else f"{INPUT[:-1]} {which})": tensor
        for which, tensor in enumerate(plain.inputs)
    } | ({f"{INPUT[:-1]} 0)": plain.inputs[0]} if several else {})


def _tensors(label: str, plain: Plain, seen: Seen) -> Iterator[Tensor]:
    parameters = dict(plain.host.named_parameters(remove_duplicate=False))
    if label in parameters:
        yield parameters[label]
    elif label in _inputs(plain):
        yield _inputs(plain)[label]
    elif label in SAVED:
        for attribute in dir(seen.node):
            if attribute.startswith("_saved_"):
                value = getattr(seen.node, attribute)
                if isinstance(value, Tensor) and not value.is_sparse:
                    yield value
                    if label == "weight":
                        yield value.mT if value.ndim > 1 else value
