"""One layer is chosen on the whole page: the editor and the run below it follow each other."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from experiment.address import Experiment
from flow.record import Capture
from models.draft import INPUT_KEY, Draft
from pages.editor import history
from pages.parts import link

SEEN = "editor_seen"
"""The node that was chosen when the editor last looked."""

Nodes = Mapping[int, str]
"""Key of a layer, or of the input -> the node of the run that shows it."""


def nodes_of(draft: Draft, capture: Capture) -> Nodes:
    """Return where the layers of a draft are in its run; those without a node are left out."""
    first = {layer.name: layer.nodes[0] for layer in capture.layers if layer.nodes}
    found = {layer.key: first[layer.name] for layer in draft.layers if layer.name in first}
    for node in capture.nodes:
        if node.is_leaf and node.parameter.startswith("("):
            found[INPUT_KEY] = node.id
    return found


def look(key: int, nodes: Nodes) -> None:
    """Choose a layer in the editor; a run that has it shows it too."""
    history.select(key)
    node = nodes.get(key, "")
    if node:
        step = None if link.current().view.step is None else int(node[1:])
        link.change(node=node, part=None, channel=None, step=step)
        seen(node)


def seen(node: str) -> None:
    """Note that the editor shows the layer of this node."""
    st.session_state[SEEN] = node


def forget() -> None:
    """Follow whatever is chosen when the editor is opened the next time."""
    st.session_state.pop(SEEN, None)


def follow(experiment: Experiment, draft: Draft, capture: Capture) -> None:
    """Choose the layer of the node that was chosen elsewhere; ``draft`` is what runs."""
    if st.session_state.get(SEEN, "") == experiment.view.node:
        return
    seen(experiment.view.node)
    owners = {node: layer.name for layer in capture.layers for node in layer.nodes}
    name = owners.get(experiment.view.node)
    for layer in draft.layers:
        if layer.name == name:
            history.renew()
            history.select(layer.key)
