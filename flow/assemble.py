"""Live graph and recorded forward -> frozen records."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from flow.arrays import to_array
from flow.graph import Names, drawn_edges
from flow.preserve import Snapshot
from flow.record import (
    INPUT,
    LOSS,
    ROOT,
    Array,
    Capture,
    LayerRecord,
    NodeRecord,
    ParameterRecord,
)
from flow.recorder import LayerCall, Port, Recorder, TorchCall
from flow.walk import LiveGraph


@dataclass(slots=True, eq=False)
class Forward:
    """What the forward left: the recorder, the module, its inputs, outputs and loss."""

    recorder: Recorder
    snapshot: Snapshot
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    loss: Tensor | None
    loss_kind: str
    device: str


class Assembly:
    """Turns one live graph into a Capture; every tensor is converted once."""

    def __init__(self, forward: Forward, graph: LiveGraph, names: Names) -> None:
        self.forward = forward
        self.graph = graph
        self.names = names
        self._values: dict[int, Array | None] = {}
        self._arrays: dict[int, Array] = {}
        self._written_by_others = frozenset(
            held.tensor.untyped_storage().data_ptr()
            for held in forward.snapshot.held.values()
            if held.tensor.layout is torch.strided
        )
        self.leaf_names = self._leaf_names()
        self.leaf_nodes = {
            id(variable): index
            for index, variable in enumerate(graph.variables)
            if variable is not None
        }
        self.upstream = [self._gradients(tensors) for tensors in graph.upstream]
        self.downstream = [self._gradients(tensors) for tensors in graph.downstream]
        self.parameters = self._parameters()
        self.sequence = sorted(
            [
                (birth, index)
                for index, (birth, leaf) in enumerate(
                    zip(graph.births, graph.variables, strict=True)
                )
                if leaf is None
            ]
        )
        self.births = [birth for birth, _ in self.sequence]
        self.made = [self._made_by(call) for call in forward.recorder.layers]
        self.call_starts = [call.start for call in forward.recorder.calls]

    def capture(self) -> Capture:
        """Write everything down."""
        layer_of = self._owners()
        forward = self.forward
        return Capture(
            loss=None if forward.loss is None else float(forward.loss.detach()),
            loss_kind=forward.loss_kind,
            layers=tuple(
                self._layer(call, made, layer_of)
                for call, made in zip(forward.recorder.layers, self.made, strict=True)
            ),
            nodes=tuple(self._node(index, layer_of) for index in range(len(layer_of))),
            edges=drawn_edges(self.graph, self.names),
            parameters=tuple(self.parameters.values()),
            inputs=tuple(to_array(tensor) for tensor in forward.inputs),
            outputs=tuple(to_array(tensor.detach().clone()) for tensor in forward.outputs),
            device=forward.device,
        )

    def _gradients(self, tensors: Sequence[Tensor | None]) -> tuple[Array | None, ...]:
        return tuple([None if tensor is None else self._array(tensor) for tensor in tensors])

    def _array(self, tensor: Tensor) -> Array:
        """Convert a gradient once: downstream and upstream are often one tensor."""
        known = self._arrays.get(id(tensor))
        if known is None:
            known = self._arrays[id(tensor)] = to_array(tensor)
        return known

    def _value(self, port: Port) -> Array | None:
        """Convert a recorded value once, copying what shares memory with a parameter."""
        key = id(port.value)
        if key not in self._values:
            tensor = port.value.read()
            if tensor is not None and tensor.layout is torch.strided:
                if tensor.untyped_storage().data_ptr() in self._written_by_others:
                    tensor = tensor.clone()
            self._values[key] = None if tensor is None else to_array(tensor)
        return self._values[key]

    def _leaf_names(self) -> dict[int, str]:
        """Name every leaf: parameters by their joined names, inputs by their place."""
        names = {
            key: parts[0] if len(parts) == 1 else " = ".join(parts)
            for key, parts in self.forward.snapshot.parameter_names.items()
        }
        for position, tensor in enumerate(self.forward.inputs):
            names.setdefault(id(tensor), INPUT if position == 0 else f"(input {position})")
        return names

    def _parameters(self) -> dict[int, ParameterRecord]:
        records = {}
        for key in self.forward.snapshot.parameters:
            index = self.leaf_nodes.get(key)
            held = self.forward.snapshot.held[key]
            records[key] = ParameterRecord(
                name=self.leaf_names[key],
                value=to_array(held.copy),
                gradient=None if index is None else self.upstream[index][0],
                trainable=held.requires_grad,
                node=None if index is None else f"n{index}",
            )
        return records

    def _owners(self) -> list[str]:
        """Return the layer of every node, by index."""
        owners = [ROOT] * len(self.graph.nodes)
        recorder = self.forward.recorder
        if recorder.loss_start >= 0:
            for _, index in self.sequence[bisect_left(self.births, recorder.loss_start) :]:
                owners[index] = LOSS
        for call, made in zip(recorder.layers, self.made, strict=True):
            for index in made:  # outer calls begin before the calls inside them
                owners[index] = call.name
        layers = {call.name for call in recorder.layers}
        for index, leaf in enumerate(self.graph.variables):
            if leaf is not None:
                owners[index] = self._leaf_owner(id(leaf), layers)
        return owners

    def _leaf_owner(self, leaf: int, layers: set[str]) -> str:
        name = self.leaf_names.get(leaf, ROOT)
        if name.startswith("("):
            return INPUT
        path = name.split(" = ")[0].rpartition(".")[0]
        return path if path in layers else ROOT

    def _made_by(self, call: LayerCall) -> list[int]:
        """Return the indices of the nodes made inside a call, in execution order."""
        low, high = bisect_left(self.births, call.start), bisect_left(self.births, call.end)
        return sorted(index for _, index in self.sequence[low:high])

    def _layer(self, call: LayerCall, made: list[int], layer_of: list[str]) -> LayerRecord:
        owned = [f"n{index}" for index in made if layer_of[index] == call.name]
        parameters = [
            self.parameters[id(tensor)]
            for tensor in call.module._parameters.values()
            if tensor is not None and id(tensor) in self.parameters
        ]
        leaves = [record.node for record in parameters if record.node is not None]
        return LayerRecord(
            name=call.name,
            path=call.path,
            kind=type(call.module).__name__,
            detail=call.module.extra_repr(),
            leaf=call.leaf,
            inputs=tuple(self._value(port) for port in call.inputs),
            outputs=tuple(self._value(port) for port in call.outputs),
            input_shapes=tuple(port.shape for port in call.inputs),
            output_shapes=tuple(port.shape for port in call.outputs),
            upstreams=tuple(self._arrived(port) for port in call.outputs),
            downstream=tuple(self._handed_on(port, call, made) for port in call.inputs),
            parameters=tuple(parameters),
            nodes=(*owned, *dict.fromkeys(leaves)),
        )

    def _place(self, port: Port) -> tuple[int, int] | None:
        """Return where in the graph the gradient of a tensor stands: (node, output)."""
        if port.leaf is not None:
            index = self.leaf_nodes.get(id(port.leaf))
            return None if index is None else (index, 0)
        index = None if port.node is None else self.graph.position.get(id(port.node))
        return None if index is None else (index, port.output)

    def _arrived(self, port: Port) -> Array | None:
        place = self._place(port)
        return None if place is None else self.upstream[place[0]][place[1]]

    def _handed_on(self, port: Port, call: LayerCall, made: list[int]) -> Array | None:
        """Return the part of dL/d(input) that flowed through the nodes of this call."""
        place = self._place(port)
        if place is None:
            return None
        if any(self._place(output) == place for output in call.outputs):
            return self.upstream[place[0]][place[1]]  # handed through untouched
        parts = [
            part
            for index in made
            for target, part in zip(
                self.graph.edges[index], self.graph.downstream[index], strict=True
            )
            if target == place and part is not None
        ]
        if not parts:
            return None
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return self._array(total) if len(parts) == 1 else to_array(total)

    def _node(self, index: int, layer_of: list[str]) -> NodeRecord:
        node = self.graph.nodes[index]
        call = self._call(self.graph.births[index])
        variable = self.graph.variables[index]
        edges = self.graph.edges[index]
        return NodeRecord(
            id=f"n{index}",
            name=type(node).__name__,
            layer=layer_of[index],
            call=call.name if call else "",
            source=call.source if call else "",
            parameter="" if variable is None else self.leaf_names.get(id(variable), ""),
            shapes=self.graph.shapes[index],
            upstream=self.upstream[index],
            downstream=self.downstream[index],
            targets=tuple(None if target < 0 else f"n{target}" for target, _ in edges),
            target_outputs=tuple(output for _, output in edges),
            value=None if variable is None else self._leaf_value(variable),
        )

    def _leaf_value(self, variable: Tensor) -> Array:
        record = self.parameters.get(id(variable))
        return to_array(variable.detach().clone()) if record is None else record.value

    def _call(self, birth: int) -> TorchCall | None:
        calls = self.forward.recorder.calls
        position = bisect_left(self.call_starts, birth + 1) - 1
        if position < 0 or calls[position].end <= birth:
            return None
        return calls[position]
