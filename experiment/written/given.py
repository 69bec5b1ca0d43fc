"""The input and the loss that a pasted text writes out, as those of its run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import torch

from experiment.feeding import TARGET
from experiment.setting import Setting
from models.cell_edits import EditError
from models.inputs import TOKENS
from models.losses import LOSSES
from models.shapes import Shape
from models.source import OF_THE_OUTPUT, Outside, Written, cells_of
from models.spec import INPUT
from models.targets import CLASSES, EACH, TARGETS

SAME_NAME = {"zeros": "zeros", "ones": "ones", "arange": "counting", "random": "random"}
"""A kind of input -> the target of the same values."""


def as_given(setting: Setting, given: Outside, output_shape: Shape) -> Setting:
    """Return the setting with what the text gives; what does not fit the run is left as it is."""
    if given.input is not None and given.input.shape == setting.shape:
        with suppress(EditError):  # more than can be changed by hand
            setting = _fed(setting, given.input)
    if given.loss:
        with suppress(EditError):
            setting = _compared(setting, given, output_shape)
    return setting


def _fed(setting: Setting, written: Written) -> Setting:
    words = setting.words
    base = "zeros" if words is None else TOKENS
    if written.kind and words is None:
        return _of_input(setting, written, written.kind, {})
    cells = dict(enumerate(cells_of(written)))
    if not cells:
        return setting
    if words is None:
        cells = {place: value for place, value in cells.items() if value}
    return _of_input(setting, written, base, cells)


def _of_input(setting: Setting, written: Written, kind: str, cells: dict[int, float]) -> Setting:
    gradient = setting.words is None and (setting.input_gradient or written.needs_gradient)
    edits = setting.edits.without(INPUT).with_cells(INPUT, cells)
    return replace(setting, input=kind, picture="", edits=edits, input_gradient=gradient)


def _compared(setting: Setting, given: Outside, output_shape: Shape) -> Setting:
    kind = LOSSES[given.loss]
    plain = replace(setting, loss=given.loss, edits=setting.edits.without(TARGET))
    if not kind.targets:
        return plain
    target, cells = _target(given.target, kind.targets, output_shape)
    if not target or not kind.suits(output_shape, target):
        return setting
    return replace(plain, target=target, edits=plain.edits.with_cells(TARGET, cells))


def _target(
    written: Written | None, targets: tuple[str, ...], output_shape: Shape
) -> tuple[str, dict[int, float]]:
    """Return the target's name and the cells that differ from it; no name where it does not fit."""
    if written is None:
        return "", {}
    if targets == CLASSES:
        return _classes(written, output_shape)
    if written.shape not in (OF_THE_OUTPUT, output_shape):
        return "", {}
    name, values = SAME_NAME.get(written.kind, ""), cells_of(written)
    if name in targets or not values:
        return name, {}
    for name in targets:
        if torch.equal(TARGETS[name].tensor(output_shape).flatten(), torch.tensor(values)):
            return name, {}
    name = "zeros" if "zeros" in targets else "ones"
    return name, {place: value for place, value in enumerate(values) if value != TARGETS[name].fill}


def _classes(written: Written, output_shape: Shape) -> tuple[str, dict[int, float]]:
    """Return the right class of each sample; changed by hand where they follow no rule."""
    numbers = cells_of(written)
    if not numbers or written.shape != output_shape[:1] or len(output_shape) < 2:
        return "", {}
    if any(value != int(value) or not 0 <= value < output_shape[1] for value in numbers):
        return "", {}
    for name in (f"class_{int(numbers[0])}", EACH):
        if name in TARGETS and _of_samples(name, output_shape) == numbers:
            return name, {}
    return "class_0", {place: value for place, value in enumerate(numbers) if value}


def _of_samples(name: str, output_shape: Shape) -> tuple[float, ...]:
    return tuple(TARGETS[name].tensor(output_shape[:2]).tolist())
