"""A map that stays large: dilation in place of a stride."""

from lessons.dilation.steps import LESSON as LESSON
