"""What is done with a layer as a whole, and what it does and costs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from models.budget import LayerCost, bytes_text, operations_text
from models.draft import INPUT_KEY, Draft
from models.draft import changes as edit
from models.draft.diagnosis import Diagnosis
from models.draft.fixes import fitted
from models.layers import LAYERS
from models.receptive import Receptive
from models.spec import MAX_LAYERS
from pages.editor import history
from pages.editor.follow import Nodes, look
from pages.editor.table import field_text, seen_by, stride_text
from pages.parts import link
from pages.parts.text import _
from viz.markdown import plain
from viz.peak import shape_text

PICKER, CHOICE = "editor_add", "editor_choice"
TAKEN = "editor_taken"
"""The kind that was added last, and the turn of the list it was picked from."""
ENDS = ("", "\N{ZERO WIDTH SPACE}")
"""Of the labels in the list, by turns: a browser that has not heard yet that a pick was taken sends
it again, and its label tells."""


def layer_row(draft: Draft, chosen: int, nodes: Nodes) -> None:
    """Draw what is done with a layer as a whole: choose, add behind, move, copy, remove."""
    full = len(draft.layers) >= MAX_LAYERS
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="small", key="editor_layer"
    ):
        choice, turn = history.field_key(CHOICE), _turn()
        st.session_state[choice] = chosen
        st.selectbox(
            _("Layer"),
            [INPUT_KEY, *draft.keys],
            key=choice,
            format_func=draft.name_of,
            width=170,
            on_change=_choose,
            args=(choice, nodes),
        )
        st.selectbox(
            _("Add a layer behind {name}").format(name=plain(draft.name_of(chosen))),
            list(LAYERS),
            index=None,
            key=PICKER,
            format_func=lambda kind: _catalogue_line(kind, turn),
            placeholder=_("Find a kind of layer"),
            disabled=full,
            help=_("A model has at most {most} layers.").format(most=MAX_LAYERS) if full else None,
            on_change=_add,
            args=(chosen, turn),
        )
        if chosen != INPUT_KEY:
            _layer_buttons(draft, chosen, full)


def _catalogue_line(kind: str, turn: int) -> str:
    return f"{_(LAYERS[kind].label)} · {kind}: {_(LAYERS[kind].help)}{ENDS[turn]}"


def _turn() -> int:
    """Return which end the labels have until a kind is picked from the list."""
    taken: tuple[str, int] | None = st.session_state.get(TAKEN)
    return 0 if taken is None else 1 - taken[1]


def _choose(choice: str, nodes: Nodes) -> None:
    key = st.session_state[choice]
    if isinstance(key, int) and not history.is_outdated(choice):
        look(key, nodes)


def _add(after: int, turn: int) -> None:
    """Put a layer of the chosen kind behind another, with the sizes that come in.

    A label of the list's last turn comes as it is, since it is no option any more.
    """
    outdated = {_catalogue_line(kind, 1 - turn): (kind, 1 - turn) for kind in LAYERS}
    sent = st.session_state[PICKER]
    st.session_state[PICKER] = None
    kind, turn = outdated.get(sent, (sent, turn))
    if kind not in LAYERS or (kind, turn) == st.session_state.get(TAKEN):
        return
    st.session_state[TAKEN] = kind, turn
    if after not in (INPUT_KEY, *history.current().present.keys):
        return

    def added(draft: Draft) -> Draft:
        longer = edit.add(draft, kind, after)
        return fitted(longer, max(longer.keys), link.current().setting.training)

    history.renew()
    history.change(added, lambda draft: max(draft.keys))


def _layer_buttons(draft: Draft, chosen: int, full: bool) -> None:
    place = draft.place(chosen)
    last = len(draft.layers) - 1
    _act(_("Move up"), "arrow_upward", lambda now: edit.move(now, chosen, True), place == 0)
    _act(_("Move down"), "arrow_downward", lambda now: edit.move(now, chosen, False), place == last)
    _act(_("Duplicate"), "content_copy", lambda now: edit.duplicate(now, chosen), full, _newest)
    _act(_("Remove"), "delete", lambda now: edit.remove(now, chosen), False, partial(_at, place))


def _at(place: int, draft: Draft) -> int:
    """Return the layer at a place, or the last one; the input where there is none."""
    return (INPUT_KEY, *draft.keys)[min(place, len(draft.keys) - 1) + 1]


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
        history.renew()
        try:
            history.change(make, choose)
        except KeyError:  # the layer went with a change that came at the same time
            return

    st.button(
        label,
        type="tertiary",
        icon=f":material/{icon}:",
        key=f"editor_{icon}",
        disabled=disabled,
        on_click=act,
    )


def about(draft: Draft, found: Diagnosis, key: int) -> str:
    """Say what a layer does, and what it makes, costs and sees where that is known."""
    layer = draft.layer(key)
    kind = layer.layer_kind
    what = f"**{plain(_(kind.label))}**: {plain(_(kind.help))}"
    if key not in found.costs:
        return what
    facts = _facts(found.costs[key])
    seen = seen_by(draft, found).get(layer.name)
    if seen is not None:
        facts += _seen(seen)
    return f"{what}  \n{plain(' · '.join(facts))}"


def _facts(cost: LayerCost) -> list[str]:
    parameters = _("{count:,} parameters").format(count=cost.parameters)
    if not cost.output_shape:  # refused for its weights alone
        return [parameters]
    return [
        _("output {shape}").format(shape=shape_text(cost.output_shape)),
        parameters,
        _("{saved} kept for the backward").format(saved=bytes_text(cost.saved_bytes)),
        operations_text(cost.operations),
    ]


def _seen(seen: Receptive) -> list[str]:
    """Say how much of the input a cell depends on, and how far apart neighbours look."""
    size, steps = field_text(seen), stride_text(seen)
    return [
        *([_("receptive field {size}").format(size=size)] if size else []),
        *([_("output stride {steps}").format(steps=steps)] if steps else []),
    ]
