"""The few controls of a lesson: each reads the lesson's setting and writes it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from pages.lesson.frame import Desk
from pages.lesson.setting import MAX_SEED, Choice
from pages.parts.given import given
from pages.parts.text import _

SCALE_STEP = 0.25
"""Of a number with decimals; others can be typed."""
SEGMENTS = 4
"""Up to this many options stand side by side; more go into a list."""


def choose(desk: Desk, *names: str, compact: bool = False) -> None:
    """Offer choices of the lesson's form; ``compact`` puts each into a list."""
    for name in names:
        choice = desk.setting.form.choices[name]
        if isinstance(choice.default, float):
            _decimal(desk, name, choice)
            continue
        options, show = list(choice.options), _translated(choice.show)
        value = desk.setting[name] if desk.setting[name] in options else None
        held = given(desk.key(name), value, partial(_take, desk, name), options)
        if compact or len(options) > SEGMENTS:
            st.selectbox(
                _(choice.label),
                options,
                format_func=show,
                width=100,
                **held,
            )
        else:
            st.segmented_control(
                _(choice.label),
                options,
                format_func=show,
                required=True,
                wrap=True,
                **held,
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
            desk.key(name),
            desk.setting[name],
            lambda number: desk.change(**{name: round(number, 2)}),
        ),
    )


def _translated(show: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda option: _(show(option))


def walk(desk: Desk, name: str, count: int) -> int:
    """Let one of ``count`` cells be walked through; return its place, counted from 0."""
    place = min(int(desk.setting[name]), count - 1)
    if count > 1:
        st.slider(
            _(desk.setting.form.choices[name].label),
            1,
            count,
            width=360,
            label_visibility="collapsed" if desk.setting.present else "visible",
            **given(desk.key(name), place + 1, lambda number: desk.change(**{name: number - 1})),
        )
    return place


def again(desk: Desk, name: str = "seed", label: str = "New numbers") -> None:
    """Offer other numbers of the same kind; the seed ``name`` is in the link."""
    seed = desk.setting.seed if name == "seed" else desk.setting[name]
    st.button(
        _(label),
        key=desk.key(f"again_{name}"),
        icon=":material/casino:",
        help=_("The seed is in the link: {seed} now.").format(seed=seed),
        on_click=lambda: desk.change(**{name: (seed + 1) % (MAX_SEED + 1)}),
    )


def _take(desk: Desk, name: str, value: Any) -> None:
    desk.change(**{name: value})
