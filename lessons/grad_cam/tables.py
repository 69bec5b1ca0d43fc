"""Tables and curves of the lesson."""

from __future__ import annotations

import numpy as np

from lessons.choosing.study import Study
from lessons.grad_cam import readings
from lessons.grad_cam.attributed import path
from lessons.grad_cam.attributed.control import METHODS, STAGES
from lessons.grad_cam.digit.network import CLASSES, LAST, trained
from lessons.grad_cam.digit.reading import Reading
from lessons.grad_cam.maps.weighing import weighted_sum, weights
from lessons.grad_cam.settings import FORGOT, METHOD_WORDS
from lessons.running.recipe import ran
from lessons.showing.grid import Grid, comparison, sign
from viz.language import Say
from viz.pictures.line import Curve, Line
from viz.theme import format_number

HEIGHT = 230


def scores(study: Study, say: Say) -> Line:
    """Draw the score of every class."""
    found = ran(readings.best(study))
    bars = Curve(say("score"), list(enumerate(map(float, found.scores))), "bars")
    axes = (say("class"), say("score S"))
    return Line(say("Scores"), axes, [bars], ticks=range(CLASSES), height=HEIGHT)


def softened(study: Study, say: Say) -> Grid:
    """List what the gradients of a score and of its probability come to."""
    found = readings.read(study)
    soft, ruled = found.of_chance, found.by_rule
    largest = format_number(np.abs(soft).max(), 3)
    rows = [
        (say("probability p"), format_number(found.chances[found.target], 4)),
        (say("1 − p"), format_number(found.rest, 3)),
        (say("max abs(∂S/∂x)"), format_number(np.abs(found.gradient).max(), 3)),
        (say("max abs(∂p/∂x)"), largest),
        (
            say("the same by the formula"),
            f"{format_number(np.abs(ruled).max(), 3)} {sign(ruled, soft)}",
        ),
    ]
    return Grid((say("what"), say("value")), rows, frozenset({1}))


def parts(study: Study, say: Say) -> Grid:
    """List what a score is the sum of."""
    found = ran(readings.parted(study))
    head = found.biases["head"]
    added = {
        say("pixels"): found.pixels,
        say("biases of the convolutions"): sum(found.biases.values()) - head,
        say("bias of the linear layer"): head,
    }
    named = {**added, say("sum"): sum(added.values()), say("score S"): found.score}
    rows = [(name, format_number(value, 4)) for name, value in named.items()]
    return Grid((say("part"), say("adds")), rows, frozenset({1}))


def way(study: Study, say: Say) -> Line:
    """Draw what all attributions add up to, over the number of parts."""
    found = ran(readings.integrating(study))
    sums = Curve(say("sum of the attributions"), list(found.sums.items()))
    ends = (path.COUNTS[0], path.COUNTS[-1])
    rise = Curve(say("rise of the score"), [(end, found.rise) for end in ends], dashed=True)
    here = Curve(say("chosen"), [(study["parts"], found.sums[study["parts"]])], "dots")
    axes = (say("parts of the way"), say("score"))
    title = say("Sum of the attributions")
    return Line(title, axes, [sums, rise, here], ticks=(1, 8, 16, 32, 64), height=HEIGHT)


def control(study: Study, say: Say) -> Grid:
    """List how alike the maps are when more and more layers forgot."""
    alike = ran(readings.ranking(study))
    rows = []
    for stage in STAGES:
        rows.append(
            (say(FORGOT[stage]), *(readings.correlation(alike[stage][each]) for each in METHODS))
        )
    heads = (say("drawn anew"), *(say(METHOD_WORDS[each]) for each in METHODS))
    return Grid(heads, rows, frozenset({1, 2, 3}))


def alphas(study: Study, say: Say) -> Line:
    """Draw the weight of every channel."""
    found = ran(readings.of_layer(study))
    alpha = weights(found.map_gradients)
    bars = Curve(say("weight α"), list(enumerate(map(float, alpha))), "bars")
    axes = (say("channel"), say("weight α"))
    ticks = range(0, len(alpha), 3)
    return Line(say("Weights of the channels"), axes, [bars], ticks=ticks, height=HEIGHT)


def equal(study: Study, say: Say) -> Line:
    """Draw the weights of Grad-CAM beside those of the linear layer, divided by the cells."""
    found = ran(Reading(study.seed, study["target"], LAST))
    alpha, cells = weights(found.map_gradients), found.maps[0].size
    linear = trained().head.weight[found.target].numpy() / cells
    curves = [
        Curve(say("α of Grad-CAM"), list(enumerate(map(float, alpha))), "bars"),
        Curve(say("w / {cells}").format(cells=cells), list(enumerate(map(float, linear))), "bars"),
    ]
    axes = (say("channel"), say("weight"))
    ticks = range(0, len(alpha), 3)
    return Line(say("Two ways to the weights"), axes, curves, ticks=ticks, height=HEIGHT)


def compared(study: Study, say: Say) -> Grid:
    """List how far CAM and Grad-CAM are apart."""
    found = ran(Reading(study.seed, study["target"], LAST))
    alpha, cells = weights(found.map_gradients), found.maps[0].size
    linear = trained().head.weight[found.target].numpy()
    cam = np.einsum("k,kij->ij", linear, found.maps)
    total = weighted_sum(found.maps, found.map_gradients)
    pairs = {
        say("{cells} · α and w").format(cells=cells): (cells * alpha, linear),
        say("{cells} · weighted sum and CAM").format(cells=cells): (cells * total, cam),
    }
    return comparison(pairs, say)


def photographed(study: Study, say: Say) -> Grid:
    """List the highest scores of a photograph; nothing where the network is missing."""
    found = readings.seen(study)
    heads = (say("class"), say("score S"), say("probability p"))
    if found is None:
        return Grid(heads, [], frozenset({1, 2}))
    rows = []
    pairs = zip(found.names, found.scores, found.chances, strict=True)
    for place, (name, score, chance) in enumerate(pairs, 1):
        said = f"{place}. {name}"
        shown = f"**{said}** ←" if place == study["rank"] else said
        rows.append((shown, format_number(score, 3), format_number(chance, 2)))
    return Grid(heads, rows, frozenset({1, 2}))
