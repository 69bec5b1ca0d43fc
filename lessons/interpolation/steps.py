"""Lesson: what stands between two points, and who pays backward."""

from __future__ import annotations

from functools import partial

from lessons.blocks import (
    Again,
    Choose,
    Columns,
    Controls,
    Derivation,
    Drawn,
    Maps,
    Overlay,
    Predict,
    Prose,
    Slide,
    Table,
    Uses,
    Walked,
)
from lessons.choosing.choice import Choice
from lessons.choosing.study import Study
from lessons.interpolation import figures, lines, tables
from lessons.interpolation.plane import CELLS, Plane
from lessons.interpolation.recipe import (
    COPIED,
    LARGEST_SCALE,
    OLD,
    SMALLEST_SCALE,
    Copying,
    Resampling,
)
from lessons.lesson import Lesson, Step
from lessons.showing.card import between
from viz.language import english

ALIGNED = {False: "align_corners=False", True: "align_corners=True"}
MOST_NEW = int(COPIED * LARGEST_SCALE)
"""Cells of the longest new row."""
ORDERS = {"x": english("along x first"), "y": english("along y first")}
SIGNALS = {"tone": english("a tone"), "year": english("a year")}


def in_quarters(count: int) -> str:
    """Write a part of the way between two cells."""
    return ("0", "1/4", "1/2", "3/4", "1")[count]


def cells_of(which: int) -> str:
    """Write a 2x2 map in a line."""
    return " | ".join(" ".join(map(str, row)) for row in CELLS[which])


CHOICES = {
    "x": Choice(5, range(lines.STOPS), "x", looks=True),
    "scale": Choice(1.25, (SMALLEST_SCALE, LARGEST_SCALE), "Scale", looks=True),
    "copy": Choice(1, range(MOST_NEW), "New cell", looks=True),
    "aligned": Choice(False, (False, True), "Corners", ALIGNED.__getitem__, looks=True),
    "many": Choice(4, (3, 4, 5, 8), "New cells", looks=True),
    "cell": Choice(0, range(OLD), "Old cell", looks=True),
    "which": Choice(1, range(len(CELLS)), "Map", cells_of, looks=True),
    "first": Choice("x", tuple(ORDERS), "Order", words=ORDERS, looks=True),
    "across": Choice(3, (1, 2, 3), "Right of the left column by", in_quarters, looks=True),
    "down": Choice(1, (1, 2, 3), "Below the upper row by", in_quarters, looks=True),
    "signal": Choice("tone", tuple(SIGNALS), "Signal", words=SIGNALS, looks=True),
    "side": Choice(20, (12, 20, 32), "Pixels a side", looks=True),
}

# What the steps are about


def line(_study: Study) -> Resampling:
    """Return the upsampling of the question."""
    return Resampling()


def copying(study: Study) -> Copying:
    """Return the copying that is set."""
    return Copying(study["scale"])


def doubled(study: Study) -> Resampling:
    """Return the upsampling of two cells to four."""
    return Resampling(study.seed)


def sampled(study: Study) -> Resampling:
    """Return the upsampling to as many cells as are set."""
    return Resampling(study.seed, study["many"], study["aligned"])


def multiplied(study: Study) -> Resampling:
    """Return the upsampling to four cells with its corners as they are set."""
    return Resampling(study.seed, aligned=study["aligned"])


def plane(study: Study) -> Plane:
    """Return the map that is set."""
    return Plane(study["which"], study["aligned"])


def is_signal(name: str, study: Study) -> bool:
    """Tell whether this signal is chosen."""
    return bool(study["signal"] == name)


def cells(_study: Study) -> int:
    """Count the old cells."""
    return OLD


LESSON = Lesson(
    key="interpolation",
    title="Interpolation",
    question="What stands between two points, and who pays backward?",
    card=between,
    choices=CHOICES,
    steps=(
        Step(
            "line",
            "The line",
            line,
            (Prose("question"), Drawn("between", lines.between, "x"), Prose("shares")),
        ),
        Step(
            "nearest",
            "Nearest?",
            copying,
            (
                Prose("nearest"),
                Drawn("copied", lines.copied, "copy"),
                Controls((Choose(("scale",)),)),
                Prose("exact", tables.farther),
            ),
        ),
        Step(
            "cells",
            "Predict",
            doubled,
            (
                Predict(
                    "cells",
                    given=(Drawn("where", lines.where),),
                    revealed=(Drawn("placed", lines.placed), Maps("made", figures.made)),
                    forward=True,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "corners",
            "Corners",
            sampled,
            (
                Prose("corners"),
                Choose(("aligned",)),
                Drawn("sampled", lines.sampled, "copy"),
                Controls((Choose(("many",)), Again())),
            ),
        ),
        Step(
            "matrix",
            "Matrix",
            multiplied,
            (
                Prose("matrix"),
                Maps("matrix", figures.matrix),
                Controls((Choose(("aligned",)), Again())),
            ),
        ),
        Step(
            "gradient",
            "Backward",
            doubled,
            (
                Predict(
                    "gradient",
                    given=(Maps("arrived", figures.arrived),),
                    revealed=(Maps("paid", figures.paid),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "rule",
            "Rule",
            multiplied,
            (
                Columns(0.56, (Walked("cell", figures.ruled),), (Derivation("rule", "cell"),)),
                Controls((Slide("cell", cells), Choose(("aligned",)), Again())),
            ),
        ),
        Step(
            "plane",
            "Four cells",
            plane,
            (
                Columns(
                    0.42,
                    (
                        Prose("plane"),
                        Choose(("first",)),
                        Prose("helpers", tables.by_hand),
                    ),
                    (Maps("plane", figures.star_maps),),
                ),
                Controls((Choose(("across", "down", "which")),)),
            ),
        ),
        Step(
            "bilinear",
            "Bilinear",
            plane,
            (
                Columns(
                    0.46,
                    (
                        Prose("bilinear", tables.product),
                        Choose(("aligned",)),
                        Table(tables.passes),
                        Controls((Choose(("which",)),)),
                    ),
                    (Maps("enlarged", figures.enlarged),),
                ),
            ),
        ),
        Step(
            "wants",
            "Inputs",
            plane,
            (Prose("wants"), Table(tables.wanted), Prose("mixed up"), Table(tables.refused)),
        ),
        Step(
            "signals",
            "Signals",
            doubled,
            (
                Prose("signals"),
                Choose(("signal",)),
                Drawn("resampled", lines.signal),
                Prose("tone", tables.sampled, when=partial(is_signal, "tone")),
                Prose("year", when=partial(is_signal, "year")),
            ),
        ),
        Step(
            "pictures",
            "Pictures",
            plane,
            (Prose("pictures"), Overlay("pictures", tables.pictures), Choose(("side",))),
        ),
        Step(
            "end",
            "Takeaways",
            plane,
            (Uses("used", ("psp", "linear", "bilinear")), Prose("take away")),
        ),
    ),
)
