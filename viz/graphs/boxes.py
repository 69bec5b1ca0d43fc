"""What each box of a drawn graph is: the rows of its text list and its spoken name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flow.record import Array, Capture, GraphNode, GraphPicture, NodeRecord
from viz.graphs.collapse import Group, layer_title, node_ranges
from viz.graphs.help import HELP_TEXT, help_of, help_of_group
from viz.graphs.passing import arriving, aside, passed
from viz.hidden import any_hidden
from viz.peak import peak_text, shown_peak, shown_shape

BOX_TEXT: Mapping[str, str] = {
    "say_function": "{name}, layer {layer}, node {order} of {count}",
    "say_parameter": "AccumulateGrad of {name}, layer {layer}, node {order} of {count}",
    "say_leaf": "leaf tensor {name}, shape {shape}",
    "say_output": "output {name}",
    "say_base": "base of a viewed output {name}",
    "say_saved": "saved tensor {name}",
    "say_group": "{name}, {kind}, nodes {order} and on, {size} of {count}",
    "no_gradient": "no gradient",
    "hidden": "hidden",
    **HELP_TEXT,
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
    """max |upstream gradient|, written out; empty where a box has none. Of a group: of what
    passes through it."""
    title: str
    """The whole in words, for a screen reader."""
    help: str
    """What it is, in plain words."""


def describe(
    picture: GraphPicture, capture: Capture, text: Mapping[str, str]
) -> tuple[tuple[Box, ...], dict[str, float | None]]:
    """Return the boxes in backward order (other boxes last), and by box id max |upstream|.

    Only of the boxes through which a gradient passes on its way: not of those of parameters.
    """
    records = {node.id: node for node in capture.nodes}
    places = {node.id: index for index, node in enumerate(capture.nodes, 1)}
    owners = _owners(picture, records)
    peaks: dict[str, float | None] = {}
    beside = aside(capture)
    boxes = []
    for drawn in picture.nodes:
        record = records.get(owners.get(drawn.id, ""))
        if drawn.id in records and drawn.id not in beside:
            peaks[drawn.id] = shown_peak(records[drawn.id].upstream)
        order = places[record.id] if record else 0
        boxes.append(_box(drawn, record, (order, capture), text))
    last = len(places) + 1
    boxes.sort(key=lambda box: (box.id not in records, places.get(box.node, last)))
    return tuple(boxes), peaks


def describe_groups(
    groups: Sequence[Group], capture: Capture, text: Mapping[str, str]
) -> tuple[tuple[Box, ...], dict[str, float | None]]:
    """Return the boxes of a collapsed picture in backward order, and what passes, by box id."""
    places = {node.id: index for index, node in enumerate(capture.nodes, 1)}
    peaks = {group.id: passed(capture, group.nodes) for group in groups}
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
            peak=_peak_text(arriving(capture, group.nodes), text),
            title=text["say_group"].format(
                name=group.title,
                kind=group.kind,
                order=places[group.node],
                size=len(group.nodes),
                count=len(capture.nodes),
            ),
            help=help_of_group(group, text),
        )
        for group in reversed(groups)
    ]
    return tuple(boxes), peaks


def _peak_text(gradients: Sequence[Array | None], text: Mapping[str, str]) -> str:
    if any_hidden(gradients):
        return text["hidden"]
    return peak_text(shown_peak(gradients), text["no_gradient"])


def _owners(picture: GraphPicture, records: Mapping[str, NodeRecord]) -> dict[str, str]:
    """Map every box to an autograd node: itself, its AccumulateGrad, or what made or saved it."""
    owners = {node.id: node.id for node in picture.nodes if node.id in records}
    # A leaf that was saved, too, belongs to its AccumulateGrad.
    for edge in sorted(picture.edges, key=lambda edge: edge.kind != "leaf"):
        ends = (edge.source, edge.target)
        for box, node in (ends, ends[::-1]):
            if node in records and edge.kind != "gradient":
                owners.setdefault(box, node)
    return owners


def _box(
    drawn: GraphNode,
    record: NodeRecord | None,
    place: tuple[int, Capture],
    text: Mapping[str, str],
) -> Box:
    own = record is not None and record.id == drawn.id
    order, capture = place
    words = " ".join(drawn.label.split())
    name = record.name if record and own else words
    shape = shown_shape(record.shapes[0]) if record and record.shapes else ""
    if record and record.is_leaf and drawn.kind in ("function", "leaf"):
        name = record.parameter or words
    layer = layer_title(record.layer, text) if record else ""
    key = "say_parameter" if own and record and record.is_leaf else f"say_{drawn.kind}"
    title = text[key].format(
        name=name, layer=layer, shape=shape, order=order, count=len(capture.nodes)
    )
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
        order=order if own else 0,
        ranges=(),
        shape=shape if own or drawn.kind == "leaf" else "",
        peak=_peak_text(record.upstream, text) if record and own else "",
        title=title,
        help=help_of(drawn, record, capture, text),
    )
