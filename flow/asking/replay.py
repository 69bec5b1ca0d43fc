"""Run one layer of a finished run again, in float64, on a copy that nobody else sees."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from flow.arrays import to_array
from flow.asking.again import Cuts, Widened
from flow.asking.rounding import largest, unit_of, words
from flow.record import LOSS, Array, Capture, LayerRecord, NodeRecord
from flow.recording.preserve import Held
from flow.recording.structure import Given, tensors_in
from flow.said import said
from flow.seeded import Seeded

SAME_OUTPUT = 1e-3
"""How far, relative, a second forward in float64 may be from the recorded one."""
SAME_ROUNDINGS = 64
"""The same in roundings, where the layer computed in a coarse type."""

REFUSALS = (RuntimeError, TypeError, ValueError, LookupError, AttributeError, AssertionError)
"""What a layer may raise when it is run in float64, or with its tensors only."""


class ReplayError(ValueError):
    """A layer that cannot be run again; the message says why."""


@contextmanager
def refusing(what: str) -> Iterator[None]:
    """Raise ReplayError, which begins with ``what``, for what a layer may raise."""
    try:
        yield
    except ReplayError:
        raise
    except REFUSALS as error:
        raise ReplayError(said("{what}: {error}", what=what, error=error)) from error


@dataclass(frozen=True, eq=False)
class Asked:
    """One tensor a layer reads, and the gradient that is to be checked for it."""

    name: str
    value: Tensor
    """Read in place by the layer's function, so that changing a cell changes the result."""
    gradient: Array
    left_out: tuple[int, ...] = ()
    """Rows that the layer keeps out of training, whatever its forward makes of them."""


@dataclass(frozen=True, eq=False)
class Replay:
    """A layer's forward as a scalar function: <upstream, f(x)>, of the values of ``asked``."""

    layer: str
    asked: tuple[Asked, ...]
    read: tuple[Tensor, ...]
    """Every floating tensor that it reads, those of ``asked`` included."""
    forward: Callable[[], list[Tensor]]
    vectors: tuple[Tensor, ...]
    """What arrives at each output from outside the layer."""
    cuts: Cuts = field(default_factory=Cuts)
    narrow: Widened = field(default_factory=Widened)
    idle: frozenset[type] = frozenset()
    """Kinds of modes that change nothing in this forward; each costs what a small layer does."""

    @property
    def work(self) -> int:
        """Numbers that one evaluation reads and writes."""
        written = sum(vector.numel() for vector in self.vectors)
        return written + sum(one.value.numel() for one in self.asked)

    def outputs(self) -> list[Tensor]:
        """Run the forward, in float64 even where it converts to another type."""
        with torch.enable_grad(), ExitStack() as modes:
            for mode in (self.narrow, self.cuts):
                if type(mode) not in self.idle:
                    modes.enter_context(mode)
            return [one for one in self.forward() if one.is_floating_point()]

    def products(self) -> tuple[float, float]:
        """Return <upstream, f(x)>, and the sum of the sizes of its terms."""
        parts = [v * out for v, out in zip(self.vectors, self.outputs(), strict=True)]
        return sum(float(p.sum()) for p in parts), sum(float(p.abs().sum()) for p in parts)

    def gradients(self) -> list[Array]:
        """Return what autograd makes of the function in float64, for each of ``asked``."""
        values = [one.value.requires_grad_() for one in self.asked]
        try:
            parts = [(v * o).sum() for v, o in zip(self.vectors, self.outputs(), strict=True)]
            with torch.enable_grad():
                total = torch.stack(parts).sum()
                found = torch.autograd.grad(total, values, allow_unused=True)
        finally:
            for value in values:
                value.requires_grad_(False)
        return [
            np.zeros(value.shape) if part is None else to_array(part.detach())
            for part, value in zip(found, values, strict=True)
        ]


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

    def replay(self, capture: Capture, node: NodeRecord, unit: float) -> Replay:
        """Return the layer that made a node; ReplayError says why it cannot be run again.

        ``unit`` is the unit roundoff of the coarsest type in which the layer computed.
        """
        if node.layer == LOSS:
            return self._loss_replay(capture, unit)
        if node.layer not in self.modules:
            raise ReplayError(
                said(
                    "{name} was made outside every layer, by a function that cannot be run alone.",
                    name=node.name,
                )
            )
        layer = capture.layer(node.layer)
        if not layer.leaf:
            raise ReplayError(
                said(
                    "{name} holds other layers; only a layer without any is run again.",
                    name=layer.name,
                )
            )
        with refusing(said("{name} cannot be run again in float64", name=layer.name)):
            return self._layer_replay(capture, layer, unit)

    def _layer_replay(self, capture: Capture, layer: LayerRecord, unit: float) -> Replay:
        if any(value is None for value in layer.inputs):
            raise ReplayError(
                said(
                    "The input of {name} was overwritten in place, so it is gone.", name=layer.name
                )
            )
        _refuse_complex(layer.name, (*layer.inputs, *layer.outputs))
        module = self.twin(layer.name)
        inputs = [_double(value) for value in layer.inputs if value is not None]
        call = self.given[layer.name]

        def forward() -> list[Tensor]:
            args, kwargs = call.filled([tensor.clone() for tensor in inputs])
            return _distinct(module(*args, **kwargs))

        asked = [
            Asked(said("input {which}", which=which) if which else "input", value, gradient)
            for which, (value, gradient) in enumerate(zip(inputs, layer.downstream, strict=True))
            if gradient is not None
        ]
        asked += _parameters(capture, layer, module)
        read = (*inputs, *module.parameters())
        replay = Replay(layer.name, tuple(asked), read, forward, from_outside(capture, layer))
        return _tried(replay, layer.outputs, unit)

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

    def _loss_replay(self, capture: Capture, unit: float) -> Replay:
        gradient = _handed_to_output(capture)
        if self.loss is None or len(capture.outputs) != 1 or gradient is None:
            raise ReplayError(said("The loss of this run cannot be run again alone."))
        _refuse_complex(said("The loss"), capture.outputs)
        loss, output = _doubled(self.loss), _double(capture.outputs[0])
        asked = [Asked("output", output, gradient)]
        recorded = None if capture.loss is None else np.asarray(capture.loss)

        def forward() -> list[Tensor]:
            return [loss(output.clone()).sum()]

        one = (torch.ones((), dtype=torch.float64),)
        replay = Replay(said("The loss"), tuple(asked), (output,), forward, one)
        with refusing(said("The loss cannot be run again in float64")):
            return _tried(replay, (recorded,), unit)


