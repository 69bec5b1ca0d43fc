"""Where a lesson leads when it is over."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from experiment.written.address import begun, to_address
from pages.parts.text import _


def ends(onward: StreamlitPage | None) -> None:
    """Link the playground, the next lesson where there is one, and the start."""
    with st.container(key="lesson_ends", horizontal=True):
        st.page_link(
            "playground.py",
            label=_("Open the `Test` network in the playground"),
            icon=":material/open_in_new:",
            query_params=to_address(begun("test")),
        )
        if onward is not None:
            st.page_link(
                onward,
                label=_("Next lesson: {title}").format(title=onward.title),
                icon=":material/arrow_forward:",
            )
        st.page_link("start.py", label=_("Back to the start"), icon=":material/home:")
