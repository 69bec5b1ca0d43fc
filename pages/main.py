"""The page registry: what the navigation lists."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lessons.catalogue import LESSONS
from pages.lesson.page import page_of
from pages.parts.components import languages, room, terms
from pages.parts.text import _, language
from viz.language import known

st.set_page_config(
    page_icon=str(Path(__file__).parent / "parts" / "icon.svg"),
    layout="wide",
)
page = st.navigation(
    [
        st.Page("start.py", title=_("Start"), default=True),
        st.Page("playground.py", title=_("Playground")),
        st.Page("gallery.py", title=_("Gallery")),
        *map(page_of, LESSONS.values()),
        st.Page("about.py", title=_("About")),
    ],
    expanded=True,  # what folds the list is Streamlit's, and English
)
with st.sidebar:
    languages(known(language()))
page.run()
room()  # keys come first to what the page is for
terms()
