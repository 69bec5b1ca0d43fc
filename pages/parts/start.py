"""The start page: what Backlight is, the lessons as cards, and the playground one click away."""

from __future__ import annotations

import streamlit as st

from experiment.setting import DEFAULT
from lessons.catalogue import LESSONS
from lessons.exercise import Array
from lessons.recipe import trial
from pages.lesson.page import page_of
from pages.parts.held import arrived_at
from pages.parts.text import _
from pages.parts.turns import runs
from pages.parts.way_in import Playground
from viz.markdown import plain
from viz.thumbnail import thumbnail

KEPT = 32
PLAYGROUND = "playground"
INVITATION = "Choose a network, click a layer, point at a cell: see what its gradient is made of."
READING = (
    "In every picture, the gradient that arrives at a layer stands on the left, the one that it "
    "hands on stands on the right; blue is below zero, red above. New to this? Begin with the "
    "first lesson: it takes ten minutes, and nothing is locked."
)
CARD_WIDTH = 320
"""Pixels; three fit side by side on a desk, one on a phone."""


def start() -> None:
    """Draw the start page."""
    arrived_at("start")
    with st.container(key="start"):
        st.markdown(f"# {_('See gradients flow backward')}")
        st.markdown(
            _(
                "Backlight runs a small PyTorch network forward and backward and shows the "
                "gradient that arrives at every layer beside the one it hands on: every cell, "
                "the sum behind it, and the proof. Nothing is simulated."
            )
        )
        with st.container(key="lesson_cards", horizontal=True):
            _card(PLAYGROUND, _("Playground"), _(INVITATION), _("Open"))
            for name, lesson in LESSONS.items():
                _card(name, _(lesson.title), _(lesson.question), _("Begin the lesson"))
        st.caption(_(READING))


def _card(page: str, title: str, sentence: str, begin: str) -> None:
    with st.container(border=True, key=f"card_{page}", width=CARD_WIDTH):
        _picture(page)
        st.markdown(f"**{plain(title)}**  \n{plain(sentence)}")
        to = Playground() if page == PLAYGROUND else page_of(LESSONS[page])
        st.page_link(to, label=begin, icon=":material/arrow_forward:")


def _picture(name: str) -> None:
    above, below = _gradients(name)
    words = _("upstream gradient {above}, downstream gradient {below}").format(
        above="x".join(map(str, above.shape)), below="x".join(map(str, below.shape))
    )
    dark = st.context.theme.type == "dark"
    st.image(thumbnail(above, below, dark=dark), width="stretch", alt=words)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _gradients(name: str) -> tuple[Array, Array]:
    if name != PLAYGROUND:
        run = trial(LESSONS[name].cover)
        return run.upstream[0, 0], run.downstream[0, 0]
    with runs().turn(always=True):
        layer = runs().outcome(DEFAULT).capture.layer("upsample")
    above, below = layer.upstream, layer.downstream[0]
    assert above is not None  # noqa: S101 - the preset's gradient flows
    assert below is not None  # noqa: S101
    return above[0, 0], below[0, 0]
