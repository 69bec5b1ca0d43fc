"""The frame of a lesson: its steps, its link, the view for a room, and the way back to its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from experiment.address import Experiment, to_address
from lessons import text as texts
from lessons.catalogue import LESSONS
from lessons.exercise import grade
from lessons.text import Text
from lessons.trial import SettingError
from pages.lesson.recipes import Ask
from pages.lesson.setting import Choice, Form, Setting, mirror_of
from pages.parts.given import given
from pages.parts.mirror import Mirror
from pages.parts.text import _, language
from pages.parts.turns import runs, tell, waiting_room
from pages.parts.way_in import Playground
from viz.markdown import plain


@dataclass(frozen=True)
class Desk:
    """What a step draws with: the lesson's text, and what the visitor has set."""

    lesson: str
    text: Text
    mirror: Mirror[Setting]
    head: DeltaGenerator
    """The line of the title."""

    @property
    def setting(self) -> Setting:
        """The lesson's setting as it stands."""
        return self.mirror.current()

    def say(self, section: str, **numbers: str) -> None:
        """Write a section of the lesson's text, with numbers in its places."""
        st.markdown(self.text.section(section, **numbers))

    def change(self, **fields: Any) -> None:
        """Change fields of the setting; other numbers begin every exercise anew."""
        self.mirror.replace_with(self.setting.changed(**fields))

    def attempt(self, exercise: str, **fields: Any) -> None:
        """Change how far one exercise is."""
        self.mirror.replace_with(self.setting.with_attempt(exercise, **fields))

    def key(self, name: str) -> str:
        """Return a widget's key of this lesson."""
        return f"{self.lesson}_{name}"

    @contextmanager
    def controls(self) -> Iterator[None]:
        """Hold the controls of a step; for a room they are folded away."""
        if self.setting.present:
            with self.head, st.popover(_("Controls"), icon=":material/tune:"):
                yield
        else:
            row = st.container(horizontal=True, vertical_alignment="bottom", key=self.key("row"))
            with row:
                yield


@dataclass(frozen=True)
class Step:
    """One step of a lesson."""

    label: str
    draw: Callable[[Desk], None]
    exercises: Mapping[str, Ask] = field(default_factory=dict)
    """By their keys in a link; a tick stands at the step when they are solved."""


def show(
    lesson: str,
    steps: Mapping[str, Step],
    choices: Mapping[str, Choice],
    playground: Callable[[Setting], Experiment],
) -> None:
    """Draw the step of a lesson that its link asks for; ``playground`` says what opens there.

    It is never refused: what is being typed would be gone.
    """
    waiting_room("lesson")
    with runs().turn(tell, always=True):
        _draw(lesson, steps, choices, playground)


def _draw(
    lesson: str,
    steps: Mapping[str, Step],
    choices: Mapping[str, Choice],
    playground: Callable[[Setting], Experiment],
) -> None:
    exercises = [exercise for step in steps.values() for exercise in step.exercises]
    mirror = mirror_of(lesson, Form(tuple(steps), tuple(exercises), choices))
    current = mirror.follow()
    _grade(mirror, steps)
    with st.container(key="room" if current.present else "desk"):
        _step(lesson, steps, mirror, playground)
    mirror.write_address()


def _step(
    lesson: str,
    steps: Mapping[str, Step],
    mirror: Mirror[Setting],
    playground: Callable[[Setting], Experiment],
) -> None:
    """Draw the step that is on screen with everything around it."""
    current = mirror.current()
    head = st.container(horizontal=True, vertical_alignment="center", key="lesson_head")
    desk = Desk(lesson, texts.read(lesson, language()[:2]), mirror, head)
    _head(desk, playground(current))
    progress = st.container(key="lesson_progress")
    _link_problems(mirror)
    with st.container(key="lesson_step"):
        try:
            list(steps.values())[current.place].draw(desk)
        except SettingError as refusal:
            st.error(plain(str(refusal)))
    with progress:
        _progress(desk, steps)
    _onward(desk, steps)


