"""How a gradient fares on its way through many layers."""

from lessons.depth.steps import LESSON as LESSON
