"""Runs of settings without a page, and their numbers to the bit."""

from __future__ import annotations

from experiment.asking.answers import Answers
from experiment.running.runs import Outcome, Runs
from experiment.setting import Setting

RUNS = Runs()
"""Those of all tests of a process that do not count runs."""


def execute(setting: Setting) -> Outcome:
    """Run a setting; equal ones share what happened."""
    return RUNS.outcome(setting)


def answers(setting: Setting) -> Answers:
    """Return the answers of a setting's run."""
    return Answers(RUNS, setting)
