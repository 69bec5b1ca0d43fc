"""Lines through points, and where new cells stand on them."""

from __future__ import annotations

import numpy as np
import torch

from lessons.asking.exercise import Array
from lessons.choosing.study import Study
from lessons.interpolation.recipe import COPIED, OLD, Copying, Resampling
from lessons.interpolation.signals import TONE, YEAR, Signal, tone, wave, year
from lessons.running.recipe import ran
from viz.language import Say
from viz.pictures.line import Curve, Line, Moving
from viz.theme import format_number

FROM, TO = 10.0, 20.0
"""What stands at 0 and at 1."""
STOPS = 21
"""Places from 0 to 1 where x can stand."""
HALF = 0.5
"""From the centre of a cell to its edge."""
HEIGHT = 230
"""In px: a room shows a picture with the words around it."""
FINE = 20
"""Points of the tone for each sample."""

# Between two points


def between(study: Study, say: Say) -> Line:
    """Draw the line through two points and the cells that the nearest one fills."""
    places = np.linspace(0, 1, STOPS)
    start, end = torch.tensor([FROM, TO], dtype=torch.float64)
    linear = torch.lerp(start, end, torch.from_numpy(places)).tolist()
    nearest = np.where(places < HALF, FROM, TO).tolist()
    curves = (
        Curve("linear", ((0, FROM), (1, TO))),
        Curve("nearest", ((0, FROM), (HALF, TO), (1, TO)), "steps", dashed=True),
        Curve(say("the two points"), ((0, FROM), (1, TO)), "dots"),
    )
    said = [_on_line(say, x, y, cell) for x, y, cell in zip(places, linear, nearest, strict=True)]
    return Line(
        say("What stands at x?"),
        ("x", "y"),
        curves,
        Moving(places.tolist(), study["x"], said, (linear, nearest), "x"),
        height=HEIGHT,
    )


def _on_line(say: Say, x: float, y: float, cell: float) -> str:
    """Fill in the formula of the line at x."""
    sentence = say(
        "linear: y = 10 + ({x} − 0)/(1 − 0) · (20 − 10) = **{y}**. With λ = {x}: "
        "{rest} · 10 + {x} · 20 = **{y}**. nearest: **{cell}**"
    )
    numbers = {"x": x, "rest": 1 - x, "y": y, "cell": cell}
    return sentence.format(**{name: format_number(each) for name, each in numbers.items()})


# Copies


def copied(study: Study, say: Say) -> Line:
    """Draw which cell every new cell copies in either mode."""
    recipe = Copying(study["scale"])
    run, cells = ran(recipe), recipe.value()[0, 0]
    places = run.positions.tolist()
    edges = [(place - HALF, cell) for place, cell in enumerate(cells)]
    curves = (
        Curve(say("the four cells"), (*edges, (COPIED - HALF, cells[-1])), "steps"),
        Curve(say("their centres"), list(enumerate(cells)), "dots"),
        Curve("nearest", list(zip(places, cells[run.nearest], strict=True)), "dots"),
        Curve("nearest-exact", list(zip(places, cells[run.exact], strict=True)), "dots"),
    )
    said = [
        _copies(say, recipe.scale, place, run.positions, pair)
        for place, pair in enumerate(zip(run.nearest, run.exact, strict=True))
    ]
    moving = Moving(
        # It follows no curve: a dot there would cover the sign of what is copied.
        places,
        min(study["copy"], len(places) - 1),
        said,
        (),
        say("cell"),
    )
    axes = (say("position"), say("value"))
    return Line(
        say("Which cell does a new cell copy?"), axes, curves, moving, range(COPIED), HEIGHT
    )


def _copies(say: Say, scale: float, new: int, positions: Array, copied: tuple[int, int]) -> str:
    """Say where a new cell stands and what either mode copies there."""
    nearest, exact = copied
    sentence = say(
        "New cell {new} stands at ({new} + 0.5)/{scale} − 0.5 = **{at}**. `nearest` copies cell "
        "**{nearest}**, {from_nearest} away; `nearest-exact` copies cell **{exact}**, {from_exact} "
        "away."
    )
    at = float(positions[new])
    return sentence.format(
        new=new,
        scale=f"{scale:g}",
        at=format_number(at),
        nearest=nearest,
        exact=exact,
        from_nearest=format_number(abs(at - nearest)),
        from_exact=format_number(abs(at - exact)),
    )


# Two cells made into several


def where(study: Study, say: Say) -> Line:
    """Draw where four new cells stand, and not what stands there."""
    recipe = Resampling(study.seed)
    old = recipe.value()[0, 0]
    curves = (
        Curve(say("the line"), list(enumerate(old)), dashed=True),
        Curve(say("old cells"), list(enumerate(old)), "dots"),
        Curve(say("places of the new cells"), [(at, 0.0) for at in recipe.positions()], "dots"),
    )
    axes = (say("position"), say("value"))
    title = say("Where do the new cells stand?")
    return Line(title, axes, curves, ticks=recipe.positions().tolist(), height=HEIGHT)


