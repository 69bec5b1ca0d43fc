"""Modes for running a layer again: in float64 throughout, with its cuts held, or rounding more.

All are local to the thread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

from flow.recording.calls import traits_of
from flow.recording.structure import tensors_in

NARROW = frozenset({torch.float32, torch.float16, torch.bfloat16})
FLAT = frozenset({bool, int, float, str, type(None), torch.dtype, torch.device})
"""Types of arguments that hold no tensor."""
CUTTING = frozenset({Tensor.detach, Tensor.data.__get__})  # type: ignore[attr-defined]
"""Functions that hand a value on without the way it was made."""
APPLY = torch.autograd.Function.apply.__func__.__code__  # type: ignore[attr-defined]


class Widened(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Turns every conversion to a narrower floating type into one to float64."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.widened = False
        """Whether there was such a conversion."""
        self.narrowest: torch.dtype | None = None
        """The narrowest type to which a number in float64 was rounded, None for none."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run one operation and note in which type."""
        kwargs = dict(kwargs or {})
        if kwargs.get("dtype") in NARROW:
            kwargs["dtype"] = torch.float64
            self.widened = True
        found = func(*args, **kwargs)
        if any(one.dtype is torch.float64 for one in tensors_in((args, kwargs))):
            for one in tensors_in(found):
                if one.dtype in NARROW:
                    self._note(one.dtype)
        return found

    def _note(self, dtype: torch.dtype) -> None:
        known = self.narrowest
        if known is None or torch.finfo(dtype).eps > torch.finfo(known).eps:
            self.narrowest = dtype


class Rounded(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Moves what every operation reads and makes by up to ``unit`` of itself, as rounding would.

    What it reads, too: a sum whose terms cancel rounds in units of these, not of itself, and what
    a solver rounds on the way is as if other numbers had been given to it.
    """

    def __init__(self, unit: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._unit = unit
        self._generator = np.random.default_rng(4)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run one operation on what is moved, and move what it makes or writes; not a view."""
        kwargs = dict(kwargs or {})
        aliases = [each.alias_info for each in func._schema.returns if each.alias_info is not None]
        if not aliases:
            kept: dict[int, Any] = {}  # what is read twice, as in x != x, moves once
            args, kwargs = _mapped(
                lambda one: kept.setdefault(id(one), self._moved(one)), (args, kwargs)
            )
            return _mapped(self._moved, func(*args, **kwargs))
        found = func(*args, **kwargs)
        if all(each.is_write for each in aliases):
            for one in tensors_in(found):
                one.copy_(self._moved(one))
        return found

    def _moved(self, value: Any) -> Any:
        if not isinstance(value, Tensor) or not value.is_floating_point():
            return value
        if value.layout is not torch.strided or value._is_zerotensor():
            return value  # zeros without memory round nothing, and torch crashes on them here
        move = self._generator.uniform(1 - self._unit, 1 + self._unit, tuple(value.shape))
        return value * torch.as_tensor(move)


def _mapped(change: Callable[[Any], Any], value: Any) -> Any:
    """Return what ``tree_map`` does: at once for what most operations read, which is flat."""
    if isinstance(value, Tensor):
        return change(value)
    kind = type(value)
    if kind is tuple or kind is list:
        return kind(_mapped(change, one) for one in value)
    if kind is dict:
        return {name: _mapped(change, one) for name, one in value.items()}
    return value if kind in FLAT else tree_map(change, value)


class Cuts(TorchFunctionMode):
    """Holds what a forward detaches, or computes without gradients, at its value of the first run.

    A backward pass treats these values as constants, so its gradient is the derivative of the
    forward with them held. Enter it once for each run.
    """

    def __init__(self) -> None:
        super().__init__()
        self.values: list[Tensor] = []
        self._place = 0

    def __enter__(self) -> Cuts:
        """Begin a run."""
        self._place = 0
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run one function; return the value of the first run where it was cut off."""
        kwargs = kwargs or {}
        found = func(*args, **kwargs)
        if not isinstance(found, Tensor) or not found.is_floating_point():
            return found
        if not _cut(func, args, kwargs):
            return found
        if self._place == len(self.values):
            self.values.append(found.clone())
        self._place += 1
        return self.values[self._place - 1].clone()


def _cut(func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether a function's result has no way back, other than inside a custom Function."""
    if func not in CUTTING and (
        torch.is_grad_enabled() or traits_of(func).writes_now(args, kwargs)
    ):
        return False
    return not _inside_function(sys._getframe())


def _inside_function(frame: FrameType | None) -> bool:
    """Whether the forward of a custom Function is running: it always does without gradients."""
    while frame is not None:
        if frame.f_code is APPLY:
            return True
        frame = frame.f_back
    return False
