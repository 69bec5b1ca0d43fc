"""What a hook can do with the tensor that it may replace."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from flow.errors import HookError
from flow.hooking.records import Action
from flow.said import said


def keep(into: list[Tensor]) -> Action:
    """Append the tensor to a list, as it is, and replace nothing."""
    return into.append


def times(factor: float) -> Action:
    """Return it times a factor."""
    return partial(torch.mul, other=factor)


def clamp(bound: float) -> Action:
    """Return it between minus a bound and the bound. Raises HookError for a bound below 0."""
    if not bound >= 0:
        raise HookError(
            said("bound: it must be at least 0; {bound} came. Take its magnitude.", bound=bound)
        )
    return partial(torch.clamp, min=-bound, max=bound)


def zero(tensor: Tensor) -> Tensor:
    """Return zeros. In the place of a value they have no graph, so the backward ends there.

    ``times(0)`` gives zeros through which the backward goes on.
    """
    return torch.zeros_like(tensor)


def negate(tensor: Tensor) -> Tensor:
    """Return it with the other sign."""
    return -tensor


def positive(tensor: Tensor) -> Tensor:
    """Return it without its negative cells: on a ReLU's gradient that is a guided ReLU."""
    return tensor.clamp(min=0)


def noise(scale: float, seed: int) -> Action:
    """Return it plus normal noise of a standard deviation; the same numbers each time.

    They come from a generator of the action's own.
    """

    def noisy(tensor: Tensor) -> Tensor:
        own = torch.Generator().manual_seed(seed)
        drawn = torch.randn(tensor.shape, generator=own, dtype=torch.float32)
        return tensor + scale * drawn.to(tensor)

    return noisy
