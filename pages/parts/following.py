"""Long work on a page: followed while it goes on, and seen when it is done.

A fragment of the page does a chunk when it is its turn and draws what came of it, again and again.
Who leaves the page takes the fragment along, and with it the work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from experiment.running.work import CHUNK, LongWork, Progress
from pages.parts.turns import runs, tell, waiting_room

EVERY = 0.25
"""Seconds from chunk to chunk; others have their turn between."""


def progress_of(key: str, asked: LongWork[Any]) -> Progress:
    """Return how far this work is, which the session keeps; another one begins anew."""
    found = st.session_state.get(key)
    if found is None or not found.is_about(asked):
        found = st.session_state[key] = Progress(asked)
    assert isinstance(found, Progress)  # noqa: S101 - nobody else writes there
    return found


def forget(key: str) -> None:
    """Let go of work that nobody looks at."""
    st.session_state.pop(key, None)


def follow(where: str, progress: Progress, wanted: int, draw: Callable[[], None]) -> None:
    """Do the steps up to the ``wanted`` one, and draw what came of them after every chunk.

    Once they are done the page itself draws it, so that what is said there is the page's to hear.
    """
    if not progress.is_behind(wanted):
        draw()
        return

    def chunk() -> None:
        waiting_room(where)
        with runs().turn(tell, always=True):
            progress.advance(wanted, CHUNK)
        draw()
        if not progress.is_behind(wanted):
            st.rerun()

    st.fragment(chunk, run_every=EVERY)()
