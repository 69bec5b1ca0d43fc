"""The form of one layer, made from what the catalogue says about its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from models import edit
from models.draft import INPUT_KEY, Draft, DraftLayer
from models.fields import Field
from models.fitting import shape_text
from models.spec import MAX_NAME
from pages.parts import editor_history as history
from pages.parts.experiment import read_shape
from pages.parts.text import _

NUMBER_WIDTH = 132
"""Pixels; a phone has room for two beside each other."""
NAME_WIDTH = 160
PAIR = 2
"""Up to this many inputs get a list each; more share one."""


def form(draft: Draft, key: int) -> None:
    """Draw the settings of a layer, or of the input."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="editor_form"):
        if key == INPUT_KEY:
            _shape(draft)
            return
        layer = draft.layer(key)
        _name(layer)
        _reads(draft, layer)
        for field in layer.layer_kind.fields:
            _field(layer, field)
        for switch, on in layer.switches.items():
            _toggle(layer, switch, bool(on))


def _key(layer: DraftLayer, what: str) -> str:
    return f"edit_{layer.key}_{what}"


def _take(key: str, make: Callable[[Draft, Any], Draft]) -> Callable[[], None]:
    """Return a callback that changes the draft by a widget's value; an empty one changes nothing.

    The layer can be gone when two changes come at once.
    """

    def write() -> None:
        value = st.session_state[key]
        if value is None:
            return
        try:
            history.change(lambda draft: make(draft, value))
        except KeyError:
            return

    return write


def _shape(draft: Draft) -> None:
    key = "edit_input_shape"
    st.session_state[key] = shape_text(draft.input_shape)
    st.text_input(
        _("Shape of the input"),
        key=key,
        width=NAME_WIDTH * 2,
        max_chars=MAX_NAME,
        help=_("Batch size first: 2x1x8x8 is two maps of one channel, 8 high and 8 wide."),
        on_change=_take_shape,
        args=(key,),
    )
    problem = st.session_state.get("edit_shape_problem", "")
    if problem:
        st.caption(problem)


def _take_shape(key: str) -> None:
    shape, problem = read_shape(st.session_state[key])
    st.session_state["edit_shape_problem"] = problem
    if shape is not None:
        history.change(lambda draft: edit.set_shape(draft, shape))


def _name(layer: DraftLayer) -> None:
    key = _key(layer, "name")
    st.session_state[key] = layer.name
    st.text_input(
        _("Name"),
        key=key,
        width=NAME_WIDTH,
        max_chars=MAX_NAME,
        on_change=_take(key, lambda draft, name: edit.rename(draft, layer.key, name.strip())),
    )


def _reads(draft: Draft, layer: DraftLayer) -> None:
    """Let the visitor choose the inputs by name from the input and the layers above."""
    most = layer.layer_kind.inputs[1]
    options = list(dict.fromkeys((*draft.above(layer.key), *layer.reads)))
    if most > PAIR:
        _several(draft, layer, options, most)
        return
    for place in range(most):
        _one(draft, layer, options, place)


def _one(draft: Draft, layer: DraftLayer, options: list[int], place: int) -> None:
    key = _key(layer, f"reads_{place}")
    several = layer.layer_kind.inputs[1] > 1
    st.session_state[key] = layer.reads[place] if place < len(layer.reads) else None

    def take(now: Draft, source: int) -> Draft:
        reads = now.layer(layer.key).reads
        return edit.rewire(now, layer.key, (*reads[:place], source, *reads[place + 1 :]))

    st.selectbox(
        _("Reads {place}").format(place=place + 1) if several else _("Reads"),
        options,
        key=key,
        format_func=draft.name_of,
        width=NAME_WIDTH,
        help=_("The layer whose output comes in."),
        on_change=_take(key, take),
    )


def _several(draft: Draft, layer: DraftLayer, options: list[int], most: int) -> None:
    key = _key(layer, "reads")
    st.session_state[key] = list(dict.fromkeys(layer.reads))
    st.multiselect(
        _("Reads"),
        options,
        key=key,
        format_func=draft.name_of,
        max_selections=most,
        width=NAME_WIDTH * 2,
        help=_("The layers whose outputs are brought together, in this order."),
        on_change=_take(key, lambda now, reads: edit.rewire(now, layer.key, tuple(reads))),
    )


def _field(layer: DraftLayer, field: Field) -> None:
    """Draw one setting: a switch, a list, or a number within its bounds."""
    key, value = _key(layer, field.name), layer.fields[field.name]
    st.session_state[key] = value
    common: dict[str, Any] = {
        "key": key,
        "help": _(field.help) or None,
        "on_change": _take(key, lambda now, new: edit.set_field(now, layer.key, field.name, new)),
    }
    if field.kind == "bool":
        st.checkbox(field.name, **common)
    elif field.kind == "choice":
        st.selectbox(field.name, field.choices, width=NAME_WIDTH, **common)
    elif field.kind == "int":
        number = int(value)
        low, high = min(int(field.low), number), max(int(field.high), number)
        st.number_input(
            field.name, min_value=low, max_value=high, step=1, width=NUMBER_WIDTH, **common
        )
    else:
        real = float(value)
        st.number_input(
            field.name,
            min_value=min(float(field.low), real),
            max_value=max(float(field.high), real),
            step=None,
            format="%g",
            width=NUMBER_WIDTH,
            **common,
        )


def _toggle(layer: DraftLayer, switch: str, on: bool) -> None:
    key = _key(layer, f"switch_{switch}")
    st.session_state[key] = on
    st.checkbox(
        switch,
        key=key,
        on_change=_take(key, lambda now, new: edit.set_switch(now, layer.key, switch, new)),
    )
