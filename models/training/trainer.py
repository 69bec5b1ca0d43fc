"""The loop: forward, backward, clipping and the optimizer's step, as PyTorch does them.

Step i draws its random numbers from the seed + i, so that dropout drops other cells in each, and
the first step is the run that is on screen. A step that is not finite ends the training.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_, get_total_norm

from models.sgd import Pass, one_pass
from models.targets import SEEDS
from models.training.norms import norm, together
from models.training.optimizers import OPTIMIZERS
from models.training.plan import Plan
from models.training.step import Array, Frame, Numbers, Step, Trouble, every

Blame = Callable[[Pass, int], str]
"""Runs a pass once more with the random numbers of a seed, and says what made it not finite."""


@dataclass(frozen=True, eq=False)
class Trainer:
    """Trains a module, which it moves along."""

    module: nn.Module
    passes: Iterator[Pass]
    """What each step is fed, on the device of the module."""
    plan: Plan
    seed: int
    blame: Blame

    def steps(self, device: torch.device) -> Iterator[Step]:
        """Take one step after the other, and yield what it came to. Raises what the module does."""
        optimizer = OPTIMIZERS[self.plan.optimizer].make(self._learning.values(), self.plan)
        apart = every(frame_bytes(self.module), self.plan.steps)
        for number in range(self.plan.steps):
            step = self._step(optimizer, number, device, keep=number % apart == 0)
            yield step
            if step.trouble is not None:
                return

    @property
    def _learning(self) -> dict[str, nn.Parameter]:
        return learning(self.module)

    def _step(self, optimizer: Any, number: int, device: torch.device, *, keep: bool) -> Step:
        one, seed = next(self.passes), (self.seed + number) % SEEDS
        before = {name: tensor.detach().clone() for name, tensor in _state(self.module)}
        loss = one_pass(one, seed, device)
        gradients = {
            name: each.grad for name, each in self._learning.items() if each.grad is not None
        }
        trouble = self._broken(one, seed, loss, gradients, before)
        keep = keep or trouble is not None
        frame = Frame(_arrays(before), _arrays(gradients)) if keep else None
        norms = self._norms(gradients)
        total = _total(gradients)
        clipped = total
        if trouble is None:
            if self.plan.clip:
                clip_grad_norm_(self._learning.values(), self.plan.clip)
                clipped = _total(gradients)
            optimizer.step()
            trouble = self._overflown()
        moved = self._moved(before)
        self.module.zero_grad()
        return Step(tuple(self._learning), loss, norms, total, clipped, moved, frame, trouble)

    def _broken(
        self,
        one: Pass,
        seed: int,
        loss: float,
        gradients: dict[str, Tensor],
        before: dict[str, Tensor],
    ) -> Trouble | None:
        """Return what is not finite of a pass, and what made it so."""
        names = _not_finite(gradients)
        if np.isfinite(loss) and not names:
            return None
        with torch.no_grad():
            for name, tensor in _state(self.module):
                tensor.copy_(before[name])  # running means as the pass found them
        told = self.blame(one, seed)
        return Trouble("gradient" if np.isfinite(loss) else "loss", names, told)

    def _overflown(self) -> Trouble | None:
        names = _not_finite(self._learning)
        return Trouble("weight", names) if names else None

    def _norms(self, gradients: dict[str, Tensor]) -> Numbers:
        return np.array(
            [norm(gradients[name]) if name in gradients else 0.0 for name in self._learning]
        )

    def _moved(self, before: dict[str, Tensor]) -> Numbers:
        found = []
        for name, now in self._learning.items():
            size, step = norm(before[name]), norm(now.detach() - before[name])
            found.append(step / size if size else np.nan)
        return np.array(found)


def learning(module: nn.Module) -> dict[str, nn.Parameter]:
    """Return the parameters that a step may move, by name."""
    return {name: each for name, each in module.named_parameters() if each.requires_grad}


def _total(gradients: dict[str, Tensor]) -> float:
    """Return what clipping goes by; the true one where its squares are beyond their type."""
    found = float(get_total_norm(gradients.values()))
    if math.isfinite(found) and found > 0:
        return found
    return together(norm(each) for each in gradients.values())


def frame_bytes(module: nn.Module) -> int:
    """Return the bytes of one frame of a module."""
    kept = [tensor for _name, tensor in _state(module)]
    return sum(each.numel() * each.element_size() for each in (*kept, *learning(module).values()))


def _state(module: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from module.named_parameters()
    yield from module.named_buffers()


def _not_finite(tensors: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name, each in tensors.items() if not bool(torch.isfinite(each).all()))


def _arrays(tensors: dict[str, Tensor]) -> dict[str, Array]:
    return {name: each.detach().cpu().numpy().copy() for name, each in tensors.items()}