def placed(study: Study, say: Say) -> Line:
    """Draw the four new cells, too."""
    recipe = Resampling(study.seed)
    old, new = recipe.value()[0, 0], ran(recipe).output[0, 0]
    places = recipe.positions()
    curves = (
        Curve(say("the line, held at its ends"), held(old), dashed=True),
        Curve(say("old cells"), list(enumerate(old)), "dots"),
        Curve(say("new cells"), list(zip(places, new, strict=True)), "dots"),
    )
    axes, title = (say("position"), say("value")), say("Where new cells stand")
    return Line(title, axes, curves, ticks=places.tolist(), height=HEIGHT)


def held(old: Array) -> list[tuple[float, float]]:
    """Return the points of the line through two cells, which stays level beyond them."""
    return [(-HALF, old[0]), *enumerate(old), (OLD - HALF, old[-1])]


def sampled(study: Study, say: Say) -> Line:
    """Draw the new cells on the line, with and without aligned corners."""
    recipe = Resampling(study.seed, study["many"], study["aligned"])
    old, cells = recipe.value()[0, 0], ran(recipe).output[0, 0].tolist()
    both = (Resampling(study.seed, study["many"], aligned) for aligned in (False, True))
    curves = (
        Curve(say("the line, held at its ends"), held(old)),
        Curve(say("old cells"), list(enumerate(old)), "dots"),
        *(
            Curve(
                f"align_corners={each.aligned}",
                list(zip(each.positions(), ran(each).output[0, 0], strict=True)),
                "dots",
            )
            for each in both
        ),
    )
    places = recipe.positions().tolist()
    said = [_sampled(say, recipe, new, cell) for new, cell in enumerate(cells)]
    moving = Moving(places, min(study["copy"], len(places) - 1), said, (cells,), say("cell"))
    axes = (say("position"), say("value"))
    return Line(say("Where new cells stand"), axes, curves, moving, (-0.5, 0, 0.5, 1, 1.5), HEIGHT)


def _sampled(say: Say, recipe: Resampling, new: int, cell: float) -> str:
    """Say where a new cell stands, and the sum of its shares."""
    at, distance = float(recipe.positions()[new]), float(np.clip(recipe.positions()[new], 0, 1))
    if recipe.aligned:
        sentence = say("New cell {new} stands at {new} · (2 − 1)/({many} − 1) = {at}.")
    elif at != distance:
        sentence = say("New cell {new} stands at ({new} + 0.5)/{scale} − 0.5 = {at}: held at {l}.")
    else:
        sentence = say("New cell {new} stands at ({new} + 0.5)/{scale} − 0.5 = {at}.")
    start, end = recipe.value()[0, 0].tolist()
    numbers = {"at": at, "l": distance, "rest": 1 - distance, "y": cell, "start": start, "end": end}
    texts = {name: format_number(each, 4) for name, each in numbers.items()}
    whole = {"new": new, "many": recipe.new, "scale": f"{recipe.new / OLD:g}"}
    return f"{sentence} λ = {{l}}: {{rest}} · {{start}} + {{l}} · {{end}} = **{{y}}**".format(
        **texts, **whole
    )


# Signals


def signal(study: Study, say: Say) -> Line:
    """Draw the signal that is chosen, resampled."""
    return _tone(say) if study["signal"] == "tone" else _year(say)


def _tone(say: Say) -> Line:
    fine = np.linspace(0, TONE - 1, FINE * (TONE - 1) + 1)
    itself = Curve(say("the tone"), list(zip(fine, wave(fine), strict=True)), dashed=True)
    curves = (itself, *_resampled(tone(), say))
    axes = (say("sample"), say("sound pressure"))
    return Line(say("A tone of 12 samples, made into 96"), axes, curves, height=HEIGHT)


def _year(say: Say) -> Line:
    axes = (say("month, from 0"), "°C")
    title = say("An example: 12 monthly means, made into 52 weeks")
    curves = _resampled(year(), say)
    return Line(title, axes, curves, ticks=range(len(YEAR)), height=HEIGHT)


def _resampled(found: Signal, say: Say) -> tuple[Curve, ...]:
    """Return the samples as dots, the nearest ones as steps, and the line between them."""
    half = (found.at[1] - found.at[0]) / 2
    steps = [
        *zip(found.at - half, found.nearest, strict=True),
        (found.at[-1] + half, found.nearest[-1]),
    ]
    return (
        Curve("linear", list(zip(found.at, found.linear, strict=True))),
        Curve("nearest-exact", steps, "steps"),
        Curve(say("samples"), list(enumerate(found.samples)), "dots"),
    )
