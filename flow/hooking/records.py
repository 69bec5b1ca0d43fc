"""What hooks are asked for, and what they left behind: frozen values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from flow.record import Array, Shape

Kind = Literal[
    "forward pre",
    "forward",
    "full backward pre",
    "full backward",
    "tensor",
    "parameter",
    "post accumulate grad",
]
"""How a hook is registered, by PyTorch's call, and what its action may replace:

- ``forward pre``: ``Module.register_forward_pre_hook``; each of ``args``, not of ``kwargs``
- ``forward``: ``Module.register_forward_hook``; ``output``, or each of a tuple
- ``full backward pre``: ``Module.register_full_backward_pre_hook``; each of ``grad_output``
- ``full backward``: ``Module.register_full_backward_hook``; each of ``grad_input``
- ``tensor``: ``Tensor.register_hook`` on the first output of a module that asks for a gradient,
  by a forward hook and so anew in each forward; ``grad``. PyTorch calls it after a ``full backward
  pre`` hook; one registered outside, on what the module returned, it would call before
- ``parameter``: ``Tensor.register_hook`` on a parameter; ``grad``
- ``post accumulate grad``: ``Tensor.register_post_accumulate_grad_hook`` on a parameter; its
  ``.grad``
"""
Action = Callable[[Tensor], Tensor | None]
"""What a hook does with a tensor: it returns another of the same shape, or None to leave it. Of a
tuple it gets one tensor after the other."""


def nothing(_tensor: Tensor) -> None:
    """Return nothing, so that nothing is replaced."""


@dataclass(frozen=True)
class Hook:
    """A hook: how it is registered, on what, and what it does."""

    kind: Kind
    on: str
    """Dotted path of a module, empty for the whole one; of the kinds on a parameter, its name."""
    action: Action = nothing


@dataclass(frozen=True)
class Given:
    """One argument that PyTorch called a hook with."""

    name: str
    """What PyTorch's documentation calls it: ``module``, ``grad_input``, ..."""
    type: str
    """Class of it."""
    inside: tuple[str, ...] = ()
    """Class of each entry of a tuple."""
    shapes: tuple[Shape | None, ...] = ()
    """Shape of a tensor, or of each entry of a tuple; None for what is no tensor."""


@dataclass(frozen=True, eq=False)
class Fired:
    """A hook was called."""

    number: int
    """Of its handle."""
    hook: Hook
    given: tuple[Given, ...]
    caught: tuple[Array | None, ...]
    """What its action was given, before it acted; None where there was no tensor."""
    returned: tuple[Array | None, ...]
    """What its action returned for each of those; None where it returned nothing."""

    @property
    def replaced(self) -> bool:
        """Whether it returned something in the place of any."""
        return any(each is not None for each in self.returned)


@dataclass(frozen=True)
class Handle:
    """A hook that was registered."""

    number: int
    """Counted from 0 in the order in which they were registered."""
    hook: Hook
    live: bool
    """Whether it was not removed."""
    fired: int
    """How often it was called so far."""


@dataclass(frozen=True, eq=False)
class Hooked:
    """One forward and one backward under hooks."""

    fired: tuple[Fired, ...]
    """In the order in which PyTorch called them."""
    values: Mapping[str, Array]
    """By the name of a layer, what went on from it: its first output, replaced by hooks or not."""
    gradients: Mapping[str, Array | None]
    """By the name of an input or a layer, the gradient of that tensor, as hooks left it; None where
    none came."""
    parameters: Mapping[str, Array | None]
    """By name, ``.grad`` of each parameter."""
    loss: float | None
    """None when the backward began from a given upstream vector."""
