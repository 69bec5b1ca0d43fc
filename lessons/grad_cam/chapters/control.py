"""Whether the maps show what was learnt."""

from __future__ import annotations

from lessons.blocks import (
    Again,
    Choose,
    Columns,
    Controls,
    Overlay,
    Prose,
    Table,
)
from lessons.grad_cam import pictures, readings, tables
from lessons.lesson import Step

FORGET = Again(label="Another digit and other numbers")
CONTROL = (
    Step(
        "random",
        "Control",
        readings.control,
        (
            Columns(
                0.36,
                (
                    Prose("random"),
                    Choose(("forgot", "method")),
                    Controls((FORGET,)),
                ),
                (Overlay("controlled", pictures.control),),
            ),
        ),
    ),
    Step(
        "ranks",
        "Measured",
        readings.ranking,
        (
            Prose("ranks", readings.of_control),
            Table(tables.control),
            Prose("ranks found", readings.of_control),
            Controls((Again(label="Other numbers"),)),
        ),
    ),
)
