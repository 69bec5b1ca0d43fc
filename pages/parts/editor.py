"""The editor: build or change a network layer by layer; what can run runs at once.

While a draft cannot run, the last network that could stays on screen below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from models import edit
from models.budget import Budget, LayerCost, bytes_text, operations_text
from models.diagnosis import Diagnosis, Problem
from models.draft import INPUT_KEY, Draft, DraftLayer
from models.fixes import fitted, fixes
from models.inputs import INPUTS
from models.layers import LAYERS
from models.losses import LOSSES, TARGETS
from models.presets import PRESETS
from models.spec import MAX_LAYERS
from pages.parts import editor_history as history
from pages.parts import link
from pages.parts.editor_form import form
from pages.parts.editor_picture import picture
from pages.parts.execute import Outcome, Refused, execute
from pages.parts.experiment import Experiment, of_preset, with_network
from pages.parts.text import _, plain
from viz.peak import shape_text

NOTHING = ""
"""Among the presets to start from."""
PICKER = "editor_add"


@st.fragment
def editor(shown: Experiment) -> None:
    """Show the network as it is being edited; run it as soon as it can run.

    ``shown`` is what the rest of the page shows. It runs again where something else was chosen.
    """
    now = link.current()
    if (now.setting, now.editing) != (shown.setting, shown.editing):
        st.rerun()
    draft = history.follow(now).present
    found = history.diagnosis(draft)
    objection = _run(draft, found)
    with st.container(border=True, key="editor_card"):
        _head(found.budget if found.spec else None)
        chosen = history.chosen(draft)
        picture(draft, found, chosen)
        _notice(draft, found)
        if objection:
            _objection(objection, draft, found)
        _layer_row(draft, chosen)
        form(draft, chosen)
        if chosen != INPUT_KEY:
            st.caption(_about(draft.layer(chosen), found.costs.get(chosen)))


def _run(draft: Draft, found: Diagnosis) -> str:
    """Run a draft that can; return why it was refused, which shapes alone could not tell."""
    experiment = link.current()
    if found.spec is None or (found.spec, draft.input_shape) == (
        experiment.network,
        experiment.shape,
    ):
        return ""
    candidate = with_network(experiment, found.spec, draft.input_shape)
    try:
        _begin(candidate, draft, execute(candidate.setting))
    except Refused as refusal:
        return str(refusal)
    return ""


def _begin(candidate: Experiment, draft: Draft, outcome: Outcome) -> None:
    """Take a network over that has run, and look at the layer that is being edited."""
    key = history.chosen(draft)
    names = {layer.name: layer for layer in outcome.capture.layers}
    layer = names.get(draft.name_of(key))
    node = layer.nodes[0] if layer is not None and layer.nodes else ""
    link.replace_with(replace(candidate, node=node, part=None, sample=0, channel=None, step=None))
    history.runs(candidate.network, candidate.shape)
    st.rerun()


def _head(budget: Budget | None) -> None:
    """Draw the title with the totals, and what concerns the network as a whole."""
    with st.container(horizontal=True, vertical_alignment="center", key="editor_head"):
        totals = escape(_totals(budget)) if budget else ""
        st.html(
            f'<h3 class="head">{escape(_("Edit the network"))}</h3><p class="head">{totals}</p>'
        )
        steps = history.current()
        st.button(
            _("Undo"),
            icon=":material/undo:",
            shortcut="Ctrl+Z",
            key="editor_undo",
            type="tertiary",
            disabled=not steps.past,
            on_click=history.undo,
        )
        st.button(
            _("Redo"),
            icon=":material/redo:",
            shortcut="Ctrl+Y",
            key="editor_redo",
            type="tertiary",
            disabled=not steps.future,
            on_click=history.redo,
        )
        with st.popover(_("Start from"), icon=":material/note_add:"):
            for key in (*PRESETS, NOTHING):
                title = _(PRESETS[key].title) if key else _("Nothing: an input and no layer")
                st.button(
                    title, key=f"editor_start_{key}", width="stretch", on_click=_start, args=(key,)
                )
        st.button(
            _("Done"), icon=":material/check:", key="editor_done", on_click=_close, type="primary"
        )


def _totals(budget: Budget) -> str:
    words = {
        "shape": shape_text(budget.output_shape),
        "parameters": budget.parameters,
        "saved": bytes_text(budget.saved_bytes),
        "operations": operations_text(budget.operations),
    }
    sentence = _(
        "output {shape} · {parameters:,} parameters · {saved} kept for the backward · {operations}"
    )
    return sentence.format(**words)


def _start(key: str) -> None:
    """Begin with a preset and all that belongs to it, or with no layer at all."""
    if not key:
        history.change(lambda draft: replace(draft, layers=()), lambda _draft: INPUT_KEY)
        return
    fresh = replace(of_preset(key), device=link.current().device, editing=True)
    link.replace_with(fresh)
    history.forget()


def _close() -> None:
    link.change(editing=False)


def _notice(draft: Draft, found: Diagnosis) -> None:
    """Say what is wrong with the first layer that cannot work, and offer what mends it."""
    problem = found.problem
    if problem is None:
        return
    if not draft.layers:
        st.info(_("There is no layer yet. Add the first one; until then the last run stays below."))
        return
    st.error(f"{plain(problem.sentence)}  \n{_('The last run that worked stays below.')}")
    offered = fixes(draft, found)
    if not offered and problem.key in (INPUT_KEY, history.chosen(draft)):
        return
    with st.container(horizontal=True, key="editor_fixes"):
        for place, fix in enumerate(offered):
            words = {name: plain(word) for name, word in fix.words.items()}
            st.button(
                _(fix.text).format(**words),
                icon=":material/auto_fix_high:",
                key=f"editor_fix_{place}",
                on_click=_take_fix,
                args=(draft, fix.draft, problem),
            )
        if problem.key != history.chosen(draft):
            st.button(
                _("Show {name}").format(name=plain(draft.name_of(problem.key))),
                key="editor_show_problem",
                on_click=history.select,
                args=(problem.key,),
            )


def _take_fix(before: Draft, after: Draft, problem: Problem) -> None:
    """Apply a fix to the draft that it was made for; after another change it means nothing."""
    if history.current().present == before:
        history.change(lambda _draft: after, lambda _draft: problem.key)


def _objection(sentence: str, draft: Draft, found: Diagnosis) -> None:
    """Say why a network that fits together cannot run with this input, loss and target."""
    st.error(f"{plain(sentence)}  \n{_('The last run that worked stays below.')}")
    with st.container(horizontal=True, key="editor_remedies"):
        for place, (label, remedy) in enumerate(_remedies(draft, found)):
            st.button(
                label,
                icon=":material/auto_fix_high:",
                key=f"editor_remedy_{place}",
                on_click=link.replace_with,
                args=(remedy,),
            )


def _remedies(draft: Draft, found: Diagnosis) -> list[tuple[str, Experiment]]:
    """Return experiments on the same network that run: another target, loss or input."""
    if found.spec is None or found.budget is None:
        return []
    wanted = with_network(link.current(), found.spec, draft.input_shape)
    targets = LOSSES[wanted.loss].choices(found.budget.output_shape)
    proposals = [
        *((_(TARGETS[name].label), replace(wanted, target=name)) for name in targets[:1]),
        (_(LOSSES["mse"].label), replace(wanted, loss="mse", target="zeros")),
        (_(INPUTS["random"].label), replace(wanted, input="random")),
    ]
    working = []
    for label, proposal in proposals:
        try:
            execute(proposal.setting)
        except Refused:
            continue
        working.append((_("Use {choice}").format(choice=label), proposal))
    return working


def _layer_row(draft: Draft, chosen: int) -> None:
    """Draw what is done with a layer as a whole: choose, add behind, move, copy, remove."""
    full = len(draft.layers) >= MAX_LAYERS
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="small", key="editor_layer"
    ):
        st.session_state["editor_layer_choice"] = chosen
        st.selectbox(
            _("Layer"),
            [INPUT_KEY, *draft.keys],
            key="editor_layer_choice",
            format_func=draft.name_of,
            width=180,
            on_change=_choose,
        )
        st.selectbox(
            _("Add a layer behind {name}").format(name=plain(draft.name_of(chosen))),
            list(LAYERS),
            index=None,
            key=PICKER,
            format_func=_catalogue_line,
            placeholder=_("Find a kind of layer"),
            width=260,
            disabled=full,
            help=_("A model has at most {most} layers.").format(most=MAX_LAYERS) if full else None,
            on_change=_add,
            args=(chosen,),
        )
        if chosen != INPUT_KEY:
            _layer_buttons(draft, chosen, full)


def _catalogue_line(kind: str) -> str:
    return f"{_(LAYERS[kind].label)} · {kind}: {_(LAYERS[kind].help)}"


def _choose() -> None:
    key = st.session_state["editor_layer_choice"]
    if isinstance(key, int):
        history.select(key)


def _add(after: int) -> None:
    """Put a layer of the chosen kind behind another, with the sizes that come in."""
    kind = st.session_state[PICKER]
    st.session_state[PICKER] = None
    if kind not in LAYERS or after not in (INPUT_KEY, *history.current().present.keys):
        return

    def added(draft: Draft) -> Draft:
        longer = edit.add(draft, kind, after)
        return fitted(longer, max(longer.keys))

    history.change(added, lambda draft: max(draft.keys))


def _layer_buttons(draft: Draft, chosen: int, full: bool) -> None:
    place = draft.place(chosen)
    last = len(draft.layers) - 1
    _act(_("Move up"), "arrow_upward", lambda now: edit.move(now, chosen, True), place == 0)
    _act(_("Move down"), "arrow_downward", lambda now: edit.move(now, chosen, False), place == last)
    _act(_("Duplicate"), "content_copy", lambda now: edit.duplicate(now, chosen), full, _newest)
    before = draft.layer(chosen).reads[:1] or (INPUT_KEY,)
    _act(_("Remove"), "delete", lambda now: edit.remove(now, chosen), False, lambda _now: before[0])


def _newest(draft: Draft) -> int:
    return max(draft.keys)


def _act(
    label: str,
    icon: str,
    make: Callable[[Draft], Draft],
    disabled: bool,
    choose: Callable[[Draft], int] | None = None,
) -> None:
    def act() -> None:
        try:
            history.change(make, choose)
        except KeyError:  # the layer went with a change that came at the same time
            return

    st.button(
        label, icon=f":material/{icon}:", key=f"editor_{icon}", disabled=disabled, on_click=act
    )


def _about(layer: DraftLayer, cost: LayerCost | None) -> str:
    """Say what a layer does, and what it makes and costs where that is known."""
    kind = layer.layer_kind
    about = f"**{plain(_(kind.label))}**: {plain(_(kind.help))}"
    return f"{about}  \n{plain(' · '.join(_facts(cost)))}" if cost else about


def _facts(cost: LayerCost) -> list[str]:
    return [
        _("output {shape}").format(shape=shape_text(cost.output_shape)),
        _("{count:,} parameters").format(count=cost.parameters),
        _("{saved} kept for the backward").format(saved=bytes_text(cost.saved_bytes)),
        operations_text(cost.operations),
    ]
