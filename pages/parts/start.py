"""The start page: what Backlight is, the lessons as cards, and the playground one click away."""

from __future__ import annotations

from html import escape
from pathlib import Path

import numpy as np
import streamlit as st

from lessons.catalogue import LESSONS
from lessons.exercise import Array
from pages.parts.mirror import arrived_at
from pages.parts.text import _, plain
from viz.thumbnail import thumbnail

FOLDER = Path(__file__).parent
STYLES = ("frame.css", "start.css")
KEPT = 32


def start() -> None:
    """Draw the start page."""
    arrived_at("start")
    css = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in STYLES)
    st.html(f"<style>{css}</style>")
    with st.container(key="start"):
        st.markdown(f"# {_('See gradients flow backward')}")
        st.markdown(
            _(
                "Backlight runs a small PyTorch network forward and backward and shows the "
                "gradient that arrives at every layer beside the one it hands on: every cell, "
                "the sum behind it, and the proof. Nothing is simulated."
            )
        )
        st.page_link(
            "playground.py",
            label=_("Open the playground"),
            icon=":material/play_circle:",
        )
        st.markdown(f"### {_('Lessons')}")
        with st.container(key="lesson_cards", horizontal=True):
            for name, lesson in LESSONS.items():
                with st.container(border=True, key=f"card_{name}", width=420):
                    _picture(name)
                    st.markdown(f"**{plain(_(lesson.title))}**  \n{plain(_(lesson.question))}")
                    st.page_link(f"{name}.py", label=_("Begin"), icon=":material/school:")


def _picture(name: str) -> None:
    above, below = _gradients(name)
    words = _("upstream gradient {above}, downstream gradient {below}").format(
        above="x".join(map(str, above.shape)), below="x".join(map(str, below.shape))
    )
    dark = st.context.theme.type == "dark"
    picture = thumbnail(above, below, dark=dark)
    st.html(f'<div role="img" aria-label="{escape(words)}">{picture}</div>')


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _gradients(name: str) -> tuple[Array, Array]:
    above, below = LESSONS[name].picture()
    return np.asarray(above), np.asarray(below)
