"""Where the maximum stood, and what that tells backward."""

from lessons.unpooling.steps import LESSON as LESSON
