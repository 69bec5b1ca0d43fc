"""What each box of a drawn graph is: the rows of its text list and its spoken name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flow.record import Capture, GraphNode, GraphPicture, NodeRecord
from viz.graphs.collapse import Group, layer_title, node_ranges
from viz.peak import peak, peak_text, shown_shape

BOX_TEXT: Mapping[str, str] = {
    "say_function": "{name}, layer {layer}, node {order} of {count}",
    "say_parameter": "AccumulateGrad of {name}, layer {layer}, node {order} of {count}",
    "say_leaf": "leaf tensor {name}, shape {shape}",
    "say_output": "output {name}",
    "say_base": "base of a viewed output {name}",
    "say_saved": "saved tensor {name}",
    "say_group": "{name}, {kind}, nodes {order} and on, {size} of {count}",
    "no_gradient": "no gradient",
}


@dataclass(frozen=True)
class Box:
    """One box, JSON-ready; ``id`` is its id in the picture (``node-`` before it in the SVG)."""

    id: str
    name: str
    """Class of the node, name of the leaf, title of the group, what a tensor is."""
    layer: str
    """Name of its layer as in the Capture (``""`` and ``"(loss)"`` included)."""
    layer_title: str
    kind: str
    """``function``, ``leaf``, ``output``, ``base``, ``saved`` or ``group``."""
    node: str
    """Id of the autograd node that choosing this box selects; empty when there is none."""
    order: int
    """Place of the node in backward order, from 1; 0 for boxes that are tensors."""
    ranges: tuple[tuple[int, int], ...]
    """For a group: numbers of the nodes it holds, as inclusive ranges."""
    shape: str
    peak: str
    """max |upstream gradient|, written out; empty where a box has none."""
    title: str
    """The whole in words, for a screen reader."""


def describe(
    picture: GraphPicture, capture: Capture, text: Mapping[str, str]
) -> tuple[tuple[Box, ...], dict[str, float | None]]:
    """Return the boxes in backward order (other boxes last) and max |upstream| by box id."""
    records = {node.id: node for node in capture.nodes}
    places = {node.id: index for index, node in enumerate(capture.nodes, 1)}
    owners = _owners(picture, records)
    peaks: dict[str, float | None] = {}
    boxes = []
    for drawn in picture.nodes:
        record = records.get(owners.get(drawn.id, ""))
        if drawn.id in records:
            peaks[drawn.id] = peak(records[drawn.id].upstream)
        order = places[record.id] if record else 0
        boxes.append(_box(drawn, record, (order, len(capture.nodes)), peaks, text))
    last = len(places) + 1
    boxes.sort(key=lambda box: (box.id not in records, places.get(box.node, last)))
    return tuple(boxes), peaks


def describe_groups(
    groups: Sequence[Group], capture: Capture, text: Mapping[str, str]
) -> tuple[tuple[Box, ...], dict[str, float | None]]:
    """Return the boxes of a collapsed picture in backward order, and max |upstream| by box id."""
    places = {node.id: index for index, node in enumerate(capture.nodes, 1)}
    peaks = {
        group.id: peak(gradient for node in group.nodes for gradient in capture.node(node).upstream)
        for group in groups
    }
    boxes = [
        Box(
            id=group.id,
            name=group.title,
            layer=group.layer,
            layer_title=group.title,
            kind="group",
            node=group.node,
            order=places[group.node],
            ranges=tuple((first, last) for first, last in node_ranges(group.nodes)),
            shape=shown_shape(next(iter(capture.node(group.node).shapes), ())),
            peak=peak_text(peaks[group.id], text["no_gradient"]),
            title=text["say_group"].format(
                name=group.title,
                kind=group.kind,
                order=places[group.node],
                size=len(group.nodes),
                count=len(capture.nodes),
            ),
        )
        for group in reversed(groups)
    ]
    return tuple(boxes), peaks


def _owners(picture: GraphPicture, records: Mapping[str, NodeRecord]) -> dict[str, str]:
    """Map every box to an autograd node: itself, its AccumulateGrad, or what made or saved it."""
    owners = {node.id: node.id for node in picture.nodes if node.id in records}
    for edge in picture.edges:
        ends = (edge.source, edge.target)
        for box, node in (ends, ends[::-1]):
            if node in records and edge.kind != "gradient":
                owners.setdefault(box, node)
    return owners


def _box(
    drawn: GraphNode,
    record: NodeRecord | None,
    order: tuple[int, int],
    peaks: Mapping[str, float | None],
    text: Mapping[str, str],
) -> Box:
    own = record is not None and record.id == drawn.id
    words = " ".join(drawn.label.split())
    name = record.name if record and own else words
    shape = shown_shape(record.shapes[0]) if record and record.shapes else ""
    if record and record.is_leaf and drawn.kind in ("function", "leaf"):
        name = record.parameter or words
    layer = layer_title(record.layer, text) if record else ""
    key = "say_parameter" if own and record and record.is_leaf else f"say_{drawn.kind}"
    title = text[key].format(name=name, layer=layer, shape=shape, order=order[0], count=order[1])
    if key == "say_parameter":
        name = f"AccumulateGrad {name}"
    elif drawn.kind in ("output", "base", "saved"):
        name = title
    return Box(
        id=drawn.id,
        name=name,
        layer=record.layer if record else "",
        layer_title=layer,
        kind=drawn.kind,
        node=record.id if record else "",
        order=order[0] if own else 0,
        ranges=(),
        shape=shape if own or drawn.kind == "leaf" else "",
        peak=peak_text(peaks[drawn.id], text["no_gradient"]) if own else "",
        title=title,
    )
