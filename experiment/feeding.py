"""What a run is made of: network, input and loss, with the cells that were changed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from flow.record import Capture
from flow.said import said
from models.build import build
from models.cell_edits import EditError, Edits, Misfit
from models.inputs import INPUTS, unsuited
from models.inputs.pictures import fit
from models.inputs.shape import InputError
from models.inputs.uploaded import from_text
from models.losses import LOSSES, Loss
from models.sgd import Pass
from models.shapes import Shape
from models.spec import INPUT

if TYPE_CHECKING:
    from experiment.setting import Setting  # which imports this module

UPLOAD = "upload"
"""The kind of input that is a picture of the visitor's."""
TARGET = "target"
"""What the cells are called that the output is compared with."""


@dataclass(frozen=True, eq=False)
class Fed:
    """A network of its own, its input and the loss: made anew for every run."""

    module: nn.Module
    values: Tensor
    loss: Loss

    def as_pass(self) -> Pass:
        """Return it as a pass that steps of learning repeat."""
        return Pass(self.module, [self.values], self.loss)


def feed(setting: Setting, output_shape: Shape) -> Fed:
    """Make everything from the setting alone; changes by hand that fit nothing are left out.

    Raises LayerError, InputError or TargetError, in words for the visitor.
    """
    module = build(setting.network, setting.seed, setting.training)
    parameters = dict(module.named_parameters())
    edits = _fitting(setting, output_shape, parameters)
    with torch.no_grad():
        for name in set(edits.names()) & set(parameters):
            parameters[name].copy_(edits.apply(name, parameters[name]))
    values = edits.apply(INPUT, first_input(setting))
    values.requires_grad_(setting.input_gradient and values.is_floating_point())
    return Fed(module, values, _loss(setting, output_shape, edits))


def unsuited_input(setting: Setting) -> str:
    """Say why the network cannot take this kind of input; empty where it can."""
    words = setting.words
    if setting.input == UPLOAD:
        return "" if words is None else unsuited(said("your picture"), words)
    kind = INPUTS[setting.input]
    return "" if kind.suits(words) else unsuited(said(kind.label), words)


def first_input(setting: Setting) -> Tensor:
    """Return the input before any change by hand; InputError when the network takes another."""
    problem = unsuited_input(setting)
    if problem:
        raise InputError(problem)
    if setting.input == UPLOAD:
        return fit(from_text(setting.picture), setting.shape)
    return INPUTS[setting.input].make(setting.shape, setting.seed, setting.words)


def fed_ids(setting: Setting) -> Tensor:
    """Return the token ids that are fed; those changed by hand that fit nothing are left out."""
    first = first_input(setting)
    try:
        check_ids(setting, setting.edits)
        return setting.edits.apply(INPUT, first)
    except EditError:
        return first


def check_ids(setting: Setting, edits: Edits) -> None:
    """Raise EditError when a cell is changed to something that the network cannot look up."""
    problem = setting.words.problem(edits.of(INPUT)) if setting.words else ""
    if problem:
        raise EditError(problem)


def first_target(setting: Setting, output_shape: Shape) -> Tensor | None:
    """Return the target before any change by hand; None where none is needed.

    Whole numbers are classes. TargetError when the loss has no such target.
    """
    kind = LOSSES[setting.loss]
    if not kind.targets:
        return None
    return kind.target(output_shape, setting.target, setting.seed, setting.labels)


def check_classes(edits: Edits, classes: int) -> None:
    """Raise EditError when a cell of the target is changed to something that is no class."""
    for place, value in edits.of(TARGET).items():
        if value != int(value) or not 0 <= value < classes:
            raise EditError(
                said(
                    "{name}: a class must be a whole number from 0 to {last}. "
                    "Cell {place} is {value:g}.",
                    name=TARGET,
                    last=classes - 1,
                    place=place,
                    value=value,
                )
            )


def misfits(setting: Setting, output_shape: Shape, capture: Capture) -> tuple[Misfit, ...]:
    """Return the changes by hand that this run left out, and why."""
    named = (record for layer in capture.layers for record in layer.parameters)
    shapes = {record.name: record.value.shape for record in named}
    return _misfits(setting, output_shape, shapes)


def _misfits(
    setting: Setting, output_shape: Shape, parameters: Mapping[str, Shape]
) -> tuple[Misfit, ...]:
    target = first_target(setting, output_shape)
    others = {INPUT: setting.shape, **({} if target is None else {TARGET: tuple(target.shape)})}
    found = setting.edits.misfits({**others, **parameters})
    checks = {INPUT: partial(check_ids, setting, setting.edits)}
    if target is not None and not target.is_floating_point():
        checks[TARGET] = partial(check_classes, setting.edits, output_shape[1])
    for name, check in checks.items():
        if name in _names(found):
            continue
        try:
            check()
        except EditError as error:
            found = (*found, Misfit(name, str(error)))
    return found


def _fitting(setting: Setting, output_shape: Shape, parameters: dict[str, nn.Parameter]) -> Edits:
    shapes = {name: tuple(parameter.shape) for name, parameter in parameters.items()}
    return setting.edits.without(*_names(_misfits(setting, output_shape, shapes)))


def _names(found: Iterable[Misfit]) -> Iterable[str]:
    return (misfit.name for misfit in found)


def _loss(setting: Setting, output_shape: Shape, edits: Edits) -> Loss:
    kind, target = LOSSES[setting.loss], first_target(setting, output_shape)
    if target is None:
        return kind.make(output_shape)
    return Loss(kind.name, kind.compare, edits.apply(TARGET, target))
