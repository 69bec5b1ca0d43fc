"""Lesson: what a network looked at, and ways to ask."""

from __future__ import annotations

from lessons.asking.vote import BALLOT, verdicts
from lessons.blocks import (
    Bring,
    Choose,
    Code,
    Columns,
    Controls,
    Drawn,
    Overlay,
    Prose,
    Table,
    Uses,
)
from lessons.choosing.study import Study
from lessons.grad_cam import pictures, readings, tables
from lessons.grad_cam.asked.weighted import Weighing
from lessons.grad_cam.chapters.again import DIGIT
from lessons.grad_cam.chapters.control import CONTROL
from lessons.grad_cam.chapters.layers import LAYERS
from lessons.grad_cam.chapters.pixels import PIXELS
from lessons.grad_cam.digit.network import DigitNet
from lessons.grad_cam.settings import ANSWERS, CHOICES
from lessons.lesson import Lesson, Step
from lessons.running.recipe import ran
from viz.language import english
from viz.thumbnail import matrices, thumbnail

BACK = english("Back to the shipped photographs")


def card(dark: bool) -> str:
    """Draw the gradient at two small maps, and their Grad-CAM."""
    found = ran(Weighing())
    return thumbnail(*matrices(found.gradient[None], found.cam[None, None]), dark=dark)


def is_there(study: Study) -> bool:
    """Tell whether the packages with the large network are installed."""
    return readings.seen(study) is not None


def is_missing(study: Study) -> bool:
    """Tell whether they are not."""
    return not is_there(study)


def is_of_maps(study: Study) -> bool:
    """Tell whether maps of the large network are asked for, not its pixels."""
    return is_there(study) and bool(study["view"] == "grad-cam")


def is_shipped(study: Study) -> bool:
    """Tell whether the large network looks at a photograph that is shipped."""
    return is_there(study) and not study["own"]


def is_own(study: Study) -> bool:
    """Tell whether it looks at one that the visitor brought."""
    return is_there(study) and bool(study["own"])


VERDICTS = verdicts(ANSWERS)

LESSON = Lesson(
    key="grad_cam",
    title="Saliency and Grad-CAM",
    question="What did the network look at?",
    card=card,
    choices=CHOICES,
    steps=(
        Step(
            "question",
            "Question",
            readings.best,
            (
                Columns(
                    0.56,
                    (
                        Prose("question", readings.of_question),
                        *BALLOT,
                        Drawn("scores", tables.scores),
                        Controls((DIGIT,)),
                    ),
                    (Overlay("digit", pictures.digit),),
                ),
            ),
        ),
        Step(
            "network",
            "Network",
            readings.best,
            (
                Columns(
                    0.4,
                    (*VERDICTS, Prose("network", readings.of_question)),
                    (Code(DigitNet.forward),),
                ),
            ),
        ),
        *PIXELS,
        *LAYERS,
        *CONTROL,
        Step(
            "photograph",
            "Photographs",
            readings.photographed,
            (
                Prose("photograph missing", when=is_missing),
                Columns(
                    0.5,
                    (
                        Prose("photograph", when=is_there),
                        Choose(("picture",), when=is_shipped),
                        Prose("photograph own", readings.of_own, when=is_own),
                        Choose(("rank", "view"), when=is_there),
                        Choose(("stage",), when=is_of_maps),
                        Table(tables.photographed, when=is_there),
                    ),
                    (
                        Controls((Bring("own", BACK, when=is_there),)),
                        Overlay("photograph", pictures.photograph, when=is_there),
                    ),
                ),
            ),
        ),
        Step(
            "end",
            "Takeaways",
            readings.best,
            (Uses("used", ("lenet", "dilated_blocks")), Prose("take away")),
        ),
    ),
)
