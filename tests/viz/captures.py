"""Captures and pictures made by hand: small networks whose every number can be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flow.problems import find_problems
from flow.record import (
    INPUT,
    LOSS,
    Capture,
    Edge,
    GraphNode,
    GraphPicture,
    LayerRecord,
    NodeRecord,
    ParameterRecord,
    Problem,
    Shape,
)


def node(
    name: str,
    layer: str,
    upstream: Sequence[float] | None = (1.0,),
    id: str = "",  # noqa: A002 - the field's name
    call: str = "",
    parameter: str = "",
    shape: Shape = (2, 1),
) -> NodeRecord:
    """Make a node; the upstream gradient is given as its cells."""
    arrived = None if upstream is None else np.array(upstream, dtype=np.float32)
    return NodeRecord(
        id=id,
        name=name,
        layer=layer,
        call=call,
        source="",
        parameter=parameter,
        shapes=(shape,),
        upstream=(arrived,),
        downstream=(),
        targets=(),
        target_outputs=(),
    )


def layer(
    name: str,
    kind: str,
    nodes: tuple[str, ...],
    upstream: Sequence[float] | None = (1.0,),
    detail: str = "",
    shape: Shape = (2, 1),
    leaf: bool = True,
) -> LayerRecord:
    """Make the record of one call of a module."""
    arrived = None if upstream is None else np.array(upstream, dtype=np.float32)
    return LayerRecord(
        name=name,
        path=name.split("#")[0],
        kind=kind,
        detail=detail,
        leaf=leaf,
        inputs=(),
        outputs=(),
        input_shapes=(),
        output_shapes=(shape,),
        upstreams=(arrived,),
        downstream=(),
        parameters=(),
        nodes=nodes,
    )


@dataclass(frozen=True, eq=False)
class Written:
    """The records of a run that nobody ran."""

    layers: tuple[LayerRecord, ...]
    nodes: tuple[NodeRecord, ...]
    edges: tuple[Edge, ...]
    parameters: tuple[ParameterRecord, ...] = ()

    def problems_of(self, capture: Capture) -> tuple[Problem, ...]:
        """Find what is odd about it."""
        return find_problems(capture)


def capture(
    nodes: Sequence[NodeRecord],
    edges: Sequence[Edge],
    layers: Sequence[LayerRecord] = (),
    loss: float | None = 0.25,
) -> Capture:
    """Make a capture with one input of shape (2, 1, 2, 2) and one output of shape (2, 1)."""
    return Capture(
        Written(tuple(layers), tuple(nodes), tuple(edges)),
        loss=loss,
        loss_kind="MSELoss",
        inputs=(np.zeros((2, 1, 2, 2), dtype=np.float32),),
        outputs=(np.zeros((2, 1), dtype=np.float32),),
        device="cpu",
    )


def small_capture() -> Capture:
    """Make input -> fc1 -> relu -> fc2 -> loss; relu is the model's own, the input is a leaf."""
    nodes = [
        node("MseLossBackward0", LOSS, [1.0], "n0", "mse_loss", shape=()),
        node("AddmmBackward0", "fc2", [0.1, -0.01], "n1", "linear"),
        node("AccumulateGrad", "fc2", [0.5], "n2", parameter="fc2.bias", shape=(1,)),
        node("ReluBackward0", "", [0.01], "n3", "relu", shape=(2, 3)),
        node("AddmmBackward0", "fc1", [0.0], "n4", "linear", shape=(2, 3)),
        node("AccumulateGrad", INPUT, [0.001], "n5", parameter="(input)", shape=(2, 4)),
    ]
    edges = [
        Edge("n1", "n0"),
        Edge("n2", "n1"),
        Edge("v2", "n2", "leaf"),
        Edge("n3", "n1"),
        Edge("n4", "n3"),
        Edge("n5", "n4"),
        Edge("v5", "n5", "leaf"),
        Edge("n0", "o0", "output"),
    ]
    layers = [
        layer("fc1", "Linear", ("n4",), [0.0], "in_features=4, out_features=3, bias=False", (2, 3)),
        layer("drop", "Dropout", (), None, "p=0.5, inplace=False", (2, 3)),
        layer("fc2", "Linear", ("n1", "n2"), [0.1, -0.01], "in_features=3, out_features=1"),
    ]
    return capture(nodes, edges, layers)


def picture(edges: Sequence[Edge], labels: dict[str, str] | None = None) -> GraphPicture:
    """Make a picture from its arrows; kinds and colours follow from the ids as torchviz's do."""
    looks = {
        "n": ("function", "lightgrey"),
        "v": ("leaf", "lightblue"),
        "o": ("output", "darkolivegreen1"),
        "b": ("base", "darkolivegreen3"),
        "s": ("saved", "orange"),
    }
    ids = dict.fromkeys(end for edge in edges for end in (edge.source, edge.target))
    nodes = [
        GraphNode(id, (labels or {}).get(id, id), *looks[id[0]])  # type: ignore[arg-type]
        for id in ids  # noqa: A001
    ]
    return GraphPicture(tuple(nodes), tuple(edges))


def chain_capture(layers: Sequence[str]) -> Capture:
    """Make a chain with one function node for each layer name, given in forward order."""
    nodes = [node("MseLossBackward0", LOSS, [1.0], "n0", "mse_loss", shape=())]
    nodes += [
        node("AddmmBackward0", name, [1.0], f"n{index}", "linear")
        for index, name in enumerate(reversed(layers), 1)
    ]
    edges = [Edge(f"n{index + 1}", f"n{index}") for index in range(len(layers))]
    records = [
        layer(name, "Linear", (node.id,)) for name, node in zip(layers, nodes[:0:-1], strict=True)
    ]
    return capture(nodes, edges, records)


def fan_in_edges(length: int) -> list[Edge]:
    """Make a DenseNet block: every node reads all earlier ones."""
    return [
        Edge(f"n{source}", f"n{target}")
        for target in range(length)
        for source in range(target + 1, length)
    ]
