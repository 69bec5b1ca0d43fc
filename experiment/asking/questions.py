"""A question about a setting, answered: its run is made where it is not kept.

Two questions need no run: what a network can be made of, and what is known of one that is edited.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from experiment.asking.answers import Answers
from experiment.asking.drafting import draft_answer, kinds_answer
from experiment.running.runs import Runs
from experiment.running.turnstile import Tell, untold
from experiment.setting import Setting
from models.draft.text import DraftError
from viz.answering import questions
from viz.answering.questions import ALWAYS, BEFORE, JSON, Question, answered
from viz.answering.readers import shown
from viz.answering.sent import Unanswerable
from viz.language import ENGLISH, known, retold, speaking

KINDS, DRAFT = "kinds", "draft"


@dataclass(frozen=True)
class OfDraft:
    """``kinds`` or ``draft``."""

    name: str
    draft: str = ""
    """As ``models.draft.text`` reads it; empty for the setting's own network."""
    language: str = ENGLISH


Asked = Question | OfDraft


def parse(name: str, said: Mapping[str, str]) -> Asked:
    """Read a question from what was said under ``of.``, by the names that follow there.

    Raises Unanswerable, whose sentence says what must hold and what came.
    """
    if name not in (KINDS, DRAFT):
        return questions.parse(name, said)
    language = known(said.get("language", ENGLISH))
    for part in said:
        if part not in (*ALWAYS, DRAFT):
            sentence = speaking(language)("{came}: no question has such a part.")
            raise Unanswerable(sentence.format(came=shown(BEFORE + part)))
    return OfDraft(name, said.get(DRAFT, "") if name == DRAFT else "", language)


def draws(question: Asked) -> bool:
    """Whether a page waits for the answer to draw with."""
    return isinstance(question, OfDraft) or questions.draws(question)


def of_run(question: Asked) -> bool:
    """Whether it is about the run of the setting, which then must be affordable."""
    return isinstance(question, Question)


def answer(runs: Runs, setting: Setting, question: Asked, tell: Tell = untold) -> tuple[bytes, str]:
    """Return the answer and its media type.

    Raises Unanswerable where there is none, Refused where the setting cannot run, and Busy.
    """
    answers = Answers(runs, setting, tell)
    if isinstance(question, Question):
        return answered(replace(answers, hidden=question.parts.conceals), question)
    say = speaking(question.language)
    try:
        found = (
            kinds_answer(say)
            if question.name == KINDS
            else draft_answer(answers, question.draft, say)
        )
    except DraftError as error:
        raise Unanswerable(retold(str(error), say)) from None
    return json.dumps(found).encode(), JSON
