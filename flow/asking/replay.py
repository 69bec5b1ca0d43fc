"""Run one layer of a finished run again, in float64, on a copy that nobody else sees."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from flow.record import LOSS, Array, Capture, LayerRecord, NodeRecord
from flow.recording.preserve import Held
from flow.recording.structure import Given, tensors_in
from flow.seeded import Seeded

SAME_OUTPUT = 1e-3
"""How far, relative, a second forward in float64 may be from the recorded one."""

REFUSALS = (
    RuntimeError,
    TypeError,
    ValueError,
    IndexError,
    KeyError,
    AttributeError,
    AssertionError,
)
"""What a layer may raise when it is run in float64, or with its tensors only."""


class ReplayError(ValueError):
    """A layer that cannot be run again; the message says why."""


@dataclass(frozen=True, eq=False)
class Asked:
    """One tensor a layer reads, and the gradient that is to be checked for it."""

    name: str
    value: Tensor
    """Read in place by the layer's function, so that changing a cell changes the result."""
    gradient: Array


@dataclass(frozen=True, eq=False)
class Replay:
    """A layer's forward as a scalar function: <upstream, f(x)>, of the values of ``asked``."""

    layer: str
    asked: tuple[Asked, ...]
    scalar: Callable[[], float]
    work: int
    """Numbers that one evaluation reads and writes."""


@dataclass(frozen=True, eq=False)
class Stage:
    """The modules and tensors that a run used, as they were."""

    modules: Mapping[str, tuple[nn.Module, bool]]
    """Layer name -> module, and whether it was training."""
    given: Mapping[str, Given]
    """Layer name -> how it was called: ``given[name].filled(tensors)``."""
    held: Mapping[int, Held]
    """id of a parameter or buffer -> its value during the run."""
    loss: Callable[[Any], Tensor] | None

    def replay(self, capture: Capture, node: NodeRecord) -> Replay:
        """Return the layer that made a node; ReplayError says why it cannot be run again."""
        if node.layer == LOSS:
            return self._loss_replay(capture)
        if node.layer not in self.modules:
            raise ReplayError(
                f"{node.name} was made outside every layer, by a function that cannot be run alone."
            )
        layer = capture.layer(node.layer)
        if not layer.leaf:
            raise ReplayError(
                f"{layer.name} holds other layers; only a layer without any is run again."
            )
        try:
            return self._layer_replay(capture, layer)
        except REFUSALS as error:
            if isinstance(error, ReplayError):
                raise
            raise ReplayError(f"{layer.name} cannot be run again in float64: {error}") from error

    def _layer_replay(self, capture: Capture, layer: LayerRecord) -> Replay:
        if any(value is None for value in layer.inputs):
            raise ReplayError(f"The input of {layer.name} was overwritten in place, so it is gone.")
        module = self.twin(layer.name)
        inputs = [_double(value) for value in layer.inputs if value is not None]

        def forward() -> list[Tensor]:
            return list(tensors_in(module(*(tensor.clone() for tensor in inputs))))

        asked = [
            Asked(f"input {which}" if which else "input", value, gradient)
            for which, (value, gradient) in enumerate(zip(inputs, layer.downstream, strict=True))
            if gradient is not None
        ]
        asked += _parameters(capture, layer, module)
        upstreams = [
            np.zeros(shape) if part is None else part
            for part, shape in zip(layer.upstreams, layer.output_shapes, strict=True)
        ]
        return _checked(layer.name, asked, forward, upstreams, list(layer.outputs))

    def twin(self, name: str) -> nn.Module:
        """Return the module as it was during the run, in float64, without anybody's hooks."""
        module, training = self.modules[name]
        twin = copy.deepcopy(module)
        for child in twin.modules():
            for member, value in vars(child).items():
                if member.endswith("_hooks") and isinstance(value, dict):
                    value.clear()
        for own, theirs in (
            (twin.named_parameters(), dict(module.named_parameters())),
            (twin.named_buffers(), dict(module.named_buffers())),
        ):
            for path, tensor in own:
                held = self.held.get(id(theirs[path]))
                if held is not None:
                    tensor.data.copy_(held.copy)
        if twin.training is not training:
            twin.train(training)
        return twin.cpu().double().requires_grad_(False)

    def _loss_replay(self, capture: Capture) -> Replay:
        gradient = _handed_to_output(capture)
        if self.loss is None or len(capture.outputs) != 1 or gradient is None:
            raise ReplayError("The loss of this run cannot be run again alone.")
        loss, output = self.loss, _double(capture.outputs[0])
        asked = [Asked("output", output, gradient)]
        recorded = None if capture.loss is None else np.asarray(capture.loss)
        try:
            return _checked(
                "The loss", asked, lambda: [loss(output.clone()).sum()], [np.ones(())], [recorded]
            )
        except REFUSALS as error:
            if isinstance(error, ReplayError):
                raise
            raise ReplayError(f"The loss cannot be run again in float64: {error}") from error


