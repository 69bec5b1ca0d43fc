"""A lesson: its steps, what can be chosen in it, and how it is listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from experiment.written import first_edition
from experiment.written.address import Experiment
from lessons.asking.exercise import Exercise
from lessons.blocks import About, Block, Predict, within
from lessons.choosing.choice import Choice, Settable
from lessons.choosing.study import Form, Study
from lessons.running.recipe import exercise
from lessons.showing.card import Card


@dataclass(frozen=True)
class Step:
    """One step: what it is about, and what is on the page, from top to bottom."""

    key: str
    """Stands in links: keep it once it is published."""
    label: str
    about: About
    blocks: tuple[Block, ...]

    @property
    def exercises(self) -> tuple[str, ...]:
        """The keys of what is asked; a tick stands at the step when all of it is solved."""
        return tuple(each.key for each in within(self.blocks) if isinstance(each, Predict))

    def exercise(self, key: str, study: Study) -> Exercise:
        """Return an exercise as it is set; raises SettingError where its layer cannot run."""
        recipe = self.about(study)
        if isinstance(recipe, Experiment):
            raise TypeError(f"{self.key}: an exercise is about a recipe, not about an experiment.")
        return exercise(recipe, key)

    def opens(self, study: Study) -> Experiment:
        """Return what the step's link opens in the playground: what the step shows."""
        about = self.about(study)
        return about if isinstance(about, Experiment) else about.in_playground()


@dataclass(frozen=True)
class Lesson:
    """A lesson as the navigation lists it and its page draws it."""

    key: str
    """Its folder and its address: keep it once it is published."""
    title: str
    question: str
    card: Card
    """Its picture, see ``lessons.showing.card``."""
    steps: tuple[Step, ...]
    choices: Mapping[str, Settable]
    formerly: str = ""
    """The step that was the first before another one was put before it."""

    @property
    def form(self) -> Form:
        """What a link of the lesson may say."""
        exercises = (key for step in self.steps for key in step.exercises)
        then = first_edition.LESSONS.get(self.key, {})
        steps = tuple(step.key for step in self.steps)
        return Form(steps, tuple(exercises), self.choices, then, self.formerly)

    @property
    def beginning(self) -> Study:
        """How the lesson begins."""
        return Study(self.form)

    def choice(self, name: str) -> Choice:
        """Return a choice of one of several options; TypeError where it is of another kind."""
        found = self.choices[name]
        if not isinstance(found, Choice):
            raise TypeError(f"{self.key}: {name} is no choice of one of several options.")
        return found

    def step(self, study: Study) -> Step:
        """Return the step that is on screen."""
        return self.steps[study.place]

    def exercises(self, study: Study) -> dict[str, Exercise]:
        """Return every exercise as it is set, by key; raises SettingError."""
        return {key: step.exercise(key, study) for step in self.steps for key in step.exercises}
