"""Lesson: what backward adds to .grad, what it frees, and what a variable holds."""

from __future__ import annotations

from functools import partial

from lessons.autograd import figures, graphs, said, settings, tables
from lessons.autograd.tried import cut, freed, in_place, kept, scalar, zero
from lessons.autograd.tripled import Tripled
from lessons.blocks import (
    Choose,
    Code,
    Columns,
    Controls,
    Derivation,
    Graph,
    Maps,
    Predict,
    Prose,
    Slide,
    Table,
    Uses,
    Walked,
)
from lessons.lesson import Lesson, Step
from lessons.showing.card import gradients

OWN = Choose(("typed",), when=partial(settings.is_own, "expression"))
REASONS = tuple(
    Prose(f"why {reason}", when=partial(said.refused_for, reason)) for reason in said.REASONS
)
"""What a message of PyTorch's means, below it."""

LESSON = Lesson(
    key="autograd",
    title="Autograd",
    question="y = 3x, and x.grad is 300. Why 300, and why not twice?",
    card=gradients(Tripled()),
    choices=settings.CHOICES,
    steps=(
        Step(
            "question",
            "Question",
            settings.tripled,
            (
                Prose("question"),
                Predict(
                    "grad",
                    given=(Prose("grad given"),),
                    revealed=(Maps("product", figures.product),),
                ),
            ),
        ),
        Step(
            "rule",
            "Rule",
            settings.tripled,
            (
                Columns(
                    0.5,
                    (Walked("cell", figures.product),),
                    (Derivation("rule", "cell"),),
                ),
                Controls((Choose(("cell",)),)),
            ),
        ),
        Step(
            "vector",
            "Jacobian",
            settings.multiplied,
            (
                Prose("vector"),
                Choose(("expression",)),
                OWN,
                Choose(("vector",)),
                Columns(
                    0.66,
                    (Maps("jacobian", figures.times_jacobian),),
                    (Table(tables.agreed), Prose("vector picks")),
                ),
            ),
        ),
        Step(
            "scalar",
            "Scalar",
            lambda _study: scalar.SCALAR,
            (
                Predict(
                    "scalar",
                    given=(Prose("scalar given"),),
                    revealed=(Table(tables.ways_to_begin), Prose("scalar found")),
                ),
            ),
        ),
        Step(
            "grad_fn",
            "grad_fn",
            settings.held,
            (
                Prose("grad_fn"),
                Choose(("program",)),
                Choose(("typed",), when=partial(settings.is_own, "program")),
                Columns(
                    0.62,
                    (Table(tables.variables), Prose("grad_fn found")),
                    (Graph("held", graphs.held_graph, graphs.held_help),),
                ),
            ),
        ),
        Step(
            "path",
            "Paths",
            settings.followed,
            (
                Prose("path", said.of_path),
                Columns(0.78, (Choose(("way",)),), (Choose(("cell",)),)),
                Columns(
                    0.66,
                    (Maps("paths", figures.paths),),
                    (Graph("ways", graphs.path_graph, graphs.path_help),),
                ),
            ),
        ),
        Step(
            "twice",
            "Twice",
            settings.called,
            (
                Choose(("calls_done",)),
                Predict(
                    "calls",
                    given=(Prose("calls given"),),
                    revealed=(Maps("added", figures.added), Table(tables.called)),
                ),
            ),
        ),
        Step(
            "freed",
            "Freed",
            lambda _study: freed.FREED_TWICE,
            (
                Predict(
                    "freed",
                    given=(Prose("freed given"),),
                    revealed=(Table(tables.freed_twice), Prose("freed found", said.of_freed)),
                ),
            ),
        ),
        Step(
            "press",
            "Press",
            settings.pressed,
            (
                Prose("press", in_room=lambda _study: False),
                Columns(
                    0.66,
                    (
                        Choose(("expression", "vector"), compact=True),
                        OWN,
                        Choose(("pressed",)),
                        Table(tables.pressed_variables),
                    ),
                    (
                        Slide(
                            "after",
                            lambda study: len(study["pressed"]) + 1,
                            first=0,
                            follows=True,
                        ),
                        Prose("press begun", when=said.begun),
                        Prose("press done", said.of_action, when=said.done),
                        Prose("press refused", said.of_action, when=said.refused),
                        *REASONS,
                        Graph("pressed_graph", graphs.pressed_graph, graphs.pressed_help),
                    ),
                ),
            ),
        ),
        Step(
            "zero",
            "zero_grad",
            settings.tripled,
            (
                Columns(
                    0.6,
                    (Prose("zero", said.of_reset), Table(tables.reset)),
                    (Code(zero.training_loop), Prose("zero loop")),
                ),
            ),
        ),
        Step(
            "batches",
            "Mini-batches",
            settings.batches,
            (
                Predict(
                    "gathered",
                    given=(Table(tables.parts),),
                    revealed=(
                        Maps("gathering", figures.gathering),
                        Table(tables.gathered),
                        Prose("gathered found", said.of_parts),
                    ),
                    numbers=said.of_parts,
                ),
                Controls((Choose(("parts",)),)),
            ),
        ),
        Step(
            "kept",
            "Kept",
            lambda _study: kept.KEPT,
            (
                Predict(
                    "kept",
                    given=(Prose("kept given"),),
                    revealed=(Table(tables.retained), Prose("kept found", said.of_kept)),
                ),
            ),
        ),
        Step(
            "cut",
            "Cut",
            lambda _study: cut.CUT,
            (
                Predict(
                    "cut",
                    given=(Prose("cut given"),),
                    revealed=(Table(tables.cut_off), Prose("cut found", said.of_cut)),
                ),
            ),
        ),
        Step(
            "in_place",
            "In place",
            lambda _study: in_place.IN_PLACE,
            (
                Predict(
                    "changed",
                    given=(Prose("changed given"),),
                    revealed=(Table(tables.changed), Prose("changed found", said.of_change)),
                ),
            ),
        ),
        Step(
            "end",
            "Takeaways",
            settings.tripled,
            (Uses("used", ("triple", "residual", "unet", "lstm")), Prose("take away")),
        ),
    ),
)
