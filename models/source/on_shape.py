"""Reading a text together with a shape of its input: given, or found by trying."""

from __future__ import annotations

from collections.abc import Sequence

from models.inputs.first_shape import first_shape, runs, suggested, tried
from models.shapes import Shape
from models.source.expressions import MAX_STEPS
from models.source.reader import Reading, SizeError, read_source
from models.source.syntax import SourceError

MAX_TRIES = 12
"""Shapes on which a text that takes sizes from its tensors is read."""
STEPS_OF_A_LAYER = 100
"""Steps of reading that take about the time in which a layer's shape is found."""


class GuessError(SourceError):
    """A text that cannot be read on any shape that was guessed; ``shape`` is the best of them."""

    def __init__(self, error: SourceError, shape: Shape) -> None:
        super().__init__(error.line, error.problem, error.column)
        self.steps = error.steps
        self.shape = shape


def read_on_shape(
    text: str,
    name: str | None = None,
    written: str = "",
    shape: Shape | None = None,
    likely: Sequence[Shape] = (),
    training: bool = True,
) -> tuple[Reading, Shape]:
    """Return the model of a text, and the shape of an input on which it runs.

    A given ``shape`` is returned as it is. Without one, ``likely`` ones are tried first, then what
    the first layers suggest; where the model runs on none of them, the one on which it gets
    furthest is returned. Raises SourceError, a GuessError where only the guessed shapes are wrong.
    """
    try:
        reading = read_source(text, name, written=written)
        if reading.start and reading.shape is not None:
            whole = reading if shape is None else read_source(text, name, shape=shape)
            return whole, shape or reading.shape
    except SizeError as needed:
        if shape is not None:
            return read_source(text, name, written=written, shape=shape), shape
        return _tried(needed, text, name, written, likely, training)
    found = shape or first_shape(reading.spec, likely, training).shape
    if reading.sized and runs(reading.spec, found, training):
        try:
            read_source(text, name, written=written, shape=found)
        except SourceError as error:  # it says what does not fit this shape
            raise error if shape else GuessError(error, found) from None
    return reading, found


def _tried(
    needed: SizeError,
    text: str,
    name: str | None,
    written: str,
    likely: Sequence[Shape],
    training: bool,
) -> tuple[Reading, Shape]:
    """Read the text on one shape after the other; together in about the time of one long text."""
    shapes = list(dict.fromkeys((*likely, *suggested(needed.layers))))
    work = needed.steps + STEPS_OF_A_LAYER * len(needed.layers) + 1
    readings: list[tuple[Reading, Shape]] = []
    errors: list[GuessError] = []
    for shape in shapes[: min(MAX_TRIES, MAX_STEPS // work)]:
        try:
            readings.append((read_source(text, name, written=written, shape=shape), shape))
        except SourceError as error:
            errors.append(GuessError(error, shape))
            continue
        if runs(readings[-1][0].spec, shape, training):
            return readings[-1]
    if readings:
        return max(readings, key=lambda pair: tried(pair[0].spec, pair[1], training).layers)
    if len({(error.line, error.problem) for error in errors}) == 1:
        raise SourceError(errors[0].line, errors[0].problem, errors[0].column)
    raise max(errors, key=lambda error: error.steps, default=needed)
