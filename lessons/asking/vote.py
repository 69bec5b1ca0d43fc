"""What a learner answers before any experiment: noted at once, judged where all is known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from lessons.blocks import Choose, Prose
from lessons.choosing.choice import Choice
from lessons.choosing.study import Study
from viz.language import english

VOTE = "vote"
"""Name of the choice that holds it."""


def vote(answers: Mapping[str, str]) -> Choice:
    """Return the choice of one of these answers, which are in English by their keys."""
    label = english("Your answer, before any experiment")
    return Choice("", list(answers), label, words=answers, looks=True, answer=True)


def voted(answer: str, study: Study) -> bool:
    """Tell whether this was the answer."""
    return bool(study[VOTE] == answer)


def has_voted(study: Study) -> bool:
    """Tell whether there was any."""
    return bool(study[VOTE])


def verdicts(answers: Mapping[str, str]) -> tuple[Prose, ...]:
    """Return what is said of the answer that was given: the section ``vote <answer>``."""
    return tuple(Prose(f"vote {answer}", when=partial(voted, answer)) for answer in answers)


BALLOT = (Choose((VOTE,)), Prose("noted", when=has_voted))
"""Where it is asked for, and what is said once it was given."""
