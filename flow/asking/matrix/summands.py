"""The terms of one cell, made of the real numbers of its row in a node's matrix.

A complex upstream cell g has two columns. Where the second coefficient is i times the first, the
node multiplies g as a whole; elsewhere Re(g) and Im(g) are terms of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from flow.arrays import to_array
from flow.asking.matrix.reals import Index, width
from flow.asking.matrix.trial import Found
from flow.record import Array, Part
from flow.said import said

IN_PARTS = said(
    "This backward is linear over the real numbers only: it multiplies the real and the imaginary "
    "part of the upstream gradient by different coefficients."
)
WHOLE: tuple[Part, ...] = ("",)
ROUNDINGS = 16
"""Units in the last place by which two coefficients found apart may differ."""


@dataclass(frozen=True, eq=False)
class Summands:
    """Coefficients other than 0 with output, place, part and value of their upstream cells."""

    coefficients: Array
    outputs: Index
    places: Index
    parts: tuple[Part, ...]
    """Empty where every upstream cell is taken as a whole."""
    upstreams: Array

    def without_foreign_infinity(self, value: complex) -> Summands:
        """Drop the 0 x infinity that another cell's infinite derivative leaves in this cell's map.

        Only where this cell's own value is finite and the upstream there is not 0: then no such
        term can be part of it.
        """
        stray = np.isnan(self.coefficients) & (self.upstreams != 0)
        if not np.isfinite(value) or not stray.any():
            return self
        return self[np.flatnonzero(~stray)]

    def __getitem__(self, kept: Index) -> Summands:
        return Summands(
            self.coefficients[kept],
            self.outputs[kept],
            self.places[kept],
            tuple(self.parts[i] for i in kept.tolist()) if self.parts else (),
            self.upstreams[kept],
        )


def turns(one: Array, other: Array) -> NDArray[np.bool_]:
    """Tell where the second number is i times the first."""
    rounding = ROUNDINGS * np.finfo(one.dtype).eps
    with np.errstate(all="ignore"):
        close: NDArray[np.bool_] = np.abs(other - 1j * one) <= rounding * np.abs(one)
    return close


def summands(vectors: Sequence[Tensor], found: Found, pair: bool) -> Summands:
    """Return the terms of one cell; of a complex one (``pair``), two rows were found.

    ``vectors`` are what arrived at the outputs, laid end to end in the columns.
    """
    columns, coefficients = _paired(found) if pair else (found.columns, found.values)
    begins = np.cumsum([0, *(width([vector]) for vector in vectors)])
    several = [
        _of_output(output, to_array(vector), columns[inside] - begins[output], coefficients[inside])
        for output, vector in enumerate(vectors)
        for inside in [(columns >= begins[output]) & (columns < begins[output + 1])]
    ]
    parts: list[Part] = []
    if any(one.parts for one in several):
        parts = [part for one in several for part in one.parts or WHOLE * len(one.places)]
    return Summands(
        np.concatenate([one.coefficients for one in several]),
        np.concatenate([one.outputs for one in several]),
        np.concatenate([one.places for one in several]),
        tuple(parts),
        np.concatenate([one.upstreams for one in several]),
    )


def _paired(found: Found) -> tuple[Index, Array]:
    """Join the row of the real part and the row of the imaginary part."""
    columns, index = np.unique(found.columns, return_inverse=True)
    joined = np.zeros(len(columns), np.result_type(found.values.dtype, np.complex64))
    with np.errstate(all="ignore"):
        np.add.at(joined, index, np.where(found.rows == 0, 1, 1j) * found.values)
    return columns, joined


def _of_output(output: int, arrived: Array, columns: Index, coefficients: Array) -> Summands:
    """Return the terms of the cells of one output."""
    flat = arrived.reshape(-1)
    if arrived.dtype.kind != "c":
        return _plain(output, columns, coefficients, flat[columns])
    places, index = np.unique(columns // 2, return_inverse=True)
    both = np.zeros((2, len(places)), coefficients.dtype)
    both[columns % 2, index] = coefficients
    if turns(*both).all():
        return _plain(output, places, both[0], flat[places])
    return Summands(
        coefficients,
        np.full(len(columns), output),
        columns // 2,
        tuple(("real part", "imaginary part")[odd] for odd in (columns % 2).tolist()),
        np.where(columns % 2, flat.imag[columns // 2], flat.real[columns // 2]),
    )


def _plain(output: int, places: Index, coefficients: Array, upstreams: Array) -> Summands:
    return Summands(coefficients, np.full(len(places), output), places, (), upstreams)
