"""Lesson: check what is often said of autograd, a card at a time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import torch

from lessons.blocks import (
    Again,
    Columns,
    Controls,
    Deck,
    Derivation,
    Lines,
    Predict,
    Prose,
    Seen,
    Slide,
    Uses,
    Walked,
)
from lessons.choosing.choice import Choice
from lessons.choosing.study import Study
from lessons.claims.card import WRITTEN_FOR, Card, Outcome, cut
from lessons.claims.deck import CARDS
from lessons.claims.recipe import SHAPE, Claim, Kept, Outcomes
from lessons.lesson import Lesson, Step
from lessons.running.recipe import ran
from lessons.showing.card import gradients
from lessons.showing.figure import Figure, also_lighting_own
from lessons.showing.shown import Shown
from viz.language import Say, english

CELLS = SHAPE[-1] * SHAPE[-2]


def kept(study: Study) -> Kept:
    """Return the ReLU with these numbers."""
    return Kept(study.seed)


def read_again(study: Study) -> Figure:
    """Show the sums between the gradients, beside the result that the ReLU reads again."""
    shown = Shown(ran(kept(study)))
    row = [shown.downstream, shown.upstream, shown.output]
    return Figure([row], [also_lighting_own(shown.backward(), "output")], arrow="backward")


def results(card: Card) -> Outcomes:
    """Return what the runs of a card came to here."""
    return ran(Claim(card.key))


def code(card: Card, _study: Study, _say: Say) -> str:
    """Return the lines of a card."""
    return card.code


def came(card: Card, _study: Study, say: Say) -> str:
    """Return the lines with what Python said at each, and what each changed line came to."""
    (first, *others) = results(card)
    noted = list(card.lines)
    at = first.refused.line if first.refused else len(noted)
    noted[at - 1] += f"  # {first.said}"
    if first.warned:
        sign = "; " if first.warned.line == at else "  # "
        noted[first.warned.line - 1] += f"{sign}UserWarning: {cut(first.warned.text)}"
    changed = (
        f"{line.strip()}  # {_elsewhere(outcome, card.changed + 1, say)}"
        for line, outcome in zip(card.others, others, strict=True)
    )
    ran_by = say("PyTorch {version}. With line {place} replaced:")
    head = f"# {ran_by.format(version=version(), place=card.changed + 1)}"
    return "\n".join((*noted, "", head, *changed))


def _elsewhere(outcome: Outcome, place: int, say: Say) -> str:
    """Return what came of the lines with a changed one; say where another line of them raised."""
    if outcome.refused is None or outcome.refused.line == place:
        return outcome.said
    return say("line {place}: {error}").format(place=outcome.refused.line, error=outcome.said)


def written(text: str) -> str:
    """Write code in a sentence."""
    return f"`{' '.join(text.split())}`"


def version() -> str:
    """Return the version of PyTorch that runs, without its build."""
    return str(torch.__version__).partition("+")[0]


def differs(card: Card, _study: Study) -> bool:
    """Tell whether this PyTorch gives something else than the card says."""
    return unlike(card) is not None


def unlike(card: Card) -> tuple[str, str, str] | None:
    """Return the first line that came to something else, what was expected, and what came."""
    lines = (card.line, *card.others)
    for line, expected, outcome in zip(lines, card.expected, results(card), strict=True):
        if outcome.short != expected:
            return line.strip(), expected, outcome.short
    return None


def difference(card: Card, _study: Study) -> Mapping[str, str]:
    """Return what was expected, and what came."""
    found = unlike(card)
    assert found is not None  # noqa: S101 - asked only where something differs
    line, expected, came = (written(cut(each)) for each in found)
    return {
        "line": line,
        "expected": expected,
        "came": came,
        "then": WRITTEN_FOR,
        "now": version(),
    }


def step(card: Card) -> Step:
    """Lay out a card: claim, lines, prediction; then what came, why, and what to do instead."""
    return Step(
        card.key,
        card.label,
        lambda _study: Claim(card.key),
        (
            Prose(f"{card.key} claim"),
            Predict(
                card.key,
                given=(Lines(partial(code, card)),),
                revealed=(
                    Lines(partial(came, card)),
                    Prose("differs", partial(difference, card), when=partial(differs, card)),
                    Prose(f"{card.key} why"),
                ),
                after=(Columns(0.68, (Prose(f"{card.key} instead"),), (Seen(card.seen),)),),
                forward=True,
            ),
        ),
    )


LESSON = Lesson(
    key="claims",
    title=english("Check this claim"),
    question=english("Which of these sentences about autograd are true?"),
    card=gradients(Kept()),
    choices={"cell": Choice(3, range(CELLS), "Cell", looks=True)},
    steps=(
        Step(
            "question",
            "Question",
            kept,
            (Prose("question"), Deck({key: f"{key} claim" for key in CARDS})),
        ),
        *map(step, CARDS.values()),
        Step(
            "rule",
            "Rule",
            kept,
            (
                Controls((Again(), Slide("cell", lambda _study: CELLS))),
                Columns(0.52, (Walked("cell", read_again),), (Derivation("rule", "cell"),)),
            ),
        ),
        Step(
            "end",
            "Takeaways",
            kept,
            (Uses("used", ("residual", "lstm", "triple")), Prose("take away")),
        ),
    ),
)
