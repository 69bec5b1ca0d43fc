"""What the lessons consist of, as the catalogue has it."""

from __future__ import annotations

import re

from lessons import text
from lessons.blocks import Gradients, Maps, Walked, within
from lessons.catalogue import LESSONS

STEPS = {key: tuple(step.key for step in lesson.steps) for key, lesson in LESSONS.items()}
"""The keys of the steps of every lesson, in their order."""
WITH_MAPS = {
    (lesson.key, step.key)
    for lesson in LESSONS.values()
    for step in lesson.steps
    if any(isinstance(block, Maps | Walked | Gradients) for block in within(step.blocks))
}
"""The steps that show maps."""


def _kind(lesson: str, _step: str, exercise: str) -> str:
    return LESSONS[lesson].exercises(LESSONS[lesson].beginning)[exercise].kind


EXERCISES = [
    (lesson.key, step.key, exercise)
    for lesson in LESSONS.values()
    for step in lesson.steps
    for exercise in step.exercises
]
"""Lesson, step and key of every exercise."""
KINDS_ASKED = [
    next(each for each in EXERCISES if (each[0], _kind(*each)) == kind)
    for kind in dict.fromkeys((each[0], _kind(*each)) for each in EXERCISES)
]
"""Of those, the first one of every kind of every lesson: what is answered alike is shown once."""


def opened(lesson: str, step: str) -> dict[str, str]:
    """Return the part of a link that shows all answers of a step."""
    asked = [exercise for key, at, exercise in EXERCISES if (key, at) == (lesson, step)]
    return {f"{exercise}_shown": "1" for exercise in asked}


def begins(lesson: str, section: str, language: str = "en") -> str:
    """How a section begins on the screen, up to a formula, a number or the end of the line."""
    written = text.read(lesson, language).sections[section].lstrip("# ")
    beginning = plain(re.split(r"[$\n]|\[\[", written)[0])
    assert len(beginning) > 3, f"{section} has too little to be told by"
    return beginning


def plain(written: str) -> str:
    """Return Markdown without the marks of links, of stress and of code."""
    return re.sub(r"\[(.+?)\]\(.+?\)", r"\1", written).replace("*", "").replace("`", "").strip()
