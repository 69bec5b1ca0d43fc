"""The input and the loss that a pasted text writes out, as those of its run."""

from __future__ import annotations

import ast
import math
from contextlib import suppress
from dataclasses import replace

import torch

from experiment.feeding import TARGET
from experiment.setting import Setting
from models.cell_edits import EditError
from models.inputs import TOKENS
from models.losses import LOSSES
from models.shapes import Shape
from models.source import OF_THE_OUTPUT, SINGLE, Outside, Written
from models.spec import INPUT
from models.targets import CLASSES, EACH, TARGETS

SAME_NAME = {"zeros": "zeros", "ones": "ones", "arange": "counting", "random": "random"}
"""A kind of input -> the target of the same values."""
Cells = dict[int, float]


def as_given(
    setting: Setting, given: Outside, output_shape: Shape
) -> tuple[Setting, frozenset[ast.stmt]]:
    """Return the setting with what the text gives, and the statements that were taken.

    What does not fit the run is left as it is.
    """
    taken: set[ast.stmt] = set(given.evaluating)
    if given.evaluating:
        setting = replace(setting, training=False)
    with suppress(EditError):  # more than can be changed by hand
        fed = _fed(setting, given.input)
        if fed is not None:
            setting = fed
            taken |= given.fed
    with suppress(EditError):
        compared = _compared(setting, given, output_shape)
        if compared is not None:
            setting = compared
            taken |= given.scored
    return setting, frozenset(taken)


def _fed(setting: Setting, written: Written | None) -> Setting | None:
    """Return the setting with the text's input; None where it is none for the network."""
    words = setting.words is not None
    if written is None or written.shape != setting.shape or written.whole != words:
        return None
    gradient = not words and (setting.input_gradient or written.needs_gradient)
    plain = replace(setting, edits=setting.edits.without(INPUT), input_gradient=gradient)
    if written.drawn:
        return (
            plain if words or not written.kind else replace(plain, input=written.kind, picture="")
        )
    if written.kind and not words:
        return replace(plain, input=written.kind, picture="")
    cells = dict(enumerate(written.values()))
    if not cells:
        return None
    if not words:
        cells = {place: value for place, value in cells.items() if value}
    edits = plain.edits.with_cells(INPUT, cells)
    return replace(plain, input=TOKENS if words else "zeros", picture="", edits=edits)


def _compared(setting: Setting, given: Outside, output_shape: Shape) -> Setting | None:
    """Return the setting with the text's loss and target; None where they do not fit."""
    loss = given.loss
    if loss == SINGLE:
        loss = "sum" if math.prod(output_shape) == 1 else ""
    if not loss:
        return None
    kind = LOSSES[loss]
    plain = replace(setting, loss=loss, edits=setting.edits.without(TARGET))
    if not kind.targets:
        return plain
    target, cells = _target(given.target, kind.targets, output_shape)
    if not target or not kind.suits(output_shape, target):
        return None
    return replace(plain, target=target, edits=plain.edits.with_cells(TARGET, cells))


def _target(
    written: Written | None, targets: tuple[str, ...], output_shape: Shape
) -> tuple[str, Cells]:
    """Return the target's name and the cells that differ from it; no name where it does not fit."""
    if written is None:
        return "", {}
    if targets == CLASSES:
        return _classes(written, output_shape)
    if written.whole or written.shape not in (OF_THE_OUTPUT, output_shape):
        return "", {}
    name = SAME_NAME.get(written.kind, "")
    if name in targets:
        return name, {}
    values = replace(written, shape=output_shape).values()
    if not values:
        return "", {}
    for name in targets:
        if torch.equal(TARGETS[name].tensor(output_shape).flatten(), torch.tensor(values)):
            return name, {}
    name = "zeros" if "zeros" in targets else "ones"
    return name, {place: value for place, value in enumerate(values) if value != TARGETS[name].fill}


def _classes(written: Written, output_shape: Shape) -> tuple[str, Cells]:
    """Return the right class of each sample; changed by hand where they follow no rule."""
    numbers = written.values() if written.whole else ()
    if not numbers or written.shape != output_shape[:1] or len(output_shape) != 2:
        return "", {}
    if not all(0 <= value < output_shape[1] for value in numbers):
        return "", {}
    for name in (f"class_{int(numbers[0])}", EACH):
        if name in TARGETS and tuple(TARGETS[name].tensor(output_shape).tolist()) == numbers:
            return name, {}
    return "class_0", {place: value for place, value in enumerate(numbers) if value}
