"""Live graph and recorded forward -> the notes from which the records are written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import torch
from torch import Tensor, nn
from torch.autograd.function import BackwardCFunction

from flow.arrays import to_array, to_shared_array
from flow.record import Array, Capture, Shape
from flow.recording.cuts import cut_off
from flow.recording.graph import Ends, name_saved
from flow.recording.ledger import NOWHERE, Arrays, LayerNote, Ledger, ParameterNote, PortNote
from flow.recording.passing import Place
from flow.recording.recorder import LayerCall, Port, Recorder
from flow.recording.walk import AccumulateGrad, LiveGraph


@dataclass(slots=True, eq=False)
class Forward:
    """What the forward left: the recorder, the model's inputs and outputs, and the loss."""

    recorder: Recorder
    inputs: tuple[Tensor, ...]
    input_names: tuple[str, ...]
    outputs: tuple[Tensor, ...]
    loss: Tensor | None
    loss_kind: str
    device: str


class Assembly:
    """Turns one live graph into a Capture; every tensor is converted once."""

    def __init__(self, forward: Forward, graph: LiveGraph, ends: Ends) -> None:
        self.forward = forward
        self.graph = graph
        self.ends = ends
        self.snapshot = forward.recorder.snapshot
        self._foreign = _memory_of(held.tensor for held in self.snapshot.held.values())
        self._notes: dict[Port, PortNote] = {}
        self._leaf_names = self._name_leaves()
        self._leaf_nodes = {
            id(leaf): index for index, leaf in enumerate(graph.variables) if leaf is not None
        }
        self._values_of = {
            port for call in forward.recorder.layers if call.kept for port in _ports_of(call)
        } | {*forward.recorder.inputs, *forward.recorder.outputs}
        self._called = {id(call.module) for call in forward.recorder.layers}
        self._cut = cut_off(forward.recorder.detached, graph.position)
        self._cut_leaves = {
            id(node.variable): layer  # type: ignore[attr-defined]
            for node, layer in self._cut.items()
            if type(node) is AccumulateGrad
        }
        self._parameter_places = {key: at for at, key in enumerate(self.snapshot.parameters)}

    def capture(self) -> Capture:
        """Note everything; the records are written from the notes when they are read."""
        graph, recorder = self.graph, self.forward.recorder
        upstream, parts, silent = self._gradients()
        parameters = self._parameters()
        ledger = Ledger(
            names=[type(node).__name__ for node in graph.nodes],
            births=graph.births,
            targets=graph.edges,
            upstream=upstream,
            parts=parts,
            hooked=graph.hooked,
            kept=graph.kept,
            begun={place: to_array(vector) for place, vector in graph.begun.items()},
            silent=silent,
            leaves=self._leaves(parameters),
            layer_notes=[self._layer(call) for call in recorder.layers],
            calls=recorder.calls,
            loss_start=-1 if self.forward.loss is None else recorder.loss_start,
            parameter_notes=parameters,
            saved=name_saved(graph, self.ends),
            ends=self.ends.edges(graph),
        )
        loss = self.forward.loss
        return Capture(
            ledger,
            loss=None if loss is None else float(loss.detach()),
            loss_kind=self.forward.loss_kind,
            inputs=self._values(recorder.inputs, self.forward.inputs),
            outputs=self._values(recorder.outputs, self.forward.outputs),
            device=self.forward.device,
            asks=any(port.asks for port in recorder.inputs),
            cut=next(map(self._cut_of, recorder.inputs), None),
        )

    def _gradients(self) -> tuple[list[Arrays], dict[int, Arrays], dict[Place, Shape]]:
        """Convert what arrived everywhere and what consumers of shared tensors handed on."""
        graph = self.graph
        convert = to_array
        if any(isinstance(node, BackwardCFunction) for node in graph.nodes):
            convert = self._own_array  # a hand-written backward may hand on a weight itself
        upstream: list[Arrays] = [
            tuple([None if tensor is None else convert(tensor) for tensor in tensors])
            for tensors in graph.upstream
        ]
        silent = {
            (index, output): tuple(graph.nodes[index]._input_metadata[output].shape)
            for index, tensors in enumerate(graph.upstream)
            for output, tensor in enumerate(tensors)
            if tensor is None
        }
        parts = {}
        if graph.parts:
            known = _by_tensor(graph.upstream, upstream)
            for index, handed_on in graph.parts.items():
                targets = graph.edges[index]
                parts[index] = tuple(
                    [
                        _looked_up(known, tensor, convert) if target >= 0 else None
                        for (target, _), tensor in zip_longest(targets, handed_on)
                    ]
                )
        return upstream, parts, silent

    def _own_array(self, tensor: Tensor) -> Array:
        """Convert a tensor, copying what shares memory with the module's own."""
        return to_array(tensor.clone() if self._is_foreign(tensor) else tensor)

    def _is_foreign(self, tensor: Tensor) -> bool:
        """Whether a tensor shares memory with a parameter or buffer, which others may write."""
        return tensor.layout is torch.strided and tensor.untyped_storage()._cdata in self._foreign

    def _values(self, ports: Sequence[Port], tensors: Sequence[Tensor]) -> tuple[Array, ...]:
        """Return the values of the model's inputs or outputs as they were noted."""
        values = [self._note(port).value for port in ports]
        return tuple(
            [
                to_array(tensor.detach().clone()) if value is None else value
                for value, tensor in zip(values, tensors, strict=True)
            ]
        )

    def _note(self, port: Port) -> PortNote:
        """Note a port once; one layer's output is mostly the next one's input."""
        note = self._notes.get(port)
        if note is None:
            tensor = port.read() if port in self._values_of else None
            value = None if tensor is None else self._own_array(tensor)
            note = self._notes[port] = PortNote(
                value, tuple(port.shape), self._place(port), port.asks, self._cut_of(port)
            )
        return note

    def _place(self, port: Port) -> Place:
        """Return where in the graph the gradient of a tensor stands."""
        if port.node is not None:
            index = self.graph.position.get(port.node, -1)
            return NOWHERE if index < 0 else (index, port.output)
        if port.leaf and id(port.tensor) in self._leaf_nodes:
            return self._leaf_nodes[id(port.tensor)], 0
        return NOWHERE

    def _cut_of(self, port: Port) -> str | None:
        """Return which layer detached what came of a tensor."""
        return self._cut_leaves.get(id(port.tensor)) if port.leaf else self._cut.get(port.node)

    def _layer(self, call: LayerCall) -> LayerNote:
        module = call.module
        places = self._parameter_places
        return LayerNote(
            call.name,
            call.path,
            type(module).__name__,
            module.extra_repr(),
            call.leaf,
            call.kept,
            call.detaches,
            bool(module._backward_hooks or module._backward_pre_hooks),
            call.start,
            call.end,
            tuple([self._note(port) for port in call.inputs]),
            tuple([self._note(port) for port in call.outputs]),
            tuple(
                [
                    places[id(tensor)]
                    for tensor in own_parameters(module, self._called)
                    if tensor is not None and id(tensor) in places
                ]
            ),
        )

    def _name_leaves(self) -> dict[int, str]:
        """Name every leaf: parameters by their joined names, inputs by their place."""
        names = {
            key: parts[0] if len(parts) == 1 else " = ".join(parts)
            for key, parts in self.snapshot.parameter_names.items()
        }
        for name, tensor in zip(self.forward.input_names, self.forward.inputs, strict=True):
            names.setdefault(id(tensor), name)
        return names

    def _parameters(self) -> list[ParameterNote]:
        held, nodes, stored = self.snapshot.held, self._leaf_nodes, self.graph.stored or {}
        return [
            ParameterNote(
                self._leaf_names[key],
                to_shared_array(held[key].copy),
                held[key].requires_grad,
                nodes.get(key, -1),
                to_array(stored[key]) if key in stored else None,
            )
            for key in self.snapshot.parameters
        ]

    def _leaves(self, parameters: Sequence[ParameterNote]) -> dict[int, tuple[str, Array]]:
        """Return name and value of every leaf, by the index of its node."""
        leaves = {note.node: (note.name, note.value) for note in parameters if note.node >= 0}
        for index, leaf in enumerate(self.graph.variables):
            if leaf is not None and index not in leaves:
                name = self._leaf_names.get(id(leaf), "")
                leaves[index] = (name, to_array(leaf.detach().clone()))
        return leaves


