"""Long work in a lesson: asked for, done while the page follows, and seen when it is done."""

from __future__ import annotations

import streamlit as st

from experiment.running.work import Progress
from lessons.blocks import Work
from pages.lesson.desk import Desk
from pages.lesson.table import write
from pages.parts import components
from pages.parts.following import follow, progress_of
from pages.parts.given import given
from pages.parts.text import _, say
from viz.pictures.line import line_data


def work(desk: Desk, block: Work) -> None:
    """Offer numbers of steps, and do them."""
    wanted: int = desk.study[block.choice]
    progress = progress_of(desk.key(f"{block.key}_progress"), block.work(desk.study))
    _asked(desk, block, progress, goes_on=progress.is_behind(wanted))
    follow(block.key, progress, wanted, lambda: _shown(desk, block, progress, wanted))


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
