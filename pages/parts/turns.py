"""Visitors take turns, in order, as ``experiment.turnstile`` lets them.

Who waits is told how many are before, who finds too many waiting is told that. Nothing that was
typed or chosen is lost by it: the address and the session stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import ParamSpec

import streamlit as st

from experiment.runs import Runs
from experiment.turnstile import Busy
from pages.parts.text import _
from viz.markdown import plain

Given = ParamSpec("Given")


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """Return the runs of this process, which all its visitors share."""
    return Runs()


def tell(before: int) -> AbstractContextManager[None]:
    """Say how many are before this visitor, until it is their turn."""
    sentence = _("Waiting for your turn: {count} ahead of you.")
    return st.spinner(sentence.format(count=before), show_time=True)


def in_turn(where: str) -> Callable[[Callable[Given, None]], Callable[Given, None]]:
    """Draw a part of the page when it is this visitor's turn; offer to try again if there is none.

    A part within a part that has its turn draws at once.
    """

    def taking_turns(draw: Callable[Given, None]) -> Callable[Given, None]:
        @wraps(draw)
        def drawn(*args: Given.args, **kwargs: Given.kwargs) -> None:
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
