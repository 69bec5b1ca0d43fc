"""What a run would cost, and every shape in it, before anything is allocated.

Layers are made and run on torch's meta device, where tensors have shapes but no cells.
Parameters are counted first, so that a huge layer is refused before anything runs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from flow.said import said
from models.build import Values, call_layer, check_in_place, input_shapes, make_module, tensor_of
from models.inputs.shape import check_shape
from models.kinds.rules.cost import CELL_BYTES
from models.recording import RecordedBytes, after_the_output
from models.shapes import Shape, Shapes
from models.spec import INPUT, LayerSpec, ModelSpec

MIB = 2**20

MAX_PARAMETER_BYTES = 64 * MIB
"""Weights of one visitor; many share the memory of one machine."""
MAX_SAVED_BYTES = 256 * MIB
"""What torch keeps for the backward pass."""
MAX_CAPTURED_BYTES = 256 * MIB
"""What a recorded run may hold after the graph is gone."""
MAX_OPERATIONS = 4_000_000_000
"""A forward pass of about a second on one core."""


@dataclass(frozen=True)
class LayerCost:
    """What one layer costs."""

    name: str
    kind: str
    parameters: int
    """Cells of its parameters, frozen ones too."""
    parameter_bytes: int
    """Parameters and buffers, such as running means."""
    captured_bytes: int
    """Upper bound of what a recording holds of this layer."""
    output_shape: Shape = ()
    """Empty for layers after the one for which the model was refused."""
    saved_bytes: int = 0
    """What this layer is the first to save for the backward pass."""
    operations: int = 0
    """Floating-point operations of the forward pass."""


@dataclass(frozen=True)
class Budget:
    """What a run costs: layer by layer and in total."""

    layers: tuple[LayerCost, ...]
    refusal: str = ""
    """Empty, or why the run is too large and what to do."""

    @property
    def output_shape(self) -> Shape:
        """Shape of what the model returns; empty when the model was refused before it."""
        return self.layers[-1].output_shape

    @property
    def parameters(self) -> int:
        """Cells of all parameters, frozen ones too."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def parameter_bytes(self) -> int:
        """Bytes of parameters and buffers."""
        return sum(layer.parameter_bytes for layer in self.layers)

    @property
    def saved_bytes(self) -> int:
        """Bytes that torch saves for the backward pass, parameters not counted."""
        return sum(layer.saved_bytes for layer in self.layers)

    @property
    def captured_bytes(self) -> int:
        """Upper bound of the bytes that a recording of the run holds."""
        return sum(layer.captured_bytes for layer in self.layers)

    @property
    def operations(self) -> int:
        """Floating-point operations of the forward pass."""
        return sum(layer.operations for layer in self.layers)

    @property
    def shapes(self) -> dict[str, Shape]:
        """Layer name -> shape of its output."""
        return {layer.name: layer.output_shape for layer in self.layers}


def estimate(
    spec: ModelSpec, input_shape: Shape, training: bool = True, input_gradient: bool = False
) -> Budget:
    """Return what one run of this model on this input costs, training or evaluating.

    ``input_gradient`` tells whether the input asks for a gradient too.

    Raises LayerError for the first layer that cannot work, InputError for an impossible input.
    """
    check_shape(input_shape)
    check_in_place(spec)
    modules = _make_without_memory(spec, training)
    weights = Budget(tuple(_weights_of(layer, modules[layer.name]) for layer in spec.layers))
    refusal = _refusal(weights)
    if refusal:
        return Budget(weights.layers, refusal)
    x = torch.empty(input_shape, device="meta", requires_grad=input_gradient)
    budget = Budget(_run_without_memory(spec, modules, x))
    return Budget(budget.layers, _refusal(budget))


def repeated(budget: Budget, steps: int) -> Budget:
    """Return the budget of a run that so many steps of SGD go before, each as dear as the run."""
    total = budget.operations * (1 + steps)
    if budget.refusal or steps == 0 or total <= MAX_OPERATIONS:
        return budget
    return replace(
        budget,
        refusal=(
            said(
                "sgd: {steps} steps and the run itself take {total} for their "
                "forward passes, but a run may use {max_operations}. "
                "At most {number} steps are possible with this "
                "network and this input.",
                steps=steps,
                total=operations_text(total),
                max_operations=operations_text(MAX_OPERATIONS),
                number=MAX_OPERATIONS // budget.operations - 1,
            )
        ),
    )


def _make_without_memory(spec: ModelSpec, training: bool) -> dict[str, nn.Module]:
    with torch.device("meta"):
        return {layer.name: make_module(layer).train(training) for layer in spec.layers}


