"""The pages of the lessons, made from the catalogue."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons.lesson import Lesson
from pages.lesson.frame import show
from pages.parts.text import _


def page_of(lesson: Lesson) -> StreamlitPage:
    """Return the page of a lesson; its address is the lesson's key."""

    def page() -> None:
        show(lesson)

    return st.Page(page, title=_(lesson.title), url_path=lesson.key)
