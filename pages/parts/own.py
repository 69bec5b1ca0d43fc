"""The module of the command line: how it is run, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import Tensor

import flow
from models.fitting import shape_text
from models.input_shape import InputError
from models.losses import LOSSES, TargetError
from models.own import Own
from models.own_errors import told
from pages.parts.experiment import Experiment
from pages.parts.text import _


class LossOfPart:
    """A loss of one part of an output, which may be a tuple or a dictionary."""

    def __init__(self, own: Own, setting: Experiment) -> None:
        kind = LOSSES[setting.loss]
        self.__name__ = kind.name
        self._part = own.part
        self._kind, self._setting = kind, setting

    def __call__(self, output: Any) -> Tensor:
        """Return the loss; TargetError says which targets suit an output of that shape."""
        part = self._part(output)
        setting = self._setting
        shape = tuple(part.shape)
        return self._kind.make(shape, setting.target, setting.seed, setting.labels)(part)


def prepare(own: Own, setting: Experiment) -> Callable[[], flow.Run]:
    """Make a module for this run alone; calling the result runs it.

    Raises OwnError with the line of the user's file, InputError or TargetError.
    """
    module = own.make(setting.seed).train(setting.training)
    values = own.values(setting.input, setting.seed)
    for each in values:
        each.requires_grad_(setting.input_gradient and each.is_floating_point())
    record = partial(
        flow.run,
        module,
        values,
        loss=LossOfPart(own, setting),
        device=setting.device,
        seed=setting.seed,
    )

    def run() -> flow.Run:
        with told(f"{own.title}.forward", InputError, TargetError, flow.RunError):
            return record()

    return run


def description(own: Own) -> str:
    """Say what is run, in the place of a preset's description."""
    shapes = ", ".join(shape_text(given.shape) for given in own.inputs)
    sentence = _("{name} on {shapes}, as the command line says.").format(
        name=own.name, shapes=shapes
    )
    if len(own.parts) < 2:
        return sentence
    chosen = next(name for name, taken in own.parts.items() if taken)
    others = ", ".join(name for name, taken in own.parts.items() if not taken)
    more = _("The loss is taken of its output {chosen}, not of {others}; --output chooses.")
    return f"{sentence} {more.format(chosen=chosen, others=others)}"