def _refuse_complex(what: str, values: Sequence[Array | None]) -> None:
    if any(value is not None and value.dtype.kind == "c" for value in values):
        raise ReplayError(
            said(
                "{what} reads or gives complex numbers; differences are taken of real numbers "
                "only.",
                what=what,
            )
        )


def _double(value: Array) -> Tensor:
    """Return a tensor of its own; whole numbers (indices) stay what they are."""
    tensor = torch.from_numpy(value.copy())
    return tensor.double() if tensor.is_floating_point() else tensor


def _doubled(loss: Callable[[Any], Tensor]) -> Callable[[Any], Tensor]:
    """Return a loss whose own tensors, such as the weights of classes, are float64 too."""
    return copy.deepcopy(loss).cpu().double() if isinstance(loss, nn.Module) else loss


def _distinct(result: Any) -> list[Tensor]:
    """Return every tensor of a result once, as the recorder lists them."""
    return list({id(tensor): tensor for tensor in tensors_in(result)}.values())


def _parameters(capture: Capture, layer: LayerRecord, module: nn.Module) -> list[Asked]:
    """Return the parameters that only this one call of this one layer used."""
    if getattr(module, "scale_grad_by_freq", False) is True:
        raise ReplayError(
            said(
                "{name} divides each row's gradient by how often the row was looked up, so it "
                "is not the derivative of its forward.",
                name=layer.name,
            )
        )
    calls = [other for other in capture.layers if other.path == layer.path]
    padding = getattr(module, "padding_idx", None)
    rows = (padding,) if isinstance(padding, int) else ()
    found = []
    present = [(name, p) for name, p in module._parameters.items() if p is not None]
    for (name, parameter), record in zip(present, layer.parameters, strict=False):
        if record.gradient is not None and len(calls) == 1 and " = " not in record.name:
            left_out = rows if name == "weight" else ()
            found.append(Asked(name, parameter, record.gradient, left_out))
    return found


def from_outside(capture: Capture, layer: LayerRecord) -> tuple[Tensor, ...]:
    """Return what arrived at each output of a layer, less what came back through the layer.

    Where one output is made of another, as the state of an LSTM cell of its memory, the
    gradient of the latter holds the way through the former too; the layer run as one function
    finds that way by itself.
    """
    found = []
    for part, shape in zip(layer.upstreams, layer.output_shapes, strict=True):
        vector = np.zeros(shape) if part is None else np.array(part, np.float64)
        for own in _parts_from_inside(capture, layer, part):
            vector -= own
        found.append(torch.from_numpy(vector))
    return tuple(found)


def _parts_from_inside(capture: Capture, layer: LayerRecord, upstream: Array | None) -> list[Array]:
    """Return what the layer's own nodes handed to one of its outputs."""
    place = next(
        (
            (node.id, output)
            for node in capture.nodes
            for output, arrived in enumerate(node.upstream)
            if arrived is upstream is not None
        ),
        None,
    )
    return [
        part
        for node, which in (capture.parts(*place) if place else ())
        if node.layer == layer.name and (part := node.downstream[which]) is not None
    ]


def _tried(replay: Replay, recorded: Sequence[Array | None], unit: float) -> Replay:
    """Run the function once and compare it with what was recorded."""
    layer = replay.layer
    with Seeded(0) as randomness:
        first = replay.outputs()
    if randomness.drew:
        raise ReplayError(
            said(
                "{layer} draws random numbers, so its forward is another one each time.",
                layer=layer,
            )
        )
    narrowest = replay.narrow.narrowest
    if narrowest is not None:
        raise ReplayError(
            said(
                "{layer} computes in {unit_of} even when it is given float64: "
                "differences would drown in its rounding.",
                layer=layer,
                unit_of=words(unit_of(narrowest)),
            )
        )
    kept = [r is None or r.dtype.kind == "f" for r in recorded]
    for again, before in zip(first, compress(recorded, kept), strict=True):
        if before is not None and not _same(again, before, unit):
            raise ReplayError(
                said(
                    "{layer} gave another output when it was run again, so it depends on more than "
                    "its input and its parameters.",
                    layer=layer,
                )
            )
    idle = {Widened: not replay.narrow.widened, Cuts: not replay.cuts.values}
    return replace(
        replay,
        vectors=tuple(compress(replay.vectors, kept)),
        idle=frozenset(compress(idle, idle.values())),
    )


def _same(again: Tensor, before: Array, unit: float) -> bool:
    """Whether a second forward in float64 gave what was recorded, up to rounding."""
    once = np.asarray(before, np.float64)
    off = max(SAME_OUTPUT, SAME_ROUNDINGS * unit)
    limit = off * max(1.0, largest(once))
    return np.allclose(again.detach().numpy(), once, rtol=off, atol=limit, equal_nan=True)


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
