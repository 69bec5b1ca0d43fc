"""The start page: one small run whose gradient flows back, and the ways on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from experiment.asking.answers import Answers
from experiment.setting import Setting, of_preset
from experiment.written.address import VERSION, Experiment, to_address
from lessons.catalogue import LESSONS
from models.presets import PRESETS
from pages.lesson.page import page_of
from pages.parts.components import living_example
from pages.parts.held import arrived_at
from pages.parts.link import PASTING
from pages.parts.text import _, language
from pages.parts.turns import runs
from viz.language import speaking
from viz.markdown import plain
from viz.start.story import story_data
from viz.theme import LINKED
from viz.words.glossary import explained

PLAYGROUND = "playground.py"
ONE_SAMPLE = (1, 1, 2, 2)
KEPT = 8
"""Languages of the example's words."""


def example() -> Setting:
    """Return what the start page runs: the first preset, with one sample of its input."""
    return replace(of_preset("test"), input_shape=ONE_SAMPLE)


def start() -> None:
    """Draw the start page."""
    arrived_at("start")
    with st.container(key="start"):
        st.title(_("See gradients flow backward"), anchor=False)
        st.markdown(_introduction())
        with st.container(key="living"):
            living_example({**_story(language()), "linked": LINKED}, "living_example")
        with st.container(key="cards", horizontal=True):
            _cards()
        _reading()


def _introduction() -> str:
    """Say what a gradient is; the words that a beginner lacks explain themselves."""
    sentences = (
        _("A network made a guess; the {loss} says how wrong it was."),
        _("**A {gradient} says how much the loss would change if this number grew a little.**"),
        _("Gradients are worked out from the loss back, {layer} by layer."),
    )
    words = {"loss": _("loss"), "gradient": _("gradient"), "layer": _("layer")}
    linked = {key: explained(key, word) for key, word in words.items()}
    return " ".join(sentences).format(**linked)


def _cards() -> None:
    """Offer the ways on."""
    first = next(iter(LESSONS.values()))
    networks = _("{count} networks: LeNet, U-Net, attention …").format(count=len(PRESETS))
    _card(
        page_of(first), _("First lesson"), _("New to this? Ten minutes: you predict, it answers.")
    )
    sums = _("Any layer, any cell, and the sum behind it.")
    _card(PLAYGROUND, _("Playground"), sums, _this_run())
    _card("gallery.py", _("Gallery"), networks)
    pasted = _("Your own nn.Module: read, never executed.")
    _card(PLAYGROUND, _("Paste code"), pasted, {"v": VERSION, PASTING: "1"})


def _card(
    to: str | StreamlitPage, title: str, sentence: str, query: dict[str, str] | None = None
) -> None:
    with st.container(border=True, key=f"card_{title}"):
        st.page_link(to, label=f"**{plain(title)}** →", query_params=query)
        st.markdown(plain(sentence))


def _reading() -> None:
    """Say how the pictures are read, and open the same run in the playground."""
    with st.container(key="reading", horizontal=True, vertical_alignment="center"):
        st.markdown(
            _(
                "Point at a number, or tap it, to see where it comes from. Red is above zero, blue "
                "below, no colour is zero. Every number is PyTorch's own, from one run of the "
                "network Test on one sample. (The preset Test has two: its loss is their mean, so "
                "each gradient of a sample is half of that here.)"
            )
        )
        st.page_link(
            PLAYGROUND,
            label=_("Open this run in the playground"),
            icon=":material/arrow_forward:",
            query_params=_this_run(),
        )


def _this_run() -> dict[str, str]:
    """Return what opens the example in the playground: the same numbers, of its one sample."""
    return to_address(Experiment(example()))


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _story(spoken: str) -> dict[str, Any]:
    """Run the example, and tell it in a language."""
    with runs().turn(always=True):
        return story_data(Answers(runs(), example()), speaking(spoken))
