"""Lesson: copies forward, sums backward."""

from __future__ import annotations

from lessons.asking.vote import BALLOT, verdicts, vote
from lessons.blocks import (
    Again,
    Choose,
    Columns,
    Controls,
    Derivation,
    Gradients,
    Judged,
    Maps,
    Predict,
    Proof,
    Prose,
    Slide,
    Table,
    Uses,
    Walk,
    Walked,
)
from lessons.choosing.choice import Choice
from lessons.choosing.study import MAX_SEED
from lessons.lesson import Lesson, Step
from lessons.nearest_upsampling.figures import (
    ANSWERS,
    answers,
    before,
    block_sums,
    both_gradients,
    both_ways,
    copies,
    counted,
    enlarging,
    first,
    kept,
    network,
    pooling,
    routed,
    sizes,
    unrouted,
    walked_network,
    warned,
    warns,
)
from lessons.nearest_upsampling.recipe import (
    LARGEST_SCALE,
    SIZES,
    SMALLEST_SCALE,
    Enlarging,
)
from lessons.showing.card import gradients
from viz.language import english

RETAINING = {False: english("nothing is asked for"), True: english("retain_grad() on every output")}
MOST_TURNS = 32
"""Steps of a backward pass that a link can say; the Test network's has fewer."""

CHOICES = {
    "vote": vote(ANSWERS),
    "weights": Choice(0, range(MAX_SEED + 1), looks=True),
    "sample": Choice(0, range(2), "Sample", looks=True),
    "scale": Choice(2.0, (SMALLEST_SCALE, LARGEST_SCALE), "Scale"),
    "size": Choice(2, SIZES, "Cells a side"),
    "flat": Choice(False, (False, True), "Map", {False: "2-D", True: "1-D"}.__getitem__),
    "cell": Choice(0, range(max(SIZES) ** 2), "Cell of the small map", looks=True),
    "turn": Choice(0, range(MOST_TURNS + 1), looks=True),
    "retain": Choice(False, (False, True), "Before backward()", words=RETAINING, looks=True),
}

SCALED = Choose(("scale", "size", "flat"))
VERDICTS = verdicts(ANSWERS)
"""What there is to say to each answer, once PyTorch was asked."""

LESSON = Lesson(
    key="nearest_upsampling",
    title="Nearest upsampling",
    question="One cell was copied four times. Is its gradient the sum of four, or the mean?",
    card=gradients(Enlarging()),
    choices=CHOICES,
    steps=(
        Step(
            "question",
            "Question",
            first,
            (
                Columns(
                    0.38,
                    (
                        Prose("question"),
                        *BALLOT,
                    ),
                    (Maps("copies", copies),),
                ),
            ),
        ),
        Step(
            "experiment",
            "Experiment",
            network,
            (
                Columns(
                    0.6,
                    (
                        Prose("experiment"),
                        Controls((Choose(("sample",)), Again("weights", "New weights"))),
                        Gradients(block_sums),
                    ),
                    (Judged(answers), *VERDICTS, Prose("decided"), Proof()),
                ),
            ),
        ),
        Step(
            "predict",
            "Predict",
            enlarging,
            (
                Controls((SCALED, Again())),
                Predict(
                    "predict",
                    given=(Maps("given", before),),
                    revealed=(Maps("both", both_gradients),),
                    numbers=sizes,
                ),
            ),
        ),
        Step(
            "rule",
            "Rule",
            enlarging,
            (
                Controls((SCALED, Slide("cell", lambda study: enlarging(study).value().size))),
                Columns(0.5, (Walked("cell", counted),), (Derivation("rule", "cell"),)),
            ),
        ),
        Step(
            "router",
            "Max pooling",
            pooling,
            (
                Controls((Again(),)),
                Predict(
                    "router",
                    given=(Maps("pool", unrouted),),
                    revealed=(Maps("routed", routed),),
                    blank="0",
                ),
            ),
        ),
        Step(
            "beside",
            "Beside",
            pooling,
            (
                Prose("router beside"),
                Maps("both ways", both_ways),
                Controls((Again(),)),
            ),
        ),
        Step(
            "leaf",
            "Kept gradients",
            walked_network,
            (
                Columns(
                    0.5,
                    (
                        Prose("leaf"),
                        Controls((Choose(("retain",)),)),
                        Prose("leaf warning", warned, when=warns),
                        Prose("leaf silent", when=lambda study: study["retain"]),
                    ),
                    (Table(kept),),
                ),
            ),
        ),
        Step(
            "walk",
            "Backward pass",
            walked_network,
            (Columns(0.36, (Prose("leaf graph"),), (Walk("turn"),)),),
        ),
        Step("end", "Takeaways", network, (Uses("used", ("fpn", "lenet")), Prose("take away"))),
    ),
)
