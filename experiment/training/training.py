"""What a link says of a training: how it is done, how far, and what of it is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from experiment.readers import read_rate
from models.training.data import DATA
from models.training.optimizers import OPTIMIZERS
from models.training.plan import MAX_BATCH, MAX_CLIP, MAX_STEPS, OWN_DATA, Plan
from viz.answering.readers import decimal, flag, matching, one_of, whole

MAX_MOMENTUM = 0.99
NAME = re.compile(r"[\w.]{1,200}")
PLAN = Plan()


@dataclass(frozen=True)
class Training:
    """The plan, how many of its steps are to be done, and which of them is looked at."""

    train: Annotated[bool, flag] = False
    """Whether its section is open."""
    train_data: Annotated[str, one_of({OWN_DATA: None, **DATA})] = PLAN.data
    train_with: Annotated[str, one_of(OPTIMIZERS)] = PLAN.optimizer
    train_rate: Annotated[float, read_rate] = PLAN.rate
    train_momentum: Annotated[float, decimal(MAX_MOMENTUM, 0)] = PLAN.momentum
    train_batch: Annotated[int, whole(MAX_BATCH, 1)] = PLAN.batch
    train_steps: Annotated[int, whole(MAX_STEPS, 1)] = PLAN.steps
    train_clip: Annotated[float, decimal(MAX_CLIP, 0)] = PLAN.clip
    train_run: Annotated[int, whole(MAX_STEPS)] = 0
    """So many steps are to be done."""
    train_at: Annotated[int | None, whole(MAX_STEPS)] = None
    """The step that is looked at, counted from 0; None for the last one that was done."""
    train_layer: Annotated[str, matching(NAME, "a layer's name such as conv1")] = ""
    """The layer that is looked at; empty for the first one."""

    @property
    def plan(self) -> Plan:
        """What decides its numbers; what has no part in them is as in any other plan."""
        own = self.train_data == OWN_DATA
        momentum = OPTIMIZERS[self.train_with].has_momentum
        return Plan(
            data=self.train_data,
            optimizer=self.train_with,
            rate=self.train_rate,
            momentum=self.train_momentum if momentum else PLAN.momentum,
            batch=PLAN.batch if own else self.train_batch,
            steps=self.train_steps,
            clip=self.train_clip,
        )

    @property
    def wanted(self) -> int:
        """How many steps are to be done: never more than the plan has."""
        return min(self.train_run, self.train_steps)


UNTRAINED = Training()
