"""A question about a setting, answered: its run is made where it is not kept."""

from __future__ import annotations

from experiment.answers import Answers
from experiment.runs import Runs
from experiment.setting import Setting
from experiment.turnstile import Tell, untold
from viz.answering.questions import Question, answered


def answer(
    runs: Runs, setting: Setting, question: Question, tell: Tell = untold
) -> tuple[bytes, str]:
    """Return the answer and its media type.

    Raises Unanswerable where there is none, Refused where the setting cannot run, and Busy.
    """
    return answered(Answers(runs, setting, tell), question)
