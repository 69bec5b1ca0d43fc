"""Reading a text together with a shape of its input: given, or found by trying."""

from __future__ import annotations

from collections.abc import Sequence

from models.inputs.first_shape import first_shape, runs, suggested
from models.shapes import Shape
from models.source.expressions import MAX_STEPS
from models.source.reader import Reading, SizeError, read_source
from models.source.syntax import SourceError

MAX_TRIES = 12
"""Shapes on which a text that takes sizes from its tensors is read."""
STEPS_OF_A_LAYER = 100
"""Steps of reading that take about the time in which a layer's shape is found."""


def read_on_shape(
    text: str,
    name: str | None = None,
    written: str = "",
    shape: Shape | None = None,
    likely: Sequence[Shape] = (),
    training: bool = True,
) -> tuple[Reading, Shape | None]:
    """Return the model of a text, and the shape of an input on which it runs.

    A given ``shape`` is returned as it is. Without one, ``likely`` ones are tried first, then what
    the first layers suggest; None when the model runs on none of them. Raises SourceError.
    """
    try:
        reading = read_source(text, name, written=written)
    except SizeError as needed:
        if shape is not None:
            return read_source(text, name, written=written, shape=shape), shape
        return _tried(needed, text, name, written, likely, training)
    found = shape or first_shape(reading.spec, likely, training)
    if reading.sized and found is not None:
        read_source(text, name, written=written, shape=found)  # says what does not fit this shape
    return reading, found


def _tried(
    needed: SizeError,
    text: str,
    name: str | None,
    written: str,
    likely: Sequence[Shape],
    training: bool,
) -> tuple[Reading, Shape | None]:
    """Read the text on one shape after the other; together in about the time of one long text."""
    shapes = list(dict.fromkeys((*likely, *suggested(needed.layers))))
    first: SourceError = needed
    work = needed.steps + STEPS_OF_A_LAYER * len(needed.layers) + 1
    for place, shape in enumerate(shapes[: min(MAX_TRIES, MAX_STEPS // work)]):
        try:
            reading = read_source(text, name, written=written, shape=shape)
        except SourceError as error:
            first = error if place == 0 else first
            continue
        if runs(reading.spec, shape, training):
            return reading, shape
    raise first
