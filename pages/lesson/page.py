"""The pages of the lessons, made from the catalogue."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lessons.catalogue import LESSONS
from lessons.lesson import Lesson
from pages.lesson.desk import held
from pages.lesson.ends import ends
from pages.lesson.frame import show
from pages.parts.tab import name_tab
from pages.parts.text import _


def page_of(lesson: Lesson) -> StreamlitPage:
    """Return the page of a lesson; its address is the lesson's key."""

    def page() -> None:
        name_tab(_(lesson.title))
        show(lesson)
        study = held(lesson).current()
        if study.place == len(lesson.steps) - 1:
            following = _following(lesson)
            same = lesson.step(study).opens(study)
            ends(None if following is None else page_of(following), same)

    return st.Page(page, title=_(lesson.title), url_path=lesson.key)


def _following(lesson: Lesson) -> Lesson | None:
    """Return the lesson after this one."""
    lessons = list(LESSONS.values())
    return next(iter(lessons[lessons.index(lesson) + 1 :]), None)
