"""Maps of the lesson, and the sums between them."""

from __future__ import annotations

import numpy as np

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.grad_cam import readings
from lessons.grad_cam.maps.weighing import enlarged, shares, weighted_sum, weights
from lessons.running.recipe import ran
from lessons.showing.figure import Figure, map_of
from lessons.showing.shown import Shown
from viz.language import english
from viz.maps.lights import Lights
from viz.maps.rows import Map
from viz.maps.sums import Link

MAPS, SLOPES = english("Activation maps A"), english("Gradient ∂S/∂A")
SUM, KEPT = english("Weighted sum"), english("After the ReLU")
READ = 16
"""Cells of a map whose numbers are read; the colours of more tell enough."""
CHANCE = english("Gradient of the probability ∂p/∂A")


def same_cells(one: str, other: str, count: int) -> Lights:
    """Let cells at the same place of two maps light up together."""
    every = np.arange(count)
    return Lights(one, other, every, every)


# A digit


def softened(study: Study) -> Figure:
    """Show the gradient of the probability and that of the score, on one scale."""
    found = readings.read(study)
    row = [
        _of_pixels("chance", english("Of the probability ∂p/∂x"), found.of_chance),
        _of_pixels("score", english("Of the score ∂S/∂x"), found.gradient),
    ]
    return Figure([row], lights=[same_cells("chance", "score", found.gradient.size)])


def _of_pixels(key: str, title: str, cells: Array) -> Map:
    return map_of(key, title, cells[None, None], written=False)


def _of_sum(key: str, title: str, cells: Array) -> Map:
    """Show a weighted sum, or what is made of it, on a scale that all of them share."""
    return map_of(
        key, title, cells[None, None], value=True, scale="sum", written=cells.size <= READ
    )


def layer(study: Study) -> Figure:
    """Show a layer's maps and the gradient at each of their cells."""
    found = ran(readings.of_layer(study))
    row = [
        map_of("maps", MAPS, found.maps[None], value=True),
        map_of("slopes", SLOPES, found.map_gradients[None]),
    ]
    return Figure([row], lights=[same_cells("maps", "slopes", found.maps.size)])


def summed(study: Study) -> Figure:
    """Show the maps, their weighted sum, and what the ReLU leaves of it."""
    found = ran(readings.of_layer(study))
    total = weighted_sum(found.maps, found.map_gradients)
    row = [
        map_of("maps", MAPS, found.maps[None], value=True),
        _of_sum("sum", SUM, total),
        _of_sum("kept", KEPT, np.maximum(total, 0)),
    ]
    link = weighting("sum", "maps", found.maps, weights(found.map_gradients))
    return Figure([row], [link], arrow="forward", lights=[same_cells("sum", "kept", total.size)])


def weighting(explained: str, maps: str, cells: Array, alpha: Array) -> Link:
    """Explain every cell of a sum by that cell of every channel, times the channel's weight."""
    channels, size = len(cells), cells[0].size
    places = np.arange(size)[:, None] + size * np.arange(channels)
    return Link(
        explained,
        maps,
        cells=np.arange(size),
        offsets=channels * np.arange(size + 1),
        places=places.ravel(),
        coefficients=np.tile(alpha, size),
        names=tuple(f"α[{channel}]" for channel in range(channels)),
        name_of=np.tile(np.arange(channels), size),
        words={"explained": english("sum")},
    )


def resized(study: Study) -> Figure:
    """Show which coarse cells a fine one is made of."""
    found = ran(readings.of_layer(study))
    coarse = np.maximum(weighted_sum(found.maps, found.map_gradients), 0)
    small, large, mode = len(coarse), len(found.image), study["mode"]
    row = [
        _of_sum("coarse", KEPT, coarse),
        _of_sum("fine", english("Enlarged"), enlarged(coarse, large, mode)),
    ]
    return Figure([row], [sharing(shares(small, large, mode))], arrow="forward")


def sharing(parts: Array) -> Link:
    """Explain every fine cell by the coarse ones that it takes a share of."""
    rows, places = np.nonzero(parts)
    return Link(
        "fine",
        "coarse",
        cells=np.arange(len(parts)),
        offsets=np.searchsorted(rows, np.arange(len(parts) + 1)),
        places=places,
        coefficients=parts[rows, places],
        words={"explained": english("enlarged")},
        fractions=True,
    )


# Two small maps


def colours(study: Study) -> Figure:
    """Show the gradient of a picture of three channels."""
    trial = ran(readings.coloured(study))
    title = english("Gradient ∂S/∂x: red, green, blue")
    return Figure([[map_of("colours", title, trial.downstream)]])


def colours_found(study: Study) -> Figure:
    """Show the same, and its largest magnitude over the channels."""
    trial = ran(readings.coloured(study))
    (row,) = colours(study).rows
    largest = np.abs(trial.downstream).max(1, keepdims=True)
    known = map_of("saliency", english("Saliency"), largest)
    size, every = largest.size, np.arange(trial.downstream.size)
    return Figure([[known, *row]], lights=[Lights("saliency", "colours", every % size, every)])


def slopes(study: Study) -> Figure:
    """Show the gradients of score and probability at two small maps."""
    return Figure([[_slopes(study), _of_chance(study)]])


def slopes_found(study: Study) -> Figure:
    """Show the weights beside the gradient that they are the means of."""
    found = readings.weighed(study)
    alpha = map_of("alpha", english("Weights α"), found.weights.reshape(1, -1, 1, 1))
    size = found.gradient[0].size
    every = np.arange(found.gradient.size)
    return Figure(
        [[alpha, _slopes(study)]], lights=[Lights("alpha", "slopes", every // size, every)]
    )


def small_maps(study: Study) -> Figure:
    """Show two small maps, and the gradient of the score."""
    found = readings.weighed(study)
    maps = map_of("maps", MAPS, found.maps[None], value=True)
    return Figure([[maps, _slopes(study)]])


def small_found(study: Study) -> Figure:
    """Show the maps, their weighted sum, and Grad-CAM."""
    found = readings.weighed(study)
    total = weighted_sum(found.maps, found.gradient)
    row = [
        map_of("maps", MAPS, found.maps[None], value=True),
        _of_sum("sum", SUM, total),
        _of_sum("cam", KEPT, found.cam),
    ]
    link = weighting("sum", "maps", found.maps, found.weights)
    lights = [same_cells("sum", "cam", total.size)]
    return Figure([row], [link], arrow="forward", lights=lights)


def _slopes(study: Study) -> Map:
    title = english("Gradient of the score ∂S/∂A")
    return map_of("slopes", title, readings.weighed(study).gradient[None])


def _of_chance(study: Study) -> Map:
    return map_of("chance", CHANCE, readings.weighed(study).of_chance[None])


def pooled(study: Study) -> Figure:
    """Show how the gradient of a mean comes to its cells."""
    shown = Shown(
        ran(readings.pooled(study)),
        {
            "value": MAPS,
            "output": english("Means"),
            "upstream": english("Weights w of the class"),
            "downstream": SLOPES,
        },
    )
    return Figure([[shown.downstream, shown.upstream]], [shown.backward()], arrow="backward")
