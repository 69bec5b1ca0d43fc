"""Guess an input shape for a network that came without one."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from models.budget import estimate
from models.build import LayerError
from models.inputs.shape import InputError
from models.shapes import Shape
from models.spec import INPUT, LayerSpec, ModelSpec

SIDES = (8, 16, 28, 32, 64, 224, 4, 2, 96, 128, 227, 299, 48, 256, 84, 112, 100)
"""Heights and widths that networks are written for; small ones first, whose cells can be read."""
SIDES_OF_LARGE = (64, 32, 28, 224, 16, 8, 128, 299)
OTHER_SIDES = tuple(side for side in range(1, 80) if side not in SIDES)
FEW_LAYERS = 24
"""Networks up to this size are also tried on all other sides."""
MAX_SIDE = 1023
"""Largest side that is looked for when no usual one fits; ten trials find it."""
MAX_LAYERS_TRIED = 500
FEWEST_TRIALS = 6
"""A layer's shape takes about a millisecond; whoever waits for an answer waits a second at most."""
STEPS = 8
ADVICE = re.compile(r"(Set \w+=|Choose sizes whose product is )\d+\.$")
"""How a problem ends that a number of channels, features or cells mends."""


@dataclass(frozen=True)
class Trial:
    """How far a network gets on an input of this shape."""

    shape: Shape
    layers: int = 0
    """Those that work; of a network over the budget those that were followed."""
    runs: bool = False
    advice: str = ""
    """What the layer that fails must have, as in ``Set in_features=64.``; of what `first_shape`
    returns, where every shape that was tried and gets as far asks for the same."""


def first_shape(spec: ModelSpec, likely: Sequence[Shape] = (), training: bool = True) -> Trial:
    """Return the first shape on which the network runs within the budget.

    ``likely`` shapes are tried before those that the first layers suggest, and last the side that
    suits the layer on which the others fail, unless that asks for the same whatever the shape. When
    all fail, the one that gets furthest is returned.
    """
    shapes = dict.fromkeys((*likely, *suggested(spec.layers)))
    most = max(FEWEST_TRIALS, MAX_LAYERS_TRIED // len(spec.layers))
    trials: list[Trial] = []
    for shape in islice(shapes, most):
        trials.append(tried(spec, shape, training))
        if trials[-1].runs:
            return trials[-1]
    furthest = max(trials, key=lambda trial: trial.layers)
    advices = [trial.advice for trial in trials if trial.layers == furthest.layers and trial.advice]
    if len(advices) > 1 and len(set(advices)) == 1:
        return replace(furthest, advice=advices[0])
    best = _of_the_side_that_suits(spec, furthest, training) or furthest
    return replace(best, advice="")


def tried(spec: ModelSpec, shape: Shape, training: bool = True) -> Trial:
    """Return how far the network gets; only shapes are followed, and nothing is allocated."""
    try:
        budget = estimate(spec, shape, training)
    except LayerError as error:
        names = [layer.name for layer in spec.layers]
        advice = ADVICE.search(error.problem)
        return Trial(shape, names.index(error.layer), advice=advice[0] if advice else "")
    except InputError:
        return Trial(shape)
    followed = [cost for cost in budget.layers if cost.output_shape]
    return Trial(shape, len(followed) if budget.refusal else len(spec.layers), not budget.refusal)


def runs(spec: ModelSpec, shape: Shape, training: bool = True) -> bool:
    """Whether one run of the network on this shape works and is within the budget."""
    return tried(spec, shape, training).runs


def _of_the_side_that_suits(spec: ModelSpec, failed: Trial, training: bool) -> Trial | None:
    """Return a trial that gets further, on maps or lines of the one side that suits a layer.

    The cells that a layer is given grow with the side, so a bisection finds it.
    """
    wanted = _cells_wanted(spec.layers[failed.layers :])
    many = MAX_SIDE.bit_length() * len(spec.layers) > MAX_LAYERS_TRIED
    if many or not wanted or not failed.layers or len(failed.shape) < 3:
        return None
    too_many = wanted + 1
    head = ModelSpec(name=spec.name, layers=spec.layers[: failed.layers])

    def sided(side: int) -> Shape:
        return (*failed.shape[:2], *[side] * len(failed.shape[2:]))

    def cells(side: int) -> int:
        try:
            output = estimate(head, sided(side), training).output_shape
        except LayerError:
            return 0  # nothing is left of a map this small
        except InputError:
            return too_many
        return math.prod(output[1:]) if output else too_many

    trial = tried(spec, sided(bisect_left(range(MAX_SIDE), wanted, lo=1, key=cells)), training)
    return trial if trial.layers > failed.layers else None


def _cells_wanted(layers: Sequence[LayerSpec]) -> int:
    """Return how many cells of a sample the first layer takes; 0 where it does not say."""
    if layers and layers[0].kind == "Linear":
        return layers[0].fields.whole("in_features")
    if layers and layers[0].kind == "View":
        return max(0, math.prod(layers[0].fields.sizes("shape")))
    return 0


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