def _ports_of(call: LayerCall) -> tuple[Port, ...]:
    return (*call.inputs, *call.outputs)


def _by_tensor(
    tensors: Iterable[Sequence[Tensor | None]], arrays: Iterable[Arrays]
) -> dict[int, Array]:
    """Return the arrays by ``id()`` of the tensors they were converted from."""
    return {
        id(tensor): array
        for some, theirs in zip(tensors, arrays, strict=True)
        for tensor, array in zip(some, theirs, strict=True)
        if array is not None
    }


def _looked_up(
    known: dict[int, Array], tensor: Tensor | None, convert: Callable[[Tensor], Array]
) -> Array | None:
    """Convert a tensor once: what a consumer hands on is often what arrives behind it."""
    if tensor is None:
        return None
    array = known.get(id(tensor))
    if array is None:
        array = known[id(tensor)] = convert(tensor)
    return array


def _memory_of(tensors: Iterable[Tensor]) -> frozenset[int]:
    """Return what identifies the memory of tensors; asking for its address would copy it."""
    return frozenset(
        [tensor.untyped_storage()._cdata for tensor in tensors if tensor.layout is torch.strided]
    )


def own_parameters(module: nn.Module, called: Collection[int]) -> Iterator[Tensor | None]:
    """Yield a module's parameters, and those of its modules that are read without being called."""
    yield from module._parameters.values()
    for child in module._modules.values():
        if child is not None and id(child) not in called:
            yield from own_parameters(child, called)
