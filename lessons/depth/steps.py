"""Lesson: whether the gradient survives 200 layers."""

from __future__ import annotations

from functools import partial

from lessons.asking.vote import BALLOT, verdicts
from lessons.blocks import (
    Again,
    Choose,
    Columns,
    Controls,
    Derivation,
    Drawn,
    Predict,
    Prose,
    Slide,
    Table,
    Uses,
    Walked,
    Work,
)
from lessons.choosing.study import Study
from lessons.depth import chain, ends, initial, profiles, rule, skipping, trained
from lessons.depth.settings import CHOICES, MOST_STEPS, VOTES
from lessons.lesson import Lesson, Step
from viz.language import Say
from viz.pictures.line import Curve, Line
from viz.theme import diverging

BARS = 12
SET = (Choose(("activation", "scale")),)


def card(dark: bool) -> str:
    """Draw a gradient that shrinks from right to left."""
    colour = diverging(dark).positive[2]
    heights = [max(2.0, 84 * 0.7**back) for back in range(BARS)][::-1]
    bars = (
        f'<rect x="{20 + 17 * at}" y="{94 - height:.1f}" width="12" height="{height:.1f}"'
        f' fill="{colour}"/>'
        for at, height in enumerate(heights)
    )
    return (
        '<svg viewBox="0 0 244 100" xmlns="http://www.w3.org/2000/svg" aria-hidden="true">'
        f"{''.join(bars)}</svg>"
    )


def is_bent(study: Study) -> bool:
    """Tell whether the factor changes from layer to layer, as that of a tanh with s = 1 does."""
    return bool(study["activation"] == "tanh")


def is_straight(study: Study) -> bool:
    """Tell whether it does not."""
    return not is_bent(study)


def slope(study: Study, say: Say) -> Line:
    """Draw the derivative of the sigmoid."""
    drawn = Curve(chain.SLOPE, chain.slope_of_sigmoid(study, say))
    return Line(
        say("Slope of the sigmoid"), ("x", chain.SLOPE), [drawn], height=230, begin=0, end=0.3
    )


VERDICTS = verdicts(VOTES)
ENDS = tuple(Prose(f"zero {kind}", ends.of_end, when=ends.IS[kind]) for kind in ends.KINDS)
"""What there is to say of each way in which the numbers end."""
DESCENT = Work(
    "descent", "descended", (30, MOST_STEPS), trained.learning, trained.curves, trained.losses
)


def stack_of(letter: str) -> Choose:
    """Offer what makes one of the two stacks."""
    return Choose((f"act_{letter}", f"scale_{letter}", f"parts_{letter}"))


LESSON = Lesson(
    key="depth",
    title="Depth",
    question="Does the gradient survive 200 layers?",
    card=card,
    choices=CHOICES,
    steps=(
        Step(
            "question",
            "Question",
            profiles.deep,
            (
                Columns(
                    0.5,
                    (
                        Prose("question"),
                        *BALLOT,
                    ),
                    (Drawn("slope", slope),),
                ),
            ),
        ),
        Step(
            "two",
            "Chain",
            chain.chain,
            (
                Predict(
                    "two",
                    given=(Table(chain.known),),
                    revealed=(Table(chain.answered),),
                    after=(Prose("two found", chain.of_product),),
                    numbers=chain.of_chain,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "depth",
            "Depth",
            profiles.deep,
            (
                Columns(
                    0.38,
                    (
                        Prose("depth"),
                        Choose(("layers", "activation")),
                        Prose("depth found", profiles.of_deep),
                        *VERDICTS,
                    ),
                    (
                        Drawn("deepened", profiles.deepened),
                        Table(profiles.listed_deep),
                        Prose("depth straight", when=is_straight),
                        Prose("depth bent", when=is_bent),
                        Prose("depth opened", in_room=lambda _study: False),
                    ),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "keeps",
            "Predict",
            initial.keeping,
            (
                Predict(
                    "keeps",
                    given=(Prose("keeps given", initial.of_keeping),),
                    revealed=(Drawn("kept", initial.kept),),
                    numbers=initial.of_keeping,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "initial",
            "Weights",
            initial.scaled,
            (
                Columns(
                    0.4,
                    (
                        Prose("initial"),
                        Choose(("activation",)),
                        Prose("initial found"),
                    ),
                    (Table(initial.by_scale),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "rule",
            "Rule",
            rule.linear,
            (
                Columns(
                    0.52,
                    (Walked("cell", rule.summed), Slide("cell", lambda _study: rule.SIDE)),
                    (Derivation("rule", "cell"),),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "theory",
            "Theory",
            profiles.plain,
            (
                Columns(
                    0.48,
                    (Prose("theory"), *SET, Prose("theory found", rule.squares)),
                    (Table(rule.judged), Prose("theory assumes")),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "zero",
            "Zero",
            ends.single,
            (
                Columns(
                    0.38,
                    (Prose("zero"), *SET, *ENDS),
                    (Drawn("ends", ends.drawn), Table(ends.table)),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "skip",
            "Predict",
            skipping.skips,
            (
                Predict(
                    "skip",
                    given=(Table(skipping.known),),
                    revealed=(Table(skipping.answered),),
                    after=(Prose("skip found"),),
                    numbers=skipping.of_skips,
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "residual",
            "Residual",
            profiles.residual,
            (
                Columns(
                    0.38,
                    (Prose("residual"), *SET, Prose("residual found")),
                    (
                        Drawn("residual", partial(profiles.compared, profiles.against_residual)),
                        Table(partial(profiles.listed, profiles.against_residual)),
                    ),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "norm",
            "Batch norm",
            profiles.normed,
            (
                Columns(
                    0.38,
                    (Prose("norm"), *SET, Prose("norm found")),
                    (
                        Drawn("norm", partial(profiles.compared, profiles.against_norm)),
                        Table(partial(profiles.listed, profiles.against_norm)),
                    ),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "grows",
            "It grows",
            profiles.normed,
            (
                Columns(
                    0.42,
                    (Prose("grows"), Choose(("scale",)), Prose("grows found")),
                    (Table(initial.norms), Prose("grows assumes")),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "together",
            "A and B",
            profiles.put_together_a,
            (
                Columns(
                    0.4,
                    (
                        Prose("together"),
                        Choose(("layers",)),
                        Table(partial(profiles.listed, profiles.together)),
                    ),
                    (Drawn("together", partial(profiles.fits, profiles.together)),),
                ),
                Columns(0.5, (stack_of("a"),), (stack_of("b"),)),
                Controls((Again(),)),
            ),
        ),
        Step(
            "width",
            "Width",
            initial.scaled,
            (
                Columns(
                    0.42,
                    (Prose("width"), *SET),
                    (
                        Table(initial.by_width),
                        Prose("width found", initial.of_widths),
                        Prose("width dead", initial.of_dead, when=initial.is_dead),
                    ),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "train",
            "Learn",
            trained.opened,
            (
                Columns(
                    0.36,
                    (
                        Prose("train"),
                        Choose(("deep",)),
                        Prose("train found", when=trained.is_measured),
                    ),
                    (DESCENT,),
                ),
                Controls((Again(),)),
            ),
        ),
        Step(
            "end",
            "Takeaways",
            skipping.skips,
            (Uses("used", ("vanishing", "twins", "residual")), Prose("take away")),
        ),
    ),
)