def _double(value: Array) -> Tensor:
    """Return a tensor of its own; whole numbers (indices) stay what they are."""
    tensor = torch.from_numpy(value.copy())
    return tensor.double() if tensor.is_floating_point() else tensor


def _parameters(capture: Capture, layer: LayerRecord, module: nn.Module) -> list[Asked]:
    """Return the parameters that only this one call of this one layer used."""
    calls = [other for other in capture.layers if other.path == layer.path]
    found = []
    present = [(name, p) for name, p in module._parameters.items() if p is not None]
    for (name, parameter), record in zip(present, layer.parameters, strict=False):
        if record.gradient is not None and len(calls) == 1 and " = " not in record.name:
            found.append(Asked(name, parameter.data, record.gradient))
    return found


def _checked(
    layer: str,
    asked: list[Asked],
    forward: Callable[[], list[Tensor]],
    upstreams: list[Array],
    recorded: list[Array | None],
) -> Replay:
    """Run the function once, compare it with what was recorded, and make it a scalar."""
    vectors = [torch.from_numpy(np.array(part, np.float64)) for part in upstreams]

    def run() -> list[Tensor]:
        with torch.no_grad():
            return [tensor for tensor in forward() if tensor.is_floating_point()]

    with Seeded(0) as randomness:
        first = run()
    if randomness.drew:
        raise ReplayError(f"{layer} draws random numbers, so its forward is another one each time.")
    for again, before in zip(first, [r for r in recorded if r is None or _real(r)], strict=True):
        if before is None:
            continue
        close = torch.from_numpy(np.array(before, np.float64))
        if not torch.allclose(again.double(), close, rtol=SAME_OUTPUT, atol=SAME_OUTPUT):
            raise ReplayError(
                f"{layer} gave another output when it was run again, so it depends on more than "
                "its input and its parameters."
            )
    kept = [v for v, r in zip(vectors, recorded, strict=True) if r is None or _real(r)]

    def scalar() -> float:
        return float(sum((v * out).sum() for v, out in zip(kept, run(), strict=True)))

    work = sum(vector.numel() for vector in kept) + sum(one.value.numel() for one in asked)
    return Replay(layer, tuple(asked), scalar, work)


def _real(array: Array) -> bool:
    return array.dtype.kind == "f"


def _handed_to_output(capture: Capture) -> Array | None:
    """Return dL/d(model output): the sum of what the loss's own nodes handed to others."""
    parts: dict[tuple[str, int], Array] = {}
    for node in capture.nodes:
        if node.layer != LOSS:
            continue
        for target, output, part in zip(
            node.targets, node.target_outputs, node.downstream, strict=False
        ):
            if target is not None and part is not None and capture.node(target).layer != LOSS:
                known = parts.get((target, output))
                parts[target, output] = part if known is None else known + part
    found = list(parts.values())
    return found[0] if len(found) == 1 and found[0].shape == capture.outputs[0].shape else None
