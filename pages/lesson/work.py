"""Long work in a lesson: asked for, followed while it goes on, stopped, and seen when it is done.

A fragment of the page does a chunk when it is its turn and draws what came of it, again and again.
Who leaves the page takes the fragment along, and with it the work.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from lessons.blocks import Work
from lessons.running.work import CHUNK, LongWork, Progress
from pages.lesson.desk import Desk
from pages.lesson.table import write
from pages.parts import components
from pages.parts.given import given
from pages.parts.text import _, say
from pages.parts.turns import runs, tell, waiting_room
from viz.pictures.line import line_data

EVERY = 0.25
"""Seconds from chunk to chunk; others have their turn between."""


def work(desk: Desk, block: Work) -> None:
    """Offer numbers of steps, and do them."""
    wanted: int = desk.study[block.choice]
    progress = _progress(desk, block.key, block.work(desk.study))
    goes_on = progress.is_behind(wanted)
    _asked(desk, block, progress, goes_on=goes_on)

    def follow() -> None:
        if goes_on:
            waiting_room(block.key)
            with runs().turn(tell, always=True):
                progress.advance(wanted, CHUNK)
        _shown(desk, block, progress, wanted)
        if goes_on and not progress.is_behind(wanted):
            st.rerun()

    st.fragment(follow, run_every=EVERY if goes_on else None)()


def _progress(desk: Desk, name: str, asked: LongWork[Any]) -> Progress:
    """Return how far this work is; another one begins anew."""
    key = desk.key(f"{name}_progress")
    found = st.session_state.get(key)
    if found is None or not found.is_about(asked):
        found = st.session_state[key] = Progress(asked)
    assert isinstance(found, Progress)  # noqa: S101 - nobody else writes there
    return found


def _asked(desk: Desk, block: Work, progress: Progress, *, goes_on: bool) -> None:
    choice = desk.lesson.choice(block.choice)
    offered, wanted = list(block.offered), desk.study[block.choice]

    def take(count: int) -> None:
        desk.change(**{block.choice: count})

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            _(choice.label),
            offered,
            **given(desk.key(block.choice), wanted if wanted in offered else None, take, offered),
        )
        if goes_on:
            st.button(
                _("Stop"),
                icon=":material/stop:",
                key=desk.key(f"{block.key}_stop"),
                on_click=lambda: take(len(progress.frames)),
            )


def _shown(desk: Desk, block: Work, progress: Progress, wanted: int) -> None:
    frames = progress.frames[:wanted]
    if progress.is_behind(wanted):
        sentence = _("{done} of {wanted}").format(done=len(frames), wanted=wanted)
        st.progress(len(frames) / wanted, text=sentence)
    elif frames:
        sentence = _("Done: {done}. The link says so, and gives the same.")
        st.caption(sentence.format(done=len(frames)))
    components.line(line_data(block.drawn(desk.study, frames, say()), None), desk.key(block.key))
    if block.told is not None and frames:
        write(block.told(desk.study, frames, say()))
