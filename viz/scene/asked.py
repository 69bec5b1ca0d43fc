"""What is sent later than a scene, when it is needed: sums, single cells, further numbers."""

from __future__ import annotations

from collections.abc import Iterable

from flow.record import Array
from viz.maps.heatmap import drawable
from viz.maps.packed_sums import MAX_LINK_BYTES, Shown, specify, specify_answer
from viz.maps.packet import Blobs, assemble
from viz.maps.rows import Map
from viz.maps.sums import Answer
from viz.scene import sums
from viz.scene.map_page import MOST_CELLS
from viz.scene.page import Page


def sums_answer(page: Page) -> bytes:
    """Return the answer ``sums``: what stands behind the cells of a page that are drawn."""
    blobs = Blobs()
    links = sums.links(page.chosen, page.rows)
    sent = specify(links, _drawn(page), blobs.add, MAX_LINK_BYTES, page.chosen.say)
    return assemble({"links": sent}, blobs)


def cell_answer(page: Page, found: Answer | None) -> bytes:
    """Return the answer ``cell``: what was found out about one cell of a page."""
    blobs = Blobs()
    sent = (
        None if found is None else specify_answer(found, _drawn(page), blobs.add, page.chosen.say)
    )
    return assemble({"answer": sent}, blobs)


def cells_answer(array: Array, start: int, count: int) -> bytes:
    """Return the answer ``cells``: an unbroken run of an array, at most ``MOST_CELLS``."""
    blobs = Blobs()
    run = drawable(array.reshape(-1)[start : start + min(count, MOST_CELLS)])
    return assemble({"start": start, "values": blobs.add(run)}, blobs)


def _drawn(page: Page) -> dict[str, Shown]:
    """Return which cells of every map the browser draws."""
    maps: Iterable[Map] = (each for row in page.rows for each in row)
    found = {}
    for each in maps:
        if each.array is not None and each.array.size and each.tiles is not None:
            kept = each.tiles.first(MOST_CELLS)
            found[each.key] = Shown(each.array, kept.start, kept.count)
    return found
