"""Random numbers of one's own: the bits of ``torch.manual_seed`` without the global generator.

Visitors are threads of one process and share torch's global generator, so seeding it
gives the wrong weights as soon as two of them build at once. ``Seeded`` hands its own
generator to every random operation instead; the mode is local to the thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from flow.said import said

TURN = threading.RLock()
"""Held by whoever has seeded the global generators for a while, or reads or sets their state."""


@contextmanager
def global_numbers(seed: int, device: torch.device) -> Iterator[None]:
    """Seed the global generators of the CPU and of ``device``, and put them back at the end.

    One thread at a time; another thread that draws from them meanwhile without asking here
    gets, and takes away, numbers of this seed.
    """
    own_device = [device] if device.type == "cuda" else []
    with TURN, torch.random.fork_rng(own_device):
        torch.default_generator.manual_seed(seed)
        if own_device:
            with torch.cuda.device(device):
                torch.cuda.manual_seed(seed)
        yield


class UnseededOperationError(RuntimeError):
    """A random operation that accepts no generator, so that a seed cannot govern it."""


class Seeded(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Inside this context every random torch operation of this thread draws from ``seed``.

    The numbers are those that ``torch.manual_seed(seed)`` would give, bit for bit, and
    the global generators are neither read nor moved. Raises UnseededOperationError where
    an operation draws but takes no generator.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._seed = seed
        self.draws = 0
        """How many operations drew from it."""
        self._generators: dict[torch.device, torch.Generator] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run one operation, with our generator where it draws."""
        kwargs = dict(kwargs or {})
        if torch.Tag.nondeterministic_seeded not in func.tags:
            return func(*args, **kwargs)
        if _drops_nothing(func, args, kwargs):
            return func(*args, **kwargs)
        if _inside_checkpoint():
            raise UnseededOperationError(
                said(
                    "A random operation inside torch.utils.checkpoint would draw other numbers "
                    "when it is computed again in the backward pass. Set its dropout to 0, switch "
                    "the model to evaluation, or run it without checkpoint."
                )
            )
        if func is torch.ops.aten.native_dropout.default:
            return self._native_dropout(*args)
        drawing = _overload_with_generator(func)
        if drawing is None:
            raise UnseededOperationError(
                said(
                    "{operation} draws random numbers but takes no generator, so the seed cannot "
                    "govern it. Set its dropout to 0 or switch the model to evaluation.",
                    operation=func,
                )
            )
        if kwargs.get("generator") is None:
            kwargs["generator"] = self._generator(_device_of(args, kwargs))
        return drawing(*args, **kwargs)

    @property
    def drew(self) -> bool:
        """Whether anything was drawn so far."""
        return bool(self._generators)

    def _generator(self, device: torch.device) -> torch.Generator:
        self.draws += 1
        if device not in self._generators:
            self._generators[device] = torch.Generator(device).manual_seed(self._seed)
        return self._generators[device]

    def _native_dropout(
        self, values: torch.Tensor, probability: float, train: bool | None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Dropout as CUDA fuses it: the result and the mask that its backward multiplies by."""
        if not train or probability == 0:
            return values.clone(), torch.ones_like(values, dtype=torch.bool)
        keep = 1.0 - probability
        mask = torch.empty_like(values, dtype=torch.bool)
        mask.bernoulli_(keep, generator=self._generator(values.device))
        scale = 1.0 / keep if keep > 0 else 0.0
        return values * mask * scale, mask


def _inside_checkpoint() -> bool:
    """Whether the non-reentrant form of torch.utils.checkpoint is recording a forward."""
    hooks = torch._C._autograd._top_saved_tensors_default_hooks(False)
    return hooks is not None and "checkpoint" in getattr(hooks[0], "__qualname__", "")


@cache
def _overload_with_generator(func: Any) -> Callable[..., Any] | None:
    """Return the overload of ``func`` that also takes a generator, or None."""
    names = [argument.name for argument in func._schema.arguments]
    if "generator" in names:
        return func  # type: ignore[no-any-return]
    packet = func.overloadpacket
    for overload in (getattr(packet, name) for name in packet.overloads()):
        others = [argument.name for argument in overload._schema.arguments]
        if "generator" in others and [name for name in others if name != "generator"] == names:
            return overload  # type: ignore[no-any-return]
    return None


def _drops_nothing(func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether the operation's only randomness is a dropout whose probability is 0."""
    for position, argument in enumerate(func._schema.arguments):
        if argument.name in ("dropout_p", "dropout"):
            given = args[position] if position < len(args) else kwargs.get(argument.name, 0.0)
            return bool(given == 0)
    return False


def _device_of(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> torch.device:
    """Return the device on which an operation with these arguments draws."""
    for argument in (*args, *kwargs.values()):
        if isinstance(argument, torch.Tensor):
            device = argument.device
            return torch.device("cpu") if device.type == "meta" else device
    return torch.device(kwargs.get("device") or "cpu")
