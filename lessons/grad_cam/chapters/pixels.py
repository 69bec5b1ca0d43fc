"""What is said of every pixel: the gradient, and what is made of it."""

from __future__ import annotations

from lessons.blocks import (
    Again,
    Choose,
    Columns,
    Controls,
    Drawn,
    Maps,
    Overlay,
    Predict,
    Prose,
    Table,
)
from lessons.grad_cam import figures, pictures, readings, tables
from lessons.grad_cam.chapters.again import DIGIT
from lessons.lesson import Step

PIXELS = (
    Step(
        "saliency",
        "Saliency",
        readings.of_pixels,
        (
            Columns(
                0.34,
                (
                    Prose("saliency", readings.of_class),
                    Choose(("target", "sign")),
                    Prose("saliency found", readings.of_ink),
                    Controls((DIGIT,)),
                ),
                (Overlay("saliency", pictures.saliency),),
            ),
        ),
    ),
    Step(
        "channels",
        "Three channels",
        readings.coloured,
        (
            Predict(
                "channels",
                given=(Maps("colours", figures.colours),),
                revealed=(Maps("coloured", figures.colours_found),),
                said_below=True,
            ),
            Controls((Again(),)),
        ),
    ),
    Step(
        "softmax",
        "Score or probability",
        readings.of_pixels,
        (
            Columns(
                0.46,
                (
                    Prose("softmax", readings.of_class),
                    Choose(("target",)),
                    Table(tables.softened),
                    Controls((DIGIT,)),
                ),
                (Maps("softened", figures.softened),),
            ),
            Prose("softmax found", readings.of_chance),
        ),
    ),
    Step(
        "times_input",
        "Times input",
        readings.parted,
        (
            Columns(
                0.58,
                (
                    Prose("times input"),
                    Choose(("biased",)),
                    Table(tables.parts),
                    Prose("times input found", readings.of_parts),
                    Controls((Choose(("target",)), DIGIT)),
                ),
                (Overlay("times_input", pictures.times_input),),
            ),
        ),
    ),
    Step(
        "smooth",
        "SmoothGrad",
        readings.smoothing,
        (
            Columns(
                0.36,
                (
                    Prose("smooth"),
                    Choose(("copies", "sigma")),
                    Prose("smooth found", readings.of_noise),
                    Controls((Choose(("target",)), DIGIT)),
                ),
                (Overlay("smoothed", pictures.smooth),),
            ),
        ),
    ),
    Step(
        "path",
        "Integrated",
        readings.integrating,
        (
            Columns(
                0.5,
                (
                    Prose("path"),
                    Choose(("parts",)),
                    Prose("path found"),
                    Controls((Choose(("target",)), DIGIT)),
                ),
                (Overlay("integrated", pictures.path),),
            ),
        ),
    ),
    Step(
        "complete",
        "Completeness",
        readings.integrating,
        (
            Columns(
                0.44,
                (
                    Prose("complete", readings.of_way),
                    Choose(("parts",)),
                    Prose("complete found", readings.of_way),
                    Controls((Choose(("target",)), DIGIT)),
                ),
                (Drawn("way", tables.way),),
            ),
        ),
    ),
)