def _weights_of(layer: LayerSpec, module: nn.Module) -> LayerCost:
    parameters = sum(parameter.numel() for parameter in module.parameters())
    buffers = sum(buffer.numel() for buffer in module.buffers())
    return LayerCost(
        name=layer.name,
        kind=layer.kind,
        parameters=parameters,
        parameter_bytes=CELL_BYTES * (parameters + buffers),
        captured_bytes=CELL_BYTES * parameters,
    )


class _SavedBytes:
    """Counts the memory that is saved for the backward pass, each piece once."""

    def __init__(self, modules: dict[str, nn.Module]) -> None:
        weights = [tensor for module in modules.values() for tensor in module.parameters()]
        self._seen = {_memory(tensor) for tensor in weights}
        self._kept: list[Tensor] = []
        self.total = 0

    def pack(self, tensor: Tensor) -> None:
        """Count one saved tensor. It is kept, so that no other takes its place in memory."""
        if _memory(tensor) not in self._seen:
            self._seen.add(_memory(tensor))
            self._kept.append(tensor.detach())
            self.total += tensor.untyped_storage().nbytes()


def _memory(tensor: Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)


def _run_without_memory(
    spec: ModelSpec, modules: dict[str, nn.Module], x: Tensor
) -> tuple[LayerCost, ...]:
    saved, recorded = _SavedBytes(modules), RecordedBytes()
    costs = [_weights_of(layer, modules[layer.name]) for layer in spec.layers]
    values: Values = {INPUT: x}
    with saved_tensors_hooks(saved.pack, _no_backward), recorded.noting(modules.values()):
        for position, layer in enumerate(spec.layers):
            before, noted = saved.total, recorded.of_values
            module = modules[layer.name]
            values[layer.name] = call_layer(spec, layer, module, values)
            value = tensor_of(values[layer.name])
            output = tuple(value.shape)
            inputs = input_shapes(spec, layer, values)
            saved_beside, captured_beside = _beside(layer, inputs, value, module.training)
            captured = recorded.of_values - noted + recorded.gradients(value) + captured_beside
            if position == len(spec.layers) - 1:
                captured += after_the_output(value)
            costs[position] = replace(
                costs[position],
                output_shape=output,
                saved_bytes=saved.total - before + saved_beside,
                captured_bytes=costs[position].captured_bytes + captured,
                operations=layer.layer_kind.operations(layer.fields, inputs, output),
            )
            if costs[position].captured_bytes > MAX_CAPTURED_BYTES:
                break  # refused already; what follows may be too large even to have a shape
    return tuple(costs)


def _beside(layer: LayerSpec, inputs: Shapes, value: Tensor, training: bool) -> tuple[int, int]:
    """Return the bytes that a CPU saves, and records, beyond those that were seen here."""
    saved, captured = layer.layer_kind.saved_beside, layer.layer_kind.captured_beside
    if not value.requires_grad:
        return 0, 0
    return (
        saved(layer.fields, inputs, training, layer.frozen) if saved else 0,
        captured(layer.fields, inputs, training) if captured else 0,
    )


def _no_backward(_packed: None) -> Tensor:
    raise AssertionError("an estimate has no backward pass")


def _refusal(budget: Budget) -> str:
    """Return the first limit that is passed, with the layer that takes the most of it."""
    limits = (
        ("parameter_bytes", MAX_PARAMETER_BYTES, said("for parameters")),
        ("saved_bytes", MAX_SAVED_BYTES, said("for the backward pass")),
        ("captured_bytes", MAX_CAPTURED_BYTES, said("for the recording")),
        ("operations", MAX_OPERATIONS, said("for a forward pass")),
    )
    for name, limit, purpose in limits:
        total = getattr(budget, name)
        if total > limit:
            return _too_much(budget, name, limit, purpose)
    return ""


def _too_much(budget: Budget, name: str, limit: int, purpose: str) -> str:
    text = operations_text if name == "operations" else bytes_text
    total = getattr(budget, name)
    dearest = max(budget.layers, key=lambda layer: getattr(layer, name))
    return said(
        "{name}: the model needs {total} {purpose}, {part} "
        "of it here, but a run may use {limit}. Make {name} or its input smaller.",
        name=dearest.name,
        total=text(total),
        purpose=purpose,
        part=text(getattr(dearest, name)),
        limit=text(limit),
    )


def bytes_text(count: int) -> str:
    """Return 1536 as "1.5 KiB"."""
    size, units = float(count), ["B", "KiB", "MiB", "GiB", "TiB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        units.pop(0)
    return f"{size:.0f} {units[0]}" if units[0] == "B" else f"{size:.1f} {units[0]}"


def operations_text(count: int) -> str:
    """Return 2500000 as "2.5 million operations"."""
    if count >= 1e12:
        return said("{number:.1f} trillion operations", number=count / 1e12)
    if count >= 1e9:
        return said("{number:.1f} billion operations", number=count / 1e9)
    if count >= 1e6:
        return said("{number:.1f} million operations", number=count / 1e6)
    return said("{count:,} operations", count=count)
