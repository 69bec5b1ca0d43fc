"""The editor: build or change a network layer by layer; what can run runs at once.

While a draft cannot run, the last network that could stays on screen below.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from experiment.address import Experiment, begun
from experiment.runs import Outcome, Refused
from experiment.setting import with_network
from models.budget import Budget, bytes_text, operations_text
from models.draft import INPUT_KEY, Draft
from models.draft import changes as edit
from models.draft.diagnosis import Diagnosis
from models.presets import PRESETS
from pages.editor import follow as editor_follow
from pages.editor import history
from pages.editor.follow import Nodes, nodes_of
from pages.editor.form import form
from pages.editor.layer import about, layer_row
from pages.editor.notice import notice, objection
from pages.editor.picture import picture
from pages.editor.table import table
from pages.parts import components, link
from pages.parts.asking import execute
from pages.parts.text import _, translated
from pages.parts.turns import in_turn
from viz.undo import UNDO_TEXT, undo_data

START = "editor_start"
NOTHING = "nothing"
"""Among the presets to start from."""


@st.fragment
@in_turn("editor")
def editor(shown: Experiment, outcome: Outcome | None) -> None:
    """Show the network as it is being edited; run it as soon as it can run.

    ``shown`` is what the rest of the page shows, ``outcome`` its run, if it has one. The page runs
    again where something else was chosen meanwhile.
    """
    now = link.current()
    seen = (shown.setting, shown.view.editing, shown.view.node)
    if (now.setting, now.view.editing, now.view.node) != seen:
        st.rerun()
    draft = history.follow(now).present
    found = history.diagnosis(draft, now.setting.training)
    refusal = _run(draft, found)
    runs, nodes = outcome is not None, _nodes(draft, found, outcome)
    with st.container(border=True, key="editor_card"):
        _head(found.budget if found.spec else None)
        chosen = history.chosen(draft)
        picture(draft, found, chosen, nodes)
        notice(draft, found, runs)
        if refusal:
            objection(refusal, draft, found, runs)
        history.draw()
        layer_row(draft, chosen, nodes)
        form(draft, chosen)
        if chosen != INPUT_KEY:
            st.caption(about(draft, found, chosen))
        table(draft, found, chosen)


def _nodes(draft: Draft, found: Diagnosis, outcome: Outcome | None) -> Nodes:
    """Return where the layers are in the run below; nowhere when that is not the draft's."""
    now = link.current()
    running = (now.setting.network, now.setting.shape)
    if outcome is None or (found.spec, draft.input_shape) != running:
        return {}
    editor_follow.follow(now, draft, outcome.capture)
    return nodes_of(draft, outcome.capture)


def _run(draft: Draft, found: Diagnosis) -> str:
    """Run a draft that can; return why it was refused, which shapes alone could not tell."""
    now = link.current()
    running = (now.setting.network, now.setting.shape)
    if found.spec is None or (found.spec, draft.input_shape) == running:
        return ""
    setting = with_network(now.setting, found.spec, draft.input_shape)
    try:
        _begin(replace(now, setting=setting), draft, execute(setting))
    except Refused as refusal:
        return str(refusal)
    return ""


def _begin(candidate: Experiment, draft: Draft, outcome: Outcome) -> None:
    """Take a network over that has run, and look at the layer that is being edited."""
    key = history.chosen(draft)
    names = {layer.name: layer for layer in outcome.capture.layers}
    layer = names.get(draft.name_of(key))
    node = layer.nodes[0] if layer is not None and layer.nodes else ""
    chosen = candidate.changed(node=node, part=None, sample=0, channel=None, step=None)
    link.replace_with(chosen)
    editor_follow.seen(node)
    history.runs(chosen.setting.network, chosen.setting.shape)
    st.rerun()


def _head(budget: Budget | None) -> None:
    """Draw the title with the totals, and what concerns the network as a whole."""
    with st.container(horizontal=True, vertical_alignment="center", key="editor_head"):
        totals = escape(_totals(budget)) if budget else ""
        st.html(
            f'<h3 class="head">{escape(_("Edit the network"))}</h3><p class="head">{totals}</p>'
        )
        _undo_and_redo()
        st.menu_button(
            _("Start from"),
            [*PRESETS, NOTHING],
            key=START,
            icon=":material/note_add:",
            format_func=_start_label,
            on_click=_start,
        )
        st.button(
            _("Done"), icon=":material/check:", key="editor_done", on_click=_close, type="primary"
        )


def _undo_and_redo() -> None:
    steps = history.current()
    words = translated(UNDO_TEXT)
    data = undo_data(len(steps.past), len(steps.future), history.answered(), words)
    components.undo(data, "editor_undo", history.take)


def _totals(budget: Budget) -> str:
    words = {
        "parameters": budget.parameters,
        "saved": bytes_text(budget.saved_bytes),
        "operations": operations_text(budget.operations),
    }
    sentence = _("{parameters:,} parameters · {saved} saved · {operations}")
    return sentence.format(**words)


def _start_label(key: str) -> str:
    return _("Nothing: an input and no layer") if key == NOTHING else _(PRESETS[key].title)


def _start() -> None:
    """Begin with a preset and all that belongs to it, or with no layer at all."""
    key = st.session_state[START]
    if key == NOTHING:
        history.change(edit.emptied, lambda _draft: INPUT_KEY)
        return
    if key not in PRESETS:
        return
    fresh = begun(key).changed(device=link.current().setting.device, editing=True)
    link.replace_with(fresh)
    history.forget()


def _close() -> None:
    editor_follow.forget()
    link.change(editing=False)
