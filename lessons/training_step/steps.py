"""Lesson: one step of training by hand, beside PyTorch."""

from __future__ import annotations

from functools import partial

import numpy as np

from lessons.asking.exercise import Array
from lessons.asking.vote import BALLOT, verdicts
from lessons.blocks import (
    Again,
    Choose,
    Code,
    Columns,
    Controls,
    Derivation,
    Drawn,
    Maps,
    Predict,
    Prose,
    Slide,
    Table,
    Uses,
    Walked,
    Work,
)
from lessons.choosing.study import Study
from lessons.lesson import Lesson, Step
from lessons.training_step import bugs, classes, compared, figures, order
from lessons.training_step.digits import beside, cnn, curves
from lessons.training_step.digits.training import STARTS
from lessons.training_step.settings import ANSWERS, CHOICES, PARTS
from lessons.training_step.small import HIDDEN, WIDE
from viz.thumbnail import matrices, thumbnail


def card(dark: bool) -> str:
    """Draw a gradient, and the weight after a step against it."""
    gradient: Array = np.array([[2.0, -1.0], [-3.0, 1.0]])
    return thumbnail(*matrices(gradient, -gradient), dark=dark)


def reads(part: str, study: Study) -> bool:
    """Tell whether this part of the code is open."""
    return bool(study["part"] == part)


VERDICTS = verdicts(ANSWERS)


LESSON = Lesson(
    key="training_step",
    title="One step of training",
    question="Does numpy agree with PyTorch?",
    card=card,
    choices=CHOICES,
    steps=(
        Step(
            "question",
            "Question",
            figures.small,
            (
                Prose("question"),
                *BALLOT,
            ),
        ),
        Step(
            "forward",
            "Forward",
            figures.small,
            (
                Prose("forward", figures.of_loss),
                Maps("forward", figures.forward),
                Controls((Again(),)),
            ),
        ),
        Step(
            "code",
            "Code",
            figures.small,
            (
                Columns(
                    0.34,
                    (Prose("code"), Choose(("part",))),
                    tuple(Code(each, when=partial(reads, part)) for part, each in PARTS.items()),
                ),
            ),
        ),
        Step(
            "backward",
            "Backward",
            figures.small,
            (
                Columns(
                    0.36,
                    (
                        Prose("backward"),
                        Choose(("at",)),
                        *(
                            Prose(f"backward {section}", when=partial(figures.is_made, section))
                            for section in dict.fromkeys(figures.OF.values())
                        ),
                    ),
                    (Maps("backward", figures.backward),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "rule",
            "Rule",
            figures.small,
            (
                Columns(
                    0.52,
                    (Walked("cell", figures.rule), Slide("cell", lambda _study: HIDDEN * WIDE)),
                    (Derivation("rule", "cell", "weight", figures.hidden),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "after",
            "Predict",
            figures.small,
            (
                Predict(
                    "after",
                    given=(Maps("before_step", figures.before_step), Prose("after given")),
                    revealed=(
                        Maps("after_step", figures.after_step),
                        Table(figures.losses),
                        Prose("after overshot", when=figures.overshot),
                    ),
                    numbers=figures.of_step,
                    forward=True,
                ),
                Controls((Choose(("rate",)), Again())),
            ),
        ),
        Step(
            "beside",
            "Beside PyTorch",
            figures.small,
            (
                *VERDICTS,
                Prose("beside"),
                Columns(
                    0.5,
                    (
                        Choose(("bug",)),
                        *(
                            Prose(f"bug {bug}", when=partial(compared.is_planted, bug))
                            for bug in bugs.BUGS
                        ),
                        *(
                            Code(each, when=partial(compared.is_planted, bug))
                            for bug, each in bugs.CODE.items()
                        ),
                    ),
                    (Table(compared.every),),
                ),
                Controls((Choose(("rate",)), Again())),
            ),
        ),
        Step(
            "classes",
            "Classes",
            classes.classes,
            (
                Predict(
                    "scores",
                    given=(Maps("classes", classes.given), Prose("scores given")),
                    revealed=(Maps("scored", classes.revealed),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "cnn",
            "CNN",
            beside.cnn,
            (
                Prose("cnn", beside.of_cnn),
                Columns(0.56, (Table(beside.layers),), (Table(beside.parameters),)),
                Prose("cnn found", beside.of_cnn),
                Controls((Choose(("kind",)), Again())),
            ),
        ),
        Step(
            "fifty",
            "50 steps",
            beside.cnn,
            (
                Columns(
                    0.32,
                    (
                        Prose("fifty", beside.of_cnn),
                        Choose(("kind",)),
                        Prose("fifty found", when=lambda study: bool(study["many"])),
                    ),
                    (
                        Work(
                            "steps",
                            "many",
                            (1, 10, cnn.MOST_STEPS),
                            beside.steps,
                            beside.both,
                            beside.differences,
                        ),
                    ),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "rate",
            "Learning rate",
            curves.rates,
            (
                Predict(
                    "lowest",
                    given=(Prose("rate given"),),
                    revealed=(Drawn("rates", curves.of_rates), Table(curves.reached)),
                    forward=True,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "start",
            "Start",
            curves.started,
            (
                Columns(
                    0.44,
                    (
                        Prose("start"),
                        Choose(("start",)),
                        *(
                            Prose(f"start {start}", when=partial(curves.begins, start))
                            for start in STARTS
                        ),
                        Table(curves.facts),
                    ),
                    (Drawn("histogram", curves.histogram), Drawn("starts", curves.of_starts)),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "order",
            "Order",
            order.ordered,
            (
                Predict(
                    "order",
                    given=(Prose("order given"),),
                    revealed=(Table(order.outcomes), Prose("order found")),
                    forward=True,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "batch",
            "Mean or sum",
            curves.batched,
            (
                Columns(
                    0.4,
                    (
                        Prose("batch", curves.of_batch),
                        Choose(("batch",)),
                        Prose("batch found", curves.of_batch),
                        Table(curves.sizes),
                    ),
                    (Drawn("batches", curves.of_batches),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "end",
            "Takeaways",
            figures.small,
            (Uses("used", ("mlp", "lenet")), Prose("take away")),
        ),
    ),
)
