"""What a block of a lesson is drawn with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from experiment.written.address import Experiment
from lessons.choosing.study import Study
from lessons.lesson import Lesson, Step
from lessons.running.recipe import Recipe
from lessons.text import Text
from pages.parts.held import Held


def held(lesson: Lesson) -> Held[Study]:
    """Return who holds where the visitor is in a lesson."""
    return Held(lesson.key, lesson.beginning, lesson.beginning.read, Study.to_url)


@dataclass(frozen=True)
class Desk:
    """A lesson, its text, and what the visitor has set."""

    lesson: Lesson
    text: Text
    held: Held[Study]
    head: DeltaGenerator
    """The line of the title."""

    @property
    def study(self) -> Study:
        """What the visitor has set, as it stands."""
        return self.held.current()

    @property
    def step(self) -> Step:
        """The step on screen."""
        return self.lesson.step(self.study)

    @property
    def recipe(self) -> Recipe[Any]:
        """What the step is about, where that is a recipe."""
        about = self.step.about(self.study)
        assert not isinstance(about, Experiment)  # noqa: S101 - the tests draw every step
        return about

    @property
    def experiment(self) -> Experiment:
        """What the step is about, where that is an experiment of the playground."""
        about = self.step.about(self.study)
        assert isinstance(about, Experiment)  # noqa: S101 - the tests draw every step
        return about

    def say(self, section: str, **numbers: str) -> None:
        """Write a section of the lesson's text, with numbers in its places."""
        st.markdown(self.text.section(section, **numbers))

    def change(self, **fields: Any) -> None:
        """Change fields of the study; other numbers begin every exercise anew."""
        self.held.change(**fields)

    def hear(self, name: str, take: Callable[[Study, Any], Study]) -> float | None:
        """Let a component hold a part of the study, see ``Held.hear``."""
        return self.held.hear(self.key(name), take)

    def key(self, name: str) -> str:
        """Return a widget's key of this lesson."""
        return f"{self.lesson.key}_{name}"

    @contextmanager
    def controls(self) -> Iterator[None]:
        """Hold the controls of a step; for a room the style sheet folds them away."""
        with st.container(horizontal=True, vertical_alignment="bottom", key=self.key("controls")):
            yield
