"""The few controls of a lesson: each reads the study and writes it back."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from lessons.blocks import Again, Choose, Paint, Slide
from lessons.choosing.choice import LARGEST_CELL, Actions, Choice, Switches, Written, painted
from lessons.choosing.study import MAX_SEED, Study
from pages.lesson.desk import Desk
from pages.parts import components
from pages.parts.given import given
from pages.parts.held import NUMBERS, is_whole
from pages.parts.text import _
from viz.actions import actions_data
from viz.cells import cells_data
from viz.number import Button, number_data

SCALE_STEP = 0.25
"""Of a number with decimals; others can be typed."""
TYPED_WIDTH = 150
"""Pixels of a number's field."""
FEW = 20
"""Up to so many places a slider is short, so that its hidden field stays on a phone's screen."""
SLIDER_WIDTHS = 240, 360
"""Pixels of a slider through few places, and through many."""
TEXT_WIDTH = 320
"""Pixels of a line of text."""
SEGMENTS = 7
"""Up to this many options stand side by side; more go into a list."""
LONG = 100
"""Characters of all options together, from which on they go into a list, too."""
SHORT = 8
"""Characters of an option that a narrow list has room for."""


def choose(desk: Desk, block: Choose) -> None:
    """Offer choices of the lesson's form; many lists are folded under a line of what is chosen."""
    if not block.when(desk.study):
        return
    if not block.compact:
        _offer(desk, block)
        return
    with (
        st.expander(_chosen(desk, block), key=desk.key("sizes")),
        st.container(horizontal=True, gap="xsmall"),
    ):
        _offer(desk, block)


def _chosen(desk: Desk, block: Choose) -> str:
    found = ((desk.lesson.choice(name), desk.study[name]) for name in block.names)
    return " · ".join(f"{_(choice.label)} {_shown(choice, value)}" for choice, value in found)


def _offer(desk: Desk, block: Choose) -> None:
    for name in block.names:
        choice = desk.lesson.choices[name]
        if isinstance(choice, Switches):
            _switches(desk, name, choice)
        elif isinstance(choice, Actions):
            _actions(desk, name, choice)
        elif isinstance(choice, Written):
            _written(desk, name, choice)
        elif isinstance(choice, Choice):
            _one(desk, name, choice, compact=block.compact)


def _one(desk: Desk, name: str, choice: Choice, *, compact: bool) -> None:
    """Offer one of several options, or a number that is typed."""
    if choice.is_typed:
        _typed(desk, name, choice)
        return
    options, show = list(choice.options), partial(_shown, choice)
    value = desk.study[name] if desk.study[name] in options else None
    held = given(desk.key(name), value, partial(_take, desk, name), options)
    written = [show(each) for each in options]
    if compact or len(options) > SEGMENTS or sum(map(len, written)) > LONG:
        short = max(map(len, written)) <= SHORT
        st.selectbox(
            _(choice.label), options, format_func=show, width=100 if short else "stretch", **held
        )
    else:
        st.segmented_control(
            _(choice.label), options, format_func=show, required=True, wrap=True, **held
        )


def _written(desk: Desk, name: str, choice: Written) -> None:
    """Offer a line of text; one that cannot be leaves what was written before."""

    def take(text: str) -> None:
        kept = choice.tidied(text)
        if kept is not None:
            desk.change(**{name: kept})

    st.text_input(
        _(choice.label),
        max_chars=choice.longest,
        placeholder=_(choice.hint) if choice.hint else None,
        width=TEXT_WIDTH,
        **given(desk.key(name), desk.study[name], take),
    )


def _switches(desk: Desk, name: str, choice: Switches) -> None:
    """Offer switches in a list."""
    places = range(len(choice.names))
    on = [place for place in places if desk.study[name][place]]

    def take(chosen: list[int]) -> None:
        desk.change(**{name: tuple(place in chosen for place in places)})

    st.pills(
        _(choice.label),
        list(places),
        selection_mode="multi",
        format_func=lambda place: _(choice.names[place]),
        **given(desk.key(name), on, take),
    )


def _actions(desk: Desk, name: str, choice: Actions) -> None:
    """Offer actions, to be done in order; the browser holds the list."""

    def take(study: Study, keys: object) -> Study:
        if not isinstance(keys, list) or len(keys) > choice.most:
            return study
        return study.changed(**{name: tuple(keys)}) if set(keys) <= set(choice.offered) else study

    heard = desk.hear(name, take)
    offered = {key: _(label) for key, label in choice.offered.items()}
    data = actions_data(desk.study[name], heard, offered, most=choice.most)
    components.actions(data, desk.key(name))


def paint(desk: Desk, block: Paint) -> None:
    """Offer the cells of a map to be typed or painted; the browser holds them."""
    choice, standard = desk.lesson.choices[block.choice], block.standard(desk.study)
    count = standard.size

    def take(study: Study, cells: object) -> Study:
        kept = _painted(cells, count)
        if kept is None:
            return study
        same = list(kept) == block.standard(study).reshape(-1).tolist()
        return study.changed(**{block.choice: () if same else kept})

    cells = desk.study[block.choice]
    data = cells_data(
        cells if len(cells) == count else standard.reshape(-1).tolist(),
        desk.hear(block.choice, take),
        (count // standard.shape[-1], standard.shape[-1]),
        title=_(choice.label),
        standard=standard.reshape(-1).tolist(),
        palette=block.palette,
        least=-LARGEST_CELL,
        most=LARGEST_CELL,
    )
    components.cells(data, desk.key(block.choice))


def _painted(cells: object, count: int) -> tuple[float, ...] | None:
    """Read the cells that the browser holds; None where it holds something else."""
    if not isinstance(cells, list) or len(cells) != count:
        return None
    numbers = [painted(float(each)) for each in cells if type(each) in NUMBERS]
    kept = tuple(each for each in numbers if each is not None)
    return kept if len(kept) == count else None


def _typed(desk: Desk, name: str, choice: Choice) -> None:
    """Offer a number; its label says the bounds, of which the field says nothing when they fail."""
    least, most = min(choice.options), max(choice.options)
    whole = isinstance(choice.default, int)

    def take(number: float) -> None:
        desk.change(**{name: number if whole else round(number, 2)})

    st.number_input(
        _("{label}, {least} to {most}").format(
            label=_(choice.label), least=f"{least:g}", most=f"{most:g}"
        ),
        least,
        most,
        step=1 if whole else SCALE_STEP,
        format="%d" if whole else "%g",
        width=TYPED_WIDTH,
        **given(desk.key(name), desk.study[name], take),
    )


def _shown(choice: Choice, option: Any) -> str:
    return _(choice.words[option]) if choice.words else choice.show(option)


def slide(desk: Desk, block: Slide) -> None:
    """Let the cells of a map be walked through; one cell needs no slider."""
    count, choice = block.count(desk.study), desk.lesson.choice(block.choice)
    place = min(int(desk.study[block.choice]), count - 1)

    def take(number: int) -> None:
        chosen = number - block.first
        goes_on = block.follows and chosen == count - 1
        desk.change(**{block.choice: max(choice.options) if goes_on else chosen})

    if count > 1:
        st.slider(
            _(choice.label),
            block.first,
            count - 1 + block.first,
            width=SLIDER_WIDTHS[count > FEW],
            **given(desk.key(block.choice), place + block.first, take),
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
