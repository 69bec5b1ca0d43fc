"""What stands between two points, and who pays backward."""

from lessons.interpolation.steps import LESSON as LESSON
