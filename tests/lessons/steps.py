"""What the lessons consist of, as the catalogue has it."""

from __future__ import annotations

from lessons.catalogue import LESSONS

STEPS = {key: tuple(step.key for step in lesson.steps) for key, lesson in LESSONS.items()}
"""The keys of the steps of every lesson, in their order."""
EXERCISES = {key for lesson in LESSONS.values() for key in lesson.form.exercises}
"""The keys of all exercises, which are those of their steps."""
