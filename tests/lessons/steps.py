"""What the lessons consist of, as the catalogue has it."""

from __future__ import annotations

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
EXERCISES = [
    (lesson.key, step.key, exercise)
    for lesson in LESSONS.values()
    for step in lesson.steps
    for exercise in step.exercises
]
"""Lesson, step and key of every exercise."""


def opened(lesson: str, step: str) -> dict[str, str]:
    """Return the part of a link that shows all answers of a step."""
    asked = [exercise for key, at, exercise in EXERCISES if (key, at) == (lesson, step)]
    return {f"{exercise}_shown": "1" for exercise in asked}
