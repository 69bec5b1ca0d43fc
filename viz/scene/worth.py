"""Which layer of an unknown network is worth seeing first.

It is the one that the sentence below the strip names when something is wrong: where the gradient
vanishes or explodes, or becomes zero or not finite. Elsewhere it is the middle one of the layers
that hand on more or fewer cells than arrived, for there cells meet; without any of those, the
middle layer.
"""

from __future__ import annotations

from collections.abc import Sequence

from flow.record import Array, Capture, LayerRecord
from viz.strip.profile import profile
from viz.strip.stops import stops
from viz.strip.strip import STRIP_TEXT


def worth_seeing(capture: Capture) -> str:
    """Return the id of the node to see first; empty where no layer hands a gradient on."""
    passing = [layer for layer in capture.layers if layer.leaf and layer.nodes and _hands_on(layer)]
    if not passing:
        return ""
    way = list(stops(capture, STRIP_TEXT))
    found = profile(capture, way).finding
    if found.marked is not None and found.verdict != "fine" and way[found.marked].node:
        return way[found.marked].node
    resizing = [layer for layer in passing if _arrived(layer).size != _handed(layer).size]
    return _middle(resizing or passing).nodes[0]


def _hands_on(layer: LayerRecord) -> bool:
    """Whether a gradient arrives at the layer, and one is handed on."""
    return bool(_present(layer.upstreams) and _present(layer.downstream))


def _arrived(layer: LayerRecord) -> Array:
    return _present(layer.upstreams)[0]


def _handed(layer: LayerRecord) -> Array:
    return _present(layer.downstream)[0]


def _present(arrays: Sequence[Array | None]) -> list[Array]:
    return [array for array in arrays if array is not None and array.size]


def _middle(layers: Sequence[LayerRecord]) -> LayerRecord:
    return layers[len(layers) // 2]
