"""Links of a step: to other steps of its lesson, and to where else the app shows it live."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from experiment.written.address import VERSION
from lessons.blocks import Deck, Place, Seen
from lessons.catalogue import LESSONS
from lessons.choosing.study import Study
from lessons.lesson import Lesson
from models.presets import PRESETS
from pages.lesson.desk import Desk
from pages.parts.text import _
from viz.markdown import plain


def deck(desk: Desk, block: Deck) -> None:
    """List steps by their claims, each a link; a claim that was answered right has a tick."""
    steps = {step.key: step for step in desk.lesson.steps}
    page = _of(desk.lesson)
    with st.container(key=desk.key("deck")):
        for place, (key, section) in enumerate(block.claims.items(), 1):
            done = all(desk.study.attempt(each).solved for each in steps[key].exercises)
            claim = desk.text.section(section).lstrip("# ")
            label = f"{place}. {claim}{' ✓' if done else ''}"
            st.page_link(page, label=label, query_params=_query(desk.study, key))


def _query(study: Study, step: str) -> dict[str, str]:
    """Return the address of a step, with all that was answered so far."""
    return {"v": VERSION, **study.changed(step=step).to_url()}


def seen(desk: Desk, block: Seen) -> None:
    """Link places of the app, each by its name."""
    if not block.places:
        return
    with st.container(horizontal=True, key=desk.key("seen")):
        for place in block.places:
            page = _of(LESSONS[place.page]) if place.page else "playground.py"
            st.page_link(
                page,
                label=plain(_named(place)),
                icon=":material/open_in_new:",
                query_params=dict(place.query),
            )


def _named(place: Place) -> str:
    """Say a place's name: that of the network, or of the lesson and its step."""
    if not place.page:
        return _(PRESETS[place.query["model"]].title)
    lesson = LESSONS[place.page]
    study, _problems = lesson.beginning.read(place.query)
    return f"{_(lesson.title)}: {_(lesson.step(study).label)}"


def _of(lesson: Lesson) -> StreamlitPage:
    """Return a lesson's page for a link alone; navigation knows it by its address."""
    return st.Page(_linked, title=_(lesson.title), url_path=lesson.key)


def _linked() -> None:
    """Stand for a page that navigation draws."""
