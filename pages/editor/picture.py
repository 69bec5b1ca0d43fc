"""The draft as a picture: shapes on the arrows, parameters in the boxes."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.draft import INPUT_KEY, Draft, DraftLayer
from models.draft.diagnosis import Diagnosis
from models.spec import INPUT
from pages.editor import history
from pages.editor.follow import Nodes, look
from pages.parts import components
from pages.parts.text import _, translated
from viz.graphs.layout import Layout, LayoutError
from viz.graphs.network import DAG_TEXT, DagNode, State, dag_data, draw_dag
from viz.markdown import plain
from viz.peak import shape_text

KEPT_PICTURES = 64
OUTPUT = "output"


def picture(draft: Draft, found: Diagnosis, chosen: int, nodes: Nodes) -> None:
    """Show the network; choosing a box chooses its layer, in the run too where it has a node."""
    drawn = boxes(draft, found)
    try:
        layout = _layout(drawn)
    except LayoutError as error:
        st.info(plain(str(error)))
        return
    data = dag_data(layout, drawn, str(chosen), translated(DAG_TEXT))
    components.dag(data, "editor_dag", partial(_select, nodes))


@st.cache_data(max_entries=KEPT_PICTURES, show_spinner=False)
def _layout(nodes: tuple[DagNode, ...]) -> Layout:
    return draw_dag(nodes)


def boxes(draft: Draft, found: Diagnosis) -> tuple[DagNode, ...]:
    """Return the input, every layer and the output."""
    first = DagNode(str(INPUT_KEY), INPUT, shape=shape_text(draft.input_shape), state="input")
    layers = tuple(_box(draft, found, layer) for layer in draft.layers)
    last = draft.keys[-1] if draft.keys else INPUT_KEY
    return (first, *layers, DagNode(OUTPUT, _("output"), reads=(str(last),), state="output"))


def _box(draft: Draft, found: Diagnosis, layer: DraftLayer) -> DagNode:
    cost = found.costs.get(layer.key)
    lines = [layer.kind]
    if cost is not None and cost.parameters:
        lines.append(_("{count:,} parameters").format(count=cost.parameters))
    shape = found.shape(draft, layer.key)
    return DagNode(
        id=str(layer.key),
        name=layer.name or "?",
        lines=tuple(lines),
        reads=tuple(map(str, layer.reads)),
        shape=shape_text(shape) if shape else "",
        state=_state(found, layer.key),
    )


def _state(found: Diagnosis, key: int) -> State:
    if found.problem is not None and found.problem.key == key:
        return "broken"
    return "works" if key in found.costs else "unknown"


def _select(nodes: Nodes, name: str) -> None:
    """Choose the layer of a box; one that is gone meanwhile is left alone."""
    if name.isdecimal() and int(name) in (INPUT_KEY, *history.current().present.keys):
        history.renew()
        look(int(name), nodes)
