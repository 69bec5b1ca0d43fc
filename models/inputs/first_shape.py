"""Guess an input shape for a network that came without one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice

from models.budget import estimate
from models.build import LayerError
from models.inputs.shape import InputError
from models.shapes import Shape
from models.spec import INPUT, LayerSpec, ModelSpec

SIDES = (8, 16, 28, 32, 64, 224, 4, 2, 96, 128, 227, 299)
"""Heights and widths that networks are written for; small ones first, whose cells can be read."""
SIDES_OF_LARGE = (64, 32, 28, 224, 16, 8, 128, 299)
OTHER_SIDES = tuple(side for side in range(1, 80) if side not in SIDES)
FEW_LAYERS = 24
"""Networks up to this size are also tried on all other sides."""
MAX_LAYERS_TRIED = 500
FEWEST_TRIALS = 6
"""A layer's shape takes about a millisecond; whoever waits for an answer waits a second at most."""
STEPS = 8


def first_shape(
    spec: ModelSpec, likely: Sequence[Shape] = (), training: bool = True
) -> Shape | None:
    """Return the first shape on which the network runs within the budget; None when none did.

    ``likely`` shapes are tried before those that the first layers suggest.
    """
    shapes = dict.fromkeys((*likely, *suggested(spec.layers)))
    tried = islice(shapes, max(FEWEST_TRIALS, MAX_LAYERS_TRIED // len(spec.layers)))
    return next((shape for shape in tried if runs(spec, shape, training)), None)


def runs(spec: ModelSpec, shape: Shape, training: bool = True) -> bool:
    """Whether one run of the network on this shape works and is within the budget."""
    try:
        return not estimate(spec, shape, training).refusal
    except (LayerError, InputError):
        return False


def suggested(layers: Sequence[LayerSpec]) -> Iterator[Shape]:
    """Yield shapes that suit the first layer that says how many channels or features it reads."""
    hints = ((layer, layer.layer_kind.suggests_input) for layer in _from_input(layers))
    first, hint = next(((layer, hint) for layer, hint in hints if hint), (None, None))
    before = [layer.kind for layer in layers[: layers.index(first)]] if first else []
    sizes = first.fields.sizes(hint.field) if first and hint else (1,)
    if hint and not hint.axes:
        yield from _of_features(sizes, "Flatten" in before)
    axes = hint.axes if hint and hint.axes else 2
    few = len(layers) <= FEW_LAYERS
    for side in (*SIDES, *OTHER_SIDES) if few else SIDES_OF_LARGE:
        yield (_samples(layers), sizes[0], *[side] * axes)
    if not first:
        yield from ((1, STEPS), (1, STEPS, STEPS))


def _samples(layers: Sequence[LayerSpec]) -> int:
    hints = (layer.layer_kind.suggests_input for layer in layers)
    return max((hint.samples for hint in hints if hint), default=1)


def _from_input(layers: Sequence[LayerSpec]) -> Iterator[LayerSpec]:
    """Yield the layers after the input, in the order of the network."""
    reached = {INPUT}
    for layer in layers:
        if reached.intersection(layer.inputs):
            reached.add(layer.name)
            yield layer


def _of_features(sizes: Shape, flattened: bool) -> Iterator[Shape]:
    """Yield shapes whose last dimensions, or all but the batch laid in a row, have these sizes."""
    if flattened:
        for channels in (1, 3):
            side = math.isqrt(sizes[-1] // channels)
            if (channels * side**2,) == sizes and side > 1:
                yield (1, channels, side, side)
    yield from ((1, *sizes), (1, STEPS, *sizes), (STEPS, 1, *sizes), (2, *sizes))
