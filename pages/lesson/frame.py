"""The frame of a lesson: its steps, its link, and the way back to its text."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from experiment.written.address import Experiment, to_address
from lessons import text as texts
from lessons.asking.grading import grade
from lessons.blocks import Controls
from lessons.choosing.study import Study
from lessons.lesson import Lesson, Step
from lessons.running.trial import SettingError
from pages.lesson.blocks import draw
from pages.lesson.desk import Desk, held
from pages.lesson.experiment import within
from pages.parts import components
from pages.parts.given import given
from pages.parts.held import Held, is_whole
from pages.parts.share import share
from pages.parts.text import _, language
from pages.parts.turns import runs, tell, waiting_room
from viz.language import known
from viz.markdown import plain
from viz.number import Button, number_data
from viz.share import Offer


def show(lesson: Lesson) -> None:
    """Draw the step of a lesson that its link asks for.

    It is never refused: what is being typed would be gone.
    """
    waiting_room("lesson")
    with runs().turn(tell, always=True):
        _draw(lesson)


def _draw(lesson: Lesson) -> None:
    holder = held(lesson)
    holder.follow()
    _grade(lesson, holder)
    with st.container(key="lesson"):
        head = st.container(horizontal=True, vertical_alignment="center", key="lesson_head")
        _step(Desk(lesson, texts.read(lesson.key, known(language())[:2]), holder, head))
    holder.write_address()


def _step(desk: Desk) -> None:
    """Draw the step that is on screen with everything around it."""
    _head(desk, within(desk.step.opens(desk.study)))
    progress = desk.head.container(key="lesson_progress")
    desk.held.show_problems()
    with st.container(key="lesson_step"):
        _blocks(desk)
    with progress:
        _progress(desk)
    _onward(desk)


def _blocks(desk: Desk) -> None:
    """Draw the blocks of the step; after one that cannot run, only what can be set otherwise."""
    blocks = desk.step.blocks
    for place, block in enumerate(blocks):
        try:
            draw(desk, [block])
        except SettingError as refusal:
            st.error(plain(refusal.said(_)))
            with suppress(SettingError):  # said already
                draw(desk, [each for each in blocks[place + 1 :] if isinstance(each, Controls)])
            return


def _grade(lesson: Lesson, holder: Held[Study]) -> None:
    """Grade the answers that were not graded yet, also those of steps that are not on screen."""
    for step in lesson.steps:
        for key in step.exercises:
            study = holder.current()
            typed = study.attempt(key).typed
            if not typed or study.attempt(key).solved is not None:
                continue
            with suppress(SettingError):  # its step says why, and there is nothing to grade
                solved = grade(step.exercise(key, study), typed).solved
                holder.settle(attempts=study.with_attempt(key, solved=solved).attempts)


def _head(desk: Desk, experiment: Experiment) -> None:
    """Write the title, and beside it what concerns the lesson as a whole."""
    with desk.head:
        st.markdown(f"## {_(desk.lesson.title)}")
        _onto_playground(experiment)
        share(desk.lesson.key, lambda: _offers(desk))


def _offers(desk: Desk) -> list[Offer]:
    """Offer the link for a class, and the one of what is on screen."""
    return [
        Offer(
            _("Exercise link"),
            _("The same step and numbers, with nothing filled in: hand it out."),
            desk.held.address_of(desk.study.blank),
        ),
        Offer(
            _("Link to this screen"),
            _("Exactly what is on screen, with what was typed and shown."),
            desk.held.link(),
        ),
    ]


def _onto_playground(experiment: Experiment) -> None:
    """Offer the same network in the playground."""
    st.page_link(
        "playground.py",
        label=_("Open in the playground"),
        icon=":material/open_in_new:",
        query_params=to_address(experiment),
    )


def _progress(desk: Desk) -> None:
    """List the steps; any of them can be opened at any time."""
    labels = {
        step.key: f"{place} {_(step.label)}{' ✓' if _is_done(desk, step) else ''}"
        for place, step in enumerate(desk.lesson.steps, 1)
    }
    names = list(labels)
    st.segmented_control(
        _("Steps of this lesson"),
        names,
        format_func=lambda name: labels.get(name, name),
        required=True,
        label_visibility="collapsed",
        wrap=True,
        **given(desk.key("step"), desk.step.key, lambda step: desk.change(step=step), names),
    )


def _is_done(desk: Desk, step: Step) -> bool:
    """Tell whether every exercise of a step was solved."""
    solved = [desk.study.attempt(exercise).solved for exercise in step.exercises]
    return bool(solved) and all(solved)


def _onward(desk: Desk) -> None:
    """Offer the step before and the step after, by keys too."""
    keys = [step.key for step in desk.lesson.steps]

    def take(study: Study, place: object) -> Study:
        return study.changed(step=keys[place]) if is_whole(place, len(keys) - 1) else study

    back, onward = _("Back"), _("Next")
    with st.container(key="lesson_onward"):
        components.number(
            number_data(
                desk.study.place,
                desk.hear("onward", take),
                (0, len(keys) - 1),
                [
                    Button(-1, f"{back}: {{name}}", "arrow_back", key="PageUp"),
                    Button(1, f"{onward}: {{name}}", "arrow_forward", primary=True, key="PageDown"),
                ],
                names=[_(step.label) for step in desk.lesson.steps],
                place=_("step {place} of {count}"),
                turns=".st-key-lesson_step",
                listed=".st-key-lesson_progress",
            ),
            desk.key("onward"),
        )
