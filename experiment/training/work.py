"""A training as long work: equal settings and plans give equal steps, to the bit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import torch
from torch import Tensor

import flow
from experiment.setting import Setting
from experiment.training.losses import class_loss, loss_name
from flow.run import available
from flow.said import said
from models.losses import LOSSES
from models.sgd import Pass
from models.training.data import DATA, batches
from models.training.plan import OWN_DATA, Plan
from models.training.step import Step
from models.training.trainer import Trainer

FORWARD = ("non-finite input", "non-finite forward")
"""Kinds of problems of a run that say where a number that is not finite was made, first to last."""
BACKWARD = "non-finite backward"
LOSS_ALONE = said("Every layer's output is still finite; the loss computed from it is not.")


@dataclass(frozen=True)
class TrainingWork:
    """Trains what a setting runs; see ``experiment.running.work.LongWork``."""

    setting: Setting
    plan: Plan

    def steps(self) -> Iterator[Step]:
        """Take one step after the other.

        Raises what ``Source.learned`` and the network itself raise.
        """
        device = available(self.setting.device)
        one = self.setting.source.learned(self.setting)
        module = one.module.to(device)
        own = Pass(module, [value.to(device) for value in one.inputs], one.loss)
        trainer = Trainer(module, self._passes(own, device), self.plan, self.setting.seed, blame)
        yield from trainer.steps(device)

    def _passes(self, own: Pass, device: torch.device) -> Iterator[Pass]:
        """Yield what every step is fed, without end."""
        if self.plan.data == OWN_DATA:
            while True:
                yield own
        kind, setting = DATA[self.plan.data], self.setting
        loss = LOSSES[loss_name(setting.loss, self.plan)]
        for numbers in batches(kind.count, self.plan.batch, setting.seed):
            samples = kind.pick(setting.shape, setting.seed, numbers)
            yield replace(
                own,
                inputs=[samples.inputs.to(device)],
                loss=class_loss(loss, samples.classes.to(device)),
            )


def blame(one: Pass, seed: int) -> str:
    """Run a pass once more with everything recorded; say what first made a number not finite.

    Nothing where it cannot be recorded.
    """
    with suppress(flow.RunError):
        with flow.run(
            one.module, tuple(one.inputs), one.loss, device=_device(one), seed=seed
        ) as run:
            found = {str(each.kind): each.message for each in run.capture.problems}
            loss = run.capture.loss
        for kind in FORWARD:
            if kind in found:
                return found[kind]
        if loss is not None and not math.isfinite(loss):
            return LOSS_ALONE  # what comes backward from it comes later
        return found.get(BACKWARD, "")
    return ""


def _device(one: Pass) -> torch.device:
    tensors: Iterator[Tensor] = iter((*one.module.parameters(), *one.inputs))
    return next(tensors).device
