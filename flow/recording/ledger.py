"""The notes of a run, and the records that are written from them when somebody reads them.

A run has to be quick while tensors are alive; what can be worked out from plain values
afterwards is worked out here, once, on first use. Notes hold no tensor and can be pickled.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from flow.problems import find_problems
from flow.record import (
    INPUT,
    LOSS,
    ROOT,
    Array,
    Capture,
    Edge,
    GradientPlace,
    LayerRecord,
    NodeRecord,
    ParameterRecord,
    Problem,
    Shape,
)
from flow.recording.collector import paused_collector
from flow.recording.passing import Place, Reads, added
from flow.said import said

Arrays = tuple[Array | None, ...]
NOWHERE: Place = (-1, 0)


class CallNote(NamedTuple):
    """One torch function that made autograd nodes ``start`` to ``end - 1``."""

    start: int
    end: int
    name: str
    source: str


NO_CALL = CallNote(0, 0, "", "")


class PortNote(NamedTuple):
    """One tensor that entered or left a layer."""

    value: Array | None
    shape: Shape
    place: Place
    asks: bool
    """Whether it asked for a gradient."""
    cut: str | None
    """Which layer detached what came of it; None where a way leads to the loss."""


class LayerNote(NamedTuple):
    """One call of a module: nodes ``start`` to ``end - 1`` were born inside it."""

    name: str
    path: str
    kind: str
    detail: str
    leaf: bool
    kept: bool
    detaches: bool
    hooked: bool
    start: int
    end: int
    inputs: tuple[PortNote, ...]
    outputs: tuple[PortNote, ...]
    parameters: tuple[int, ...]


class ParameterNote(NamedTuple):
    """One parameter, and the index of its AccumulateGrad node, -1 when it has none."""

    name: str
    value: Array
    trainable: bool
    node: int
    stored: Array | None
    """Its gradient, where that is more than what arrived at the node."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """Everything that a run noted; one entry per node, layer, call and parameter."""

    names: Sequence[str]
    births: Sequence[int]
    """Sequence number of each node."""
    targets: Sequence[tuple[Place, ...]]
    upstream: Sequence[Arrays]
    parts: Mapping[int, Arrays]
    """What the consumers of shared tensors handed on; all others hand on what arrives behind."""
    hooked: Collection[Place]
    """Where a hook may have changed what arrived."""
    kept: Collection[int] | None
    """Indices of the nodes whose gradients were kept; None where all were."""
    begun: Mapping[Place, Array]
    """The vectors that the backward began with, by where they were put in."""
    silent: Mapping[Place, Shape]
    """Shapes of outputs at which nothing arrived."""
    leaves: Mapping[int, tuple[str, Array]]
    """Name and value of the tensor behind each AccumulateGrad node, by its index."""
    layer_notes: Sequence[LayerNote]
    calls: Sequence[CallNote]
    loss_start: int
    """Sequence number at which the loss began, -1 without a loss."""
    parameter_notes: Sequence[ParameterNote]
    saved: Mapping[int, Sequence[str]]
    """Ids of what custom Functions saved, by index of the node."""
    ends: tuple[Edge, ...]
    """Arrows to outputs and their bases."""

    @cached_property
    def ids(self) -> list[str]:
        """Id of each node."""
        return [f"n{index}" for index in range(len(self.names))]

    @cached_property
    def parameters(self) -> tuple[ParameterRecord, ...]:
        """Write the parameters."""
        return tuple(
            [
                ParameterRecord(
                    name,
                    value,
                    stored if stored is not None or node < 0 else self.upstream[node][0],
                    trainable,
                    None if node < 0 else self.ids[node],
                )
                for name, value, trainable, node, stored in self.parameter_notes
            ]
        )

    @cached_property
    def nodes(self) -> tuple[NodeRecord, ...]:
        """Write the nodes."""
        with paused_collector():
            return tuple([self._node(index) for index in range(len(self.names))])

    @cached_property
    def layers(self) -> tuple[LayerRecord, ...]:
        """Write the layers."""
        with paused_collector():
            return tuple(
                [
                    self._layer(note, made)
                    for note, made in zip(self.layer_notes, self._made, strict=True)
                ]
            )

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Write the arrows that torchviz draws."""
        ids = self.ids
        edges: list[Edge] = []
        for index, targets in enumerate(self.targets):
            own = ids[index]
            if index in self.leaves:
                edges.append(Edge(f"v{index}", own, "leaf"))
            edges.extend([Edge(ids[target], own) for target, _ in targets if target >= 0])
            edges.extend([Edge(saved, own, "saved") for saved in self.saved.get(index, ())])
        return (*edges, *self.ends)

    def problems_of(self, capture: Capture) -> tuple[Problem, ...]:
        """Find what is odd about the run."""
        return find_problems(capture)

    @cached_property
    def downstream(self) -> list[Arrays]:
        """What each node handed on: its own part, or all that its target received."""
        return [
            self.parts[index]
            if index in self.parts
            else tuple(
                [
                    None if target < 0 else self.upstream[target][output]
                    for target, output in targets
                ]
            )
            for index, targets in enumerate(self.targets)
        ]

    @cached_property
    def _born(self) -> list[tuple[int, int]]:
        """Sequence number and index of every node that is no leaf, in order of birth."""
        return sorted(
            [(birth, at) for at, birth in enumerate(self.births) if at not in self.leaves]
        )

    @cached_property
    def _made(self) -> list[list[int]]:
        """Indices of the nodes made inside each layer's call, in execution order."""
        births = [birth for birth, _ in self._born]
        return [
            sorted(
                [
                    index
                    for _, index in self._born[
                        bisect_left(births, note.start) : bisect_left(births, note.end)
                    ]
                ]
            )
            for note in self.layer_notes
        ]

    @cached_property
    def _owners(self) -> list[str]:
        """Name of the layer that owns each node."""
        owners = [ROOT] * len(self.names)
        if self.loss_start >= 0:
            for birth, index in self._born:
                if birth >= self.loss_start:
                    owners[index] = LOSS
        for note, made in zip(self.layer_notes, self._made, strict=True):
            for index in made:  # outer calls begin before the calls inside them
                owners[index] = note.name
        layers = {note.name for note in self.layer_notes}
        for index, (name, _) in self.leaves.items():
            owners[index] = _leaf_owner(name, layers)
        return owners

    @cached_property
    def _call_starts(self) -> list[int]:
        return [call.start for call in self.calls]

    def _call(self, index: int) -> CallNote:
        """Return the torch call during which a node was born."""
        birth = self.births[index]
        position = bisect_right(self._call_starts, birth) - 1
        if position < 0 or self.calls[position].end <= birth:
            return NO_CALL
        return self.calls[position]

    @cached_property
    def _hooked_outputs(self) -> dict[int, tuple[int, ...]]:
        """The outputs of each node at which a hook may have changed the gradient."""
        found: dict[int, tuple[int, ...]] = {}
        for index, output in sorted(self.hooked):
            found[index] = (*found.get(index, ()), output)
        return found

    def _node(self, index: int) -> NodeRecord:
        name, value = self.leaves.get(index, ("", None))
        call = NO_CALL if value is not None else self._call(index)
        targets = self.targets[index]
        upstream = self.upstream[index]
        return NodeRecord(  # by position: thousands of these are written at once
            self.ids[index],
            self.names[index],
            self._owners[index],
            call.name,
            call.source,
            name,
            tuple(
                [
                    self.silent[index, output] if arrived is None else arrived.shape
                    for output, arrived in enumerate(upstream)
                ]
            ),
            upstream,
            self.downstream[index],
            tuple([None if at < 0 else self.ids[at] for at, _ in targets]),
            tuple([output for _, output in targets]),
            value,
            self._hooked_outputs.get(index, ()),
            self.kept is None or index in self.kept,
        )

    def _layer(self, note: LayerNote, made: list[int]) -> LayerRecord:
        owned = [self.ids[index] for index in made if self._owners[index] == note.name]
        parameters = tuple([self.parameters[place] for place in note.parameters])
        leaves = [record.node for record in parameters if record.node is not None]
        return LayerRecord(
            name=note.name,
            path=note.path,
            kind=note.kind,
            detail=note.detail,
            leaf=note.leaf,
            inputs=tuple([port.value if note.kept else None for port in note.inputs]),
            outputs=tuple([port.value if note.kept else None for port in note.outputs]),
            input_shapes=tuple([port.shape for port in note.inputs]),
            output_shapes=tuple([port.shape for port in note.outputs]),
            upstreams=tuple([self._arrived(port, note) for port in note.outputs]),
            downstream=tuple([self._handed_on(port, note, made) for port in note.inputs]),
            parameters=parameters,
            nodes=(*owned, *dict.fromkeys(leaves)),
            input_places=tuple([self._named(port.place) for port in note.inputs]),
            output_places=tuple([self._named(port.place) for port in note.outputs]),
            shared=self._shared(note),
            detaches=note.detaches,
            hooked=note.hooked,
            kept=note.kept,
            asks=any(port.asks for port in note.outputs),
            cut=next((port.cut for port in note.outputs if port.cut is not None), None),
        )

    def _named(self, place: Place) -> GradientPlace | None:
        return None if place == NOWHERE else (self.ids[place[0]], place[1])

    @cached_property
    def _reads(self) -> Reads:
        return Reads(self.births, self.targets, self.downstream, self.begun)

    def _total(self, place: Place) -> Array | None:
        return None if place == NOWHERE else self.upstream[place[0]][place[1]]

    def _arrived(self, port: PortNote, note: LayerNote) -> Array | None:
        """Return dL/d(output); where it is an input, what readers after the call handed on."""
        total = self._total(port.place) if note.kept else None
        if total is None or not _is_in(port, note.inputs):
            return total
        return self._reads.since(port.place, note.end, total).gradient

    def _handed_on(self, port: PortNote, note: LayerNote, made: list[int]) -> Array | None:
        """Return the part of dL/d(input) that flowed through the nodes of this call."""
        if port.place == NOWHERE or not note.kept:
            return None
        if _is_in(port, note.outputs):
            return self._reads.since(port.place, note.start, self._total(port.place)).gradient
        return added(
            [
                part
                for index in made
                if port.place in self.targets[index]
                for target, part in zip(self.targets[index], self.downstream[index], strict=True)
                if target == port.place
            ]
        )

    def _shared(self, note: LayerNote) -> str:
        """Say what cannot be told about a layer that returns its input."""
        readers = [
            self._reads.since(port.place, note.end, None).readers
            for port in note.inputs
            if self._total(port.place) is not None and _is_in(port, note.outputs)
        ]
        if max(readers, default=0) < 2 or not note.kept:
            return ""
        return said(
            "{name} ({kind}) returns its input itself, and {readers} operations "
            "read that tensor after it. Which of them read it through this layer cannot be told: "
            "its gradient here is what all of them handed on.",
            name=note.name,
            kind=note.kind,
            readers=max(readers),
        )


def _is_in(port: PortNote, ports: tuple[PortNote, ...]) -> bool:
    return any(port is other for other in ports)


def _leaf_owner(name: str, layers: set[str]) -> str:
    """Return the layer to which a leaf belongs: the innermost called module that holds it."""
    if name.startswith("("):
        return INPUT
    path = name.partition(" = ")[0].rpartition(".")[0]
    while path and path not in layers:
        path = path.rpartition(".")[0]
    return path or ROOT
