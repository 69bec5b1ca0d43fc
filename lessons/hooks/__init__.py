"""A gradient is caught on its way, and what a hook makes of it goes on."""

from lessons.hooks.steps import LESSON as LESSON
