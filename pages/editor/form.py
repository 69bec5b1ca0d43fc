"""The form of one layer, made from what the catalogue says about its kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from experiment.readers import read_shape
from models.draft import INPUT_KEY, Draft, DraftLayer
from models.draft import changes as edit
from models.fields import Field, Value
from models.shapes import Shape, shape_text
from models.spec import MAX_NAME
from pages.editor import history
from pages.parts.text import _, say
from viz.peak import TIMES

NUMBER_WIDTH = 132
"""Pixels; a phone has room for two beside each other."""
NAME_WIDTH = 160
NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
SHAPE, REFUSED = "edit_input_shape", "edit_refused_shape"
PAIR = 2
"""Up to this many inputs get a list each; more share one."""

Reading = tuple[int, int]
"""A layer that is read, and how often the same layer read it before."""


@dataclass(frozen=True)
class RefusedShape:
    """What was typed as a shape and is none, why, and the shape that the input kept."""

    text: str
    problem: str
    """Markdown."""
    instead: Shape


def form(draft: Draft, key: int) -> None:
    """Draw the settings of a layer, or of the input."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="editor_form"):
        if key == INPUT_KEY:
            _network_name(draft)
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
    return history.field_key(f"edit_{layer.key}_{what}")


def _take(key: str, make: Callable[[Draft, Any], Draft]) -> Callable[[], None]:
    """Return a callback that changes the draft by a widget's value; an empty one changes nothing.

    The layer can be gone when two changes come at once.
    """

    def write() -> None:
        value = st.session_state[key]
        if value is None or history.is_outdated(key):
            return
        try:
            history.change(lambda draft: make(draft, value))
        except KeyError:
            return

    return write


def _network_name(draft: Draft) -> None:
    key = history.field_key("edit_network_name")
    st.session_state[key] = draft.name
    st.text_input(
        _("Name of the network"),
        key=key,
        width=NAME_WIDTH,
        max_chars=MAX_NAME,
        help=_("Its class in source code."),
        on_change=_take(key, lambda now, name: edit.rename_network(now, name.strip())),
    )


def _shape(draft: Draft) -> None:
    """Let the visitor type the input's shape; what is none stays as it was typed, with why."""
    refused: RefusedShape | None = st.session_state.get(REFUSED)
    if refused is not None and refused.instead != draft.input_shape:
        refused = None
    key = history.field_key(SHAPE)
    st.session_state[key] = refused.text if refused else shape_text(draft.input_shape)
    st.text_input(
        _("Shape of the input"),
        key=key,
        width=NAME_WIDTH * 2,
        max_chars=MAX_NAME,
        help=_("Batch size first: 2x1x8x8 is two maps of one channel, 8 high and 8 wide."),
        on_change=_take_shape,
        args=(key,),
    )
    if refused:
        stays = _("{shape} stays.").format(shape=shape_text(draft.input_shape))
        st.error(f"{_('Shape of the input')}: {refused.problem} {stays}")


def _take_shape(key: str) -> None:
    if history.is_outdated(key):
        return
    text = st.session_state[key]
    shape, problem = read_shape(text, say())
    if shape is None:
        instead = history.current().present.input_shape
        st.session_state[REFUSED] = RefusedShape(text, problem, instead)
        return
    st.session_state.pop(REFUSED, None)
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
    st.session_state[key] = _numbered(layer.reads)
    st.multiselect(
        _("Reads"),
        [(source, n) for source in options for n in range(layer.reads.count(source) + 1)],
        key=key,
        format_func=lambda reading: _reading_name(draft, reading),
        max_selections=most,
        width=NAME_WIDTH * 2,
        help=_(
            "The layers whose outputs are brought together, in this order; one that is read "
            "is offered once more, as \u00d72."
        ),
        on_change=_take(
            key, lambda now, taken: edit.rewire(now, layer.key, tuple(one for one, _n in taken))
        ),
    )


def _numbered(reads: tuple[int, ...]) -> list[Reading]:
    """Tell several readings of one layer apart: each with how often it was read before."""
    return [(source, reads[:place].count(source)) for place, source in enumerate(reads)]


def _reading_name(draft: Draft, reading: Reading) -> str:
    """Name a layer that is read: the second time as ``x \u00d72``."""
    source, before = reading
    name = draft.name_of(source)
    return f"{name} {TIMES}{before + 1}" if before else name


def _field(layer: DraftLayer, field: Field) -> None:
    """Draw one setting: a switch, a list, a number within its bounds, or several as text."""
    key, value = _key(layer, field.name), layer.fields[field.name]
    st.session_state[key] = value
    common: dict[str, Any] = {
        "key": key,
        "help": _(field.help) or None,
        "on_change": _take(key, lambda now, new: edit.set_field(now, layer.key, field.name, new)),
    }
    plain_number = isinstance(value, int | float) and not field.choices
    if field.kind == "bool":
        st.checkbox(field.name, **common)
    elif field.kind == "choice":
        st.selectbox(field.name, field.choices, width=NAME_WIDTH, **common)
    elif field.kind in ("int", "float") and plain_number:
        _number(field, value, common)
    else:
        st.session_state[key] = written(value)
        take = _take(
            key, lambda now, text: edit.set_field(now, layer.key, field.name, read(text, field))
        )
        st.text_input(
            field.name,
            width=NUMBER_WIDTH,
            max_chars=MAX_NAME,
            **{**common, "on_change": take, "help": _several_help(field)},
        )


def _number(field: Field, value: Value, common: dict[str, Any]) -> None:
    make = int if field.kind == "int" else float
    number = make(value)  # type: ignore[arg-type]
    st.number_input(
        field.name,
        min_value=min(make(field.low), number),
        max_value=max(make(field.high), number),
        step=1 if field.kind == "int" else None,
        format=None if field.kind == "int" else "%g",
        width=NUMBER_WIDTH,
        **common,
    )


def _several_help(field: Field) -> str:
    how = _("A whole number, or several such as 3x5.")
    words = _("Or one of {words}.").format(words=", ".join(field.choices)) if field.choices else ""
    return " ".join(part for part in (_(field.help), how, words) if part)


def written(value: Value) -> str:
    """Write a setting as a text field shows it: ``3x5`` for two numbers."""
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


def read(text: str, field: Field) -> Value:
    """Read a text field; what is neither numbers nor a word of the field stays as typed."""
    parts = re.split(r"[x\u00d7,;\s]+", text.strip().strip("()"))
    if text.strip() in field.choices or not all(NUMBER.fullmatch(part) for part in parts):
        return text.strip()
    numbers = tuple(map(int, parts))
    return numbers if len(numbers) > 1 else numbers[0]


def _toggle(layer: DraftLayer, switch: str, on: bool) -> None:
    key = _key(layer, f"switch_{switch}")
    st.session_state[key] = on
    st.checkbox(
        switch,
        key=key,
        on_change=_take(key, lambda now, new: edit.set_switch(now, layer.key, switch, new)),
    )