def _grade(mirror: Mirror[Setting], steps: Mapping[str, Step]) -> None:
    """Grade the answers that came with a link, also of steps that are not on screen."""
    asked = {key: ask for step in steps.values() for key, ask in step.exercises.items()}
    for key, ask in asked.items():
        setting = mirror.current()
        typed = setting.attempt(key).typed
        if not typed or setting.attempt(key).solved is not None:
            continue
        with suppress(SettingError):  # its step says why, and there is nothing to grade
            solved = grade(ask(setting), typed).solved
            mirror.settle(attempts=setting.with_attempt(key, solved=solved).attempts)


def _head(desk: Desk, experiment: Experiment) -> None:
    """Write the title, and beside it what concerns the lesson as a whole."""
    with desk.head:
        st.markdown(f"## {_(LESSONS[desk.lesson].title)}")
        if not desk.setting.present:
            _ways_out(desk, experiment)
        st.toggle(
            _("For a room"),
            help=_("Larger type, controls folded away; Page Down and Page Up turn the steps."),
            **given(
                desk.key("present"),
                desk.setting.present,
                lambda present: desk.change(present=present),
            ),
        )


def _ways_out(desk: Desk, experiment: Experiment) -> None:
    """Offer the same network in the playground, and the link of what is on screen."""
    st.page_link(
        Playground(),
        label=_("Open in the playground"),
        icon=":material/open_in_new:",
        query_params=to_address(experiment),
    )
    with st.popover(_("Link"), icon=":material/link:", type="tertiary"):
        st.caption(_("This link opens exactly what is on screen: hand it out."))
        st.code(desk.mirror.link(), language=None, wrap_lines=True)


def _progress(desk: Desk, steps: Mapping[str, Step]) -> None:
    """List the steps; any of them can be opened at any time."""
    names = list(steps)
    labels = {
        name: f"{place} {_(step.label)}{' ✓' if _is_done(desk, step) else ''}"
        for place, (name, step) in enumerate(steps.items(), 1)
    }

    st.segmented_control(
        _("Steps of this lesson"),
        names,
        format_func=lambda name: labels.get(name, name),
        required=True,
        label_visibility="collapsed",
        wrap=True,
        **given(
            desk.key("step"),
            names[desk.setting.place],
            lambda step: desk.change(step=step),
            names,
        ),
    )


def _is_done(desk: Desk, step: Step) -> bool:
    """Tell whether every exercise of a step was solved."""
    solved = [desk.setting.attempt(exercise).solved for exercise in step.exercises]
    return bool(solved) and all(solved)


def _link_problems(mirror: Mirror[Setting]) -> None:
    """Say what the link could not say, and keep its text."""
    problems, received = mirror.problems()
    if problems:
        lines = "\n".join(f"- {problem}" for problem in problems)
        st.warning(_("Part of this link could not be read:") + f"\n{lines}")
        st.code(received, language=None, wrap_lines=True)


def _onward(desk: Desk, steps: Mapping[str, Step]) -> None:
    """Offer the step before and the step after; for a room, by keys too."""
    place, present, names = desk.setting.place, desk.setting.present, list(steps)
    with st.container(horizontal=True, vertical_alignment="center", key="lesson_onward"):
        for sign, to, label, shortcut in (
            (":material/arrow_back:", place - 1, _("Back"), "PageUp"),
            (":material/arrow_forward:", place + 1, _("Next"), "PageDown"),
        ):
            exists = 0 <= to < len(names)
            name = names[to] if exists else ""
            st.button(
                f"{label}: {_(steps[name].label)}" if exists else label,
                key=desk.key(shortcut),
                icon=sign,
                type="primary" if shortcut == "PageDown" and exists else "secondary",
                disabled=not exists,
                shortcut=shortcut if present else None,
                on_click=partial(desk.change, step=name),
            )
        st.caption(_("step {place} of {count}").format(place=place + 1, count=len(steps)))
