"""What a visitor asks of the runs of this process."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch

from experiment.asking.answers import Answers
from experiment.running.runs import Outcome
from experiment.setting import Setting
from flow.record import Shape
from models.build import LayerError
from models.inputs.shape import InputError
from pages.parts.text import _
from pages.parts.turns import runs, tell, told

DURING = {"run": "Running forward and backward…", "graph": "Drawing the graph…"}
"""What is said while an answer is computed that may take a while."""


def answers(setting: Setting, hidden: tuple[str, ...] = ()) -> Answers:
    """Return the answers of a setting's run but for what is hidden; who waits for one is told."""
    return Answers(runs(), setting, tell, _during, hidden)


def _during(what: str) -> AbstractContextManager[None]:
    return told(_(DURING[what])) if what in DURING else nullcontext()


def execute(setting: Setting) -> Outcome:
    """Run a setting once; equal settings share the frozen result.

    Raises Refused, with a sentence for the visitor, when it cannot run, and Busy.
    """
    return answers(setting).outcome


def output_shape(setting: Setting) -> Shape | None:
    """Return the shape of what a network returns; None where only a run tells, or none can be."""
    try:
        budget = setting.source.budget(setting)
    except (LayerError, InputError):
        return None
    return budget.output_shape or None if budget is not None else None


def devices() -> list[str]:
    """Return the devices this machine has."""
    found = ["cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
    if torch.backends.mps.is_available():
        found.append("mps")
    return found
