"""Everything about one node that a choice in the browser may show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flow.record import NodeRecord
from viz.hidden import is_hidden
from viz.maps.packet import Blobs, assemble
from viz.maps.rows import Labels, Map, labels_in
from viz.scene import inspector, sums
from viz.scene.channels import first_channels, is_largest_first
from viz.scene.formula import mathml, worded
from viz.scene.map_page import Cells, map_page
from viz.scene.page import Page, Scene, pages

MOST_BYTES = 4 * 2**20
"""Of the cells in one answer about nodes."""
FED = "input"
"""What the model's input is called where it is changed by hand."""


def nodes_answer(scene: Scene, ids: Sequence[str]) -> bytes:
    """Return the answer ``nodes``; KeyError where there is no such node."""
    blobs = Blobs()
    found = [
        (scene.live.capture.node(each), pages(scene, scene.live.capture.node(each))) for each in ids
    ]
    cells = Cells(blobs)
    cells.write((each for _node, tabs in found for each in maps_of(tabs)), MOST_BYTES)
    written = {node.id: node_page(scene, node, tabs, cells) for node, tabs in found}
    return assemble({"nodes": written}, blobs)


def maps_of(tabs: Mapping[str, Page]) -> Iterator[Map]:
    """Yield every map of a node."""
    return (each for page in tabs.values() for row in page.rows for each in row)


def node_page(
    scene: Scene, node: NodeRecord, tabs: Mapping[str, Page], cells: Cells
) -> dict[str, Any]:
    """Return a ``NodePage``, whose cells have been written."""
    chosen = next(iter(tabs.values())).chosen
    rule = scene.live.rule(node)
    words = labels_in(scene.say)
    return {
        "id": node.id,
        "order": chosen.order,
        "layer": node.layer,
        "title": inspector.title(chosen),
        "subtitle": inspector.subtitle(chosen),
        "parts": [
            {"part": part, "label": inspector.part_label(chosen, part)}
            for part in inspector.flowing(node)
        ],
        "first_part": inspector.default_part(node),
        "formula": "" if rule is None else mathml(worded(rule.formula, scene.say)),
        "pages": {tab: _page(scene, page, words, cells) for tab, page in tabs.items()},
        "hand": _by_hand(scene, page=tabs["parameters"]),
    }


def _page(scene: Scene, page: Page, words: Labels, cells: Cells) -> dict[str, Any]:
    offered, by_row = inspector.pickers(page.rows), _is_matrix(page.rows[:1])
    return {
        "rows": [
            [map_page(each, words, cells, _hides(scene, page, each)) for each in row]
            for row in page.rows
        ],
        "between": list(sums.between(page.chosen, page.rows)),
        "arrow": inspector.flows(page.chosen),
        "samples": offered.samples,
        "channels": offered.channels,
        "first_channels": [] if by_row else first_channels(page.chosen),
        "largest_first": is_largest_first(page.chosen),
        "by_row": by_row,
        "sums": sums.may_be(page.chosen, page.rows),
    }


def _hides(scene: Scene, page: Page, shown: Map) -> str:
    """Return the name that hides a map; empty where it cannot be hidden, or is."""
    if is_hidden(shown.array):
        return ""
    names = scene.to_hide.get(id(shown.array), [])
    own = [name for name in names if name.startswith(f"{page.chosen.node.layer}.")]
    return next(iter([*own, *names]), "")


def _is_matrix(first: Iterable[Iterable[Map]]) -> bool:
    """Whether a sample is one matrix: its first axis is the rows, such as the places of a text."""
    arrays = [each.array for row in first for each in row if each.role == "activation"]
    return all(array is None or array.ndim < 4 for array in arrays)


def _by_hand(scene: Scene, page: Page) -> dict[str, list[str]]:
    """Return the tensors that can be changed by hand, by tab."""
    node, layer = page.chosen.node, page.chosen.layer
    found: dict[str, list[str]] = {"gradient": [], "values": [], "parameters": []}
    if not scene.changeable:
        return found
    if node.is_leaf:
        name = FED if node.parameter.startswith("(") else node.parameter
        return {**found, "values": [name], "parameters": [name]}
    names = [record.name for record in (layer.parameters if layer is not None else ())]
    return {**found, "parameters": names}
