"""What the steps are about, and the numbers of their texts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lessons.choosing.study import Study
from lessons.grad_cam.asked.colours import Coloured
from lessons.grad_cam.asked.pooled import Pooled
from lessons.grad_cam.asked.weighted import Weighed, Weighing
from lessons.grad_cam.attributed.control import COUNT, STAGES, Control, Ranking
from lessons.grad_cam.attributed.parts import Parted
from lessons.grad_cam.attributed.path import Integrating
from lessons.grad_cam.attributed.smooth import Smoothing
from lessons.grad_cam.digit.network import LAST, trained
from lessons.grad_cam.digit.reading import Read, Reading
from lessons.grad_cam.digit.training import halves, right
from lessons.grad_cam.maps.weighing import weighted_sum
from lessons.grad_cam.photograph.lite import SIDE
from lessons.grad_cam.photograph.photographed import Photographed, Seen
from lessons.running.recipe import ran
from models.inputs.compressed import size_of
from viz.theme import format_number

# What a step is about


def best(study: Study) -> Reading:
    """Return the digit and the class of its highest score."""
    return Reading(study.seed)


def of_pixels(study: Study) -> Reading:
    """Return the digit and a class of it."""
    return Reading(study.seed, study["target"])


def of_layer(study: Study) -> Reading:
    """Return the digit, a class of it, and a layer."""
    return Reading(study.seed, study["target"], study["layer"])


def parted(study: Study) -> Parted:
    """Return the digit whose score is taken apart."""
    return Parted(of_pixels(study), study["biased"])


def smoothing(study: Study) -> Smoothing:
    """Return the digit with noise."""
    return Smoothing(of_pixels(study), study["copies"], study["sigma"])


def integrating(study: Study) -> Integrating:
    """Return the way to the digit."""
    return Integrating(of_pixels(study), study["parts"])


def control(study: Study) -> Control:
    """Return the digit and what forgot."""
    return Control(best(study), study["forgot"])


def ranking(study: Study) -> Ranking:
    """Return the digits over which is averaged."""
    return Ranking(study.seed)


def coloured(study: Study) -> Coloured:
    """Return the picture of three channels."""
    return Coloured(study.seed)


def weighing(study: Study) -> Weighing:
    """Return the two small maps."""
    return Weighing(study.seed)


def pooled(study: Study) -> Pooled:
    """Return the pooling of two maps."""
    return Pooled(study.seed)


def photographed(study: Study) -> Photographed:
    """Return the photograph."""
    named = (study[name] for name in ("picture", "rank", "stage", "view", "own"))
    return Photographed(*named)


# What a step's text says


def read(study: Study) -> Read:
    """Return what the network says of the digit, for the class that is chosen."""
    found: Read = ran(of_pixels(study))
    return found


def seen(study: Study) -> Seen | None:
    """Return what the network for photographs says; None where it is missing."""
    found: Seen | None = ran(photographed(study))
    return found


def of_own(study: Study) -> Mapping[str, str]:
    """Return how large the visitor's photograph is, as the link holds it."""
    return {"side": f"{SIDE}x{SIDE}", "bytes": f"{size_of(study['own']):,}"}


def of_question(study: Study) -> Mapping[str, str]:
    """Return what the digit shows, what the network reads, and how well it reads."""
    found = ran(best(study))
    return {
        "label": str(found.label),
        "read": str(found.target),
        "right": str(right(trained())),
        "count": str(len(halves()[1].labels)),
    }


def of_class(study: Study) -> Mapping[str, str]:
    """Return the class that is asked about, its score and its probability."""
    found = read(study)
    return {
        "target": str(found.target),
        "score": format_number(found.scores[found.target], 4),
        "chance": format_number(found.chances[found.target], 4),
    }


def of_ink(study: Study) -> Mapping[str, str]:
    """Return how many white pixels have a gradient, and where the largest one stands."""
    found = read(study)
    blank, moved = found.image == 0, np.abs(found.gradient) > 0
    row, column = np.unravel_index(np.abs(found.gradient).argmax(), found.gradient.shape)
    return {
        **of_class(study),
        "blank": str(int((blank & moved).sum())),
        "all": str(int(blank.sum())),
        "largest": format_number(found.gradient[row, column], 3),
        "row": str(int(row)),
        "column": str(int(column)),
        "ink": format_number(found.image[row, column], 3),
    }


def of_chance(study: Study) -> Mapping[str, str]:
    """Return the probability and what is left of the largest gradient."""
    found = read(study)
    return {**of_class(study), "rest": format_number(found.rest, 3)}


def of_parts(study: Study) -> Mapping[str, str]:
    """Return what the pixels, the biases and both add up to."""
    found = ran(parted(study))
    biases = sum(found.biases.values())
    return {
        "target": str(found.target),
        "pixels": format_number(found.pixels, 4),
        "biases": format_number(biases, 4),
        "sum": format_number(found.pixels + biases, 4),
        "score": format_number(found.score, 4),
        "blank": str(int((found.image == 0).sum())),
    }


def of_noise(study: Study) -> Mapping[str, str]:
    """Return how alike two means are that share no noise."""
    found, count = ran(smoothing(study)), study["copies"]
    return {
        "copies": str(count),
        "alike": correlation(found.agreement[count]),
        "one": correlation(found.agreement[1]),
    }


def of_way(study: Study) -> Mapping[str, str]:
    """Return the sum of the attributions, and by how much the score rose."""
    found, parts = ran(integrating(study)), study["parts"]
    return {
        "parts": str(parts),
        "sum": format_number(found.sums[parts], 4),
        "rise": format_number(found.rise, 4),
        "gap": format_number(abs(found.sums[parts] - found.rise), 3),
    }


def of_control(study: Study) -> Mapping[str, str]:
    """Return over how many digits is averaged, and how alike maps of all new parameters are."""
    last = ran(ranking(study))[STAGES[-1]]
    return {"count": str(COUNT), "most": correlation(max(last.values(), key=abs))}


def of_sum(study: Study) -> Mapping[str, str]:
    """Return what the ReLU sets to 0."""
    found = ran(of_layer(study))
    total = weighted_sum(found.maps, found.map_gradients)
    return {
        "target": str(found.target),
        "channels": str(len(found.maps)),
        "cells": str(total.size),
        "negative": str(int((total < 0).sum())),
        "cut": format_number(-float(total.clip(max=0).sum()), 3),
        "kept": format_number(float(total.clip(min=0).sum()), 3),
    }


def of_sizes(study: Study) -> Mapping[str, str]:
    """Return the sizes of the map and of the digit."""
    found = ran(of_layer(study))
    small, large = found.maps.shape[-1], found.image.shape[-1]
    return {"small": f"{small}x{small}", "large": f"{large}x{large}"}


def of_equal(study: Study) -> Mapping[str, str]:
    """Return how many cells a map of the last layer has, and the class."""
    found = ran(Reading(study.seed, study["target"], LAST))
    return {"cells": str(found.maps[0].size), "target": str(found.target)}


def weighed(study: Study) -> Weighed:
    """Return what autograd says of the two small maps."""
    found: Weighed = ran(weighing(study))
    return found


def correlation(value: float) -> str:
    """Write a correlation in two decimals; none is written as a negative zero."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")
