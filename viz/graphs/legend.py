"""What the colours and arrows of a drawn graph mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flow.record import Capture, GraphPicture
from viz.graphs.tint import Tint

LEGEND_TEXT: Mapping[str, str] = {
    "key_function": "operation (grad_fn)",
    "key_leaf": "leaf: parameter or input",
    "key_loss": "loss",
    "key_output": "output",
    "key_base": "base of a view",
    "key_saved": "saved tensor",
    "key_ends": "gradients end here",
    "key_layer": "layer",
    "key_input": "input",
    "arrows": "Gradients flow upward, against the arrows.",
}
"""In English; pass a translated copy."""
KINDS = ("function", "leaf", "output", "base", "saved")
"""In the order of the legend."""
IN_A_BROWSER = {"darkolivegreen1": "#caff70", "darkolivegreen3": "#a2cd5a"}
"""Colours that Graphviz knows by a name and CSS does not."""


@dataclass(frozen=True)
class Key:
    """One colour and what it stands for."""

    fill: str
    says: str


@dataclass(frozen=True)
class Legend:
    """All that is said of the colours and arrows of one drawing, JSON-ready."""

    keys: tuple[Key, ...]
    arrows: str
    """Which way gradients go, a sentence."""
    fill: str
    """What the fill means, a sentence, where the boxes are tinted; else empty."""
    stops: tuple[str, ...]
    """Colours of that fill, from the smallest gradient to the largest."""


def make_legend(
    picture: GraphPicture,
    capture: Capture,
    tint: Tint | None,
    text: Mapping[str, str],
    *,
    groups: bool,
) -> Legend:
    """Return what a drawing means; ``groups`` is whether its boxes are layers."""
    return Legend(
        keys=_keys(picture, capture, text, groups=groups, tinted=tint is not None),
        arrows=text["arrows"],
        fill=tint.legend(text) if tint else "",
        stops=tint.stops if tint else (),
    )


def _keys(
    picture: GraphPicture, capture: Capture, text: Mapping[str, str], *, groups: bool, tinted: bool
) -> tuple[Key, ...]:
    """Return what the colours mean, apart from those that show a gradient's size."""
    fills = {node.kind: node.fill for node in picture.nodes}
    names: dict[str, str] = {kind: f"key_{kind}" for kind in KINDS}
    if capture.loss is not None:
        names["output"] = "key_loss"
    if groups:
        names |= {"function": "key_layer", "leaf": "key_input"}
    if tinted:
        fills = {} if groups else {kind: fills[kind] for kind in fills if kind != "function"}
        names["leaf"] = "key_ends"
    return tuple(
        Key(IN_A_BROWSER.get(fills[kind], fills[kind]), text[names[kind]])
        for kind in KINDS
        if kind in fills
    )
