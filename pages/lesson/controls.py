"""The few controls of a lesson: each reads the study and writes it back."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from lessons.blocks import Again, Choose, Slide
from lessons.choosing.study import MAX_SEED, Choice, Study
from pages.lesson.desk import Desk
from pages.parts import components
from pages.parts.given import given
from pages.parts.held import is_whole
from pages.parts.text import _
from viz.number import Button, number_data

SCALE_STEP = 0.25
"""Of a number with decimals; others can be typed."""
SEGMENTS = 4
"""Up to this many options stand side by side; more go into a list."""


def choose(desk: Desk, block: Choose) -> None:
    """Offer choices of the lesson's form; many lists are folded under a line of what is chosen."""
    if not block.compact:
        _offer(desk, block)
        return
    with (
        st.expander(_chosen(desk, block), key=desk.key("sizes")),
        st.container(horizontal=True, gap="xsmall"),
    ):
        _offer(desk, block)


def _chosen(desk: Desk, block: Choose) -> str:
    choices = desk.lesson.choices
    said = (
        f"{_(choices[name].label)} {_shown(choices[name], desk.study[name])}"
        for name in block.names
    )
    return " · ".join(said)


def _offer(desk: Desk, block: Choose) -> None:
    for name in block.names:
        choice = desk.lesson.choices[name]
        if isinstance(choice.default, float):
            _decimal(desk, name, choice)
            continue
        options, show = list(choice.options), partial(_shown, choice)
        value = desk.study[name] if desk.study[name] in options else None
        held = given(desk.key(name), value, partial(_take, desk, name), options)
        if block.compact or len(options) > SEGMENTS:
            st.selectbox(_(choice.label), options, format_func=show, width=100, **held)
        else:
            st.segmented_control(
                _(choice.label), options, format_func=show, required=True, wrap=True, **held
            )


def _decimal(desk: Desk, name: str, choice: Choice) -> None:
    st.number_input(
        _(choice.label),
        min(choice.options),
        max(choice.options),
        step=SCALE_STEP,
        format="%g",
        width=130,
        **given(
            desk.key(name), desk.study[name], lambda number: desk.change(**{name: round(number, 2)})
        ),
    )


def _shown(choice: Choice, option: Any) -> str:
    return _(choice.words[option]) if choice.words else choice.show(option)


def slide(desk: Desk, block: Slide) -> None:
    """Let the cells of a map be walked through; one cell needs no slider."""
    count = block.count(desk.study)
    place = min(int(desk.study[block.choice]), count - 1)
    if count > 1:
        st.slider(
            _(desk.lesson.choices[block.choice].label),
            1,
            count,
            width=360,
            **given(
                desk.key(block.choice),
                place + 1,
                lambda number: desk.change(**{block.choice: number - 1}),
            ),
        )


def again(desk: Desk, block: Again) -> None:
    """Offer other numbers of the same kind; the seed is in the link."""
    name = block.seed

    def take(study: Study, value: object) -> Study:
        return study.changed(**{name: value}) if is_whole(value, MAX_SEED) else study

    components.number(
        number_data(
            desk.study.seed if name == "seed" else desk.study[name],
            desk.hear(f"again_{name}", take),
            (0, MAX_SEED),
            [Button(1, _(block.label), "casino", help=_("The seed is in the link: {value} now."))],
            around=True,
        ),
        desk.key(f"again_{name}"),
    )


def _take(desk: Desk, name: str, value: Any) -> None:
    desk.change(**{name: value})
