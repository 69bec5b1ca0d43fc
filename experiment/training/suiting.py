"""What a network can be trained on, and which trainings would take too long or too much memory."""

from __future__ import annotations

from dataclasses import replace

from experiment.setting import Setting
from flow.said import said
from models.budget import MAX_OPERATIONS, Budget, bytes_text, operations_text
from models.build import LayerError
from models.inputs.shape import InputError
from models.training.data import DATA
from models.training.plan import OWN_DATA, Plan
from models.training.step import MOST_FRAME_BYTES

MOST_IN_ALL = 10 * MAX_OPERATIONS
"""Of the forward passes of a training: with their backward passes about half a minute alone."""
FEWEST_FRAMES = 2
"""So many must be kept whole, at least, so that something can be compared."""


def suiting(setting: Setting) -> tuple[str, ...]:
    """Return what the network can be trained on: its own input, and data sets that fit it."""
    if setting.words is not None:
        return (OWN_DATA,)
    try:
        budget = setting.source.budget(setting.at_step(0))
    except (LayerError, InputError):
        return (OWN_DATA,)
    if budget is None or budget.refusal:
        return (OWN_DATA,)
    shapes = setting.shape, budget.output_shape
    return (OWN_DATA, *(name for name, kind in DATA.items() if kind.suits(*shapes)))


def refusal(setting: Setting, plan: Plan, parameter_bytes: int = 0) -> str:
    """Say why a training cannot be done, and what to do; empty where it can.

    ``parameter_bytes`` are those of the run, where its layers do not tell them beforehand.
    """
    if plan.data not in suiting(setting):
        return said(
            "This network cannot be trained on {data}: their samples do not fit its input, or it "
            "has fewer outputs than they have classes. Choose other data.",
            data=said(DATA[plan.data].label),
        )
    fed = fed_with(setting, plan)
    try:
        budget = fed.source.budget(fed)
    except (LayerError, InputError) as error:
        return str(error)
    if budget is None:
        return _too_large(parameter_bytes)
    return budget.refusal or _too_long(budget, plan) or _too_large(budget.parameter_bytes)


def fed_with(setting: Setting, plan: Plan) -> Setting:
    """Return the setting before any step, with an input of the plan's batch."""
    before = setting.at_step(0)
    if plan.data == OWN_DATA:
        return before
    return replace(before, input_shape=(plan.batch, *setting.shape[1:]))


def _too_long(budget: Budget, plan: Plan) -> str:
    total = budget.operations * plan.steps
    if total <= MOST_IN_ALL:
        return ""
    return said(
        "{steps} steps take {total} for their forward passes, but a training may use {most}. "
        "Choose at most {fit} steps, or a smaller batch.",
        steps=plan.steps,
        total=operations_text(total),
        most=operations_text(MOST_IN_ALL),
        fit=MOST_IN_ALL // budget.operations,
    )


def _too_large(parameter_bytes: int) -> str:
    """Refuse a network of which not even a few steps could be kept."""
    frame = 2 * parameter_bytes
    if FEWEST_FRAMES * frame <= MOST_FRAME_BYTES:
        return ""
    return said(
        "The weights and gradients of one step take {frame}, and a training keeps at most {most} "
        "of them. Choose a smaller network.",
        frame=bytes_text(frame),
        most=bytes_text(MOST_FRAME_BYTES),
    )
