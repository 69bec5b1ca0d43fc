"""Why 300, and why not twice."""

from lessons.autograd.steps import LESSON as LESSON
