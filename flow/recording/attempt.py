"""Make one forward and one backward happen, recorded, with the seed's random numbers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from flow.errors import LossError, NoGradientError, UpstreamError
from flow.recording.assemble import Forward
from flow.recording.backward import run_backward
from flow.recording.graph import base_of
from flow.recording.inputs import Inputs
from flow.recording.keeping import Keeping
from flow.recording.preserve import RandomState, Snapshot
from flow.recording.recorder import Recorder
from flow.recording.walk import LiveGraph, Start
from flow.said import said
from flow.seeded import Seeded, UnseededOperationError, global_numbers

Loss = Callable[[Any], Tensor]


@dataclass(frozen=True, eq=False)
class Request:
    """What was asked of ``run``."""

    module: nn.Module
    inputs: Inputs
    loss: Loss | None
    upstream: tuple[Tensor, ...] | None
    device: torch.device
    seed: int
    keep: tuple[str, ...] | None


def forward_and_backward(request: Request, snapshot: Snapshot) -> tuple[Forward, LiveGraph]:
    """Run both with the seed's own numbers; where these cannot be had, with global ones.

    Own numbers are a generator of the run's. It cannot give those of a part that is computed
    again in the backward, of an operation that takes no generator, or of a forward that seeds
    torch by itself: then the global generator is seeded for the run and put back.
    """
    before = RandomState(request.device)
    try:
        done = _with_own_numbers(request, snapshot, before)
    except UnseededOperationError:
        done = None
    except BaseException:
        before.restore()
        raise
    if done is not None:
        return done
    before.restore()
    snapshot.restore()
    with global_numbers(request.seed, request.device):
        return _attempt(request, snapshot, nullcontext(), nullcontext())


def _with_own_numbers(
    request: Request, snapshot: Snapshot, before: RandomState
) -> tuple[Forward, LiveGraph] | None:
    """Run both with the seed's own numbers; None when they turn out not to be right.

    The function mode sees most calls that draw and hands them the seed's numbers. Where the
    global generator moved nevertheless, everything runs once more with every single operation
    seeded. If that draws no more than before, another thread moved it, and it is left alone.
    """
    seeded = Seeded(request.seed)
    done = _attempt(request, snapshot, seeded, nullcontext())
    if seeded.drew and done[1].stored is not None:
        return None
    if not before.moved():
        return done
    if before.was_seeded():
        return None
    after, everything = RandomState(request.device), Seeded(request.seed)
    snapshot.restore()
    try:
        done = _attempt(request, snapshot, everything, everything)
    finally:
        if everything.draws > seeded.draws or not after.moved():
            before.restore()
    return None if everything.drew and done[1].stored is not None else done


def _attempt(
    request: Request,
    snapshot: Snapshot,
    drawing: AbstractContextManager[Any],
    everything: AbstractContextManager[Any],
) -> tuple[Forward, LiveGraph]:
    """Run forward, loss and backward once, recorded.

    ``drawing`` is entered around each call that announces that it draws, ``everything`` around
    the whole forward.
    """
    keeping = Keeping(request.keep)
    keeping.check(snapshot.modules)
    recorder = Recorder(snapshot, drawing, keeping)
    with recorder.watching():
        forward = _record(request, recorder, everything)
        recorder.stop()
        return forward, run_backward(_start(request, forward))


def _record(
    request: Request, recorder: Recorder, everything: AbstractContextManager[Any]
) -> Forward:
    """Run module and loss once, recorded."""
    inputs = request.inputs.own(request.device)
    tensors, names = inputs.tensors(), inputs.names()  # the forward may empty what holds them
    recorder.begin(tensors)
    with torch.enable_grad(), everything, recorder.keeping.saving(), recorder:
        output = request.module(*inputs.args, **inputs.kwargs)
        outputs = recorder.finish(output)
        loss = None if request.upstream is not None else loss_of(request.loss, output)
    return Forward(
        recorder=recorder,
        inputs=tensors,
        input_names=names,
        outputs=outputs,
        loss=loss,
        loss_kind=_name_of(request.loss),
        device=str(request.device),
    )


def loss_of(given: Loss | None, output: Any) -> Tensor:
    """Compute the loss, or take the output for it, and check that it is one number."""
    value = output if given is None else given(output)
    what = said("The output, used as the loss,") if given is None else said("The loss")
    if not isinstance(value, Tensor):
        raise LossError(
            said(
                "{what} must be a tensor with one element; it is of type {kind}. "
                "Give loss=, a function of the output.",
                what=what,
                kind=type(value).__name__,
            )
        )
    if value.numel() != 1:
        raise LossError(
            said(
                "{what} must be one number; it has shape {shape}. "
                "Reduce it with .mean() or .sum(), or give upstream=, a vector of that shape.",
                what=what,
                shape=tuple(value.shape),
            )
        )
    if value.is_complex():
        raise LossError(
            said(
                "{what} must be a real number; it is {kind}. Take its .abs() or .real.",
                what=what,
                kind=str(value.dtype).removeprefix("torch."),
            )
        )
    return value


def _start(request: Request, forward: Forward) -> Start:
    """Choose the tensors at which the backward begins."""
    if request.upstream is None:
        ends: tuple[Tensor, ...] = () if forward.loss is None else (forward.loss,)
        vectors: tuple[Tensor | None, ...] = (None,)
    else:
        ends = forward.outputs
        check_vectors(ends, request.upstream)
        vectors = tuple(
            vector.detach().to(output, copy=True)
            for output, vector in zip(ends, request.upstream, strict=True)
        )
    pairs = [
        (end, vector) for end, vector in zip(ends, vectors, strict=True) if end.grad_fn is not None
    ]
    _check_gradient_path(forward, bool(pairs))
    bases = (base_of(end) for end in ends)
    return Start(
        tensors=tuple(end for end, _ in pairs),
        vectors=tuple(vector for _, vector in pairs),
        others=tuple(base for base in bases if base is not None and base.grad_fn is not None),
        hooked=forward.recorder.hooked,
        kept=forward.recorder.kept(),
        parameters=forward.recorder.snapshot.parameters.values(),
    )


def check_vectors(outputs: tuple[Tensor, ...], vectors: tuple[Tensor, ...]) -> None:
    """Raise UpstreamError unless there is one vector of the right shape for every output."""
    if len(vectors) != len(outputs):
        raise UpstreamError(
            said(
                "upstream: the model has {count} output tensors, "
                "{came} vectors came. Give one vector per output.",
                count=len(outputs),
                came=len(vectors),
            )
        )
    for position, (output, vector) in enumerate(zip(outputs, vectors, strict=True)):
        if output.shape != vector.shape:
            raise UpstreamError(
                said(
                    "upstream: output {position} has shape {shape}, "
                    "the vector has shape {came}. Give a vector of the output's shape.",
                    position=position,
                    shape=tuple(output.shape),
                    came=tuple(vector.shape),
                )
            )


def _check_gradient_path(forward: Forward, exists: bool) -> None:
    """Raise NoGradientError, with the most likely reason, when no backward can begin."""
    if exists:
        return
    parameters = list(forward.recorder.snapshot.parameters.values())
    asking = [*parameters, *forward.inputs]
    if not any(tensor.requires_grad for tensor in asking):
        reason = (
            said(
                "every parameter is frozen and no input asks for a gradient. "
                "Set requires_grad on a parameter or on the input."
            )
            if parameters
            else said(
                "the model has no parameters and no input asks for a gradient. "
                "Set requires_grad on the input."
            )
        )
    else:
        reason = said(
            "the way to every parameter is cut: by detach(), no_grad(), an operation without "
            "derivative such as argmax, or because the output is a parameter itself. "
            "Let the loss depend on a parameter through differentiable operations."
        )
    raise NoGradientError(said("There is no gradient to show: {reason}", reason=reason))


def _name_of(loss: Loss | None) -> str:
    """Return the name of a loss: of its class when it is a module, else of the function."""
    if loss is None:
        return ""
    if isinstance(loss, nn.Module):
        return type(loss).__name__
    return getattr(loss, "__name__", type(loss).__name__)
