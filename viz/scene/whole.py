"""All that is sent of a run at once: every node of a small one, of a large one the first."""

from __future__ import annotations

from typing import Any

import numpy as np

from flow.record import Capture
from viz.language import Say, translated
from viz.maps.packet import Blobs, assemble, palette, written
from viz.scene.choice import first_node
from viz.scene.concealed import concealed_data
from viz.scene.finding import block_sums, finding_data
from viz.scene.map_page import Cells
from viz.scene.node import maps_of, node_page
from viz.scene.page import Scene, pages
from viz.strip.steps import STEP_TEXT, step_data
from viz.strip.strip import STRIP_TEXT, Strip

MOST_BYTES = 2 * 2**20
"""Of a scene that is sent; a larger run's nodes are asked for one by one."""
COLOURS = 8_000
"""Bytes that are kept for them."""
LEAST_NODE = 2_500
"""Bytes that the words of a node take at least."""

Pages = dict[str, dict[str, Any]]


def scene_answer(scene: Scene, node: str = "", most: int = MOST_BYTES) -> bytes:
    """Return the answer ``scene``; where not all nodes have room in ``most``, with the asked one.

    KeyError where there is no such node.
    """
    capture = scene.live.capture
    first = first_node(scene.first, capture)
    copies = block_sums(capture) if scene.copies else None
    strip = Strip(capture, translated(STRIP_TEXT, scene.say), scene.changes)
    header = {
        "first": first,
        "count": len(capture.nodes),
        "strip": strip.words(),
        "steps": steps_answer(capture, 0, scene.say),
        "finding": copies and finding_data(copies, scene.say),
        "hidden": [concealed_data(each, capture, scene.say) for each in scene.concealed],
    }
    room = max(0, most - COLOURS - strip.bytes - len(written(header)))
    together = _all(scene, room)
    nodes, blobs = together or _one(scene, node or first, room)
    loss = np.array([] if capture.loss is None else [capture.loss], dtype=np.float64)
    rest = {
        "strip": {**strip.words(), **strip.numbers(blobs)},
        "nodes": nodes,
        "whole": together is not None,
        "loss": blobs.add(loss),
        "theme": palette(blobs),
    }
    return assemble({**header, **rest}, blobs)


def _all(scene: Scene, room: int) -> tuple[Pages, Blobs] | None:
    """Return every node with its numbers, None as soon as they have no room."""
    nodes = scene.live.capture.nodes
    if LEAST_NODE * len(nodes) > room:
        return None
    blobs, found = Blobs(), Pages()
    cells = Cells(blobs)
    for node in nodes:
        tabs = pages(scene, node)
        needed = cells.needed(maps_of(tabs))
        if needed > room:
            return None
        cells.write(maps_of(tabs), needed)
        found[node.id] = node_page(scene, node, tabs, cells)
        room -= needed + len(written(found[node.id]))
    return (found, blobs) if room >= 0 else None


def _one(scene: Scene, id: str, room: int) -> tuple[Pages, Blobs]:  # noqa: A002 - as elsewhere
    """Return one node with as many of its numbers as have room."""
    blobs, node = Blobs(), scene.live.capture.node(id)
    cells, tabs = Cells(blobs), pages(scene, node)
    cells.write(maps_of(tabs), room // 2)
    return {id: node_page(scene, node, tabs, cells)}, blobs


def thumbnails_answer(strip: Strip, sample: int) -> bytes:
    """Return the answer ``thumbnails``: what the boxes of the strip show of one sample."""
    blobs = Blobs()
    return assemble(strip.thumbnails(sample, blobs), blobs)


def steps_answer(capture: Capture, step: int, say: Say) -> dict[str, Any]:
    """Return the sentences of the backward pass; of a long one those around a step."""
    return step_data(capture, step, translated(STEP_TEXT, say))
