"""The small tables of the lesson, and the numbers in its sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from lessons.choosing.study import Study
from lessons.interpolation.figures import QUARTERS, star
from lessons.interpolation.plane import LARGE, Plane
from lessons.interpolation.recipe import Copying, Resampling
from lessons.interpolation.signals import PERIODS, TONE, enlarged
from lessons.interpolation.wants import mixed_up
from lessons.running.recipe import ran
from lessons.showing.grid import Grid, comparison
from viz.language import Say
from viz.pictures.overlay import Layer
from viz.theme import format_number

MOST_PARTS = 16
"""Of a cell, in which a share is written."""


def passes(study: Study, say: Say) -> Grid:
    """Compare two linear passes, in either order, with one bilinear one."""
    plane = Plane(study["which"], study["aligned"])
    output = ran(plane).output
    named = {say("x, then y"): True, say("y, then x"): False}
    pairs = {name: (plane.in_two_passes(x_first=first), output) for name, first in named.items()}
    return comparison(pairs, say)


def farther(study: Study) -> Mapping[str, str]:
    """Return at how many new cells ``nearest`` misses the nearest cell."""
    found = ran(Copying(study["scale"]))
    counts = {"farther": found.farther, "halfway": found.halfway, "new": found.nearest.size}
    return {name: str(count) for name, count in counts.items()} | {"scale": f"{study['scale']:g}"}


def product(study: Study) -> Mapping[str, str]:
    """Return the largest share of the new cell in row 1, column 1, as a product."""
    share = max(map(_fraction, Resampling(new=LARGE, aligned=study["aligned"]).matrix()[1]))
    return {"product": f"{share} · {share} = {share * share}"}


def _fraction(share: float) -> Fraction:
    """Return a float32 as the simple fraction that it is."""
    return Fraction(float(share)).limit_denominator(MOST_PARTS)


def by_hand(study: Study) -> Mapping[str, str]:
    """Return the sums behind P, Q and the star."""
    found = star(study)
    cells = Plane(study["which"]).value()[0, 0]
    is_x = study["first"] == "x"
    (p_start, p_end), (q_start, q_end) = (cells if is_x else cells.T).tolist()
    first, second = (study["across"], study["down"])[:: 1 if is_x else -1]
    p, q = found.points.tolist()
    return {
        "p": _sum(first, p_start, p_end, p),
        "q": _sum(first, q_start, q_end, q),
        "star": _sum(second, p, q, float(found.star)),
    }


def _sum(quarters: int, start: float, end: float, total: float) -> str:
    numbers = 1 - quarters / QUARTERS, start, quarters / QUARTERS, end, total
    return "{} · {} + {} · {} = {}".format(*(format_number(each, 6) for each in numbers))


def wanted(_study: Study, say: Say) -> Grid:
    """List what each mode takes and what it is for."""
    line, plane, room = "`(N, C, L)`", "`(N, C, H, W)`", "`(N, C, D, H, W)`"
    rows = (
        ("`linear`", line, say("sound, a time series")),
        ("`bilinear`, `bicubic`", plane, say("pictures, maps of features")),
        ("`trilinear`", room, say("volumes, video")),
        ("`nearest`, `nearest-exact`", say("any of them"), say("labels, masks")),
    )
    return Grid((say("mode"), say("it takes"), say("for")), rows)


def refused(_study: Study, say: Say) -> Grid:
    """List what PyTorch says when they are mixed up."""
    rows = [(f"`{each.call}`", f"`{each.said}`") for each in mixed_up()]
    return Grid((say("called"), say("PyTorch says")), rows)


def sampled(_study: Study) -> Mapping[str, str]:
    """Return how many samples a period of the tone has."""
    return {"samples": format_number(TONE / PERIODS)}


def pictures(study: Study, _say: Say) -> Sequence[Layer]:
    """Return what each mode makes of the digit; modes have no other names than their own."""
    return [Layer(mode, pixels, None) for mode, pixels in enlarged(study["side"]).items()]
