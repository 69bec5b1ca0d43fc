"""Hooks that are live on a module until they are removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Self

import torch
from torch import Tensor, nn

from flow.errors import HookError, UpstreamError
from flow.hooking.records import Fired, Given, Handle, Hook, Hooked
from flow.hooking.registering import ON_MODULES, ON_PARAMETERS, Remove
from flow.hooking.watching import copied, watching
from flow.record import Array
from flow.recording.attempt import Loss, check_vectors, loss_of
from flow.recording.inputs import inputs_of
from flow.recording.preserve import preserved
from flow.recording.structure import tensors_in
from flow.said import said
from flow.seeded import Seeded

MOST_NAMES = 8
"""Of those that an error lists."""


class Hooking:
    """Hooks on a module; leaving it as a context manager removes them all.

    Nothing is patched: each hook is registered by PyTorch's own call. One thread at a time may use
    a module; threads with a module each do not see one another. An action may remove hooks, its
    own too, but add none. Not offered are hooks common to all modules, those of a graph's nodes,
    ``torch.autograd.graph.register_multi_grad_hook``, and the options ``prepend``, ``with_kwargs``
    and ``always_call``.
    """

    def __init__(self, module: nn.Module, hooks: Sequence[Hook] = ()) -> None:
        """Register hooks in their order; none stays where one is refused. Raises as add() does."""
        self._module = module
        self._hooks: list[Hook] = []
        self._removes: dict[int, Remove] = {}
        self._counts: list[int] = []
        self._log: list[Fired] = []
        self._running = False
        self._removed: list[Remove] = []
        """Of hooks removed during a run, at whose end the module is put back as it was before."""
        try:
            for hook in hooks:
                self.add(hook)
        except BaseException:
            self.close()
            raise

    def add(self, hook: Hook) -> int:
        """Register a hook, also one that is registered already; return the number of its handle.

        Raises HookError where there is nothing of that name, nothing that can be hooked so, or
        where a run is going on, and whatever PyTorch raises where it refuses.
        """
        if self._running:
            raise HookError(
                said(
                    "add: no hook can be added during a run; {kind!r} on {on!r} came. Add "
                    "it before.",
                    kind=hook.kind,
                    on=hook.on,
                )
            )
        number = len(self._hooks)
        fire = partial(self._fire, number, hook)
        if hook.kind in ON_MODULES:
            remove = ON_MODULES[hook.kind](self._layer(hook), fire)
        elif hook.kind in ON_PARAMETERS:
            remove = ON_PARAMETERS[hook.kind](self._parameter(hook), fire)
        else:
            kinds = ", ".join([*ON_MODULES, *ON_PARAMETERS])
            raise HookError(
                said(
                    "kind: it must be one of {kinds}; {kind!r} came. Take one.",
                    kinds=kinds,
                    kind=hook.kind,
                )
            )
        self._hooks.append(hook)
        self._counts.append(0)
        self._removes[number] = remove
        return number

    def remove(self, number: int) -> None:
        """Remove a hook; one that was removed already stays so. Raises HookError."""
        if not 0 <= number < len(self._hooks):
            count = len(self._hooks)
            raise HookError(
                said(
                    "number: it must be that of one of {count} handles, counted from 0; {number} "
                    "came. Take what add() returned.",
                    count=count,
                    number=number,
                )
            )
        remove = self._removes.pop(number, None)
        if remove is not None:
            remove()
            if self._running:
                self._removed.append(remove)

    def close(self) -> None:
        """Remove all hooks."""
        for number in list(self._removes):
            self.remove(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def handles(self) -> tuple[Handle, ...]:
        """Every hook that was ever registered here."""
        return tuple(
            Handle(number, hook, number in self._removes, self._counts[number])
            for number, hook in enumerate(self._hooks)
        )

    def run(
        self,
        inputs: Any,
        loss: Loss | None = None,
        upstream: Tensor | None = None,
        *,
        kwargs: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> Hooked:
        """Run the module once forward and backward on the CPU, with the hooks that are live.

        All arguments are those of ``flow.run``. The module is left as it was found: ``.grad``,
        buffers and ``training`` too, also where a hook or the forward raises. Random numbers, also
        those that an action draws, come from ``seed`` and not from the global generator.

        Raises:
            LossError: the loss does not have exactly one element.
            UpstreamError: ``upstream`` does not fit the output, or both were given.
            HookError: the loss depends on nothing that asks for a gradient; or an action called
                this.
            Whatever the forward, a hook or PyTorch raises.

        """
        if loss is not None and upstream is not None:
            raise UpstreamError(said("Give either a loss or an upstream vector, not both."))
        own = inputs_of(inputs, kwargs).own(torch.device("cpu"))
        self._log = []
        with (
            self._going_on(),
            torch.inference_mode(False),
            torch.enable_grad(),
            preserved(self._module),
        ):
            for parameter in self._module.parameters():
                parameter.grad = None
            with watching(self._module) as watch, Seeded(seed):
                for name, tensor in zip(own.names(), own.tensors(), strict=True):
                    watch.follow(name, tensor)
                output = self._module(*own.args, **own.kwargs)
                end = _end(output, loss, upstream)
                torch.autograd.backward(end, upstream)
            named = self._module.named_parameters()
            parameters = {name: _gradient(each) for name, each in named}
        value = None if upstream is not None else float(end.detach())
        return Hooked(tuple(self._log), watch.values, watch.gradients, parameters, value)

    @contextmanager
    def _going_on(self) -> Iterator[None]:
        """Be in a run; what was removed during it is removed from the module put back, too."""
        if self._running:
            raise HookError(
                said("run: an action cannot run the module once more. Wait for the end.")
            )
        self._running = True
        try:
            yield
        finally:
            self._running = False
            while self._removed:
                self._removed.pop()()

    def _fire(
        self, number: int, hook: Hook, given: Sequence[Given], values: Sequence[Any]
    ) -> tuple[Any, ...] | None:
        """Call the action on each tensor, and note it; return what goes on where any is other."""
        caught = tuple(copied(each) if isinstance(each, Tensor) else None for each in values)
        acted = [hook.action(each) if isinstance(each, Tensor) else None for each in values]
        returned = tuple(copied(each) if isinstance(each, Tensor) else None for each in acted)
        self._counts[number] += 1
        self._log.append(Fired(number, hook, tuple(given), caught, returned))
        if all(each is None for each in acted):
            return None
        return tuple(
            before if after is None else after for before, after in zip(values, acted, strict=True)
        )

    def _layer(self, hook: Hook) -> nn.Module:
        layers: dict[str, nn.Module] = dict(self._module.named_modules(remove_duplicate=False))
        if hook.on not in layers:
            raise HookError(_unknown(hook, said("layer"), [path for path in layers if path]))
        return layers[hook.on]

    def _parameter(self, hook: Hook) -> Tensor:
        parameters = dict(self._module.named_parameters(remove_duplicate=False))
        if hook.on not in parameters:
            raise HookError(_unknown(hook, said("parameter"), list(parameters)))
        if not parameters[hook.on].requires_grad:
            raise HookError(
                said(
                    "on: a hook of kind {kind!r} needs a parameter that asks for a gradient; "
                    "{on} does not. Set its requires_grad.",
                    kind=hook.kind,
                    on=hook.on,
                )
            )
        return parameters[hook.on]


def _unknown(hook: Hook, what: str, names: Sequence[str]) -> str:
    """Say that there is nothing of a name, and what there is."""
    listed = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
    there = (
        said("Take one of {listed}.", listed=listed)
        if names
        else said("This module has no {what}.", what=what)
    )
    return said(
        "on: it must name a {what} for kind {kind!r}; {on!r} came. {there}",
        what=what,
        kind=hook.kind,
        on=hook.on,
        there=there,
    )


def _end(output: Any, loss: Loss | None, upstream: Tensor | None) -> Tensor:
    """Return the tensor at which the backward begins."""
    if upstream is None:
        end = loss_of(loss, output)
    else:
        outputs = tuple(tensors_in(output))
        if not outputs:
            raise UpstreamError(
                said(
                    "upstream: what the module returns must hold a tensor; it holds none. "
                    "Leave it out."
                )
            )
        end = outputs[0]
        check_vectors(outputs, (upstream,))
    if not end.requires_grad:
        raise HookError(
            said(
                "module: what it returns must depend on something that asks for a gradient; it "
                "depends on nothing such. Set requires_grad on a parameter or on the input."
            )
        )
    return end


def _gradient(parameter: Tensor) -> Array | None:
    return None if parameter.grad is None else copied(parameter.grad)
