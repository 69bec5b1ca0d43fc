"""Visitors take turns, in order, as ``experiment.running.turnstile`` lets them.

Who waits is told how many are before, who finds too many waiting is told that. Nothing that was
typed or chosen is lost by it: the address and the session stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import ParamSpec

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from experiment.running.runs import Runs
from experiment.running.turnstile import Busy
from pages.parts.text import _
from viz.language import english
from viz.markdown import plain

PLACE = "waiting"
APOLOGY = english(
    "Something went wrong while drawing this page, and the reason is in the server's log. "
    "Your settings are in the address: reload the page, or change the last thing you changed."
)
Given = ParamSpec("Given")


def apologise() -> None:
    """Show one calm sentence in place of a traceback."""
    st.error(_(APOLOGY))


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """Return the runs of this process, which all its visitors share."""
    return Runs()


def waiting_room(where: str) -> None:
    """Keep a place of its own for what ``told`` says, here in the page or fragment that is drawn.

    Anywhere else a message would stand in the place of an element for a moment, which loses what
    is being typed there. It floats over the page, so that nothing moves.
    """
    st.session_state[PLACE] = st.container(key=f"{PLACE}_{where}")


def told(text: str, *, show_time: bool = False) -> AbstractContextManager[None]:
    """Say something as soon as it has taken half a second."""
    place: DeltaGenerator = st.session_state[PLACE]
    return place.spinner(text, show_time=show_time)


def tell(before: int) -> AbstractContextManager[None]:
    """Say how many are before this visitor, until it is their turn."""
    sentence = _("Waiting for your turn: {count} ahead of you.")
    return told(sentence.format(count=before), show_time=True)


def in_turn(where: str) -> Callable[[Callable[Given, None]], Callable[Given, None]]:
    """Draw a part of the page when it is this visitor's turn; offer to try again if there is none.

    A part within a part that has its turn draws at once.
    """

    def taking_turns(draw: Callable[Given, None]) -> Callable[Given, None]:
        @wraps(draw)
        def drawn(*args: Given.args, **kwargs: Given.kwargs) -> None:
            waiting_room(where)
            try:
                with runs().turn(tell):
                    draw(*args, **kwargs)
            except Busy as busy:
                refuse(busy, where)

        return drawn

    return taking_turns


def said(busy: Busy) -> str:
    """Say that too many wait."""
    return _(Busy.SENTENCE).format(waiting=busy.waiting)


def refuse(busy: Busy, where: str) -> None:
    """Say in place of what would be drawn that too many wait, and offer to try again."""
    st.warning(plain(said(busy)))
    st.button(_("Try again"), icon=":material/refresh:", key=f"try_again_{where}")
