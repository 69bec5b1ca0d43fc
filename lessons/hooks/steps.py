"""Lesson: catch a gradient on its way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from flow.hooking.records import Kind
from lessons.asking.exercise import Array
from lessons.asking.vote import BALLOT, verdicts
from lessons.blocks import (
    Again,
    Choose,
    Code,
    Columns,
    Controls,
    Derivation,
    Lines,
    Maps,
    Predict,
    Prose,
    Slide,
    Table,
    Uses,
    Walked,
)
from lessons.choosing.study import Study
from lessons.hooks import (
    asked,
    changing,
    features,
    handing_on,
    linked,
    logged,
    network,
)
from lessons.hooks.doing import FORWARD, ON_WEIGHTS
from lessons.hooks.predicted import factors, ordering, passing, removing
from lessons.hooks.settings import CHOICES
from lessons.hooks.surprises import gotchas, tried
from lessons.lesson import Lesson, Step
from viz.thumbnail import matrices, thumbnail


def beside(kind: str) -> Columns:
    """Offer layer, kind and action of a hook in one line where there is room."""
    two = Columns(0.5, (Choose((kind,)),), (Choose(("action",)),))
    return Columns(0.34, (Choose(("layer",)),), (two,))


HOOK = beside("kind")
VERDICTS = verdicts(asked.ANSWERS)

KINDS_OF_ACTS: Mapping[str, tuple[Kind, ...]] = {
    "handed on": ("full backward",),
    "arrived": ("full backward pre", "tensor"),
    "weight": ON_WEIGHTS,
    "values": FORWARD,
}
ACTS = tuple(
    Prose(f"change {name}", when=partial(changing.is_of, kinds))
    for name, kinds in KINDS_OF_ACTS.items()
)
"""What a hook of each kind acts on."""


def card(dark: bool) -> str:
    """Draw a gradient, and the same after a hook has cut what is negative."""
    arrives: Array = np.array([[3.0, -2.0], [-1.0, 2.0]])
    return thumbnail(*matrices(arrives, arrives.clip(min=0)), dark=dark)


def about_small(study: Study) -> asked.Asked:
    """Return the small CNN without a hook."""
    return asked.Asked(study.seed)


def of_small(_study: Study) -> Mapping[str, str]:
    """Return the places of the network in their order."""
    return {"layers": " → ".join(f"`{name}`" for name in network.LAYERS)}


LESSON = Lesson(
    key="hooks",
    title="Hooks",
    question="Can a gradient be caught on its way?",
    card=card,
    choices=CHOICES,
    steps=(
        Step(
            "question",
            "Question",
            about_small,
            (
                Columns(
                    0.5,
                    (
                        Prose("question", of_small),
                        *BALLOT,
                    ),
                    (Table(asked.kept),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "signature",
            "Signature",
            changing.caught,
            (
                *VERDICTS,
                Prose("signature"),
                Columns(
                    0.36,
                    (Choose(("layer", "kind")),),
                    (Lines(logged.code), Table(changing.arguments), Prose("signature found")),
                ),
            ),
        ),
        Step(
            "order",
            "Order",
            ordering.ordered,
            (
                Predict(
                    "order",
                    given=(Prose("order given"),),
                    revealed=(Table(ordering.log), Prose("order found")),
                    forward=True,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "change",
            "Change",
            changing.caught,
            (
                Prose("change"),
                HOOK,
                Maps("changed", changing.changed_gradients),
                Table(logged.log),
                Prose("change counted", changing.of_change),
                *ACTS,
                Controls((Again(),)),
            ),
        ),
        Step(
            "factors",
            "Predict",
            factors.factored,
            (
                Predict(
                    "factors",
                    given=(Table(factors.registered),),
                    revealed=(Table(factors.compared),),
                    numbers=factors.of_case,
                    forward=True,
                ),
                Controls((Again(label="Another hook"),)),
            ),
        ),
        Step(
            "passed",
            "One map",
            passing.passing,
            (
                Predict(
                    "passed",
                    given=(Table(passing.registered), Maps("asked", passing.asked)),
                    revealed=(Maps("passed", passing.answered),),
                    numbers=passing.of_passing,
                    blank="0",
                ),
                Controls((Again(label="Another hook"),)),
            ),
        ),
        Step(
            "rule",
            "Rule",
            handing_on.handing_on,
            (
                Prose("handed on"),
                Controls((Slide("cell", lambda _study: handing_on.CELLS), Choose(("action",)))),
                Columns(
                    0.55,
                    (Walked("cell", handing_on.handed_on),),
                    (Derivation("rule", "cell"),),
                ),
            ),
        ),
        Step(
            "replace",
            "Values",
            changing.replaced,
            (
                Prose("replace"),
                beside("before"),
                Columns(
                    0.46,
                    (Maps("replaced", changing.changed_values),),
                    (Maps("following", changing.following_gradients),),
                ),
                Prose("replace found", changing.of_replaced),
                Controls((Again(),)),
            ),
        ),
        Step(
            "refused",
            "Not allowed",
            tried.trying,
            (
                Prose("refused"),
                Columns(
                    0.5,
                    (
                        Choose(("tried",)),
                        *(
                            Code(function, when=partial(tried.is_tried, does))
                            for does, function in tried.TRIES.items()
                        ),
                    ),
                    (
                        Table(tried.outcome),
                        *(
                            Prose(f"tried {does}", when=partial(tried.is_tried, does))
                            for does in tried.TRIES
                        ),
                    ),
                ),
            ),
        ),
        Step(
            "removed",
            "Remove",
            removing.removing,
            (
                Predict(
                    "removed",
                    given=(Table(removing.listed),),
                    revealed=(Table(removing.listed),),
                    numbers=removing.of_removing,
                    forward=True,
                ),
                Controls((Again(label="Other lines"),)),
            ),
        ),
        Step(
            "handles",
            "Handles",
            removing.played,
            (
                Prose("handles", removing.of_removing),
                Columns(
                    0.6,
                    (Choose(("done",)),),
                    (Table(removing.handles), Table(removing.factors)),
                ),
            ),
        ),
        Step(
            "features",
            "Features",
            features.features,
            (
                Prose("features"),
                Columns(
                    0.36,
                    (Choose(("saves", "forwards")), Table(features.forgotten)),
                    (Table(features.alive), Prose("features found", features.of_features)),
                ),
            ),
        ),
        Step(
            "gotchas",
            "Surprises",
            gotchas.gotcha,
            (
                Prose("gotchas"),
                Columns(
                    0.56,
                    (
                        Choose(("gotcha",)),
                        *(
                            Code(function, when=partial(gotchas.is_chosen, which))
                            for which, function in gotchas.GOTCHAS.items()
                        ),
                    ),
                    (
                        Table(gotchas.outcome),
                        *(
                            Prose(f"gotcha {which}", when=partial(gotchas.is_chosen, which))
                            for which in gotchas.GOTCHAS
                        ),
                    ),
                ),
            ),
        ),
        Step(
            "any",
            "Any network",
            linked.linked,
            (
                Prose("any"),
                Columns(
                    0.36,
                    (
                        Choose(("network",)),
                        Slide("at", linked.count),
                        Choose(("kind", "action")),
                    ),
                    (Table(linked.listed), Prose("any found", linked.of_linked)),
                ),
            ),
        ),
        Step(
            "end",
            "Takeaways",
            about_small,
            (Uses("used", ("lenet", "residual", "unet")), Prose("take away")),
        ),
    ),
)
