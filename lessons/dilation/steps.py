"""Lesson: a map that stays large, for a stride became a dilation."""

from __future__ import annotations

from collections.abc import Mapping

from lessons.blocks import (
    Again,
    Choose,
    Columns,
    Controls,
    Derivation,
    Maps,
    Overlay,
    Predict,
    Prose,
    Slide,
    Table,
    Uses,
    Walked,
)
from lessons.choosing.choice import Choice, Settable, Switches
from lessons.dilation import bias, counted, lost, meetings, sighted, taps
from lessons.dilation.resnet import narrow, tables
from lessons.dilation.resnet.build import DEPTHS, STAGES
from lessons.dilation.stack import RATES, THREE, spaced
from lessons.dilation.taps import Taps
from lessons.lesson import Lesson, Step
from lessons.running.trial import Trial
from lessons.showing.card import gradients

CHOICES: dict[str, Settable] = {
    "dilation": Choice(2, (1, 2, 3), "Dilation", looks=True),
    "rates": Choice("124", THREE, "Dilations", spaced),
    "through": Choice("222", RATES, "Dilations", spaced, looks=True),
    "width": Choice(64, (16, 64, 256), "Channels C", looks=True),
    "side": Choice(473, range(33, 1025), "Side of the picture", looks=True),
    "depth": Choice("50", tuple(map(str, DEPTHS)), "ResNet", looks=True),
    "switches": Switches(STAGES[1:], (False, True, True), "Dilate, no stride", looks=True),
    "photo": Choice("flower", tuple(lost.PICTURES), "Picture", words=lost.PICTURES, looks=True),
    "cells": Choice(15, lost.CELLS, "Cells of the map", "{0}x{0}".format, looks=True),
    "cell": Choice(1, range(meetings.CELLS), "Cell of the coarse map", looks=True),
}

SIDE, DEPTH, SWITCHES = Choose(("side",)), Choose(("depth",)), Choose(("switches",))


def of_upsampling(run: Mapping[str, Trial]) -> Trial:
    """Take the upsampling of a meeting."""
    return run["up"]


LESSON = Lesson(
    key="dilation",
    title="Dilation",
    question="Where does 60x60 come from?",
    card=gradients(Taps()),
    choices=CHOICES,
    steps=(
        Step(
            "taps",
            "Question",
            taps.taps,
            (
                Prose("question"),
                Columns(
                    0.7,
                    (Maps("taps", taps.spread),),
                    (Choose(("dilation",)), Prose("taps", taps.reach)),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "field",
            "Field",
            sighted.stack,
            (
                Predict(
                    "field",
                    given=(Maps("asked cell", sighted.asked_cell),),
                    revealed=(Prose("field sum", sighted.of_field), Maps("field", sighted.field)),
                    numbers=sighted.of_field,
                ),
                Controls((Choose(("rates",)),)),
            ),
        ),
        Step(
            "gridding",
            "Holes",
            sighted.looked_through,
            (
                Prose("gridding"),
                Choose(("through",)),
                Columns(
                    0.45,
                    (Maps("holes", sighted.holes),),
                    (
                        Table(sighted.compared),
                        Prose("holes", sighted.of_holes, when=sighted.has_holes),
                        Prose("gathers", when=sighted.gathers),
                        Prose("uneven", sighted.of_ways, when=sighted.is_uneven),
                    ),
                ),
            ),
        ),
        Step(
            "three",
            "Why 3x3",
            sighted.two_small,
            (
                Prose("three"),
                Choose(("width",)),
                Table(sighted.small_kernels),
                Prose("even"),
                Table(sighted.even_kernels),
            ),
        ),
        Step(
            "sizes",
            "Sizes",
            tables.asked,
            (
                Predict(
                    "sizes",
                    given=(Table(tables.strides),),
                    revealed=(Table(tables.strides), Table(tables.filled_in)),
                    numbers=tables.of_asked,
                    forward=True,
                ),
                Controls((Again(label="Another picture"),)),
            ),
        ),
        Step(
            "stages",
            "Stages",
            tables.chosen,
            (
                Prose("stages"),
                Columns(0.5, (SIDE, DEPTH), (SWITCHES,)),
                Table(tables.stages),
                Prose("stages found", tables.of_chosen),
                Prose("basic", tables.of_chosen, when=tables.is_basic_and_dilated),
            ),
        ),
        Step(
            "count",
            "Count",
            counted.counted,
            (
                Predict(
                    "count",
                    given=(Table(counted.listed),),
                    revealed=(Table(counted.listed), Table(counted.summed)),
                    forward=True,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "narrow",
            "Same field",
            lambda _study: narrow.Narrow(),
            (
                Prose("narrow", narrow.fades),
                Table(narrow.side_by_side),
                Columns(
                    0.55,
                    (Maps("narrow", narrow.both),),
                    (Prose("narrow found", narrow.fades),),
                ),
            ),
        ),
        Step(
            "lost",
            "Lost",
            lambda _study: narrow.Narrow(),
            (
                Prose("lost"),
                Columns(
                    0.62,
                    (Overlay("lost", lost.layers),),
                    (Choose(("cells",)), Table(lost.errors), Prose("lost found", lost.early)),
                ),
                Controls((Choose(("photo",)),)),
            ),
        ),
        Step(
            "head",
            "Head",
            tables.chosen,
            (
                Prose("head", tables.of_head),
                SIDE,
                Columns(
                    0.55,
                    (Table(tables.children),),
                    (Prose("head found", tables.of_head),),
                ),
            ),
        ),
        Step(
            "bias",
            "Bias",
            bias.biased,
            (
                Predict(
                    "bias",
                    given=(Prose("bias given"),),
                    revealed=(
                        Table(bias.gradients),
                        Prose("bias found", bias.of_bias),
                    ),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "fpn",
            "Added",
            meetings.merging,
            (
                Prose("fpn"),
                Columns(
                    0.62,
                    (Walked("cell", meetings.merged),),
                    (Derivation("rule", "cell", of=of_upsampling),),
                ),
                Controls((Slide("cell", lambda _study: meetings.CELLS), Again())),
            ),
        ),
        Step(
            "psp",
            "Cut",
            meetings.pooling,
            (
                Prose("psp"),
                Columns(
                    0.62,
                    (Maps("arrived", meetings.arrived),),
                    (Table(meetings.sums), Prose("psp found")),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "shared",
            "Summed",
            meetings.pooling,
            (Prose("shared"), Maps("parted", meetings.parted), Controls((Again(),))),
        ),
        Step(
            "end",
            "Takeaways",
            lambda _study: narrow.Narrow(),
            (
                Uses("used", ("dilation", "dilated_blocks", "psp", "fpn", "residual")),
                Prose("take away"),
            ),
        ),
    ),
)
