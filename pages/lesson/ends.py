"""Where a lesson leads when it is over."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from experiment.written.address import Experiment, to_address
from pages.parts.text import _


def ends(onward: StreamlitPage | None, same: Experiment) -> None:
    """Link the next lesson, if there is one, the ``same`` run in the playground, and the start.

    The first stands out.
    """
    with st.container(key="lesson_ends", horizontal=True):
        if onward is not None:
            st.page_link(
                onward,
                label=_("Next lesson: {title}").format(title=onward.title),
                icon=":material/arrow_forward:",
            )
        st.page_link(
            "playground.py",
            label=_("Go on with these numbers in the playground"),
            icon=":material/open_in_new:",
            query_params=to_address(same),
        )
        st.page_link("start.py", label=_("Back to the start"), icon=":material/home:")
